//! Networks of one's own at random.

use std::collections::BTreeSet;

use cnn_playground::arch::{self, Layer, Shaped, notation};
use cnn_playground::experiment::{ExperimentSpec, Value, resolve};
use cnn_playground::operation::{Dropout, Operation};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{CLASSES, logits, random, state};

/// The most multiplications for an image, so that the tier takes minutes.
const MOST: u64 = 1_500_000;

/// The experiment of this text, if there can be one.
fn spec(text: &str) -> Option<ExperimentSpec> {
    let choices = [("net", "own"), ("layers", text)];
    let value = |(key, value): (&str, &str)| (key.to_owned(), Value::Word(value.to_owned()));
    let resolved = resolve(&choices.map(value).into());
    resolved.problems.is_empty().then_some(resolved.spec)
}

/// The same tree, in which nothing is dropped at random.
fn still(layer: Layer) -> Layer {
    let each = |parts: Vec<(String, Layer)>| {
        let parts = parts.into_iter().map(|(name, part)| (name, still(part)));
        parts.collect()
    };
    match layer {
        Layer::Operation(Operation::Dropout(_)) => Dropout { rate: 0.0 }.into(),
        Layer::Operation(operation) => Layer::Operation(operation),
        Layer::Sequential(parts) => Layer::Sequential(each(parts)),
        Layer::Merge { join, branches } => Layer::Merge {
            join,
            branches: each(branches),
        },
    }
}

/// This tree as a network that ends as one does, if it fits and is small enough.
fn network(tree: Layer) -> Option<(ExperimentSpec, Shaped)> {
    let parts = match still(tree) {
        Layer::Sequential(parts) => parts,
        other => vec![("part".to_owned(), other)],
    };
    let end = notation::read(&format!("flatten,fc{CLASSES}"), CLASSES).ok()?;
    let Layer::Sequential(end) = end.layer else {
        return None;
    };
    let end = end
        .into_iter()
        .map(|(name, part)| (format!("{name}_end"), part));
    let whole = Layer::Sequential(parts.into_iter().chain(end).collect());
    let spec = spec(&notation::write(&whole, &whole, CLASSES))?;
    let plan = arch::build(&spec, spec.data.shape()?, CLASSES).ok()?;
    let cost = arch::Summary::of(&plan).multiply_adds;
    (cost <= MOST && plan.operations().len() >= 6).then_some((spec, plan))
}

/// So many of them, all different, each with numbers that stay within what single precision tells apart.
pub(super) fn networks(count: usize) -> Vec<(ExperimentSpec, Shaped)> {
    let mut runner = TestRunner::deterministic();
    let trees = random::tree();
    let mut all: Vec<(ExperimentSpec, Shaped)> = Vec::new();
    while all.len() < count {
        let Some((spec, plan)) = network(trees.new_tree(&mut runner).unwrap().current()) else {
            continue;
        };
        let shape = spec.data.shape().unwrap();
        let size = [2, shape.channels, shape.height, shape.width];
        let pixels = (0..2 * shape.len()).map(|at| (at % 7) as f32 / 7.0);
        let said = logits(
            &plan,
            &state(&plan),
            &BTreeSet::new(),
            pixels.collect(),
            size,
        );
        let is_told = said.iter().all(|logit| logit.abs() < 100.0);
        if is_told && all.iter().all(|(known, _)| *known != spec) {
            all.push((spec, plan));
        }
    }
    all
}
