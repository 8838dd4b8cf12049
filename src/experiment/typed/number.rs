//! One number, as people type and paste it.

use super::{is_invisible, plain};

/// Words behind a number that multiply it, in small letters, with the zeros that they stand for: `60k`, `6万`.
const SCALES: [(&str, i32); 9] = [
    ("k", 3),
    ("千", 3),
    ("仟", 3),
    ("mil", 3),
    ("mille", 3),
    ("ألف", 3),
    ("万", 4),
    ("萬", 4),
    ("%", -2),
];

/// Signs of a product, as in `1·10^-3`.
const TIMES: [char; 6] = ['·', '×', '⋅', '∙', '*', 'x'];

/// The raised digits in their order, and the raised signs.
const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺";

/// The largest power of a number other than ten.
const MOST_TIMES: u32 = 64;

/// A number, if the text is one. `whole` is for fields of whole numbers, where the point in `60.000`
/// can only separate thousands; elsewhere it is a decimal point. A comma before exactly three digits
/// separates thousands too, unless a zero stands before it: `60,000` and `0,001`. A comma, a semicolon or a full stop
/// behind a number is the sentence's that it stood in. A percent sign behind
/// it is a hundredth, but in a field of whole numbers, of which it would have to be a part. One that is
/// larger than any is infinite: limits refuse it.
pub fn number(text: &str, whole: bool) -> Option<f64> {
    let seen = text.chars().filter(|char| !is_invisible(*char));
    let text: String = seen.map(plain).collect();
    let text = text.trim().trim_matches(['"', '“', '”', '`', '\'']);
    let text = text.strip_suffix([',', ';', '.']).unwrap_or(text).trim();
    if let Some((part, of)) = text.split_once(['/', '⁄', '∕', '÷']) {
        let of = decimal(of, false).filter(|of| *of != 0.0 && of.is_finite())?;
        return Some(decimal(part, false)? / of);
    }
    power(&lowered(text), whole).or_else(|| decimal(text, whole))
}

/// Whether a number may have this sign beside the letters, digits and marks of ASCII.
pub(in crate::experiment) fn is_of_number(sign: char) -> bool {
    RAISED.contains(sign) || TIMES.contains(&sign) || "^%⁄∕÷".contains(sign) || {
        let is_scale = |(word, _): &(&str, i32)| word.chars().eq([sign]);
        SCALES.iter().any(is_scale)
    }
}

/// A text in which what is raised stands behind `^`, as in a program; TeX's signs as those that it draws.
fn lowered(text: &str) -> String {
    let text = text.replace("**", "^").replace("\\cdot", "·");
    let (mut out, mut is_raised) = (String::new(), false);
    for sign in text.replace("\\times", "×").chars() {
        let at = RAISED.chars().position(|raised| raised == sign);
        if at.is_some() && !is_raised {
            out.push('^');
        }
        is_raised = at.is_some();
        out.push(
            at.and_then(|at| "0123456789-+".chars().nth(at))
                .unwrap_or(sign),
        );
    }
    out
}

/// A power, or a number times one: `10^-3`, `1·10^-3`, `2^6`. Where a copy lost what was raised, `1×10-3`, the sign still says it.
fn power(text: &str, whole: bool) -> Option<f64> {
    let (factor, base, exponent) = match text.split_once('^') {
        Some((before, exponent)) => match before.rsplit_once(TIMES) {
            Some((factor, base)) => (factor, base, exponent),
            None => ("1", before, exponent),
        },
        None => {
            let (factor, rest) = text.split_once(TIMES)?;
            let exponent = rest.trim_start().strip_prefix("10")?;
            (factor, "10", exponent.starts_with('-').then_some(exponent)?)
        }
    };
    let exponent = exponent.trim().trim_matches(['(', ')', '{', '}']).trim();
    let base = base.trim();
    if base == "10" {
        return scaled(factor, exponent, whole);
    }
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let base: u32 = base.parse().ok().filter(|_| is_digits(base))?;
    let times: i32 = exponent.parse().ok()?;
    let times = Some(times).filter(|times| times.unsigned_abs() <= MOST_TIMES)?;
    let product = (0..times.unsigned_abs()).fold(1.0, |product, _| product * f64::from(base));
    let power = if times < 0 { 1.0 / product } else { product };
    Some(scaled(factor, "0", whole)? * power).filter(|power| !power.is_nan())
}

/// A number with or without an exponent, or with a word that multiplies it behind it.
fn decimal(text: &str, whole: bool) -> Option<f64> {
    let small = text.to_lowercase();
    let scale = SCALES.iter().find_map(|(word, zeros)| {
        let front = small.strip_suffix(word)?.trim_end();
        front
            .ends_with(|last: char| last.is_ascii_digit())
            .then_some((front, *zeros))
    });
    match scale {
        Some((_, zeros)) if whole && zeros < 0 => None,
        // In the text, so that 7 percent are the 0.07 that one writes: a division would round once more.
        Some((front, zeros)) => scaled(front, &zeros.to_string(), whole),
        None => {
            let (mantissa, exponent) = small.split_once('e').unwrap_or((&small, "0"));
            scaled(mantissa, exponent.trim_start(), whole)
        }
    }
}

/// A number with as many zeros more.
fn scaled(mantissa: &str, exponent: &str, whole: bool) -> Option<f64> {
    let mantissa = mantissa.trim();
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let digits = ungrouped(digits.trim_start(), whole)?;
    let figures = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    if figures.is_empty() || !figures.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    format!("{sign}{digits}e{exponent}").parse().ok()
}

/// Digits with at most one decimal point, of digits with separators between thousands.
fn ungrouped(digits: &str, whole: bool) -> Option<String> {
    let digits = digits.trim_end();
    let is_mark = |char: char| char == '.' || char == ',';
    let decimal = digits.rfind(is_mark).filter(|&at| {
        let (before, after) = (&digits[..at], &digits[at + 1..]);
        let mark = digits.as_bytes()[at];
        let again = before.contains(char::from(mark));
        let groups = after.len() == 3
            && matches!(before.trim_start_matches(is_mark).len(), 1..)
            && !before.starts_with('0');
        // The same mark twice stands between thousands; so may one alone.
        !again && (before.contains(is_mark) || !groups || (mark == b'.' && !whole))
    });
    let (front, fraction) = match decimal {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, ""),
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    // A mark at the end is a decimal point without decimals, as in `5.e-3`, if there is no other that could be one.
    let is_bare =
        fraction.is_empty() && (front.is_empty() || decimal.is_some() && !is_digits(front));
    if !is_digits(fraction) || is_bare {
        return None;
    }
    let mut marks = front.chars().filter(|char| !char.is_ascii_digit());
    let front = match marks.next() {
        None => front.to_owned(),
        Some(mark) => {
            let mut groups = front.split(mark);
            let first = groups
                .next()
                .filter(|group| (1..=3).contains(&group.len()) && is_digits(group));
            let right = ".,' ".contains(mark) && first.is_some();
            if !right || !groups.all(|group| group.len() == 3 && is_digits(group)) {
                return None;
            }
            front.replace(mark, "")
        }
    };
    Some(match fraction {
        "" => front,
        _ => format!("{front}.{fraction}"),
    })
}
