//! Each thing that can be wrong with a text is found, at its place, and its words say nothing that the fault does not know.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::collections::BTreeSet;

use cnn_playground::base::error::english_words;
use cnn_playground_python::{ReadingCause, ReadingFault, Request, read};

/// A network for CIFAR-10 with these layers, and this way through them.
fn network(layers: &str, forward: &str) -> String {
    let layers = layers.replace('\n', "\n        ");
    let forward = forward.replace('\n', "\n        ");
    format!(
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        {layers}\n    def forward(self, x):\n        {forward}\nnet = Net()\n"
    )
}

fn alone(layers: &str) -> String {
    network(layers, "return self.a(x)")
}

/// Texts in which this is found, and the words at its place.
fn found() -> Vec<(ReadingCause, String, &'static str)> {
    use ReadingCause as Why;
    let conv = "self.a = nn.Conv2d(3, 4, 3, padding=1)";
    let dense = |more: &str| format!("self.a = nn.Linear(3072, 10)\n{more}");
    let flat = "return self.a(torch.flatten(x, 1))";
    let functional = |forward: &str| network(&dense("pass"), forward);
    vec![
        (Why::TooLong, "x".repeat(1_000_001), ""),
        (Why::Notebook, "{\"a\": 1}".into(), ""),
        (Why::Syntax, "del 1\n".into(), "1"),
        (Why::Sign, "net = ¿1\n".into(), "¿"),
        (Why::Unclosed, "net = (1,\n".into(), ""),
        (Why::Indentation, "if 1:\nnet = 1\n".into(), "net"),
        (Why::Expected, "class Net(nn.Module)\n    pass\n".into(), ""),
        (Why::OneLine, "print 'a'\n".into(), "'a'"),
        (Why::NoValue, "net = \n".into(), ""),
        (Why::Order, "f(a=1, 2)\n".into(), "2"),
        (Why::Target, "f() = 1\n".into(), "f()"),
        (Why::TooDeep, "(".repeat(70), ""),
        (
            Why::TooMuch,
            network("for i in range(10 ** 9): pass", "return x"),
            "range(10 ** 9)",
        ),
        (
            Why::Language,
            alone("match {}:\n    case {}: pass"),
            "match {}:",
        ),
        (Why::Name, alone("self.a = nn.Linear(width, 10)"), "width"),
        (Why::Attribute, alone("self.a = self.width"), "self.width"),
        (
            Why::Unknown,
            "import torchvision\n".to_owned() + &functional("return torchvision.ops.stuff(x)"),
            "torchvision.ops.stuff(x)",
        ),
        (Why::Type, alone("self.a = 1 + 'a'"), "1 + 'a'"),
        (
            Why::Missing,
            alone("self.a = {'b': 1}['c']"),
            "{'b': 1}['c']",
        ),
        (
            Why::Argument,
            network("self.a = nn.Linear(3072)", flat),
            "nn.Linear(3072)",
        ),
        (
            Why::ArgumentUnknown,
            alone("self.a = nn.Conv2d(in_channel=3, out_channels=4, kernel_size=3)"),
            "nn.Conv2d(in_channel=3, out_channels=4, kernel_size=3)",
        ),
        (
            Why::ArgumentTwice,
            alone("self.a = nn.Linear(3, 4, in_features=3)"),
            "nn.Linear(3, 4, in_features=3)",
        ),
        (
            Why::Arguments,
            alone("self.a = nn.ReLU(True, False)"),
            "nn.ReLU(True, False)",
        ),
        (
            Why::Float,
            alone("self.a = nn.Conv2d(3, 16 / 2, 3)"),
            "nn.Conv2d(3, 16 / 2, 3)",
        ),
        (
            Why::Whole,
            alone("self.a = nn.Conv2d(3, '8', 3)"),
            "nn.Conv2d(3, '8', 3)",
        ),
        (
            Why::NotInTorch,
            "net = nn.Sequential(nn.Conv2D(3, 8, 3))\n".into(),
            "nn.Conv2D",
        ),
        (
            Why::Super,
            alone("self.a = nn.ReLU()").replace("super().__init__()", "super().__init__"),
            "self.a = nn.ReLU()",
        ),
        (
            Why::Forward,
            alone("self.a = nn.ReLU()").replace("forward", "foward"),
            "foward",
        ),
        (
            Why::NotLayer,
            "net = nn.Sequential(nn.ReLU)\n".into(),
            "nn.Sequential(nn.ReLU)",
        ),
        (
            Why::NotTensor,
            network(
                "self.a = nn.ReLU\nself.b = nn.Flatten()",
                "return self.b(self.a(x))",
            ),
            "self.b(self.a(x))",
        ),
        (
            Why::Nothing,
            network("self.a = nn.ReLU()", "self.a(x)"),
            "forward",
        ),
        (
            Why::Making,
            "class Net(nn.Module):\n    def __init__(self, width):\n        pass\n".into(),
            "Net",
        ),
        (
            Why::Raised,
            alone("raise ValueError('no')"),
            "ValueError('no')",
        ),
        (Why::NoModule, "print(1)".into(), ""),
        (
            Why::Keras,
            "from tensorflow import keras\nmodel = keras.Sequential()\n".into(),
            "keras.Sequential()",
        ),
        (
            Why::Elsewhere,
            "from torchvision import models\nnet = models.resnet18(num_classes=10)\n".into(),
            "models.resnet18(num_classes=10)",
        ),
        (Why::Layer, alone("self.a = nn.LSTM(3, 4)"), "self.a(x)"),
        (
            Why::Setting,
            alone("self.a = nn.Conv2d(3, 4, 3, padding_mode='reflect')"),
            "self.a(x)",
        ),
        (
            Why::Input,
            network(conv, "return self.a(self.a(x))"),
            "self.a(self.a(x))",
        ),
        (
            Why::View,
            functional("return self.a(x.view(-1, 100))"),
            "x.view(-1, 100)",
        ),
        (
            Why::Shapes,
            network(conv, "return self.a(x) + x"),
            "self.a(x) + x",
        ),
        (
            Why::Shared,
            network(
                "self.a = nn.Conv2d(3, 3, 1)\nself.b = nn.Linear(3072, 10)",
                "return self.b(self.a(self.a(x)).flatten(1))",
            ),
            "self.a(self.a(x))",
        ),
        (
            Why::Crossing,
            network(
                "self.a = nn.Conv2d(3, 3, 1)\nself.b = nn.Conv2d(3, 3, 1)\nself.c = nn.Conv2d(3, 3, 1)",
                "a = self.a(x)\nb = self.b(a)\nreturn self.c(a + x) + b",
            ),
            "self.a(x)",
        ),
        (Why::Result, functional("return 1"), ""),
        (Why::Operation, functional("return x ** 3"), "x ** 3"),
        (
            Why::Link,
            network(
                "self.a = nn.Sequential(*[nn.Conv2d(3 if i == 0 else 99 + i, 100 + i, 3, padding=1) for i in range(400)])",
                "return self.a(x)",
            ),
            "",
        ),
        (
            Why::Core,
            alone("self.a = nn.Conv2d(3, 4, 99)"),
            "self.a(x)",
        ),
        (
            Why::LossHas,
            network(&dense("pass"), "return F.softmax(self.a(x.flatten(1)), 1)"),
            "F.softmax(self.a(x.flatten(1)), 1)",
        ),
        (
            Why::TakenAs,
            network(
                &dense("self.b = nn.ReLU6()"),
                "return self.b(self.a(x.flatten(1)))",
            ),
            "nn.ReLU6()",
        ),
        (
            Why::SettingIs,
            network(
                &dense("self.b = nn.ELU(0.5)"),
                "return self.b(self.a(x.flatten(1)))",
            ),
            "nn.ELU(0.5)",
        ),
        (
            Why::Classes,
            network("self.a = nn.Linear(3072, 7)", flat),
            "nn.Linear(3072, 7)",
        ),
        (
            Why::Unused,
            network(&dense("self.b = nn.Linear(5, 6)"), flat),
            "nn.Linear(5, 6)",
        ),
    ]
}

