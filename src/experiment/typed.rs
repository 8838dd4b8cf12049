//! Numbers as people type and paste them: with a decimal comma, in full-width digits, with separators
//! between thousands, with the minus of a text. Links and fields read them the same way.

use super::{Kind, Value};

/// A number, if the text is one. `whole` is for fields of whole numbers, where the point in `60.000`
/// can only separate thousands; elsewhere it is a decimal point. A comma before exactly three digits
/// separates thousands too, unless a zero stands before it: `60,000` and `0,001`. A percent sign behind
/// it is a hundredth, but in a field of whole numbers, of which it would have to be a part. One that is
/// larger than any is infinite: limits refuse it.
pub fn number(text: &str, whole: bool) -> Option<f64> {
    let plain: String = text.trim().chars().map(plain).collect();
    let (mantissa, exponent) = match plain.strip_suffix('%') {
        Some(_) if whole => return None,
        // In the text, so that 7 percent are the 0.07 that one writes: a division would round once more.
        Some(hundredths) => (hundredths.trim_end(), "-2"),
        None => plain.split_once(['e', 'E']).unwrap_or((&plain, "0")),
    };
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

/// A list of numbers, one a channel: `0.5,0.25,0.125`, in brackets or not, with a name before it or
/// not, as it stands in a link or in a program; or each with a semicolon behind it, as the page's
/// controls give them. A whole list typed where one of these numbers belongs stands for all.
pub fn numbers(text: &str) -> Option<Vec<f64>> {
    let bare = |text: &str| -> Option<String> {
        let inside = match text.split_once('=') {
            // Two lists: which one is meant?
            Some((_, after)) if after.contains('=') => return None,
            Some((_, after)) => after,
            None => text,
        };
        let is_bracket = |char: &char| "()[]{}".contains(*char);
        Some(inside.chars().filter(|char| !is_bracket(char)).collect())
    };
    let list = |text: &str| -> Option<Vec<f64>> {
        let text = bare(text)?;
        match text.contains([',', '，']) {
            true => text
                .split([',', '，'])
                .map(|part| number(part, false))
                .collect(),
            false => text
                .split_whitespace()
                .map(|part| number(part, false))
                .collect(),
        }
    };
    if !text.contains([';', '；']) {
        return list(text).filter(|numbers| !numbers.is_empty());
    }
    let parts: Vec<&str> = text
        .trim_end_matches([';', '；'])
        .split([';', '；'])
        .collect();
    let single: Option<Vec<f64>> = parts.iter().map(|part| number(part, false)).collect();
    let pasted = || {
        let mut lists = parts.iter().filter_map(|part| list(part));
        lists.find(|numbers| numbers.len() > 1)
    };
    single.or_else(pasted)
}

impl Kind {
    /// The value that a typed text means; anything else as it is, and so a number that is larger than any: what a person is told of
    /// is what they wrote.
    pub fn read(&self, value: &Value) -> Value {
        let finite = |number: &f64| number.is_finite();
        let one = |text: &str, whole| number(text, whole).filter(finite).map(Value::Number);
        let read = match (self, value) {
            (Self::Integer { .. }, Value::Word(text)) => one(text, true),
            (Self::Number { .. }, Value::Word(text)) => one(text, false),
            (Self::Numbers { .. }, Value::Word(text)) => numbers(text)
                .filter(|numbers| numbers.iter().all(finite))
                .map(Value::Numbers),
            (Self::Layers { .. }, Value::Word(text)) => Some(Value::Word(layers(text))),
            _ => None,
        };
        read.unwrap_or_else(|| value.clone())
    }
}

/// The text of a network as it is kept: in small letters, without what stands around it in a sentence. Layers that stand in a
/// line each, or with spaces between them, get commas. A sign that the notation does not have becomes `!`, so that it is named,
/// and a link can hold it.
pub fn layers(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut gap = Gap::None;
    for sign in text.chars() {
        match ascii(sign).to_ascii_lowercase() {
            _ if "\n\r".contains(sign) => gap = Gap::Line,
            sign if sign.is_whitespace() => gap = gap.max(Gap::Space),
            sign => {
                let sign = match sign {
                    sign if is_of_layers(sign) => sign,
                    '、' => ',',
                    _ => '!',
                };
                let behind =
                    kept.ends_with(|last: char| last.is_ascii_alphanumeric() || last == ')');
                let before = match gap {
                    Gap::None => false,
                    Gap::Space => sign.is_ascii_lowercase(),
                    Gap::Line => sign.is_ascii_alphanumeric() || "(:_".contains(sign),
                };
                if behind && before {
                    kept.push(',');
                }
                gap = Gap::None;
                kept.push(sign);
            }
        }
    }
    let mut rest = kept.trim_start_matches(|sign: char| !begins_layers(sign));
    // A bracket at the end stands around the text unless it closes one within.
    while let Some(last) = rest.chars().next_back() {
        let around = match last {
            ')' => rest.matches(')').count() > rest.matches('(').count(),
            last => !last.is_ascii_alphanumeric() && last != '(',
        };
        if !around {
            break;
        }
        rest = &rest[..rest.len() - last.len_utf8()];
    }
    rest.to_owned()
}

/// What stands between two signs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Line,
}

/// Whether the notation of networks has this sign.
pub(super) fn is_of_layers(sign: char) -> bool {
    sign.is_ascii_lowercase() || sign.is_ascii_digit() || "_.,;:()".contains(sign)
}

/// Whether the text of a network can begin with this sign.
pub(super) fn begins_layers(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || "(:_".contains(sign)
}

/// A character of a number: the marks of East Asian input are those of ASCII, and `'` stands between thousands.
fn plain(char: char) -> char {
    match char {
        '。' | '｡' => '.',
        '、' | '､' => ',',
        '\u{2019}' | '_' => '\'',
        _ => ascii(char),
    }
}

/// The first of ten digits: Arabic, Persian, Devanagari, Bengali, Thai.
const ZEROS: [char; 5] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{e50}'];

/// The digit of ASCII that a digit of another script stands for.
fn digit(char: char) -> Option<char> {
    let value = |zero: &char| {
        u32::from(char)
            .checked_sub(u32::from(*zero))
            .filter(|digit| *digit < 10)
    };
    ZEROS
        .iter()
        .find_map(value)
        .and_then(|digit| char::from_digit(digit, 10))
}

/// The ASCII character for a wide one of East Asian input, a digit or a mark of another script's numbers, a minus or a dash of any
/// kind, or a space of any width.
pub(super) fn ascii(char: char) -> char {
    match char {
        // The wide forms stand in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(char) - 0xff01 + 0x21).unwrap_or(char),
        '\u{2212}' | '\u{2010}'..='\u{2015}' | '\u{fe63}' => '-',
        '\u{66b}' => '.',
        '\u{66a}' => '%',
        '\u{66c}' => '\'',
        _ if char.is_whitespace() => ' ',
        _ => digit(char).unwrap_or(char),
    }
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
    if !is_digits(fraction) || (front.is_empty() && fraction.is_empty()) {
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

#[cfg(test)]
mod tests;
