//! Networks in the idioms in which people write them: each is read, and has as many parameters as PyTorch counts.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cnn_playground::base::{DataFacts, ImageShape};
use cnn_playground_python::{Reading, Request, read};
use serde::Deserialize;

#[derive(Deserialize)]
struct Count {
    parameters: usize,
    output: Vec<usize>,
}

fn of(file: &str, network: &str, classes: usize) -> Reading {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/networks");
    let text = fs::read_to_string(folder.join(file).with_extension("py")).unwrap();
    let shape = ImageShape {
        channels: 3,
        height: 32,
        width: 32,
    };
    let facts = DataFacts {
        shape,
        classes: (0..classes.max(2)).map(|class| class.to_string()).collect(),
        train: 100,
        test: 100,
        mean: vec![0.5; 3],
        deviation: vec![0.25; 3],
        fingerprint: String::new(),
        untrained: Vec::new(),
        untested: Vec::new(),
        coarse: None,
        cautions: Vec::new(),
    };
    read(&Request {
        text,
        network: Some(network.into()),
        data: "file".into(),
        facts: Some(facts),
    })
}

#[test]
fn parameter_counts_are_pytorchs() {
    let counts: BTreeMap<String, Count> =
        serde_json::from_str(include_str!("counts.json")).unwrap();
    assert!(counts.len() >= 11);
    for (name, count) in counts {
        let (file, network) = name.split_once('.').unwrap();
        let read = of(file, network, count.output[0]);
        assert_eq!(read.fault, None, "{name}");
        assert_eq!(
            read.weights,
            Some(count.parameters),
            "{name}: {:?}",
            read.layers
        );
        assert_eq!(read.declared, Some(count.parameters), "{name}");
    }
}
