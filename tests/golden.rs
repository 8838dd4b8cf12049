//! What the engine computes, bit by bit. A change of these digests changes the engine's name in links
//! (`src/experiment/claim.rs`): `UPDATE_GOLDEN=1 cargo test --workspace --test golden` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod twenty;

use std::{env, fs};

use cnn_playground::arch::own;
use cnn_playground::experiment::field::Group;
use cnn_playground::experiment::{FIELDS, Kind, Value, link};
use cnn_playground::train::Device;
use pollster::block_on;

#[test]
fn twenty_steps_of_every_family_and_switch_give_these_bits() {
    let cpu = block_on(Device::open("cpu")).unwrap();
    let mut lines = String::new();
    for link in twenty::LINKS {
        let digest = block_on(twenty::digest(link, &cpu));
        lines += &format!("{digest} {link}\n");
    }
    if env::var_os("UPDATE_GOLDEN").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/golden.txt");
        fs::write(path, &lines).unwrap();
    } else {
        assert_eq!(
            lines,
            twenty::DIGESTS,
            "the engine computes other numbers: if that is meant, UPDATE_GOLDEN=1 cargo test --workspace --test golden"
        );
    }
}

/// The same tree with the same names: the same streams of first weights and of dropout, and so the same run.
#[test]
fn a_network_that_is_opened_as_ones_own_gives_the_same_bits() {
    let cpu = block_on(Device::open("cpu")).unwrap();
    for line in twenty::DIGESTS.lines() {
        let (digest, link) = line.split_once(' ').unwrap();
        let spec = twenty::spec_of(link);
        let opened = own::opened(&spec, spec.data.shape().unwrap(), twenty::CLASSES);
        // A link says what an earlier one said.
        let text = link::text(&opened);
        assert_eq!(
            block_on(twenty::digest(&text, &cpu)),
            digest,
            "{link}: {text}"
        );
    }
}

#[test]
fn every_word_of_every_choice_is_among_them() {
    let specs: Vec<_> = twenty::LINKS
        .iter()
        .map(|link| twenty::spec(link))
        .collect();
    let changes_numbers = |group| !matches!(group, Group::Data | Group::Budget);
    for field in FIELDS.iter().filter(|field| changes_numbers(field.group)) {
        let found: Vec<Value> = specs
            .iter()
            .filter(|spec| (field.applies)(spec))
            .map(|spec| (field.get)(spec))
            .collect();
        let wanted: Vec<Value> = match specs.iter().map(field.kind).max_by_key(choices) {
            Some(Kind::Choice { words }) => words
                .iter()
                .map(|word| Value::Word((*word).into()))
                .collect(),
            Some(Kind::Switch) => [true, false].map(Value::Switch).into(),
            _ => continue,
        };
        for value in wanted {
            assert!(found.contains(&value), "no link says {}={value}", field.key);
        }
    }
}

/// How many words a choice has.
fn choices(kind: &Kind) -> usize {
    match kind {
        Kind::Choice { words } => words.len(),
        _ => 0,
    }
}
