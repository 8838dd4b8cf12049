//! Feature maps shrink: how can the input still be added? Every shortcut that fits, and the one
//! that does not.

use std::cmp::Ordering;

use crate::arch;
use crate::experiment::link;
use crate::lab::conclusion::Unit;
use crate::lab::results::{Column, Results};
use crate::lab::{
    Check, Conclusion, Diagram, Entry, Figure, Lab, LabOption, Options, Prediction, Size, Takes,
    Verdict,
};

/// Shortcuts that fit are about as good as each other if they lie within this share, chance included.
const CLOSE: f64 = 0.05;

pub(super) const LAB: Lab = Lab {
    id: "shortcuts",
    row: 7,
    options: &[LabOption {
        key: "block",
        takes: Takes::words(&["basic", "bottleneck"]),
    }],
    prediction: Prediction::Choice {
        words: &["identity", "zero-pad", "projection"],
    },
    entries,
    sizes: &[
        Size::new(10_000, 2_000, 2),
        Size::new(6_000, 1_000, 2),
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
    diagram: Some(diagram),
    further: "data=cifar10&net=resnet&width=8&shortcut=identity",
    checks: &[
        Check::of(&["all", "half", "quarter"], "quarter"),
        Check::of(&["identity", "pooling", "one", "two"], "two"),
        Check::of(&["none", "one", "two", "four"], "two"),
        Check::of(&["15", "16", "17"], "16"),
        Check::of(&["places", "400", "same", "unpooled"], "400"),
    ],
};

fn network(options: &Options) -> String {
    format!(
        "data=cifar10&net=resnet&width=8&block={}",
        options.word("block")
    )
}

fn entries(options: &Options) -> Vec<Entry> {
    let network = network(options);
    vec![
        Entry::new("projection", network.clone()),
        Entry::new("zero-pad", format!("{network}&shortcut=zero-pad")),
        Entry::new("none", format!("{network}&residual=off")),
    ]
}

fn diagram(options: &Options) -> Option<Diagram> {
    let (keeps, shrinks) = match options.word("block") {
        "bottleneck" => ("block-bottleneck", "bottleneck-shrinking"),
        _ => ("block-residual", "block-shrinking"),
    };
    Diagram::examples("blocks", &[("keeps", keeps), ("shrinks", shrinks)])
}

fn conclude(options: &Options, results: &Results) -> Conclusion {
    let apart = results.difference("projection", "zero-pad");
    // The problem of an identity shortcut where the stride is 2.
    let spec = link::known_spec(&format!("{}&shortcut=identity", network(options)));
    let shape = spec.data.shape();
    let refusal = shape.and_then(|shape| arch::build(&spec, shape, 10).err());
    let (verdict, key) = if refusal.is_none() {
        (Verdict::Contradicts, "fits")
    } else if apart.is_within(CLOSE) {
        (Verdict::Textbook, "textbook")
    } else if apart.sign() != Ordering::Equal && apart.mean.abs() > CLOSE {
        (Verdict::Contradicts, "apart")
    } else {
        (Verdict::Unclear, "unclear")
    };
    let parameters = |label| {
        results
            .figure(label, Column::Parameters)
            .map_or(0.0, |f| f.value)
    };
    let extra = parameters("projection") - parameters("zero-pad");
    let accuracy = |label| results.figure(label, Column::Accuracy);
    let conclusion = Conclusion::new(verdict, key)
        .with("projection", accuracy("projection"))
        .with("zeroPad", accuracy("zero-pad"))
        .with("none", accuracy("none"))
        .with("apart", apart.points())
        .with("close", Figure::plain(Unit::Margin, CLOSE))
        .resting_on(apart, results.tested())
        .with("extra", Figure::count(extra as u64));
    match refusal {
        Some(problem) => ["layer", "body", "shortcut"]
            .into_iter()
            .fold(conclusion, |conclusion, name| {
                let text = problem.params.get(name).cloned().unwrap_or_default();
                conclusion.with_text(name, text)
            })
            .certainly("identity"),
        None => conclusion,
    }
}
