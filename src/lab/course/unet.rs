//! U-Net's skip connections are the same principle: with and without them, on masks of digits.

use std::cmp::Ordering;

use crate::arch::{self, Summary};
use crate::experiment::link;
use crate::lab::results::{Column, Results};
use crate::lab::{Check, Conclusion, Diagram, Drawing, Entry, Lab, Options, Prediction, Size};

pub(super) const LAB: Lab = Lab {
    id: "unet",
    row: 13,
    options: &[],
    prediction: Prediction::Choice {
        words: &["skips", "plain", "same"],
    },
    entries,
    sizes: &[
        Size::new(4_000, 500, 2),
        Size::new(2_000, 300, 2),
        Size::new(1_000, 200, 2),
        Size::new(1_000, 200, 1),
    ],
    columns: &[
        Column::Iou,
        Column::TestLoss,
        Column::Gradient,
        Column::Parameters,
        Column::MultiplyAdds,
        Column::Seconds,
    ],
    separable: None,
    conclude,
    diagram: Some(diagram),
    further: "net=unet&join=add",
    checks: &[
        Check::of(&["gradients", "places", "weights"], "places"),
        Check::of(&["nothing", "ninety", "zero"], "zero"),
    ],
};

fn entries(_: &Options) -> Vec<Entry> {
    vec![
        Entry::new("plain", "net=unet&residual=off"),
        Entry::new("skips", "net=unet"),
    ]
}

fn diagram(_: &Options) -> Option<Diagram> {
    let spec = link::known_spec("net=unet");
    let network = arch::build(&spec, spec.data.shape()?, 10).ok()?;
    Some(Diagram::new(
        "levels",
        Drawing::levels(&Summary::of(&network))?,
    ))
}

fn conclude(_: &Options, results: &Results) -> Conclusion {
    let gain = results.difference("plain", "skips");
    let (key, answer) = match gain.sign() {
        Ordering::Greater => ("textbook", "skips"),
        Ordering::Equal => ("unclear", "same"),
        Ordering::Less => ("contradicts", "plain"),
    };
    Conclusion::new(Conclusion::expected_higher(gain.sign()), key)
        .with("plain", results.figure("plain", Column::Iou))
        .with("skips", results.figure("skips", Column::Iou))
        .with("gain", gain.points())
        .resting_on(gain, results.tested())
        .answered(answer)
}
