//! What improves accuracy further? The same network with three kinds of attention.

use std::cmp::Ordering;

use crate::lab::results::{Column, Results};
use crate::lab::{Check, Conclusion, Entry, Lab, Options, Prediction, Size, Verdict};

/// The kinds, each a word of the field `attention`.
const KINDS: [&str; 3] = ["se", "cbam", "eca"];

pub(super) const LAB: Lab = Lab {
    id: "attention",
    row: 12,
    options: &[],
    prediction: Prediction::Choice {
        words: &["better", "same", "worse"],
    },
    entries,
    sizes: &[
        // Many test images, since the gain is small, and a third epoch, before which there is none.
        Size::new(10_000, 5_000, 3),
        Size::new(8_000, 5_000, 2),
        Size::new(6_000, 2_000, 2),
        Size::new(4_000, 1_000, 2),
        Size::new(2_500, 1_000, 2),
    ],
    columns: &[
        Column::Accuracy,
        Column::TestLoss,
        Column::Parameters,
        Column::MultiplyAdds,
        Column::Seconds,
    ],
    separable: None,
    conclude,
    diagram: None,
    further: "data=cifar10&net=resnet&width=16&attention=se",
    checks: &[
        Check::of(&["reason", "factor", "probability"], "factor"),
        Check::of(&["proved", "best", "chance"], "chance"),
    ],
};

fn entries(_: &Options) -> Vec<Entry> {
    let network = "data=cifar10&net=resnet&width=8";
    let mut all = vec![Entry::new("none", network)];
    all.extend(KINDS.map(|kind| Entry::new(kind, format!("{network}&attention={kind}"))));
    all
}

fn conclude(_: &Options, results: &Results) -> Conclusion {
    let by_accuracy =
        |a: &&'static str, b: &&'static str| results.accuracy(a).total_cmp(&results.accuracy(b));
    let best = KINDS.into_iter().max_by(by_accuracy).unwrap_or("se");
    // The best of three was picked after the runs.
    let gain = results.difference("none", best).among(KINDS.len());
    let (key, answer) = match gain.sign() {
        Ordering::Greater => ("textbook", "better"),
        Ordering::Equal => ("unclear", "same"),
        Ordering::Less => ("contradicts", "worse"),
    };
    let verdict: Verdict = Conclusion::expected_higher(gain.sign());
    let parameters = |label| {
        results
            .figure(label, Column::Parameters)
            .map_or(0.0, |figure| figure.value)
    };
    let added = |label| crate::lab::Figure::count((parameters(label) - parameters("none")) as u64);
    Conclusion::new(verdict, key)
        .with("none", results.figure("none", Column::Accuracy))
        .with("most", results.figure(best, Column::Accuracy))
        .with("gain", gain.points())
        .with_run("best", best)
        .with("se", added("se"))
        .with("cbam", added("cbam"))
        .with("eca", added("eca"))
        .resting_on(gain, results.tested())
        .answered(answer)
}
