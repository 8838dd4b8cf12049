//! What is the difference between an epoch and a batch? The same images in batches of three sizes.

use std::cmp::Ordering;

use crate::lab::results::{Column, Results};
use crate::lab::{
    Check, Conclusion, Diagram, Drawing, Entry, Figure, Lab, Options, Prediction, Size,
};

pub(super) const LAB: Lab = Lab {
    id: "epoch-batch",
    row: 9,
    options: &[],
    prediction: Prediction::Choice {
        words: &["batch-16", "batch-256", "same"],
    },
    entries,
    sizes: &[
        Size::new(20_000, 5_000, 1),
        Size::new(10_000, 2_000, 1),
        Size::new(6_000, 1_000, 1),
        Size::new(4_000, 1_000, 1),
    ],
    columns: &[
        Column::Steps,
        Column::Accuracy,
        Column::TrainLoss,
        Column::Seconds,
        Column::Speed,
    ],
    separable: None,
    conclude,
    diagram: Some(diagram),
    further: "batch=256&lr=0.004",
    checks: &[
        Check::of(&["one", "each", "floor", "ceiling"], "ceiling"),
        Check::of(&["faster", "smaller", "updates"], "updates"),
    ],
};

fn entries(_: &Options) -> Vec<Entry> {
    [("batch-16", 16), ("batch-64", 64), ("batch-256", 256)]
        .map(|(label, batch)| Entry::new(label, format!("batch={batch}")))
        .into()
}

fn diagram(_: &Options) -> Option<Diagram> {
    const IMAGES: usize = 20;
    const BATCH: usize = 6;
    let steps = IMAGES.div_ceil(BATCH);
    let diagram = Diagram::new("epochs", Drawing::batches(IMAGES, BATCH, 2))
        .with("images", IMAGES)
        .with("batch", BATCH)
        .with("steps", steps)
        .with("rest", IMAGES - (steps - 1) * BATCH);
    Some(diagram)
}

fn conclude(_: &Options, results: &Results) -> Conclusion {
    let gain = results.difference("batch-256", "batch-16");
    let (key, answer) = match gain.sign() {
        Ordering::Greater => ("textbook", "batch-16"),
        Ordering::Equal => ("unclear", "same"),
        Ordering::Less => ("contradicts", "batch-256"),
    };
    let steps = |label| results.figure(label, Column::Steps);
    let seconds = |label| {
        results
            .figure(label, Column::Seconds)
            .map_or(0.0, |f| f.value)
    };
    let slower = seconds("batch-16") / seconds("batch-256").max(f64::MIN_POSITIVE);
    Conclusion::new(Conclusion::expected_higher(gain.sign()), key)
        .with("images", results.images().map(Figure::count))
        .with("small", results.figure("batch-16", Column::Accuracy))
        .with("large", results.figure("batch-256", Column::Accuracy))
        .with("gain", gain.points())
        .with("stepsSmall", steps("batch-16"))
        .with("stepsMiddle", steps("batch-64"))
        .with("stepsLarge", steps("batch-256"))
        .with("slower", Figure::ratio(slower))
        .resting_on(gain, results.tested())
        .answered(answer)
}
