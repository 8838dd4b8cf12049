//! What the page is told of a run: everything but the arrays with an entry for each step.

use serde::Serialize;

use super::{Place, Run, RunState, Test};
use crate::arch::touch::{Touched, standing};
use crate::base::error::Problem;
use crate::experiment::{Choices, ExperimentSpec, Task};

/// A run, as tables, bars and sentences need it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    /// What tells it apart from the page's other runs.
    pub id: u64,
    /// What it is called by.
    pub number: u32,
    /// What it is called by instead, if somebody gave it a name.
    pub label: Option<String>,
    /// Of the runs that were planned together.
    pub group: Option<String>,
    /// The same for runs that repeat each other: those of one group whose specs differ in nothing but the seed.
    pub bundle: String,
    /// The frame that it is of, by its link.
    pub home: Option<String>,
    /// Whether it stays on top.
    pub pinned: bool,
    /// Whether it is on the charts.
    pub visible: bool,
    /// Its colour and dash; repeats of a run share them.
    pub slot: u32,
    /// The whole experiment.
    pub spec: ExperimentSpec,
    /// The experiment, as it was chosen.
    pub choices: Choices,
    /// What its accuracies mean.
    pub task: Task,
    /// On which it ran, in order.
    pub devices: Vec<String>,
    /// How far it is.
    pub state: RunState,
    /// Whether it goes on, or may.
    pub active: bool,
    /// Whether it came to an end of its own: another try comes to the same.
    pub ended: bool,
    /// Why it broke down, if it did.
    pub problem: Option<Problem>,
    /// Trainable numbers.
    pub parameters: u64,
    /// Multiply-adds for an image.
    pub multiply_adds: u64,
    /// Batches in one epoch.
    pub steps_per_epoch: u32,
    /// Batches in all, if it goes on to its end.
    pub total_steps: u32,
    /// Steps made.
    pub steps: u32,
    /// Epochs made, and parts of one.
    pub epochs: f64,
    /// Training images seen, repetitions counted.
    pub samples: u32,
    /// The loss of the last step's batch.
    pub loss: Option<f32>,
    /// Its accuracy.
    pub accuracy: Option<f32>,
    /// The tests, in order.
    pub tests: Vec<TestView>,
    /// Seconds of work.
    pub elapsed: f64,
    /// Seconds of it without testing.
    pub training: f64,
    /// Training images a second, testing left out.
    pub speed: Option<f64>,
    /// How much of its work is done, 0 to 1.
    pub share: f64,
    /// Seconds that are left if it goes on as until now.
    pub left: Option<f64>,
    /// Whether a lab has had it looked into.
    pub looked: bool,
    /// What a person changed about its network by hand: it is no run of its experiment then.
    pub touches: Vec<Touched>,
    /// What of that still holds: neither taken back nor replaced.
    pub standing: Vec<Touched>,
}

/// The outcome of one test, as plain numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts", rename = "Test"))]
pub struct TestView {
    /// After how many steps.
    pub step: u32,
    /// After how many training images.
    pub samples: u32,
    /// After how many seconds.
    pub seconds: f64,
    /// Mean loss; it need not be finite.
    pub loss: f32,
    /// Share that is right, or mean intersection over union: 0 to 1.
    pub accuracy: f32,
    /// How many images there are.
    pub count: u32,
}

impl From<&Test> for TestView {
    fn from(test: &Test) -> Self {
        let Test {
            step,
            samples,
            seconds,
            loss,
            accuracy,
            count,
        } = *test;
        Self {
            step,
            samples,
            seconds,
            loss,
            accuracy,
            count,
        }
    }
}

impl RunView {
    /// Of this run.
    pub fn of(run: &Run) -> Self {
        let Place {
            id,
            home,
            slot,
            visible,
            ..
        } = run.place.clone();
        Self {
            id,
            number: run.number,
            label: run.label.clone(),
            group: run.group.clone(),
            bundle: run.bundle(),
            home,
            pinned: run.pinned,
            visible,
            slot,
            spec: run.spec.clone(),
            choices: run.choices.clone(),
            task: run.task(),
            devices: run.devices.clone(),
            state: run.state,
            active: run.state.is_active(),
            ended: run.has_ended(),
            problem: run.problem.clone(),
            parameters: run.parameters,
            multiply_adds: run.multiply_adds,
            steps_per_epoch: run.steps_per_epoch,
            total_steps: run.total_steps,
            steps: run.step(),
            epochs: f64::from(run.step()) / f64::from(run.steps_per_epoch.max(1)),
            samples: run.samples(),
            loss: run.steps.losses.last().copied(),
            accuracy: run.steps.accuracies.last().copied(),
            tests: run.tests.iter().map(TestView::from).collect(),
            elapsed: run.elapsed,
            training: run.training,
            speed: run.speed(),
            share: run.share(),
            left: run.left(),
            looked: run.separable.is_some(),
            touches: run.touches.clone(),
            standing: standing(&run.touches, |touched| touched.touch),
        }
    }
}

/// What was seen inside a run while it went on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "camelCase")]
pub struct Looks {
    /// Paths of the layers with weights, each with the L2 norm of its gradient at every one of `gradient_steps`.
    pub gradients: Vec<(String, Vec<f32>)>,
    /// The steps at which gradients were measured.
    pub gradient_steps: Vec<u32>,
    /// Each nonlinearity, with what was behind it at every one of `activation_steps`.
    pub activations: Vec<ActivationLine>,
    /// The steps after which somebody looked.
    pub activation_steps: Vec<u32>,
}

/// What was behind a nonlinearity, look by look.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct ActivationLine {
    /// Which row of the network's table it is.
    pub row: usize,
    /// Means of its outputs.
    pub mean: Vec<f32>,
    /// Their standard deviations.
    pub deviation: Vec<f32>,
    /// Shares of channels that are dead.
    pub dead: Vec<Option<f32>>,
}

impl Looks {
    /// Into this run.
    pub fn of(run: &Run) -> Self {
        let gradient = |(at, path): (usize, &String)| {
            let norms = run.gradients.iter().map(|of| of.norms[at]);
            (path.clone(), norms.collect())
        };
        let looks = &run.activations;
        let line = |at: usize| {
            let layers = || looks.iter().map(move |look| &look.layers[at]);
            ActivationLine {
                row: looks[0].layers[at].row,
                mean: layers().map(|layer| layer.mean).collect(),
                deviation: layers().map(|layer| layer.deviation).collect(),
                dead: layers().map(|layer| layer.dead).collect(),
            }
        };
        Self {
            gradients: run.layers.iter().enumerate().map(gradient).collect(),
            gradient_steps: run.gradients.iter().map(|of| of.step).collect(),
            activations: (0..looks.first().map_or(0, |look| look.layers.len()))
                .map(line)
                .collect(),
            activation_steps: looks.iter().map(|look| look.step).collect(),
        }
    }
}
