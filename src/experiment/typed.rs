//! Numbers as people type and paste them: with a decimal comma, in full-width digits, with separators
//! between thousands, with the minus of a text. Links and fields read them the same way.

use super::{Kind, Value};

mod list;
mod number;

pub use list::{meant, numbers};
pub(super) use number::is_of_number;
pub use number::number;

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

/// Whether a character is not seen: a mark of direction or of joining, a space without width. Whoever copies a number takes such
/// marks with it.
pub(super) fn is_invisible(char: char) -> bool {
    matches!(
        char,
        '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fe0e}'
            | '\u{fe0f}'
    )
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
        '\u{60c}' => ',',
        '\u{61b}' => ';',
        '\u{66b}' => '.',
        '\u{66a}' => '%',
        '\u{66c}' => '\'',
        _ if char.is_whitespace() => ' ',
        _ => digit(char).unwrap_or(char),
    }
}

#[cfg(test)]
mod tests;
