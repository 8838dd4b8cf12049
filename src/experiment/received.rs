//! The text of a link as it arrives: mail, chat, course systems and people change it on the way. What was meant is read
//! where it can only be meant; `docs/links.md` says so for people.
//!
//! No key and no value of the grammar contains `&`, `=`, `#`, `?`, `%` or a space, and none ends in punctuation: that is
//! what makes this safe.

use std::collections::BTreeMap;

use super::encodings::{plain, until};
use super::history::LinkParameter;
use super::typed;
use crate::base::error::{Code, Problem, shown};

/// Keys that others put behind an address to follow its readers, as [`folded`] has them; and all that begin with `utm`.
const TRACKING: [&str; 30] = [
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
    "sa",
    "ust",
    "usg",
    "ved",
    "gl",
    "si",
    "mibextid",
    "redirect",
    "forceview",
];

/// What may stand in the place of `&`.
const BETWEEN: [char; 6] = [';', ',', ' ', '|', '\\', '+'];

/// Keys whose values have colons.
const WITH_COLONS: [&str; 2] = ["layers", "goal"];

/// A text without the marks behind it, and without what is left there of entities whose `&` became such a mark.
fn without_marks(text: &str) -> &str {
    let text = text.trim_end_matches(BETWEEN);
    let before = text.strip_suffix("amp");
    match before.filter(|before| before.ends_with(BETWEEN)) {
        Some(before) => without_marks(before),
        None => text,
    }
}

/// Whether a key is known: the grammar's, or one that others put there.
type Known<'a> = &'a dyn Fn(&str) -> bool;

/// The parameters of a link in order, each key once, with a problem for each repetition.
pub(super) fn parameters(
    text: &str,
    is_ours: fn(&str) -> bool,
) -> (Vec<LinkParameter>, Vec<Problem>) {
    let is_known: Known<'_> = &|key| is_ours(key) || is_tracking(key);
    let text = with_equals(plain(text), is_known);
    let (mut once, mut repeated, mut seen) = (Vec::new(), Vec::new(), BTreeMap::new());
    let parts = said(&text).split(['&', '?', '#']);
    for part in parts.flat_map(|part| apart(part, is_known)) {
        let Some((said, value)) = part.split_once('=') else {
            // Words of a sentence, and a separator more than there need be.
            let is_key = |text: &str| !text.is_empty() && !text.contains([' ', '/', '.']);
            if is_key(part) {
                once.push((part.to_owned(), String::new()));
            }
            continue;
        };
        let key = Some(folded(said)).filter(|key| !key.is_empty());
        let key = key.map_or_else(|| said.to_owned(), |key| without_entity(key, is_known));
        if is_tracking(&key) {
            continue;
        }
        match seen.get(&key) {
            None => {
                seen.insert(key.clone(), value.to_owned());
                let value = if key == "v" { bare(value) } else { value };
                once.push((key, value.trim().replace(", ", ",")));
            }
            // A link whose name is its address stands there twice.
            Some(first) if !first.is_empty() && is_same(&key, first, value) => {}
            Some(_) => {
                repeated.push(Problem::new(Code::RepeatedParameter).with("key", shown(&key)))
            }
        }
    }
    (once, repeated)
}

/// Whether two values of a key say the same.
fn is_same(key: &str, one: &str, other: &str) -> bool {
    match key {
        "layers" => layers(one) == layers(other),
        _ => bare(one) == bare(other),
    }
}

/// A text in which `=` stands behind each key, where people have put a colon in its place.
fn with_equals(mut text: String, is_known: Known<'_>) -> String {
    let mut is_open = true;
    for (at, mark) in text.clone().match_indices(['=', ':', '&', '?', '#']) {
        let before = text[..at].trim_end();
        let start = before.trim_end_matches(is_of_key).len();
        let key = without_entity(folded(&before[start..]), is_known);
        let front = before[..start].trim_end();
        let is_apart =
            start > front.len() || front.ends_with(BETWEEN) || front.ends_with(['&', '?', '#']);
        // Behind a `=` stands a value, which may be called as a key is: `stop: steps`.
        let begins = front.is_empty() || is_apart && !front.ends_with('=');
        match mark {
            ":" if is_open && begins && is_known(&key) => {
                text.replace_range(at..=at, "=");
                is_open = !WITH_COLONS.contains(&&*key);
            }
            ":" => {}
            // From a `=` on, a colon is part of a value.
            mark => is_open = mark != "=",
        }
    }
    text
}

/// The parameters of a part: where mail or people have put a semicolon, a comma or a space in the place of `&`, there are several.
/// No value has a `=`, so what stands before one is a key, if there is such a key.
fn apart<'a>(part: &'a str, is_known: Known<'_>) -> Vec<&'a str> {
    let (mut parts, mut rest) = (Vec::new(), part);
    for (at, _) in part.rmatch_indices('=') {
        let before = &part[..at];
        let start = before.trim_end().trim_end_matches(is_of_key).len();
        let key = folded(&before[start..]);
        if before[..start].ends_with(BETWEEN) && before[..start].contains('=') && is_known(&key) {
            parts.push(&rest[start..]);
            rest = without_marks(&part[..start]);
        }
    }
    parts.push(rest);
    parts.reverse();
    parts
}

/// Whether a key has such a letter.
fn is_of_key(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// A key without what is left of an entity whose semicolon was lost: `&amp` before it.
fn without_entity(key: String, is_known: Known<'_>) -> String {
    let mut rest = &*key;
    while let Some(behind) = rest.strip_prefix("amp").filter(|_| !is_known(rest)) {
        rest = behind;
    }
    match is_known(rest) {
        true => rest.to_owned(),
        false => key,
    }
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

/// What of a value is a number, as [`bare`]: none where it may be one of two, or the sign for hundredths is followed by more, as what
/// is left of an encoding may be.
pub(super) fn bare_number(value: &str) -> Option<String> {
    let is_around = |sign: &char| !sign.is_alphanumeric() && !"-+.,".contains(*sign);
    let start = value.trim_start_matches(|sign| is_around(&sign));
    let is_of_number = |sign: char| {
        sign.is_ascii_alphanumeric() || "-+_.,".contains(sign) || typed::is_of_number(sign)
    };
    let mut rest = start
        .char_indices()
        .map(|(at, sign)| (at, sign, &start[at + sign.len_utf8()..]));
    let end = rest.find(|(_, sign, behind)| match sign {
        // A part of an address, if it is not a fraction.
        '/' => !behind.starts_with(|next: char| next.is_ascii_digit()),
        sign => !is_of_number(*sign),
    });
    let number = &start[..end.map_or(start.len(), |(at, ..)| at)];
    let number = number.trim_end_matches(|sign: char| !sign.is_alphanumeric() && sign != '%');
    let is_encoded = number
        .split_once('%')
        .is_some_and(|(_, behind)| !behind.is_empty());
    // What stands behind the link's bracket is not of it.
    let within = start.split([')', ']', '}', '>', '"', '”', '»']).next();
    let is_two = within.is_some_and(is_apart);
    (!is_encoded && !is_two).then(|| number.to_owned())
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

/// Whether a digit stands behind a space or a colon.
fn is_apart(text: &str) -> bool {
    let mut pairs = text.chars().zip(text.chars().skip(1));
    pairs.any(|(one, next)| " :".contains(one) && next.is_ascii_digit())
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