fn faults(text: &str) -> Vec<ReadingFault> {
    let read = read(&Request {
        text: text.to_owned(),
        network: None,
        data: "cifar10".into(),
        facts: None,
    });
    read.fault.into_iter().chain(read.remarks).collect()
}

#[test]
fn every_cause_is_found_at_its_place_and_has_its_words() {
    let all: BTreeSet<_> = ReadingCause::ALL.iter().copied().collect();
    let tried: BTreeSet<_> = found().iter().map(|(cause, ..)| *cause).collect();
    assert_eq!(all, tried);
    let words = english_words();
    let mut wrong = Vec::new();
    for (cause, text, there) in found() {
        let head = &text[..text.len().min(400)];
        let faults = faults(&text);
        let Some(fault) = faults.iter().find(|fault| fault.cause == cause) else {
            wrong.push(format!("{cause:?}: {faults:?} of\n{head}"));
            continue;
        };
        let mark = fault.mark.as_ref().map_or("", |mark| &mark.there);
        if mark != there {
            wrong.push(format!("{cause:?}: at {mark:?} of\n{head}"));
        }
        let words = &words[&format!("pasted.fault.{}", cause.text())];
        for fact in words.split('{').skip(1) {
            let (name, _) = fact.split_once('}').unwrap();
            if !fault.facts.contains_key(name) {
                wrong.push(format!("{cause:?}: {words}: {fault:?}"));
            }
        }
        assert_eq!(fault.problem.is_some(), cause == ReadingCause::Core);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn what_is_said_of_a_layer_in_a_row_names_the_line_where_it_is_made() {
    let lines = "import torch.nn as nn\n\nmodel = nn.Sequential(\n    nn.Conv2d(3, 8, 3),\n    nn.LeakyReLU(0.3),\n    nn.Flatten(),\n    nn.Linear(8 * 30 * 30, 20),\n    nn.Softmax(dim=1),\n)\n";
    let said = |text: &str| {
        let said = faults(text).into_iter();
        said.map(|fault| (fault.cause, fault.place.line, fault.made))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        said(lines),
        [
            (ReadingCause::SettingIs, 5, None),
            (ReadingCause::LossHas, 8, None),
            (ReadingCause::Classes, 7, None)
        ]
    );
    let wrong = lines.replace("8 * 30", "9 * 30");
    assert_eq!(
        said(&wrong)[0],
        (ReadingCause::Input, 7, None),
        "where it is made is where it is called, and said once"
    );
}
