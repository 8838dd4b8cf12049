//! What encodings, gateways and writing systems do to a text on its way, taken back.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::typed;

/// How often a text may have been encoded.
const MOST_TIMES: usize = 6;

/// Characters that entities of HTML stand for in links, by name.
const ENTITIES: [(&str, char); 10] = [
    ("amp", '&'),
    ("equals", '='),
    ("num", '#'),
    ("comma", ','),
    ("period", '.'),
    ("quot", '"'),
    ("apos", '\''),
    ("lt", '<'),
    ("gt", '>'),
    ("nbsp", ' '),
];

/// Letters of other scripts that look like Latin ones.
const LOOK_ALIKES: [(char, char); 21] = [
    ('а', 'a'),
    ('с', 'c'),
    ('ԁ', 'd'),
    ('е', 'e'),
    ('һ', 'h'),
    ('і', 'i'),
    ('ј', 'j'),
    ('ӏ', 'l'),
    ('о', 'o'),
    ('р', 'p'),
    ('ԛ', 'q'),
    ('ѕ', 's'),
    ('ԝ', 'w'),
    ('х', 'x'),
    ('у', 'y'),
    ('ο', 'o'),
    ('ν', 'v'),
    ('α', 'a'),
    ('ι', 'i'),
    ('ɡ', 'g'),
    ('ı', 'i'),
];

/// Where an encoded address ends: it has neither `&` nor a mark that may stand in its place.
const ENDS: [char; 5] = ['&', ' ', ';', ',', '+'];

/// The address within one of a gateway that looks at addresses before a person gets there, or of a search engine.
fn unwrapped(text: &str) -> Option<String> {
    if let Some((_, inner)) = text.split_once("urldefense.proofpoint.com/v2/url?u=") {
        let inner = inner.split(ENDS).next()?;
        return Some(inner.replace('-', "%").replace('_', "/"));
    }
    if let Some((_, inner)) = text.split_once("urldefense.com/v3/__") {
        // What it takes for unusual it writes as `*`.
        return Some(until(inner, "__;").replacen('*', "#", 1));
    }
    let lower = text.to_ascii_lowercase();
    let encoded = ["http%3a", "https%3a", "http%253a", "https%253a"];
    let plain = ["=http:", "=https:"];
    let first = |begins: &[&str]| begins.iter().filter_map(|begin| lower.find(begin)).min();
    let encoded = first(&encoded).map(|at| (at, &ENDS[..]));
    let plain = first(&plain).map(|at| (at + 1, &['&'][..]));
    let (at, ends) = encoded.into_iter().chain(plain).min()?;
    let inner = text[at..].split(ends).next()?;
    (at > 0).then(|| inner.to_owned())
}

/// A text up to a mark, or all of it.
pub(super) fn until<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or(text, |(before, _)| before)
}

/// Takes back what encodings, gateways and writing systems did, as often as they did it.
pub(super) fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..MOST_TIMES {
        let latin: String = text.chars().filter_map(latin).collect();
        let readable = unquoted(&entities(&bare_of_backslashes(&escapes(&latin)))).into_owned();
        let next = match unwrapped(&readable) {
            // What stands around it may be encoded in the same way, and ends where it does.
            Some(inner) => inner,
            None => percent_decode_str(&readable)
                .decode_utf8_lossy()
                .into_owned(),
        };
        if next == text {
            break;
        }
        text = next;
    }
    text
}

/// Replaces the escapes of programs: `\u0026` of JSON, and `%u0026` as old scripts write it.
fn escapes(text: &str) -> String {
    let next = |text: &str| {
        ["\\u", "\\U", "%u", "%U"]
            .iter()
            .filter_map(|mark| text.find(mark))
            .min()
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = next(rest) {
        let code = rest
            .get(at + 2..at + 6)
            .map(|hex| u32::from_str_radix(hex, 16));
        let found = code.and_then(Result::ok).and_then(char::from_u32);
        let end = at + if found.is_some() { 6 } else { 2 };
        out.push_str(found.map_or(&rest[..end], |_| &rest[..at]));
        out.extend(found);
        rest = &rest[end..];
    }
    out + rest
}

/// A text without the backslashes that editors of Markdown put before its signs: `\_`, `\&`.
fn bare_of_backslashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let escaped = signs.next_if(|next| sign == '\\' && next.is_ascii_punctuation());
        out.push(escaped.unwrap_or(sign));
    }
    out
}

/// Quoted-printable text of a mail: `=3D` for `=`, and lines that end in `=` go on.
fn unquoted(text: &str) -> Cow<'_, str> {
    if !text.contains("v=3D") && !text.contains("V=3D") {
        return Cow::Borrowed(text);
    }
    // Line breaks are spaces by now.
    let joined = text.replace("=  ", "").replace("= ", "");
    Cow::Owned(joined.replace("=3D", "="))
}

/// Replaces the entities of HTML that can stand in a link. Of `&amp` before the number of one, the semicolon may be lost.
fn entities(text: &str) -> String {
    let text = text.replace("&amp#", "&#");
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = rest.find(';').filter(|&end| end <= 12).and_then(|end| {
            let stands_for = entity(&rest[1..end].replace(' ', ""))?;
            Some((stands_for, end))
        });
        let (char, end) = found.unwrap_or(('&', 0));
        out.push(char);
        rest = &rest[end + 1..];
    }
    out + rest
}

/// What an entity stands for, by what is between `&` and `;`.
fn entity(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        let known = ENTITIES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        return known.map(|&(_, char)| char);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?)
}

/// The ASCII character that another one stands for; nothing for an invisible one.
fn latin(char: char) -> Option<char> {
    let small = char.to_lowercase().next().unwrap_or(char);
    if let Some((_, latin)) = LOOK_ALIKES.iter().find(|(other, _)| *other == small) {
        return Some(*latin);
    }
    (!typed::is_invisible(char)).then(|| typed::ascii(char))
}
