//! The source that the playground writes, read again: the same network, whatever it is.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

#[path = "../../tests/families/mod.rs"]
mod families;

use cnn_playground::arch::pytorch::{self, SourceWords};
use cnn_playground::arch::{self, Join, Layer, Shaped, notation};
use cnn_playground::experiment::{ExperimentSpec, Task, link};
use cnn_playground::operation::{Identity, Operation, Shape};
use cnn_playground_python::{Request, read};

const CLASSES: usize = 10;

/// A tree as what it computes: without names, and without brackets that change nothing.
fn plain(layer: &Layer) -> Vec<String> {
    match layer {
        Layer::Operation(Operation::Identity(_)) => Vec::new(),
        Layer::Operation(operation) => vec![format!("{operation:?}")],
        Layer::Sequential(parts) => {
            let mut all: Vec<_> = parts.iter().flat_map(|(_, part)| plain(part)).collect();
            // What works on each number by itself does so before and after flattening.
            let is_free =
                |text: &String| text.starts_with("Activation(") || text.starts_with("Dropout(");
            let late = |all: &[String]| {
                (1..all.len()).find(|&at| all[at - 1] == "Flatten(Flatten)" && is_free(&all[at]))
            };
            while let Some(at) = late(&all) {
                all.swap(at - 1, at);
            }
            // The mean of all pixels has two names.
            let text = all.join("\n");
            let one =
                "AdaptiveAveragePool2d(AdaptiveAveragePool2d { size: [1, 1] })\nFlatten(Flatten)";
            let text = text.replace(one, "GlobalAveragePool(GlobalAveragePool)");
            text.lines().map(str::to_owned).collect()
        }
        Layer::Merge { join, branches } => {
            let each = branches.iter().map(|(_, branch)| plain(branch));
            let mut each: Vec<_> = each.collect();
            // A sum of a sum is a sum.
            let word = format!("{join:?}");
            if matches!(join, Join::Add | Join::Multiply)
                && let [only] = &each[0][..]
                && let Some(inner) = only.strip_prefix(&format!("{word}{{"))
            {
                let inner = inner.trim_end_matches('}').to_owned();
                each[0] = vec![inner];
            }
            // Nor does the order of what is added.
            if *join == Join::Add && each.len() == 2 && each[0].is_empty() {
                each.swap(0, 1);
            }
            let each: Vec<_> = each.iter().map(|branch| branch.join(", ")).collect();
            vec![format!("{word}{{{}}}", each.join(" | "))]
        }
    }
}

/// The tree of a network with its shapes, without what flattens a vector.
fn layer(part: &Shaped) -> Layer {
    let named = |parts: &[Shaped]| {
        parts
            .iter()
            .map(|part| (part.name().to_owned(), layer(part)))
            .collect()
    };
    match &part.form {
        arch::Form::Operation(Operation::Flatten(_)) if part.input == part.output => {
            Identity.into()
        }
        arch::Form::Operation(operation) => Layer::Operation(*operation),
        arch::Form::Sequential(parts) => Layer::Sequential(named(parts)),
        arch::Form::Merge { join, branches } => Layer::Merge {
            join: *join,
            branches: named(branches),
        },
    }
}

/// What the reader makes of the source of this network, in the same form.
fn again(network: &Shaped, spec: &ExperimentSpec) -> Vec<String> {
    let source = pytorch::source(
        network,
        spec.init,
        &link::text(spec),
        &SourceWords::english(),
    );
    let reading = read(&Request {
        text: source.clone(),
        network: None,
        data: spec.data.word().to_owned(),
        facts: None,
    });
    let text = reading
        .layers
        .unwrap_or_else(|| panic!("{}\n{source}\n{:?}", link::text(spec), reading.fault));
    assert_eq!(reading.weights, Some(network.weights()), "{source}");
    // Of some layers the reader does not count what they declare.
    let declared = reading.declared.unwrap_or(network.weights());
    assert_eq!(declared, network.weights(), "{source}");
    assert_eq!(reading.remarks, [], "{source}");
    plain(&notation::read(&text, CLASSES).unwrap().layer)
}

#[test]
fn every_family_and_switch_is_read_as_the_tree_that_it_is() {
    let mut wrong = Vec::new();
    for link in families::EACH.iter().chain(families::SWITCHES) {
        let spec = link::known_spec(link);
        let image = spec.data.shape().unwrap();
        let network = arch::build(&spec, image, CLASSES).unwrap();
        let (ours, theirs) = (plain(&layer(&network)), again(&network, &spec));
        if ours != theirs {
            wrong.push(format!(
                "{link}\n{}\n{}",
                ours.join(", "),
                theirs.join(", ")
            ));
        }
        assert_eq!(
            spec.task() == Task::Segment,
            matches!(network.output, Shape::Image(_))
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
