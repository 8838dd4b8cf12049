//! What do low and high layers learn? One network, and how well each of its convolutions separates the classes.

use std::cmp::Ordering;

use crate::arch::{self, Summary};
use crate::experiment::ExperimentSpec;
use crate::lab::conclusion::{ResultRow, Table, Unit};
use crate::lab::results::{CHANCE, Column, Results, over_seeds};
use crate::lab::{Check, Conclusion, Entry, Figure, Lab, Options, Prediction, Size, Verdict};
use crate::runs::Separated;
use crate::runs::significance::{Difference, variance};

/// The one run.
const RUN: &str = "network";
/// Its convolutions, in order.
const LAYERS: [&str; 6] = [
    "layer-1", "layer-2", "layer-3", "layer-4", "layer-5", "layer-6",
];

pub(super) const LAB: Lab = Lab {
    id: "features",
    row: 3,
    options: &[],
    prediction: Prediction::Choice {
        words: &["first", "last", "equal"],
    },
    entries,
    sizes: &[
        Size::new(20_000, 2_000, 3),
        Size::new(10_000, 2_000, 3),
        Size::new(6_000, 1_000, 2),
        Size::new(4_000, 500, 2),
    ],
    columns: &[Column::Accuracy, Column::Parameters, Column::Seconds],
    separable: Some(1_000),
    conclude,
    diagram: None,
    further: "data=cifar10&net=vgg&blocks=2&width=8&permute=fixed",
    checks: &[
        Check::of(&["3", "7", "10", "32"], "10"),
        Check::of(&["channels", "training", "useless"], "training"),
    ],
};

fn entries(_: &Options) -> Vec<Entry> {
    vec![Entry::new(RUN, "data=cifar10&net=vgg&blocks=2&width=8")]
}

/// The output of a convolution, after its activation function.
struct Map {
    /// Its index in the [`Summary`].
    row: usize,
    receptive_field: Option<usize>,
}

/// One for each convolution; none if it was not looked inside this network.
fn maps(spec: &ExperimentSpec, separated: &Separated) -> Option<Vec<Map>> {
    let network = arch::build(spec, spec.data.shape()?, 10).ok()?;
    let rows = Summary::of(&network).rows;
    let known = rows.len() == separated.rows.len();
    let activations = rows.into_iter().enumerate();
    let maps: Vec<Map> = activations
        .filter(|(_, row)| row.kind == spec.activation.word())
        // The classifier's outputs are vectors.
        .filter(|(_, row)| row.output.len() == 3)
        .map(|(row, of)| Map {
            row,
            receptive_field: of.receptive_field,
        })
        .collect();
    known.then_some(maps)
}

fn conclude(_: &Options, results: &Results) -> Conclusion {
    measured(results).unwrap_or_else(|| Conclusion::new(Verdict::Unclear, "unmeasured"))
}

/// `None` if a run was not looked inside: its weights were not finite, or too many to be kept.
fn measured(results: &Results) -> Option<Conclusion> {
    let runs: Vec<&Separated> = results
        .runs(RUN)
        .map(|run| run.separable.as_ref())
        .collect::<Option<_>>()?;
    let spec = results.runs(RUN).next()?.spec();
    let maps = maps(&spec, runs.first()?)?;
    let shares = |map: &Map| -> Vec<f64> {
        let each = runs.iter().map(|run| f64::from(run.rows[map.row]));
        each.collect()
    };
    let (first, last) = (shares(maps.first()?), shares(maps.last()?));
    let pairs = || first.iter().zip(&last);
    let each: Vec<f64> = pairs().map(|(first, last)| last - first).collect();
    let variances: Vec<f64> = pairs()
        .zip(&runs)
        .map(|((first, last), run)| variance(*first, run.images) + variance(*last, run.images))
        .collect();
    let rise = Difference::over_seeds(&each, &variances);
    let (key, answer) = match rise.sign() {
        Ordering::Greater => ("textbook", "last"),
        Ordering::Equal => ("unclear", "equal"),
        Ordering::Less => ("contradicts", "first"),
    };
    let input: Vec<f64> = runs.iter().map(|run| f64::from(run.input)).collect();
    let sees = |map: &Map| map.receptive_field.map(|edge| Figure::count(edge as u64));
    let share = |all: &[f64]| over_seeds(Unit::Share, all);
    let mut conclusion = Conclusion::new(Conclusion::expected_higher(rise.sign()), key)
        .with("first", share(&first))
        .with("last", share(&last))
        .with("input", share(&input))
        .with("chance", Figure::plain(Unit::Share, CHANCE))
        .with("rise", rise.points())
        .with("images", Figure::count(u64::from(runs[0].images)))
        .resting_on(rise, runs[0].images)
        .answered(answer);
    let layers = LAYERS.iter().zip(&maps).map(|(label, map)| ResultRow {
        label,
        figures: vec![sees(map), share(&shares(map))],
    });
    conclusion.tables.push(Table {
        name: "layers",
        columns: vec!["receptive-field", "separable"],
        rows: layers.collect(),
    });
    Some(conclusion)
}
