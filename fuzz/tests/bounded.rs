//! Some seconds of every target: its seeds, what was found before, and damage done to the seeds, the same whenever it runs.
//!
//! One test alone in its process, all of whose allocations are counted.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::fs;
use std::path::Path;

use cnn_playground_fuzz::{ALL, Target};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Damaged inputs of each target; the command has millions.
const CASES: u32 = 8_000;

/// One thing that is done to an input.
#[derive(Debug, Clone)]
enum Damage {
    Byte(Index, u8),
    Bit(Index, u8),
    /// A number where a length may stand, in either order of its bytes.
    Number(Index, u32, bool),
    Insert(Index, Vec<u8>),
    Remove(Index, Index),
    Repeat(Index, Index, u8),
    Cut(Index),
}

impl Damage {
    fn any() -> impl Strategy<Value = Self> {
        let number = prop_oneof![
            select(vec![
                0,
                1,
                255,
                256,
                0xffff,
                0x1_0000,
                0x7fff_ffff,
                0x8000_0000,
                u32::MAX
            ]),
            any::<u32>(),
        ];
        let at = any::<Index>;
        prop_oneof![
            4 => (at(), any::<u8>()).prop_map(|(at, to)| Self::Byte(at, to)),
            4 => (at(), 0..8_u8).prop_map(|(at, bit)| Self::Bit(at, bit)),
            2 => (at(), number, any::<bool>()).prop_map(|(at, to, big)| Self::Number(at, to, big)),
            2 => (at(), proptest::collection::vec(any::<u8>(), 1..9)).prop_map(|(at, new)| Self::Insert(at, new)),
            2 => (at(), at()).prop_map(|(from, to)| Self::Remove(from, to)),
            1 => (at(), at(), 2..20_u8).prop_map(|(from, to, times)| Self::Repeat(from, to, times)),
            1 => at().prop_map(Self::Cut),
        ]
    }

    fn to(&self, input: &mut Vec<u8>) {
        let size = input.len() + 1;
        match self {
            Self::Insert(at, new) => {
                let at = at.index(size);
                input.splice(at..at, new.iter().copied());
            }
            Self::Cut(at) => input.truncate(at.index(size)),
            _ if input.is_empty() => {}
            Self::Byte(at, to) => *at.get_mut(input) = *to,
            Self::Bit(at, bit) => *at.get_mut(input) ^= 1 << bit,
            Self::Number(at, to, big) => {
                let bytes = if *big {
                    to.to_be_bytes()
                } else {
                    to.to_le_bytes()
                };
                let at = at.index(input.len());
                input
                    .iter_mut()
                    .skip(at)
                    .zip(bytes)
                    .for_each(|(place, byte)| *place = byte);
            }
            Self::Remove(from, to) => {
                let (from, to) = (from.index(size), to.index(size));
                input.drain(from.min(to)..from.max(to));
            }
            Self::Repeat(from, to, times) => {
                let (from, to) = (from.index(size), to.index(size));
                let part = input[from.min(to)..from.max(to)].repeat(usize::from(*times));
                input.splice(from.max(to)..from.max(to), part);
            }
        }
    }
}

fn damaged(target: &Target, seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let longest = target.longest;
    let damage = proptest::collection::vec(Damage::any(), 1..6);
    (select(seeds), damage).prop_map(move |(mut input, damage)| {
        damage.iter().for_each(|one| one.to(&mut input));
        input.truncate(longest);
        input
    })
}

/// Inputs that once broke a promise of this target.
fn found(target: &Target) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("found");
    let Ok(files) = fs::read_dir(root.join(target.name)) else {
        return Vec::new();
    };
    files
        .map(|file| fs::read(file.unwrap().path()).unwrap())
        .collect()
}

/// What breaks a promise of this target, if anything does.
fn broken(target: &Target) -> Option<String> {
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty(), "{} has no seed", target.name);
    for seed in &seeds {
        assert!(target.execute(seed), "{} refuses its own seed", target.name);
        assert!(
            seed.len() <= target.longest,
            "a seed of {} is too long",
            target.name
        );
    }
    for input in found(target) {
        target.execute(&input);
    }
    let config = Config {
        cases: CASES,
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        ..Config::default()
    };
    let run = |input: Vec<u8>| {
        target.execute(&input);
        Ok(())
    };
    let failure = TestRunner::new(config)
        .run(&damaged(target, seeds), run)
        .err()?;
    Some(format!("{}: {failure}", target.name))
}

#[test]
fn nothing_that_a_stranger_writes_breaks_a_promise() {
    let broken: Vec<_> = ALL.iter().filter_map(broken).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
