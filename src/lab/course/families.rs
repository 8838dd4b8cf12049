//! How did CNNs develop? The families side by side: small ones that train, and the originals, counted.

use std::cmp::Ordering;

use crate::arch::{self, Summary};
use crate::experiment::Family;
use crate::lab::conclusion::{ResultRow, Table};
use crate::lab::results::{Column, Results};
use crate::lab::{Check, Conclusion, Entry, Figure, Lab, Options, Prediction, Size};

/// In order of time.
const FAMILIES: [Family; 5] = [
    Family::LeNet,
    Family::AlexNet,
    Family::Vgg,
    Family::GoogLeNet,
    Family::ResNet,
];

pub(super) const LAB: Lab = Lab {
    id: "families",
    row: 4,
    options: &[],
    prediction: Prediction::Choice {
        words: &["lenet", "alexnet", "vgg", "googlenet", "resnet"],
    },
    entries,
    sizes: &[
        Size::new(10_000, 2_000, 2),
        Size::new(6_000, 1_000, 2),
        Size::new(4_000, 1_000, 2),
        Size::new(3_000, 1_000, 1),
    ],
    columns: &[
        Column::Accuracy,
        Column::Parameters,
        Column::MultiplyAdds,
        Column::Seconds,
    ],
    separable: None,
    conclude,
    diagram: None,
    further: "data=cifar10&net=vgg&dropout=0.5",
    checks: &[
        Check::of(&["mistake", "fewer", "where"], "where"),
        Check::of(&["chosen", "untouched", "retrain"], "chosen"),
    ],
};

fn entries(_: &Options) -> Vec<Entry> {
    FAMILIES
        .map(|family| Entry::new(family.word(), format!("data=cifar10&net={}", family.word())))
        .into()
}

fn conclude(_: &Options, results: &Results) -> Conclusion {
    let originals: Vec<(&'static str, Summary)> = FAMILIES
        .into_iter()
        .filter_map(|family| Some((family.word(), arch::original(family)?)))
        .collect();
    let count = |word: &str| {
        let found = originals.iter().find(|(other, _)| *other == word);
        found.map(|(_, original)| Figure::count(original.parameters as u64))
    };
    let most = originals
        .iter()
        .max_by_key(|(_, original)| original.parameters)
        .map_or("vgg", |(word, _)| *word);
    let by_accuracy =
        |a: &&'static str, b: &&'static str| results.accuracy(a).total_cmp(&results.accuracy(b));
    let words = || FAMILIES.into_iter().map(Family::word);
    let best = words().max_by(by_accuracy).unwrap_or("resnet");
    // The newest against the oldest.
    let gain = results.difference("lenet", "resnet");
    let key = match gain.sign() {
        Ordering::Greater => "textbook",
        Ordering::Equal => "unclear",
        Ordering::Less => "contradicts",
    };
    let mut conclusion = Conclusion::new(Conclusion::expected_higher(gain.sign()), key)
        .with_run("most", most)
        .with("mostWeights", count(most))
        .with("alexnetWeights", count("alexnet"))
        .with("googlenetWeights", count("googlenet"))
        .with("lenet", results.figure("lenet", Column::Accuracy))
        .with("resnet", results.figure("resnet", Column::Accuracy))
        .with("gain", gain.points())
        .with_run("best", best)
        .with("bestAccuracy", results.figure(best, Column::Accuracy))
        .resting_on(gain, results.tested())
        .certainly(most);
    conclusion.tables.push(Table {
        name: "originals",
        columns: vec!["depth", "parameters", "multiply-adds"],
        rows: originals
            .iter()
            .map(|(label, original)| ResultRow {
                label,
                figures: [
                    original.depth as u64,
                    original.parameters as u64,
                    original.multiply_adds,
                ]
                .map(|count| Some(Figure::count(count)))
                .into(),
            })
            .collect(),
    });
    conclusion
}
