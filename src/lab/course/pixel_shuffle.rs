//! Why do vision tasks use convolutions? Pixels in another order, for a CNN and a dense network.

use std::cmp::Ordering;

use crate::experiment::Permute;
use crate::lab::results::{Column, Results};
use crate::lab::{
    Check, Conclusion, Diagram, Drawing, Entry, Lab, LabOption, Options, Prediction, Size, Takes,
    Verdict,
};

/// A loss of accuracy is shared by both if the smaller one is more than this much of the larger.
const SHARED: f64 = 0.5;

pub(super) const LAB: Lab = Lab {
    id: "pixel-shuffle",
    row: 1,
    options: &[LabOption {
        key: "shuffle",
        takes: Takes::words(&["fixed", "per-image"]),
    }],
    prediction: Prediction::Choice {
        words: &["cnn", "mlp", "both", "neither"],
    },
    entries,
    sizes: &[
        Size::new(20_000, 5_000, 1),
        Size::new(10_000, 2_000, 1),
        Size::new(6_000, 1_000, 1),
        Size::new(4_000, 1_000, 1),
    ],
    columns: &[Column::Accuracy, Column::TestLoss, Column::Parameters],
    separable: None,
    conclude,
    diagram: Some(diagram),
    further: "net=cnn&permute=fixed&width=32",
    checks: &[
        Check::of(&["chance", "lower", "same"], "lower"),
        Check::of(&["pixels", "split", "order"], "order"),
    ],
};

fn entries(options: &Options) -> Vec<Entry> {
    let shuffle = options.word("shuffle");
    vec![
        Entry::new("mlp-plain", "net=mlp"),
        Entry::new("mlp-shuffled", format!("net=mlp&permute={shuffle}")),
        Entry::new("cnn-plain", "net=cnn"),
        Entry::new("cnn-shuffled", format!("net=cnn&permute={shuffle}")),
    ]
}

fn diagram(options: &Options) -> Option<Diagram> {
    let (key, permute, images) = match options.word("shuffle") {
        "per-image" => ("per-image", Permute::PerImage, 2),
        _ => ("fixed", Permute::Fixed, 1),
    };
    Some(Diagram::new(key, Drawing::shuffled(permute, images)?))
}

fn conclude(options: &Options, results: &Results) -> Conclusion {
    let mlp = results.difference("mlp-plain", "mlp-shuffled");
    let cnn = results.difference("cnn-plain", "cnn-shuffled");
    let lost = |sign| sign == Ordering::Less;
    let (mlp_lost, cnn_lost) = (lost(mlp.sign()), lost(cnn.sign()));
    let loss = cnn.less(mlp);
    let more = loss.sign();
    let (small, large) = (mlp.mean.max(cnn.mean), mlp.mean.min(cnn.mean));
    let answer = match (mlp_lost, cnn_lost, more) {
        (false, false, _) => Some("neither"),
        (true, true, _) if small / large > SHARED => Some("both"),
        (_, _, Ordering::Less) => Some("cnn"),
        (_, _, Ordering::Greater) => Some("mlp"),
        // One lost and the other did not, but not beyond chance more.
        (_, _, Ordering::Equal) => None,
    };
    let (verdict, key) = if options.word("shuffle") == "fixed" {
        match more {
            Ordering::Less => (Verdict::Textbook, "fixed.textbook"),
            Ordering::Equal => (Verdict::Unclear, "fixed.unclear"),
            Ordering::Greater => (Verdict::Contradicts, "fixed.contradicts"),
        }
    } else {
        match answer {
            Some("both") => (Verdict::Textbook, "per-image.textbook"),
            Some("neither") => (Verdict::Contradicts, "per-image.contradicts"),
            _ => (Verdict::Unclear, "per-image.unclear"),
        }
    };
    let accuracy = |label| results.figure(label, Column::Accuracy);
    Conclusion::new(verdict, key)
        .resting_on(loss, results.tested())
        .with("cnn", cnn.points())
        .with("mlp", mlp.points())
        .with("cnnPlain", accuracy("cnn-plain"))
        .with("cnnShuffled", accuracy("cnn-shuffled"))
        .with("mlpPlain", accuracy("mlp-plain"))
        .with("mlpShuffled", accuracy("mlp-shuffled"))
        .answered(answer)
}
