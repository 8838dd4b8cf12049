//! Every fact has its source: the table of texts and of what rests on them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod languages;

use std::collections::BTreeSet;

use cnn_playground::lab::{self, WORKS};

#[test]
fn every_reference_belongs_to_words_that_there_are_and_every_source_is_used() {
    for tag in languages::tags() {
        let words = languages::words(&tag);
        for sourced in lab::sources() {
            assert!(words.contains_key(sourced.key), "{}", sourced.key);
        }
    }
    let sources = lab::sources();
    let keys: BTreeSet<_> = sources.iter().map(|sourced| sourced.key).collect();
    assert_eq!(keys.len(), sources.len(), "a key stands there twice");
    let references = sources.iter().flat_map(|sourced| &sourced.references);
    let used: BTreeSet<_> = references.map(|one| one.work.address).collect();
    for work in WORKS {
        assert!(used.contains(work.address), "{} is not used", work.title);
        assert!(work.address.starts_with("https://"), "{}", work.address);
    }
    let distinct: BTreeSet<_> = WORKS.iter().map(|work| work.address).collect();
    assert_eq!(distinct.len(), WORKS.len(), "a text stands there twice");
}

#[test]
fn the_explanation_of_every_lab_and_every_milestone_has_a_source() {
    let sources = lab::sources();
    let has = |start: &str| sources.iter().any(|sourced| sourced.key.starts_with(start));
    for lab in lab::all() {
        assert!(has(&format!("lab.{}.why.", lab.id)), "{}", lab.id);
    }
    for milestone in lab::timeline() {
        assert!(
            has(&format!("timeline.{}.about", milestone.id)),
            "{}",
            milestone.id
        );
    }
    for exercise in lab::exercises() {
        assert!(
            has(&format!("exercise.{}", exercise.number)),
            "{}",
            exercise.number
        );
    }
}
