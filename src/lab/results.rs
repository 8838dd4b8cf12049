//! What a lab's runs came to, and how sure a difference between them is.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::conclusion::{Figure, ResultRow, Table, Unit};
use crate::arch::{self, Summary};
use crate::experiment::ExperimentSpec;

/// A run as the page has it, under the name that it has in the lab.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Made {
    /// The entry that it is a run of.
    pub label: String,
    /// What it was and what came of it.
    pub run: RunFacts,
}

/// What a run was and what came of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct RunFacts {
    /// The experiment.
    pub spec: ExperimentSpec,
    /// Trainable numbers.
    pub parameters: usize,
    /// The tests, in order. None if the loss was no longer finite before the first.
    pub tests: Vec<Tested>,
    /// The loss of each step's batch.
    pub losses: Vec<f32>,
    /// Training images seen up to each step.
    pub samples: Vec<u32>,
    /// Seconds of training, without testing.
    pub training: f64,
    /// The layers with weights, in order, if the run tells.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<_>", optional))]
    pub layers: Vec<String>,
    /// Their gradients' L2 norms, at some steps.
    #[serde(default)]
    #[cfg_attr(test, ts(as = "Option<_>", optional))]
    pub gradients: Vec<GradientNorms>,
    /// How well the classes are apart in its layers, if it was looked inside.
    #[serde(default)]
    #[cfg_attr(test, ts(optional))]
    pub separable: Option<Separated>,
}

/// The outcome of one test.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Tested {
    /// Mean loss.
    pub loss: f64,
    /// Share that is right, 0 to 1.
    pub accuracy: f64,
    /// How many images there are.
    pub count: u32,
}

/// The gradients of one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct GradientNorms {
    /// Which step.
    pub step: u32,
    /// One L2 norm for each layer with weights.
    pub norms: Vec<f32>,
}

/// How well the classes are apart in each layer of the finished network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Separated {
    /// The share of test images that are nearest to their own class's mean, for each row of the
    /// [`Summary`].
    pub rows: Vec<f32>,
    /// The same for the image itself.
    pub input: f32,
    /// How many images were counted.
    pub images: u32,
}

/// A figure that a result table can show of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// Test accuracy at the end.
    Accuracy,
    /// Mean intersection over union at the end: what a segmentation is judged by.
    Iou,
    /// Test loss at the end.
    TestLoss,
    /// Mean training loss of the last tenth of the steps.
    TrainLoss,
    /// Trainable numbers.
    Parameters,
    /// Multiplications with an addition, for one image.
    MultiplyAdds,
    /// Batches.
    Steps,
    /// Seconds of training.
    Seconds,
    /// Training images a second.
    Speed,
    /// Mean gradient norm of the first layer over that of the last one.
    Gradient,
}

/// What a run is counted as if its loss ceased to be a number: it can only guess.
pub(super) const CHANCE: f64 = 0.1;
/// Test images that the guess is good for.
const FEW: u32 = 100;

impl RunFacts {
    /// Test accuracy at the end.
    fn accuracy(&self) -> f64 {
        self.tests.last().map_or(CHANCE, |test| test.accuracy)
    }

    fn variance(&self) -> f64 {
        let count = self.tests.last().map_or(FEW, |test| test.count);
        variance(self.accuracy(), count)
    }

    fn figure(&self, column: Column) -> Option<f64> {
        let last = self.tests.last();
        match column {
            Column::Accuracy | Column::Iou => last.map(|test| test.accuracy),
            Column::TestLoss => last.map(|test| test.loss),
            Column::TrainLoss => {
                let tail = &self.losses[self.losses.len() - self.losses.len().div_ceil(10)..];
                let sum: f64 = tail.iter().map(|&loss| f64::from(loss)).sum();
                Some(sum / tail.len() as f64).filter(|loss| loss.is_finite())
            }
            Column::Parameters => Some(self.parameters as f64),
            Column::MultiplyAdds => {
                let shape = self.spec.data.shape()?;
                let network = arch::build(&self.spec, shape, 10).ok()?;
                Some(Summary::of(&network).multiply_adds as f64)
            }
            Column::Steps => Some(self.losses.len() as f64),
            Column::Seconds => Some(self.training),
            Column::Speed => self
                .samples
                .last()
                .filter(|_| self.training > 0.0)
                .map(|&seen| f64::from(seen) / self.training),
            Column::Gradient => self.gradient(),
        }
    }

    /// How much of the gradient reaches the first layer: the geometric mean, over the steps that
    /// were looked at, of its norm over that of the last layer.
    fn gradient(&self) -> Option<f64> {
        let ratios = self.gradients.iter().filter_map(|gradients| {
            let (first, last) = (*gradients.norms.first()?, *gradients.norms.last()?);
            (first > 0.0 && last > 0.0).then(|| f64::from(first / last).ln())
        });
        let ratios: Vec<f64> = ratios.filter(|ratio| ratio.is_finite()).collect();
        (!ratios.is_empty()).then(|| mean(&ratios).exp())
    }
}

impl Column {
    const fn unit(self) -> Unit {
        match self {
            Self::Accuracy | Self::Iou => Unit::Share,
            Self::TestLoss | Self::TrainLoss => Unit::Loss,
            Self::Parameters | Self::MultiplyAdds | Self::Steps => Unit::Count,
            Self::Seconds => Unit::Seconds,
            Self::Speed => Unit::Speed,
            Self::Gradient => Unit::Ratio,
        }
    }
}

