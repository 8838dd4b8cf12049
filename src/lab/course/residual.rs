//! Why do residual connections help? The same deep network with and without them.

use std::cmp::Ordering;

use crate::lab::conclusion::Unit;
use crate::lab::results::{Column, Results};
use crate::lab::{
    Check, Conclusion, Diagram, Entry, Figure, Lab, LabOption, Options, Prediction, Size, Takes,
    Verdict,
};

/// The depth at which the textbook expects little effect yet.
const SHALLOW: &str = "8";
/// Its blocks in each stage.
const SHALLOW_BLOCKS: u32 = 1;
/// Two networks are about as good as each other if they lie within this share, chance included.
const CLOSE: f64 = 0.05;

pub(super) const LAB: Lab = Lab {
    id: "residual",
    row: 6,
    options: &[
        LabOption {
            key: "depth",
            takes: Takes::Words {
                words: &["8", "20", "32", "44"],
                default: "20",
            },
        },
        LabOption {
            key: "norm",
            takes: Takes::words(&["off", "on"]),
        },
    ],
    prediction: Prediction::Choice {
        words: &["residual", "plain", "same"],
    },
    entries,
    sizes: &[
        Size::new(10_000, 2_000, 3),
        Size::new(10_000, 1_000, 2),
        Size::new(6_000, 1_000, 2),
        Size::new(4_000, 500, 2),
    ],
    columns: &[
        Column::Accuracy,
        Column::TrainLoss,
        Column::Gradient,
        Column::Parameters,
        Column::Seconds,
    ],
    separable: None,
    conclude,
    diagram: Some(diagram),
    further: "data=cifar10&net=resnet&width=8&blocks=5&residual=off&batchnorm=on",
    checks: &[
        Check::of(
            &["overfitting", "capacity", "gradients", "training"],
            "training",
        ),
        Check::of(&["zero", "input", "twice"], "input"),
    ],
};

fn entries(options: &Options) -> Vec<Entry> {
    // Basic blocks make 6n + 2 layers.
    let blocks = match options.word("depth") {
        SHALLOW => SHALLOW_BLOCKS,
        "32" => 5,
        "44" => 7,
        _ => 3,
    };
    let link = network(blocks, options);
    let mut entries = vec![
        Entry::new("plain", format!("{link}&residual=off")),
        Entry::new("residual", link),
    ];
    if options.word("depth") != SHALLOW {
        let link = network(SHALLOW_BLOCKS, options);
        entries.push(Entry::new("shallow", format!("{link}&residual=off")).later());
    }
    entries
}

/// The link of a residual network with this many blocks a stage.
fn network(blocks: u32, options: &Options) -> String {
    let norm = options.word("norm");
    format!("data=cifar10&net=resnet&width=8&blocks={blocks}&batchnorm={norm}")
}

/// Whether the deep plain network is worse than the shallow one on the images that they learned from: what He et al.
/// 2015, <https://arxiv.org/abs/1512.03385>, figure 1, call degradation of networks with batch normalization. `None`
/// where they learned too little to say, or there are no two losses to compare, as in runs that were made before the lab had the shallow one.
fn degradation(options: &Options, results: &Results) -> Option<&'static str> {
    if results.are_short() {
        return None;
    }
    let pairs = results.runs("plain").filter_map(|deep| {
        let shallow = results.runs("shallow").find(|run| run.seed == deep.seed)?;
        deep.train_loss?.partial_cmp(&shallow.train_loss?)
    });
    let all: Vec<Ordering> = pairs.collect();
    let every = |order| all.iter().all(|one| *one == order);
    Some(match all.first()? {
        Ordering::Greater if every(Ordering::Greater) => match options.word("norm") {
            "on" => "degradation.higher",
            _ => "degradation.signal",
        },
        Ordering::Less if every(Ordering::Less) => "degradation.lower",
        _ => "degradation.mixed",
    })
}

fn diagram(_: &Options) -> Option<Diagram> {
    Diagram::examples(
        "blocks",
        &[("plain", "block-plain"), ("residual", "block-residual")],
    )
}

fn conclude(options: &Options, results: &Results) -> Conclusion {
    let gain = results.difference("plain", "residual");
    let answer = match gain.sign() {
        Ordering::Greater => "residual",
        Ordering::Equal => "same",
        Ordering::Less => "plain",
    };
    let (verdict, key) = if options.word("depth") == SHALLOW {
        // A shallow network trains without help: little is to be gained.
        match gain.sign() {
            Ordering::Equal if gain.is_within(CLOSE) => (Verdict::Textbook, "shallow.same"),
            Ordering::Equal => (Verdict::Unclear, "shallow.unclear"),
            Ordering::Less => (Verdict::Textbook, "shallow.plain"),
            Ordering::Greater => (Verdict::Contradicts, "shallow.residual"),
        }
    } else {
        match gain.sign() {
            Ordering::Greater => (Verdict::Textbook, "deep.textbook"),
            Ordering::Equal => (Verdict::Unclear, "deep.unclear"),
            Ordering::Less => (Verdict::Contradicts, "deep.contradicts"),
        }
    };
    let accuracy = |label| results.figure(label, Column::Accuracy);
    Conclusion::new(verdict, key)
        .with("gain", gain.points())
        .with("close", Figure::plain(Unit::Margin, CLOSE))
        .resting_on(gain, results.tested())
        .with("plain", accuracy("plain"))
        .with("residual", accuracy("residual"))
        .with_text("depth", options.word("depth"))
        .with("deep", results.figure("plain", Column::TrainLoss))
        .with("shallow", results.figure("shallow", Column::TrainLoss))
        .also(degradation(options, results))
        .answered(answer)
}
