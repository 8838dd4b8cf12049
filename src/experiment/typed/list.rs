//! Lists of numbers, one a channel, as they stand in links, in fields and in programs.

use std::collections::BTreeMap;

use super::{Value, ascii, number, plain};

/// The fields that a line of a program fills together, and the words for them in programs.
const TOGETHER: [&str; 2] = ["mean", "std"];

/// A list of numbers, one a channel: `0.5,0.25,0.125`, in brackets or not, with a name before it or
/// not, as it stands in a link or in a program; or each with a semicolon behind it, as the page's
/// controls give them. A whole list typed where one of these numbers belongs stands for all.
pub fn numbers(text: &str) -> Option<Vec<f64>> {
    let text: String = text.chars().map(ascii).map(of_lists).collect();
    let text = text.trim();
    let parts = parts(text.trim_end_matches(';'), ';');
    let [one] = parts[..] else {
        let single: Option<Vec<f64>> = parts.iter().map(|part| number(part, false)).collect();
        let pasted = || {
            let mut lists = parts.iter().filter_map(|part| list(part));
            lists.find(|numbers| numbers.len() > 1)
        };
        return single.or_else(pasted);
    };
    // `0,5;` is one number, where `0,5` may be two.
    match text.ends_with(';') {
        true => number(one, false).map(|number| vec![number]),
        false => None,
    }
    .or_else(|| list(one))
}

/// The values that a person gave with this one: a line of a program with mean and deviation, pasted into the field of one of them,
/// stands for both. Anything else is the value alone.
pub fn meant(key: &str, value: &Value) -> BTreeMap<String, Value> {
    let both = match value {
        Value::Word(text) if TOGETHER.contains(&key) => together(text),
        _ => None,
    };
    let alone = || BTreeMap::from([(key.to_owned(), value.clone())]);
    both.map_or_else(alone, |both| {
        let named = TOGETHER.into_iter().zip(both);
        named
            .map(|(name, numbers)| (name.to_owned(), Value::Numbers(numbers)))
            .collect()
    })
}

/// Mean and deviation of a text that has both: `transforms.Normalize((0.5,), (0.5,))`, `mean=[0.5], std=[0.5]`.
fn together(text: &str) -> Option<[Vec<f64>; 2]> {
    let text: String = text.chars().map(ascii).map(of_lists).collect();
    let lower = text.to_ascii_lowercase();
    let call = lower
        .find("normalize(")
        .map(|at| inside(&text[at + "normalize".len()..]));
    let mut found: [Option<Vec<f64>>; 2] = [None, None];
    for (at, name) in TOGETHER.iter().enumerate() {
        found[at] = after_name(call.unwrap_or(&text), name).and_then(list);
    }
    if found.iter().all(Option::is_none) {
        // Without names they stand in this order.
        let pair = |text| Some(parts(text, ',')).filter(|parts| are_two_lists(parts));
        let parts = match call {
            Some(arguments) => parts(arguments, ','),
            None => parts(&text, ';').into_iter().find_map(pair)?,
        };
        for (found, part) in found.iter_mut().zip(parts) {
            *found = list(part);
        }
    } else if found[0].is_none() {
        found[0] = list(parts(call?, ',').first()?);
    }
    let [Some(mean), Some(std)] = found else {
        return None;
    };
    let is_finite = |numbers: &Vec<f64>| numbers.iter().all(|number| number.is_finite());
    (is_finite(&mean) && is_finite(&std)).then_some([mean, std])
}

fn are_two_lists(parts: &[&str]) -> bool {
    let is_list = |part: &&str| part.trim().starts_with(OPENING) && part.trim().ends_with(CLOSING);
    parts.len() == TOGETHER.len() && parts.iter().all(is_list)
}

/// What stands behind the `=` or the colon of a name, up to the next comma or semicolon outside of brackets.
fn after_name<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let lower = text.to_ascii_lowercase();
    let mut ends = lower.match_indices(name).map(|(at, _)| at + name.len());
    let value = ends.find_map(|end| {
        let rest = text[end..].trim_start_matches(['"', '\'', ' ']);
        rest.strip_prefix(['=', ':'])
    })?;
    let value = parts(value, ',')[0];
    // Lines that were joined have nothing between them.
    let end = closed(value).unwrap_or(value.len());
    Some(parts(&value[..end], ';')[0])
}

