//! Every language says the same things: the same keys, the same facts in each, and its own plurals.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

type Words = BTreeMap<String, String>;

/// The plural forms of each language, as the browser's `Intl.PluralRules` names them.
const PLURALS: &[(&str, &[&str])] = &[("en", &["one", "other"]), ("zh-CN", &["other"])];

fn read(name: &str) -> Words {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("www/locales/{name}.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Keys that come in plural forms, without the form.
fn counted(words: &Words) -> BTreeSet<&str> {
    let forms = words.keys().filter_map(|key| key.strip_suffix(".other"));
    forms.collect()
}

/// Keys without plural forms, and the stems of those with them.
fn stems(words: &Words) -> BTreeSet<String> {
    let counted = counted(words);
    let stem = |key: &String| match key.rsplit_once('.') {
        Some((stem, _)) if counted.contains(stem) => stem.to_owned(),
        _ => key.clone(),
    };
    words.keys().map(stem).collect()
}

/// The names in braces.
fn facts(text: &str) -> BTreeSet<&str> {
    let opened = text.split('{').skip(1);
    opened
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn every_language_is_listed_and_has_every_key() {
    let listed: BTreeSet<_> = read("index").into_keys().collect();
    let known: BTreeSet<_> = PLURALS.iter().map(|(tag, _)| (*tag).to_owned()).collect();
    assert_eq!(listed, known);
    let english = stems(&read("en"));
    for (tag, _) in PLURALS {
        let own = stems(&read(tag));
        let lacks: Vec<_> = english.difference(&own).collect();
        let beyond: Vec<_> = own.difference(&english).collect();
        assert!(
            lacks.is_empty() && beyond.is_empty(),
            "{tag} lacks {lacks:?}, and alone has {beyond:?}"
        );
    }
}

#[test]
fn no_key_stands_there_twice() {
    for (tag, _) in PLURALS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("www/locales/{tag}.json"));
        let text = fs::read_to_string(path).unwrap();
        let mut seen = BTreeSet::new();
        for line in text.lines() {
            if let Some((key, _)) = line.trim().split_once("\": \"") {
                assert!(seen.insert(key), "{tag}: {key}");
            }
        }
        assert_eq!(seen.len(), read(tag).len(), "{tag}: one key a line");
    }
}

#[test]
fn every_language_has_its_own_plural_forms() {
    for (tag, forms) in PLURALS {
        let words = read(tag);
        for stem in counted(&words) {
            let own: BTreeSet<_> = words
                .keys()
                .filter_map(|key| key.strip_prefix(stem)?.strip_prefix('.'))
                .collect();
            assert_eq!(own, forms.iter().copied().collect(), "{tag}: {stem}");
        }
    }
}

#[test]
fn every_language_names_the_same_facts() {
    let english = read("en");
    for (tag, _) in PLURALS {
        for (key, text) in read(tag) {
            let of = facts(&english[&key]);
            assert_eq!(facts(&text), of, "{tag}: {key}");
            assert!(!text.trim().is_empty(), "{tag}: {key}");
        }
    }
}
