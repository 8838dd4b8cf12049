//! The languages of the page, as tests read them: their words, their plural forms, and how they write numbers.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

pub(crate) type Words = BTreeMap<String, String>;

/// What the rules of a language are, as browsers know them.
struct Rules {
    tag: &'static str,
    /// `new Intl.PluralRules(tag).resolvedOptions().pluralCategories`.
    plurals: &'static [&'static str],
    /// What `Intl.NumberFormat(tag)` puts between thousands, and before decimals.
    thousands: &'static str,
    decimal: &'static str,
    /// The least whole number that has a separator.
    separated_from: u64,
}

const RULES: &[Rules] = &[
    Rules {
        tag: "en",
        plurals: &["one", "other"],
        thousands: ",",
        decimal: ".",
        separated_from: 1_000,
    },
    Rules {
        tag: "zh-CN",
        plurals: &["other"],
        thousands: ",",
        decimal: ".",
        separated_from: 1_000,
    },
    Rules {
        tag: "es",
        plurals: &["one", "many", "other"],
        thousands: ".",
        decimal: ",",
        separated_from: 10_000,
    },
    Rules {
        tag: "fr",
        plurals: &["one", "many", "other"],
        thousands: "\u{202f}",
        decimal: ",",
        separated_from: 1_000,
    },
    Rules {
        tag: "ar",
        plurals: &["zero", "one", "two", "few", "many", "other"],
        thousands: ",",
        decimal: ".",
        separated_from: 1_000,
    },
];

fn rules(tag: &str) -> &'static Rules {
    let found = RULES.iter().find(|rules| rules.tag == tag);
    found.unwrap_or_else(|| panic!("RULES in tests/languages/mod.rs says nothing of {tag}"))
}

/// Where the words of each language are.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("www/locales")
}

/// The text of a language's file.
pub(crate) fn file(tag: &str) -> String {
    fs::read_to_string(folder().join(format!("{tag}.json"))).unwrap()
}

/// The words of a language, by key.
pub(crate) fn words(tag: &str) -> Words {
    serde_json::from_str(&file(tag)).unwrap()
}

/// Every language that the page lists.
pub(crate) fn tags() -> Vec<String> {
    words("index").into_keys().collect()
}

/// The plural forms of a language.
pub(crate) fn plurals(tag: &str) -> BTreeSet<&'static str> {
    rules(tag).plurals.iter().copied().collect()
}

/// What stands between thousands.
pub(crate) fn thousands(tag: &str) -> &'static str {
    rules(tag).thousands
}

/// A text with its numbers as the language writes them; in English they may have separators already.
pub(crate) fn written(tag: &str, english: &str) -> String {
    let of_number = |one: char| one.is_ascii_digit() || ".,".contains(one);
    let parts = english.split_inclusive(|one| !of_number(one));
    let parts = parts.map(|part| {
        let end = part.find(|one| !of_number(one)).unwrap_or(part.len());
        let (found, behind) = part.split_at(end);
        number(rules(tag), found) + behind
    });
    parts.collect()
}

fn number(rules: &Rules, english: &str) -> String {
    let (whole, rest) = english.split_once('.').unwrap_or((english, ""));
    let digits = whole.replace(',', "");
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().collect();
    let groups = groups.iter().map(|group| str::from_utf8(group).unwrap());
    let separated = digits
        .parse::<u64>()
        .is_ok_and(|one| one >= rules.separated_from);
    let separator = if separated { rules.thousands } else { "" };
    let whole = groups.collect::<Vec<_>>().join(separator);
    match rest {
        "" => whole,
        rest => format!("{whole}{}{rest}", rules.decimal),
    }
}
