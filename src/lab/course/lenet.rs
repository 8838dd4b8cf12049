//! The exercise's network against LeNet: every difference between them as a run of its own.

use std::cmp::Ordering;

use crate::lab::results::{Column, Results};
use crate::lab::{Check, Conclusion, Entry, Lab, LabOption, Options, Prediction, Size, Takes};

pub(super) const LAB: Lab = Lab {
    id: "lenet",
    row: 11,
    options: &[LabOption {
        key: "data",
        takes: Takes::words(&["cifar10", "mnist"]),
    }],
    prediction: Prediction::Choice {
        words: &["sigmoid", "tanh", "relu"],
    },
    entries,
    sizes: &[
        Size::new(10_000, 2_000, 2),
        Size::new(6_000, 1_000, 2),
        Size::new(4_000, 1_000, 2),
        Size::new(4_000, 1_000, 1),
    ],
    columns: &[
        Column::Accuracy,
        Column::TrainLoss,
        Column::Gradient,
        Column::Parameters,
    ],
    separable: None,
    conclude,
    diagram: None,
    further: "data=cifar10&net=lenet&activation=sigmoid&batchnorm=on",
    checks: &[
        Check::of(&["one", "sum", "product"], "product"),
        Check::of(&["window", "none", "channel"], "none"),
    ],
};

fn entries(options: &Options) -> Vec<Entry> {
    let data = options.word("data");
    let entry = |label, rest: &str| Entry::new(label, format!("data={data}&{rest}"));
    vec![
        entry("lenet1", "net=lenet1"),
        entry("sigmoid", "net=lenet&activation=sigmoid"),
        entry("tanh", "net=lenet"),
        entry("relu", "net=lenet&activation=relu"),
        // The course's: two 5×5 convolutions with 6 and 16 filters, then 120, 84 and 10.
        entry("relu-max", "net=lenet&activation=relu&pool=max"),
    ]
}

fn conclude(_: &Options, results: &Results) -> Conclusion {
    let by_accuracy =
        |a: &&'static str, b: &&'static str| results.accuracy(a).total_cmp(&results.accuracy(b));
    let slowest = ["sigmoid", "tanh", "relu"].into_iter().min_by(by_accuracy);
    let slowest = slowest.unwrap_or("sigmoid");
    let next = ["tanh", "relu"].into_iter().min_by(by_accuracy);
    // The lower of two was picked after the runs.
    let ahead = results
        .difference("sigmoid", next.unwrap_or("tanh"))
        .among(2);
    let (key, answer) = match ahead.sign() {
        Ordering::Greater => ("textbook", Some("sigmoid")),
        Ordering::Equal => ("unclear", None),
        Ordering::Less => ("contradicts", Some(slowest)),
    };
    let pooling = results.difference("relu", "relu-max");
    let also = if pooling.sign().is_eq() {
        "pooling.close"
    } else {
        "pooling.apart"
    };
    let accuracy = |label| results.figure(label, Column::Accuracy);
    Conclusion::new(Conclusion::expected_higher(ahead.sign()), key)
        .with("sigmoid", accuracy("sigmoid"))
        .with("tanh", accuracy("tanh"))
        .with("relu", accuracy("relu"))
        .with("lenet1", accuracy("lenet1"))
        .with("exercise", accuracy("relu-max"))
        .with("ahead", ahead.points())
        .with("pooling", pooling.points())
        .also(also)
        .with_run("slowest", slowest)
        .resting_on(ahead, results.tested())
        .answered(answer)
}
