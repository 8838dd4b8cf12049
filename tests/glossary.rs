//! The glossary explains every term in every language, once, and says nothing again that a tip says.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod languages;

use std::collections::BTreeSet;

use languages::{Words, tags, words as read};

/// How a sentence ends, whatever the language.
const ENDS: [char; 2] = ['.', '。'];

/// What stands behind `glossary.` in each key.
fn keys(words: &Words) -> impl Iterator<Item = &str> {
    words.keys().filter_map(|key| key.strip_prefix("glossary."))
}

/// The terms: a key without a further part is a name.
fn terms(words: &Words) -> BTreeSet<&str> {
    keys(words).filter(|key| !key.contains('.')).collect()
}

fn name<'a>(words: &'a Words, term: &str) -> &'a str {
    &words[&format!("glossary.{term}")]
}

/// As it is written, with the keys of tips in braces.
fn about<'a>(words: &'a Words, term: &str) -> &'a str {
    &words[&format!("glossary.{term}.about")]
}

/// The keys in braces.
fn quoted(text: &str) -> Vec<&str> {
    let opened = text.split('{').skip(1);
    opened.map(|part| part.split_once('}').unwrap().0).collect()
}

#[test]
fn every_term_has_a_name_and_an_explanation_in_every_language() {
    let english = read("en");
    let expected = terms(&english);
    assert!(expected.len() >= 45, "{} terms", expected.len());
    for tag in tags() {
        let words = read(&tag);
        assert_eq!(terms(&words), expected, "{tag}");
        for key in keys(&words) {
            let term = key.strip_suffix(".about").unwrap_or(key);
            assert!(expected.contains(term), "{tag}: {key} explains no term");
            let about = about(&words, term);
            assert!(!name(&words, term).trim().is_empty(), "{tag}: {term}");
            assert!(
                about.ends_with(ENDS) || about.ends_with('}'),
                "{tag}: {term} ends nowhere"
            );
        }
    }
}

#[test]
fn no_term_is_explained_twice() {
    for tag in tags() {
        let words = read(&tag);
        let mut names = BTreeSet::new();
        let mut texts = BTreeSet::new();
        for term in terms(&words) {
            let name = name(&words, term);
            assert!(names.insert(name.to_lowercase()), "{tag}: {name}");
            assert!(texts.insert(about(&words, term)), "{tag}: {term}");
        }
    }
}

#[test]
fn what_a_tip_says_is_taken_from_it() {
    for tag in tags() {
        let words = read(&tag);
        let tips: Vec<(&String, &String)> = words
            .iter()
            .filter(|(key, _)| key.starts_with("tip."))
            .collect();
        for term in terms(&words) {
            let about = about(&words, term);
            for key in quoted(about) {
                assert!(
                    key.starts_with("tip.") && words.contains_key(key),
                    "{tag}: {term}: no {key}"
                );
            }
            for (key, tip) in &tips {
                let mut sentences = tip.split(ENDS).map(str::trim);
                let again = sentences.find(|text| !text.is_empty() && about.contains(text));
                assert_eq!(again, None, "{tag}: {term} says what {key} says");
            }
        }
    }
}

#[test]
fn each_term_is_found_under_the_word_that_the_page_uses_for_it() {
    let used = [
        ("normalize", "field.normalize"),
        ("batchnorm", "field.batchnorm"),
        ("residual", "field.residual"),
        ("inception", "field.inception"),
        ("auxiliary", "field.auxiliary"),
        ("dropout", "field.dropout"),
        ("activation", "field.activation"),
        ("pooling", "field.pool"),
        ("attention", "field.attention"),
        ("optimizer", "field.optimizer"),
        ("lr", "field.lr"),
        ("momentum", "field.momentum"),
        ("decay", "field.decay"),
        ("padding", "field.padding"),
        ("stride", "field.stride"),
        ("global-pooling", "layer.global-average-pool"),
        ("relu", "choice.activation.relu"),
        ("sigmoid", "choice.activation.sigmoid"),
        ("tanh", "choice.activation.tanh"),
        ("gelu", "choice.activation.gelu"),
        ("leaky-relu", "choice.activation.leaky-relu"),
        ("elu", "choice.activation.elu"),
        ("silu", "choice.activation.silu"),
        ("hardswish", "choice.activation.hardswish"),
        ("adam", "choice.optimizer.adamw"),
        ("sgd", "choice.optimizer.sgd"),
    ];
    // A plural is found by its singular.
    let plain = |text: &str| -> String {
        let text = text.to_lowercase();
        let words = text.split(' ').map(|word| word.trim_end_matches('s'));
        words.collect::<Vec<_>>().join(" ")
    };
    for tag in tags() {
        let words = read(&tag);
        for (term, key) in used {
            let name = plain(name(&words, term));
            let word = plain(&words[key]);
            assert!(name.contains(&word), "{tag}: {term} is called {word}");
        }
    }
}
