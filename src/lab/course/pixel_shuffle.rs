//! Why do vision tasks use convolutions? Pixels in another order, for a CNN and a dense network.

use std::cmp::Ordering;

use crate::experiment::Permute;
use crate::lab::conclusion::Unit;
use crate::lab::results::{Column, Results};
use crate::lab::{
    Check, Conclusion, Diagram, Drawing, Entry, Figure, Lab, LabOption, Options, Prediction, Size,
    Takes, Verdict,
};

/// The dense network whose first weights are shuffled as the pixels are.
const RELABELLED: &str = "mlp-relabelled";
/// Losses that are no further apart than this have the same three decimals but for rounding: what the page writes.
const SAME: f64 = 1e-3;

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
    let relabelled = || Entry::new(RELABELLED, "net=mlp&permute=fixed&init=permuted").later();
    let mut entries = vec![
        Entry::new("mlp-plain", "net=mlp"),
        Entry::new("mlp-shuffled", format!("net=mlp&permute={shuffle}")),
        Entry::new("cnn-plain", "net=cnn"),
        Entry::new("cnn-shuffled", format!("net=cnn&permute={shuffle}")),
    ];
    entries.extend((shuffle == "fixed").then(relabelled));
    entries
}

/// How far apart the losses of the dense network on plain images are, and those of its relabelling: training and test
/// loss at the end, the furthest over all seeds. None if there is none.
fn apart(results: &Results) -> Option<f64> {
    let losses = |label| {
        let runs = results.runs(label);
        runs.map(|run| {
            (
                run.seed,
                [run.train_loss, run.test.and_then(|test| test.loss)],
            )
        })
    };
    let pairs = losses("mlp-plain").flat_map(|(seed, plain)| {
        let same_seed = losses(RELABELLED).filter(move |(other, _)| *other == seed);
        same_seed.flat_map(move |(_, relabelled)| plain.into_iter().zip(relabelled))
    });
    let differences: Option<Vec<f64>> = pairs
        .map(|(plain, relabelled)| Some((plain? - relabelled?).abs()))
        .collect();
    differences?.into_iter().reduce(f64::max)
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
    let apart = apart(results);
    let proof = apart.map(|apart| match apart {
        0.0 => "proof.equal",
        apart if apart < SAME => "proof.close",
        _ => "proof.apart",
    });
    Conclusion::new(verdict, key)
        .resting_on(loss, results.tested())
        .with("cnn", cnn.points())
        .with("mlp", mlp.points())
        .with("cnnPlain", accuracy("cnn-plain"))
        .with("cnnShuffled", accuracy("cnn-shuffled"))
        .with("mlpPlain", accuracy("mlp-plain"))
        .with("mlpShuffled", accuracy("mlp-shuffled"))
        .with("plainLoss", results.figure("mlp-plain", Column::TestLoss))
        .with(
            "relabelledLoss",
            results.figure(RELABELLED, Column::TestLoss),
        )
        .with(
            "apart",
            apart.map(|apart| Figure::plain(Unit::Number, apart)),
        )
        .also(proof)
        .answered(answer)
}