/// Every run of a lab, by entry; several of one entry differ in the seed alone.
#[derive(Debug)]
pub struct Results<'a>(&'a [Made]);

/// How two entries differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The second's mean less the first's.
    pub mean: f64,
    /// Its standard error, from the number of test images and from the seeds.
    pub error: f64,
    /// The standard deviation over the seeds, if there are several.
    pub spread: Option<f64>,
}

impl Difference {
    /// From the differences of each seed and their variances.
    pub(super) fn over_seeds(each: &[f64], variances: &[f64]) -> Self {
        let count = each.len().max(1) as f64;
        let counting = (mean(variances) / count).sqrt();
        let spread = deviation(each);
        Self {
            mean: mean(each),
            error: spread.map_or(counting, |spread| counting.max(spread / count.sqrt())),
            spread,
        }
    }

    /// Whether the second is higher, lower, or within two standard errors.
    pub fn sign(self) -> Ordering {
        if self.mean.abs() <= 2.0 * self.error {
            Ordering::Equal
        } else {
            self.mean.total_cmp(&0.0)
        }
    }

    /// How much more this one is than another.
    pub fn less(self, other: Self) -> Self {
        Self {
            mean: self.mean - other.mean,
            error: self.error.hypot(other.error),
            spread: None,
        }
    }

    /// In percentage points.
    pub fn points(self) -> Figure {
        Figure {
            unit: Unit::Points,
            value: self.mean,
            spread: self.spread,
        }
    }
}

impl<'a> Results<'a> {
    /// Of these runs.
    pub fn of(made: &'a [Made]) -> Self {
        Self(made)
    }

    pub(super) fn runs(&self, label: &str) -> impl Iterator<Item = &'a RunFacts> {
        let found = self.0.iter().filter(move |made| made.label == label);
        found.map(|made| &made.run)
    }

    /// Whether there is a run of this entry.
    pub fn has(&self, label: &str) -> bool {
        self.runs(label).next().is_some()
    }

    /// The fewest training images that any of the runs saw, repetitions counted.
    pub fn images(&self) -> Option<u64> {
        let seen = |made: &Made| made.run.samples.last().copied().unwrap_or(0);
        self.0.iter().map(seen).min().map(u64::from)
    }

    /// How many seeds every entry was run with.
    pub fn seeds(&self) -> usize {
        let counts = self.0.iter().map(|made| self.runs(&made.label).count());
        counts.min().unwrap_or(0)
    }

    /// Mean test accuracy at the end, 0 to 1; a run that failed counts as guessing.
    pub fn accuracy(&self, label: &str) -> f64 {
        mean(&self.runs(label).map(RunFacts::accuracy).collect::<Vec<_>>())
    }

    /// The mean of a figure over the seeds, with its spread.
    pub fn figure(&self, label: &str, column: Column) -> Option<Figure> {
        let all: Vec<f64> = self
            .runs(label)
            .filter_map(|run| run.figure(column))
            .collect();
        over_seeds(column.unit(), &all)
    }

    /// How `label`'s accuracy differs from `base`'s, seed by seed.
    pub fn difference(&self, base: &str, label: &str) -> Difference {
        let pairs: Vec<_> = self.runs(base).zip(self.runs(label)).collect();
        let each: Vec<f64> = pairs
            .iter()
            .map(|(base, other)| other.accuracy() - base.accuracy())
            .collect();
        let variances: Vec<f64> = pairs
            .iter()
            .map(|(base, other)| base.variance() + other.variance())
            .collect();
        Difference::over_seeds(&each, &variances)
    }

    /// A row for each of these entries.
    pub(super) fn table(
        &self,
        labels: impl Iterator<Item = &'static str>,
        columns: &[Column],
    ) -> Table {
        // What no run can tell is no column.
        let labels: Vec<_> = labels.collect();
        let told = columns.iter().filter(|column| {
            labels
                .iter()
                .any(|label| self.figure(label, **column).is_some())
        });
        let columns: Vec<Column> = told.copied().collect();
        let row = |label: &&'static str| ResultRow {
            label,
            figures: columns
                .iter()
                .map(|column| self.figure(label, *column))
                .collect(),
        };
        Table {
            name: "runs",
            rows: labels.iter().map(row).collect(),
            columns: columns.into_iter().map(Column::word).collect(),
        }
    }
}

impl Column {
    const fn word(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::Iou => "iou",
            Self::TestLoss => "test-loss",
            Self::TrainLoss => "train-loss",
            Self::Parameters => "parameters",
            Self::MultiplyAdds => "multiply-adds",
            Self::Steps => "steps",
            Self::Seconds => "seconds",
            Self::Speed => "speed",
            Self::Gradient => "gradient",
        }
    }
}

/// The variance of a share of so many images: p (1 − p) / n.
pub(super) fn variance(share: f64, count: u32) -> f64 {
    share * (1.0 - share) / f64::from(count.max(1))
}

/// The mean over the seeds, with its spread if they differ.
pub(super) fn over_seeds(unit: Unit, all: &[f64]) -> Option<Figure> {
    let value = (!all.is_empty()).then(|| mean(all))?;
    let differs = all.iter().any(|other| *other != value);
    Some(Figure {
        unit,
        value,
        spread: deviation(all).filter(|_| differs),
    })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The standard deviation of a sample, if there is more than one.
fn deviation(values: &[f64]) -> Option<f64> {
    let middle = mean(values);
    let squares: f64 = values.iter().map(|value| (value - middle).powi(2)).sum();
    (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt())
}
