//! The text of a link as it arrives: mail, chat, course systems and people change it on the way. What was meant is read
//! where it can only be meant; `docs/links.md` says so for people.
//!
//! No key and no value of the grammar contains `&`, `=`, `#`, `?`, `%` or a space, and none ends in punctuation: that is
//! what makes this safe.

use std::borrow::Cow;
use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use super::history::LinkParameter;
use super::typed;
use crate::base::error::{Code, Problem, shown};

/// How often a text may have been encoded.
const MOST_TIMES: usize = 6;

/// Keys that others put behind an address to follow its readers, as [`folded`] has them; and all that begin with `utm`.
const TRACKING: [&str; 21] = [
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "twclid",
    "yclid",
    "igshid",
    "igsh",
    "mccid",
    "mceid",
    "hsenc",
    "hsmi",
    "spm",
    "nsukey",
    "isappinstalled",
    "wxshare",
    "sharetoken",
    "clicktime",
    "enterid",
    "ref",
    "source",
];

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

/// The parameters of a link in order, each key once, with a problem for each repetition.
pub(super) fn parameters(text: &str) -> (Vec<LinkParameter>, Vec<Problem>) {
    let text = plain(text);
    let (mut once, mut repeated, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for part in said(&text).split(['&', '?', '#']) {
        let Some((said, value)) = part.split_once('=') else {
            // Words of a sentence, and a separator more than there need be.
            let is_key = |text: &str| !text.is_empty() && !text.contains([' ', '/', '.']);
            if is_key(part) {
                once.push((part.to_owned(), String::new()));
            }
            continue;
        };
        let key = Some(folded(said)).filter(|key| !key.is_empty());
        let key = key.unwrap_or_else(|| said.to_owned());
        if is_tracking(&key) {
            continue;
        }
        if seen.insert(key.clone()) {
            let value = if key == "v" { bare(value) } else { value };
            once.push((key, value.trim().replace(", ", ",")));
        } else {
            repeated.push(Problem::new(Code::RepeatedParameter).with("key", shown(&key)));
        }
    }
    (once, repeated)
}

/// Whether somebody else put it there.
fn is_tracking(key: &str) -> bool {
    key.starts_with("utm") || TRACKING.contains(&key)
}

/// What of a value can be meant: without what stands around a link in a sentence, behind it and before it.
pub(super) fn bare(value: &str) -> &str {
    let start = value.trim_start_matches(|letter: char| !letter.is_alphanumeric() && letter != '-');
    let is_other = |letter: char| !letter.is_ascii_alphanumeric() && !"-+_.,".contains(letter);
    let end = start.find(is_other).unwrap_or(start.len());
    start[..end].trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric())
}

/// What of a value is the text of a network: it ends where a sign stands that such a text does not have, and `!` stands for.
pub(super) fn layers(value: &str) -> String {
    let value = value.trim_start_matches(|sign: char| !typed::begins_layers(sign));
    let is_other = |sign: char| !typed::is_of_layers(sign.to_ascii_lowercase()) && sign != '!';
    let end = value.find(is_other).unwrap_or(value.len());
    typed::layers(&value[..end])
}

/// What people call a choice that has another name here: the key of its field, their name as [`folded`] has it, and ours.
const NAMES: [(&str, &str, &str); 24] = [
    ("data", "cifar", "cifar10"),
    ("data", "fashion", "fashion-mnist"),
    ("data", "fmnist", "fashion-mnist"),
    ("net", "lenet5", "lenet"),
    ("net", "inception", "googlenet"),
    ("net", "inceptionv1", "googlenet"),
    ("net", "fc", "mlp"),
    ("net", "dense", "mlp"),
    ("net", "convnet", "cnn"),
    ("net", "residual", "resnet"),
    ("pool", "avg", "average"),
    ("pool", "mean", "average"),
    ("pool", "avgpool", "average"),
    ("pool", "maxpool", "max"),
    ("permute", "none", "off"),
    ("permute", "on", "fixed"),
    ("augment", "off", "none"),
    ("attention", "off", "none"),
    ("attention", "senet", "se"),
    ("attention", "ecanet", "eca"),
    ("shortcut", "zeropadding", "zero-pad"),
    ("shortcut", "pad", "zero-pad"),
    ("init", "kaiming", "he"),
    ("schedule", "onecyclelr", "one-cycle"),
];

