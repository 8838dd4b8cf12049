//! What a lab's runs came to: the few figures of each that a conclusion needs, so that it stands for as long as the lab's
//! record is kept, however many runs come after.

use serde::{Deserialize, Serialize};

use super::conclusion::{ENOUGH_IMAGES, Figure, ResultRow, Table, Unit};
use crate::arch::{self, Summary};
use crate::experiment::{Choices, ExperimentSpec, Task, resolve};
use crate::runs::significance::{Difference, TestResult};
use crate::runs::{Run, Separated, deviation, mean};

/// A run under the name that it has in the lab.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Made {
    /// The entry that it is a run of.
    pub label: String,
    /// What came of it.
    pub facts: RunFacts,
}

/// What a lab keeps of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "camelCase")]
pub struct RunFacts {
    /// The experiment.
    pub choices: Choices,
    /// From which its random choices follow.
    pub seed: u32,
    /// Trainable numbers.
    pub parameters: u64,
    /// The last test; none if the loss was no longer finite before the first.
    pub test: Option<Tested>,
    /// Mean training loss of the last tenth of the steps, where it is finite.
    pub train_loss: Option<f64>,
    /// Batches.
    pub steps: u32,
    /// Training images seen, repetitions counted.
    pub samples: u32,
    /// Seconds of training, without testing.
    pub training: f64,
    /// How much of the gradient reaches the first layer, if the run tells: the geometric mean, over the steps at which
    /// it was measured, of its norm over that of the last layer.
    pub gradient: Option<f64>,
    /// How well the classes are apart in its layers, if it was looked inside.
    pub separable: Option<Separated>,
}

/// The outcome of a test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Tested {
    /// Mean loss; none if it was not finite.
    pub loss: Option<f64>,
    /// Share that is right, 0 to 1.
    pub accuracy: f64,
    /// How many images there are.
    pub count: u32,
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

/// Share that is right by guessing one of ten classes.
pub(super) const CHANCE: f64 = 0.1;
/// Test images that the guess is good for.
const FEW: u32 = 100;

impl RunFacts {
    /// Of this run.
    pub fn of(run: &Run) -> Self {
        let losses = &run.steps.losses;
        let tail: Vec<f64> = losses[losses.len() - losses.len().div_ceil(10)..]
            .iter()
            .map(|&loss| f64::from(loss))
            .collect();
        let finite = |value: f64| value.is_finite().then_some(value);
        Self {
            choices: run.choices.clone(),
            seed: run.spec.seed,
            parameters: run.parameters,
            test: run.tests.last().map(|test| Tested {
                loss: finite(f64::from(test.loss)),
                accuracy: finite(f64::from(test.accuracy)).unwrap_or(guessing(&run.spec)),
                count: test.count,
            }),
            train_loss: finite(mean(&tail)),
            steps: run.step(),
            samples: run.samples(),
            training: run.training,
            gradient: gradient(run),
            separable: run.separable.clone(),
        }
    }

    /// The whole experiment.
    pub(super) fn spec(&self) -> ExperimentSpec {
        resolve(&self.choices).spec
    }

    /// Test accuracy at the end; a run that broke down counts as guessing.
    fn result(&self) -> TestResult {
        let guess = || guessing(&self.spec());
        TestResult {
            seed: self.seed,
            accuracy: self.test.map_or_else(guess, |test| test.accuracy),
            images: self.test.map_or(FEW, |test| test.count),
        }
    }

    fn figure(&self, column: Column) -> Option<f64> {
        match column {
            Column::Accuracy | Column::Iou => self.test.map(|test| test.accuracy),
            Column::TestLoss => self.test.and_then(|test| test.loss),
            Column::TrainLoss => self.train_loss,
            Column::Parameters => Some(self.parameters as f64),
            Column::MultiplyAdds => {
                let spec = self.spec();
                let network = arch::build(&spec, spec.data.shape()?, 10).ok()?;
                Some(Summary::of(&network).multiply_adds as f64)
            }
            Column::Steps => Some(f64::from(self.steps)),
            Column::Seconds => Some(self.training),
            Column::Speed => (self.training > 0.0 && self.samples > 0)
                .then(|| f64::from(self.samples) / self.training),
            Column::Gradient => self.gradient,
        }
    }
}

/// What a run is counted as if its loss ceased to be a number: it can only guess a class, and it marks no pixel.
fn guessing(spec: &ExperimentSpec) -> f64 {
    match spec.task() {
        Task::Classify => CHANCE,
        Task::Segment => 0.0,
    }
}

fn gradient(run: &Run) -> Option<f64> {
    let ratios = run.gradients.iter().filter_map(|gradients| {
        let (first, last) = (*gradients.norms.first()?, *gradients.norms.last()?);
        (first > 0.0 && last > 0.0).then(|| f64::from(first / last).ln())
    });
    let ratios: Vec<f64> = ratios.filter(|ratio| ratio.is_finite()).collect();
    (!ratios.is_empty()).then(|| mean(&ratios).exp())
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

impl Difference {
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
        found.map(|made| &made.facts)
    }

    /// Whether there is a run of this entry.
    pub fn has(&self, label: &str) -> bool {
        self.runs(label).next().is_some()
    }

    /// The fewest training images that any of the runs saw, repetitions counted.
    pub fn images(&self) -> Option<u64> {
        self.0
            .iter()
            .map(|made| made.facts.samples)
            .min()
            .map(u64::from)
    }

    /// Whether some run was too short for its result to mean much.
    pub fn are_short(&self) -> bool {
        self.images().is_some_and(|images| images < ENOUGH_IMAGES)
    }

    /// How many seeds every entry was run with.
    pub fn seeds(&self) -> usize {
        let counts = self.0.iter().map(|made| self.runs(&made.label).count());
        counts.min().unwrap_or(0)
    }

    /// On how many images the run with the fewest was tested.
    pub fn tested(&self) -> u32 {
        let counts = self.0.iter().map(|made| made.facts.result().images);
        counts.min().unwrap_or(0)
    }

    /// The training images, test images and epochs of the runs, as choices.
    pub(super) fn size(&self) -> Choices {
        const SIZE: [&str; 3] = ["train", "test", "epochs"];
        let made = self.0.first().map(|made| &made.facts.choices);
        let of = |key: &&str| Some(((*key).to_owned(), made?.get(*key)?.clone()));
        SIZE.iter().filter_map(of).collect()
    }

    fn results(&self, label: &str) -> Vec<TestResult> {
        self.runs(label).map(RunFacts::result).collect()
    }

    /// Mean test accuracy at the end, 0 to 1; a run that failed counts as guessing.
    pub fn accuracy(&self, label: &str) -> f64 {
        let all = self.results(label);
        mean(&all.iter().map(|result| result.accuracy).collect::<Vec<_>>())
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
        Difference::between(&self.results(base), &self.results(label))
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
