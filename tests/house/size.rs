//! How long a file may be, and in which order the words of a language stand.

use std::collections::BTreeMap;

use super::{expect_none, files, read, root};

/// A longer file holds more than one thing.
const MOST_LINES: usize = 400;
/// The folders that hold what is written by hand.
const FOLDERS: [&str; 10] = [
    "src",
    "kernels",
    "python",
    "python-widget",
    "xtask",
    "tests",
    "bench",
    "www",
    "fuzz",
    "lti-example",
];
const GENERATED: [&str; 1] = ["www/app/core.d.ts"];

#[test]
fn no_file_is_longer_than_four_hundred_lines() {
    let endings = [".rs", ".js", ".mjs", ".ts", ".css", ".html", ".py"];
    let there = FOLDERS.iter().filter(|folder| root().join(folder).is_dir());
    let long = there
        .flat_map(|folder| files(folder, &endings))
        .filter(|path| !GENERATED.contains(&path.as_str()))
        .map(|path| (read(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("{path} has {lines} lines, more than {MOST_LINES}"));
    expect_none(&long.collect::<Vec<_>>());
}

/// The keys of a locale file as they stand there, plural forms as one.
fn keys(text: &str) -> Vec<String> {
    const FORMS: [&str; 6] = [".zero", ".one", ".two", ".few", ".many", ".other"];
    let mut keys: Vec<String> = text
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix('"')?.split_once("\":"))
        .map(|(key, _)| {
            let stem = FORMS.iter().find_map(|form| key.strip_suffix(form));
            stem.unwrap_or(key).to_owned()
        })
        .collect();
    keys.dedup();
    keys
}

#[test]
fn every_language_has_its_words_in_the_same_order() {
    let index: BTreeMap<String, String> =
        serde_json::from_str(&read("www/locales/index.json")).unwrap();
    let english = keys(&read("www/locales/en.json"));
    assert!(english.len() > 100, "the file is read as it is written");
    for tag in index.keys() {
        let own = keys(&read(&format!("www/locales/{tag}.json")));
        let differ = english.iter().zip(&own).find(|(one, other)| one != other);
        assert_eq!(differ, None, "{tag}: the first key out of order");
        assert_eq!(english.len(), own.len(), "{tag}");
    }
}
