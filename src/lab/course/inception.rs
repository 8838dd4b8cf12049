//! GoogLeNet: why put 1×1 convolutions first? The same network with three kinds of Inception modules.

use std::cmp::Ordering;

use crate::arch::examples;
use crate::lab::conclusion::{ResultRow, Table, Unit};
use crate::lab::results::{Column, Results};
use crate::lab::{
    Check, Conclusion, Diagram, Entry, Figure, Lab, Options, Prediction, Size, Verdict,
};

/// Accuracy is no worse if it is lower by less than this share, chance included.
const CLOSE: f64 = 0.05;

pub(super) const LAB: Lab = Lab {
    id: "inception",
    row: 5,
    options: &[],
    prediction: Prediction::Choice {
        words: &["cheaper", "worse", "dearer"],
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
        Column::Parameters,
        Column::MultiplyAdds,
        Column::Seconds,
        Column::Speed,
    ],
    separable: None,
    conclude,
    diagram: Some(diagram),
    further: "data=cifar10&net=googlenet&inception=naive&width=6",
    checks: &[
        Check::of(&["one-weight", "maps", "channels"], "channels"),
        Check::of(&["3", "7", "9"], "7"),
        Check::of(&["2", "10", "12"], "10"),
    ],
};

fn entries(_: &Options) -> Vec<Entry> {
    ["naive", "reduced", "factorised"]
        .map(|word| Entry::new(word, format!("data=cifar10&net=googlenet&inception={word}")))
        .into()
}

fn diagram(_: &Options) -> Option<Diagram> {
    Diagram::examples(
        "modules",
        &[("naive", "module-naive"), ("reduced", "module-reduced")],
    )
}

fn conclude(_: &Options, results: &Results) -> Conclusion {
    let gain = results.difference("naive", "reduced");
    let parameters = |label| results.figure(label, Column::Parameters);
    let value = |figure: Option<Figure>| figure.map_or(0.0, |figure| figure.value);
    let (naive, reduced) = (value(parameters("naive")), value(parameters("reduced")));
    let (verdict, key, answer) = if reduced >= naive {
        (Verdict::Contradicts, "dearer", Some("dearer"))
    } else if gain.is_no_worse_than(CLOSE) {
        (Verdict::Textbook, "textbook", Some("cheaper"))
    } else if gain.sign() == Ordering::Less {
        (Verdict::Contradicts, "worse", Some("worse"))
    } else {
        // That no difference was seen does not make them equal.
        (Verdict::Unclear, "unclear", None)
    };
    let accuracy = |label| results.figure(label, Column::Accuracy);
    let mut conclusion = Conclusion::new(verdict, key)
        .with("naive", accuracy("naive"))
        .with("reduced", accuracy("reduced"))
        .with("factorised", accuracy("factorised"))
        .with("gain", gain.points())
        .with("naiveWeights", parameters("naive"))
        .with("reducedWeights", parameters("reduced"))
        .with("factorisedWeights", parameters("factorised"))
        .with("close", Figure::plain(Unit::Margin, CLOSE))
        .resting_on(gain, results.tested())
        .answered(answer);
    conclusion.tables.push(branches());
    conclusion
}

/// The weights of the course's branches: 256 channels in, 192 out, on a 28×28 map; and a 5×5 for one
/// pair of channels against two 3×3.
fn branches() -> Table {
    let rows = [
        ("direct", "inception-direct"),
        ("behind-1x1", "inception-reduced"),
        ("5x5", "one-five"),
        ("two-3x3", "two-threes"),
    ];
    Table {
        name: "branches",
        columns: vec!["weights", "multiply-adds", "receptive-field"],
        rows: rows
            .into_iter()
            .map(|(label, example)| ResultRow {
                label,
                figures: counted(example).map_or_else(Vec::new, |counts| {
                    counts.map(Figure::count).map(Some).into()
                }),
            })
            .collect(),
    }
}

/// Weights, multiply-adds and receptive field of an example.
fn counted(example: &str) -> Option<[u64; 3]> {
    let summary = examples::summary(example).ok()?;
    let field = summary.rows.last()?.receptive_field?;
    Some([
        summary.parameters as u64,
        summary.multiply_adds,
        field as u64,
    ])
}