/// Brackets that open and close, and both.
const OPENING: [char; 3] = ['(', '[', '{'];
const CLOSING: [char; 3] = [')', ']', '}'];
const BRACKETS: [char; 6] = ['(', '[', '{', ')', ']', '}'];

/// A sign of a list: commas and semicolons of other scripts are those of ASCII.
fn of_lists(sign: char) -> char {
    match sign {
        '_' | '\u{2019}' => sign,
        _ => plain(sign),
    }
}

/// The parts of a text between marks that are in no bracket.
fn parts(text: &str, mark: char) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_usize, 0, Vec::new());
    for (at, sign) in text.char_indices() {
        match sign {
            _ if OPENING.contains(&sign) => depth += 1,
            _ if CLOSING.contains(&sign) => depth = depth.saturating_sub(1),
            _ if sign == mark && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + sign.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Where the first bracket of a text is closed, behind it.
fn closed(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, sign) in text.char_indices() {
        match sign {
            _ if OPENING.contains(&sign) => depth += 1,
            _ if CLOSING.contains(&sign) && depth == 1 => return Some(at + 1),
            _ if CLOSING.contains(&sign) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// What is within the bracket that begins a text; to its end if nothing closes it.
fn inside(text: &str) -> &str {
    let end = closed(text).map_or(text.len(), |end| end - 1);
    &text[1..end.max(1)]
}

/// One list: what is bare, in brackets, or given to a function that makes an array of it, as `np.array([0.5, 0.5], dtype=float)`.
fn list(text: &str) -> Option<Vec<f64>> {
    let text = text.trim();
    let named = text
        .split_once('=')
        .filter(|(name, _)| !name.contains(BRACKETS));
    if let Some((_, value)) = named {
        // Two lists: which one is meant?
        let is_two = value.contains('=') && !value.contains('(');
        return list(value).filter(|_| !is_two);
    }
    let is_of_name = |sign: char| sign.is_ascii_alphanumeric() || "_.".contains(sign);
    let begins = text.starts_with(|sign: char| sign.is_ascii_alphabetic());
    let rest = text.trim_start_matches(is_of_name);
    if begins {
        return list(parts(rest.starts_with('(').then(|| inside(rest))?, ',').first()?);
    }
    if let Some(numbers) = divided(text) {
        return Some(numbers);
    }
    // Behind a list, a program may do more with it.
    let end = closed(text).filter(|end| text.starts_with(OPENING) && text[*end..].starts_with('.'));
    let bare: String = text[..end.unwrap_or(text.len())]
        .chars()
        .map(|sign| if BRACKETS.contains(&sign) { ' ' } else { sign })
        .collect();
    let bare = bare.trim().trim_end_matches([',', ';', '.']).trim_end();
    let each =
        |parts: &mut dyn Iterator<Item = &str>| parts.map(|part| number(part, false)).collect();
    let read: Option<Vec<f64>> = match [';', ','].into_iter().find(|mark| bare.contains(*mark)) {
        Some(mark) => each(&mut bare.split(mark)),
        None => each(&mut bare.split_whitespace()),
    };
    read.filter(|numbers| !numbers.is_empty())
}

/// A list whose numbers a program divides: `[x / 255 for x in [125.3, 123.0, 113.9]]`.
fn divided(text: &str) -> Option<Vec<f64>> {
    let (each, of) = text.split_once(" in ")?;
    let each = each.trim_start_matches(OPENING);
    let (quotient, name) = each.split_once(" for ")?;
    let (divided, by) = quotient.split_once('/')?;
    let by = number(by, false).filter(|by| *by != 0.0)?;
    let numbers = list(of).filter(|_| divided.trim() == name.trim())?;
    Some(numbers.into_iter().map(|number| number / by).collect())
}
