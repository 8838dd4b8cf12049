//! PyTorch code: a text that is read within its budgets, as a network that opens, or refused with its place and its facts.

use cnn_playground::arch::own::Mark;
use cnn_playground::base::error::english_words;
use cnn_playground::experiment::{Choices, Value};
use cnn_playground::view::View;
use cnn_playground_python::{Reading, ReadingFault, Request, read};

use super::MB;
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "python",
    memory: 256 * MB,
    longest: 6_000,
    seeds,
    run,
};

/// Networks in the idioms in which people write them, and one of them as a notebook.
fn seeds() -> Vec<Vec<u8>> {
    let plain = "\
import torch, torch.nn as nn
net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(3600, 10))
opt = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
";
    let cells = serde_json::json!({ "cells": [
        { "cell_type": "code", "source": ["%%time\n", "width = 4"] },
        { "cell_type": "code", "source": plain },
    ] });
    let all = [
        plain,
        include_str!("../../../python/tests/networks/lenet.py"),
        include_str!("../../../python/tests/networks/resnet.py"),
        include_str!("../../../python/tests/networks/cbam.py"),
    ];
    let texts = all
        .map(str::to_owned)
        .into_iter()
        .chain([cells.to_string()]);
    texts.map(String::into_bytes).collect()
}

fn run(input: &[u8]) -> bool {
    let request = Request {
        text: String::from_utf8_lossy(input).into_owned(),
        network: None,
        data: "cifar10".to_owned(),
        facts: None,
    };
    let reading = read(&request);
    let faults = reading.remarks.iter().chain(&reading.fault);
    faults.for_each(|fault| said(fault, &reading));
    if reading.fault.is_none()
        && let (Some(layers), Some(task)) = (&reading.layers, reading.task)
    {
        let words = [
            ("data", "cifar10"),
            ("net", "own"),
            ("task", task),
            ("layers", layers),
        ];
        let choices = words.map(|(key, word)| (key.to_owned(), Value::Word(word.to_owned())));
        let view = View::of(&Choices::from(choices), None);
        assert_eq!(view.problems, [], "{layers}");
        assert_eq!(view.spec.layers, *layers, "it is tidy already");
    }
    reading.fault.is_none()
}

/// That the words of a fault say only what is known, and that its mark is in the text.
fn said(fault: &ReadingFault, reading: &Reading) {
    let key = format!("pasted.fault.{}", fault.cause.text());
    let words = english_words().get(&key).map_or("{}", String::as_str);
    for fact in words.split('{').skip(1) {
        let (name, _) = fact.split_once('}').unwrap_or_default();
        assert!(fault.facts.contains_key(name), "{words}: {fault:?}");
    }
    let Some(Mark {
        start, end, there, ..
    }) = &fault.mark
    else {
        return;
    };
    let units: Vec<_> = reading.text.encode_utf16().collect();
    let marked = units.get(*start..*end).map(String::from_utf16_lossy);
    assert!(
        marked.is_some_and(|marked| marked.starts_with(there)),
        "{fault:?}"
    );
}