/// The word of ours, of those that a field knows, which a text means.
pub(super) fn word(key: &str, known: &[&'static str], text: &str) -> Option<&'static str> {
    let joined: String = text.split_whitespace().collect();
    [text, &joined, bare(text)].into_iter().find_map(|text| {
        let said = folded(text);
        let is_other = |name: &&(&str, &str, &str)| name.0 == key && name.1 == said;
        let ours = NAMES.iter().find(is_other).map(|(_, _, ours)| *ours);
        let is_meant =
            |word: &&str| ours.map_or_else(|| folded(word) == said, |ours| *word == ours);
        known.iter().copied().find(is_meant)
    })
}

/// Whether a digit stands behind a space.
pub(super) fn is_apart(text: &str) -> bool {
    let mut pairs = text.chars().zip(text.chars().skip(1));
    pairs.any(|(one, next)| one == ' ' && next.is_ascii_digit())
}

/// On or off, as people write them.
pub(super) fn switch(text: &str) -> Option<bool> {
    match folded(bare(text)).as_str() {
        "on" | "true" | "yes" | "1" => Some(true),
        "off" | "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// A word for comparison: letters and digits alone, in lower case.
pub(super) fn folded(word: &str) -> String {
    let letters = word.chars().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().to_ascii_lowercase()
}

/// The part of an address, or of a longer text, that says an experiment.
fn said(text: &str) -> &str {
    let begins = |part: &&str| {
        let mut parameters = part.split(['&', '?', '#']);
        parameters.any(|parameter| {
            let key = parameter.split_once('=').map(|(key, _)| folded(key));
            key.is_some_and(|key| key == "v")
        })
    };
    let behind = |mark: char| text.split_once(mark).map(|(_, behind)| behind);
    let fragment = behind('#');
    let query = behind('?').map(|query| until(query, "#"));
    let found = fragment.filter(begins).or_else(|| query.filter(begins));
    // What stands before the `#`, or behind a `?` alone, may be the host's own.
    found.or(fragment).unwrap_or(match text.find('?') {
        Some(at) => &text[..at],
        None => text,
    })
}

/// The address within one of a gateway that looks at addresses before a person gets there, or of a search engine.
fn unwrapped(text: &str) -> Option<String> {
    if let Some((_, inner)) = text.split_once("urldefense.proofpoint.com/v2/url?u=") {
        return Some(until(inner, "&").replace('-', "%").replace('_', "/"));
    }
    if let Some((_, inner)) = text.split_once("urldefense.com/v3/__") {
        // What it takes for unusual it writes as `*`.
        return Some(until(inner, "__;").replacen('*', "#", 1));
    }
    let lower = text.to_ascii_lowercase();
    let encoded = ["http%3a", "https%3a", "http%253a", "https%253a"];
    let plain = ["=http:", "=https:"];
    let found = encoded.iter().filter_map(|begin| lower.find(begin));
    let found = found.chain(
        plain
            .iter()
            .filter_map(|begin| lower.find(begin).map(|at| at + 1)),
    );
    let at = found.min().filter(|at| *at > 0)?;
    Some(until(&text[at..], "&").to_owned())
}

/// A text up to a mark, or all of it.
fn until<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or(text, |(before, _)| before)
}

/// Takes back what encodings, gateways and writing systems did, as often as they did it.
fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..MOST_TIMES {
        let latin: String = text.chars().filter_map(latin).collect();
        let readable = unquoted(&entities(&latin)).into_owned();
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

/// Quoted-printable text of a mail: `=3D` for `=`, and lines that end in `=` go on.
fn unquoted(text: &str) -> Cow<'_, str> {
    if !text.contains("v=3D") && !text.contains("V=3D") {
        return Cow::Borrowed(text);
    }
    // Line breaks are spaces by now.
    let joined = text.replace("=  ", "").replace("= ", "");
    Cow::Owned(joined.replace("=3D", "="))
}

/// Replaces the entities of HTML that can stand in a link.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
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
    match char {
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fe0e}'
        | '\u{fe0f}' => None,
        _ => Some(typed::ascii(char)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Field;
    use super::*;

    #[test]
    fn every_other_name_stands_for_a_word_of_its_field() {
        for (key, other, ours) in NAMES {
            let known = Field::of(key).unwrap().known;
            assert!(known.contains(&ours), "{key}={ours}");
            assert!(
                known.iter().all(|word| folded(word) != other),
                "{key}={other} is ours"
            );
            assert_eq!(folded(other), other);
        }
    }

    #[test]
    fn no_key_of_ours_is_taken_for_anothers() {
        assert!(
            super::super::FIELDS
                .iter()
                .all(|field| !is_tracking(field.key))
        );
        assert!(TRACKING.iter().all(|key| folded(key) == *key));
    }
}
