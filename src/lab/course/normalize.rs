//! What do different values in `transforms.Normalize` change?

use crate::lab::results::{Column, Results};
use crate::lab::{
    Check, Conclusion, Entry, Lab, LabOption, Options, Prediction, Size, Takes, Verdict,
};

/// Sensible values are close together if they lie within this share of each other.
const CLOSE: f64 = 0.03;

pub(super) const LAB: Lab = Lab {
    id: "normalize",
    row: 8,
    options: &[LabOption {
        key: "data",
        takes: Takes::words(&["mnist", "cifar10"]),
    }],
    prediction: Prediction::Choice {
        words: &["none", "raw", "mistake", "both", "all"],
    },
    entries,
    sizes: &[
        Size::new(20_000, 2_000, 2),
        Size::new(10_000, 2_000, 2),
        Size::new(10_000, 2_000, 1),
        Size::new(6_000, 1_000, 1),
    ],
    columns: &[Column::Accuracy, Column::TestLoss, Column::TrainLoss],
    separable: None,
    conclude,
    diagram: None,
    further: "normalize=custom&mean=0&std=0.02",
    checks: &[
        Check::of(&["layer", "same", "instead"], "layer"),
        Check::of(&["batch", "running", "pixels"], "running"),
    ],
};

fn entries(options: &Options) -> Vec<Entry> {
    let data = options.word("data");
    let entry = |word: &'static str| Entry::new(word, format!("data={data}&normalize={word}"));
    let mut all = vec![entry("own"), entry("half"), entry("unit")];
    if data == "cifar10" {
        all.push(entry("copied"));
    }
    all.extend([entry("raw"), entry("wrong")]);
    all
}

fn conclude(options: &Options, results: &Results) -> Conclusion {
    let sensible = || {
        entries(options)
            .into_iter()
            .map(|entry| entry.label)
            .filter(|label| !matches!(*label, "raw" | "wrong"))
    };
    let by_accuracy =
        |a: &&'static str, b: &&'static str| results.accuracy(a).total_cmp(&results.accuracy(b));
    let best = sensible().max_by(by_accuracy).unwrap_or("own");
    let least = sensible().min_by(by_accuracy).unwrap_or("own");
    // The two that are furthest apart were picked among all pairs. The mistake has only to be below the least of them,
    // which asks for more than any one of them would.
    let count = sensible().count();
    let range = results
        .difference(least, best)
        .among(count * (count - 1) / 2);
    let (mistake, raw) = (
        results.difference(least, "wrong"),
        results.difference(least, "raw"),
    );
    let close = range.mean < CLOSE || range.sign().is_eq();
    let worse = (raw.sign().is_lt(), mistake.sign().is_lt());
    let (verdict, key, answer) = match (close, worse) {
        (false, _) => (Verdict::Contradicts, "apart", "all"),
        (true, (raw, true)) => (
            Verdict::Textbook,
            "textbook",
            if raw { "both" } else { "mistake" },
        ),
        (true, (raw, false)) => (
            Verdict::Contradicts,
            "contradicts",
            if raw { "raw" } else { "none" },
        ),
    };
    let accuracy = |label| results.figure(label, Column::Accuracy);
    Conclusion::new(verdict, key)
        .with_run("best", best)
        .with_run("least", least)
        .with("range", range.points())
        .with("mistake", mistake.points())
        .with("raw", results.difference("own", "raw").points())
        .with("own", accuracy("own"))
        .with("wrong", accuracy("wrong"))
        .resting_on(mistake, results.tested())
        .answered(answer)
}
