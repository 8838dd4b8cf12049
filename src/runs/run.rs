//! What one run was and what came of it: a record that events are applied to.

use serde::{Deserialize, Serialize};

use super::number;
use super::state::RunState;
use crate::arch::touch::Touched;
use crate::base::error::Problem;
use crate::event::Event;
use crate::experiment::{Choices, ExperimentSpec, Task};

/// Looks at a run's activations that are kept, about: a chart has no room for more.
const MOST_LOOKS: u32 = 400;

/// A run: what it was, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Where it stands on the page.
    #[serde(skip)]
    pub place: Place,
    /// The whole experiment. A kept run may lack fields that came later: [`super::kept`] fills them in.
    #[serde(skip)]
    pub spec: ExperimentSpec,
    /// The curve. Kept apart, as arrays.
    #[serde(skip)]
    pub steps: Steps,
    /// What it is called by.
    pub number: u32,
    /// What it is called by instead, if somebody gave it a name.
    #[serde(default)]
    pub label: Option<String>,
    /// Of the runs that were planned together.
    #[serde(default)]
    pub group: Option<String>,
    /// Whether it stays on top, and is never pushed out.
    #[serde(default)]
    pub pinned: bool,
    /// The experiment, as it was chosen.
    pub choices: Choices,
    /// On which it ran, in order.
    pub devices: Vec<String>,
    /// Threads of the CPU that it had; 0 where that is not known.
    #[serde(default)]
    pub threads: u32,
    /// How far it is.
    pub state: RunState,
    /// Trainable numbers; 0 before it has begun.
    pub parameters: u64,
    /// Multiplications with an addition, for one image; 0 where that is not known.
    #[serde(default)]
    pub multiply_adds: u64,
    /// Batches in one epoch.
    pub steps_per_epoch: u32,
    /// Batches in all, if it goes on to its end.
    pub total_steps: u32,
    /// The tests, in order.
    pub tests: Vec<Test>,
    /// Paths of the layers with weights.
    #[serde(default)]
    pub layers: Vec<String>,
    /// Their gradients' L2 norms, at some steps.
    #[serde(default)]
    pub gradients: Vec<GradientNorms>,
    /// What was behind each nonlinearity, whenever somebody looked.
    #[serde(default)]
    pub activations: Vec<Look>,
    /// Seconds of work.
    pub elapsed: f64,
    /// Seconds of it without testing.
    pub training: f64,
    /// How well the classes are apart in its layers, if it was looked inside for a lab.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separable: Option<Separated>,
    /// What a person changed about its network by hand. What comes of it is no result of its experiment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub touches: Vec<Touched>,
    /// Why it broke down, if it did.
    #[serde(default)]
    pub problem: Option<Problem>,
}

/// Where a run stands on the page that has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Milliseconds since 1970 at which it began; no two runs of a page have the same.
    pub id: u64,
    /// The frame that it is of, by its link.
    #[serde(default)]
    pub home: Option<String>,
    /// Its colour and dash; repeats of a run share them.
    #[serde(default)]
    pub slot: u32,
    /// Whether it is on the charts.
    #[serde(default = "yes")]
    pub visible: bool,
    /// Whether it began in this visit.
    #[serde(skip)]
    pub(super) fresh: bool,
}

fn yes() -> bool {
    true
}

impl Default for Place {
    fn default() -> Self {
        Self {
            id: 0,
            home: None,
            slot: 0,
            visible: true,
            fresh: false,
        }
    }
}

/// The curve: an entry for each step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Steps {
    /// The loss of its batch.
    #[serde(with = "number::many")]
    pub losses: Vec<f32>,
    /// The accuracy of its batch.
    #[serde(with = "number::many")]
    pub accuracies: Vec<f32>,
    /// Training images seen up to it.
    pub samples: Vec<u32>,
    /// Seconds of work up to it.
    pub seconds: Vec<f64>,
}

/// The outcome of one test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// After how many steps.
    pub step: u32,
    /// After how many training images.
    pub samples: u32,
    /// After how many seconds.
    pub seconds: f64,
    /// Mean loss.
    #[serde(with = "number::one")]
    pub loss: f32,
    /// Share that is right, or mean intersection over union: 0 to 1.
    #[serde(with = "number::one")]
    pub accuracy: f32,
    /// How many images there are.
    pub count: u32,
}

/// The gradients of one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradientNorms {
    /// Which step.
    pub step: u32,
    /// One L2 norm for each layer with weights.
    #[serde(with = "number::many")]
    pub norms: Vec<f32>,
}

/// What was behind each nonlinearity after some steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// After how many.
    pub step: u32,
    /// Each nonlinearity.
    pub layers: Vec<LayerStatistics>,
}

/// What the outputs of one layer were like over some test images.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LayerStatistics {
    /// Which layer.
    pub row: usize,
    /// Their mean.
    #[serde(with = "number::one")]
    pub mean: f32,
    /// Their standard deviation.
    #[serde(with = "number::one")]
    pub deviation: f32,
    /// The share of channels that are dead.
    pub dead: Option<f32>,
}

/// How well the classes are apart in each layer of the finished network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Separated {
    /// The share of test images that are nearest to their own class's mean, for each row of the network's
    /// [`Summary`](crate::arch::Summary).
    pub rows: Vec<f32>,
    /// The same for the image itself.
    pub input: f32,
    /// How many images were counted.
    pub images: u32,
}

impl Run {
    /// A run of this experiment on this device that has not begun.
    pub fn new(spec: ExperimentSpec, choices: Choices, device: &str) -> Self {
        Self {
            place: Place::default(),
            spec,
            steps: Steps::default(),
            number: 1,
            label: None,
            group: None,
            pinned: false,
            choices,
            devices: vec![device.to_owned()],
            threads: 0,
            state: RunState::Starting,
            parameters: 0,
            multiply_adds: 0,
            steps_per_epoch: 0,
            total_steps: 0,
            tests: Vec::new(),
            layers: Vec::new(),
            gradients: Vec::new(),
            activations: Vec::new(),
            elapsed: 0.0,
            training: 0.0,
            separable: None,
            touches: Vec::new(),
            problem: None,
        }
    }

    /// What its accuracies mean.
    pub fn task(&self) -> Task {
        self.spec.task()
    }

    /// Whether its network was changed by hand, so that it is no run of its experiment.
    pub fn is_touched(&self) -> bool {
        !self.touches.is_empty()
    }

    /// Steps made.
    pub fn step(&self) -> u32 {
        self.steps.losses.len() as u32
    }

    /// Training images seen, repetitions counted.
    pub fn samples(&self) -> u32 {
        self.steps.samples.last().copied().unwrap_or(0)
    }

    /// Whether its curve has come to its end; a run that broke down has.
    pub fn is_over(&self) -> bool {
        matches!(self.state, RunState::Done | RunState::Failed)
    }

    /// Whether it came to an end of its own, by its last step or by a loss that is not finite: another try comes to the same.
    pub fn has_ended(&self) -> bool {
        match self.state {
            RunState::Done => true,
            RunState::Failed => self.problem.as_ref().is_some_and(|it| it.code.is_outcome()),
            _ => false,
        }
    }

    /// Takes down what happened, after `seconds` of work since it began, `training` of them without testing.
    pub fn apply(&mut self, events: &[Event], seconds: f64, training: f64) {
        (self.elapsed, self.training) = (seconds, training);
        for event in events {
            self.hear(event);
        }
        if self.state == RunState::Starting && !events.is_empty() {
            self.state = RunState::Training;
        }
    }

    fn hear(&mut self, event: &Event) {
        match event {
            Event::Started {
                parameters,
                multiply_adds,
                steps_per_epoch,
                total_steps,
                step,
                testing,
                layers,
                touches,
                ..
            } => {
                self.touches.clone_from(touches);
                self.parameters = *parameters as u64;
                self.multiply_adds = *multiply_adds;
                (self.steps_per_epoch, self.total_steps) = (*steps_per_epoch, *total_steps);
                self.layers.clone_from(layers);
                self.go_back(*step, *testing);
            }
            Event::Steps {
                first,
                losses,
                accuracies,
                ..
            } => self.extend(*first, losses, accuracies),
            Event::Gradients { step, norms } => self.gradients.push(GradientNorms {
                step: *step,
                norms: norms.clone(),
            }),
            Event::Evaluated {
                step,
                loss,
                accuracy,
                samples,
            } => {
                let at = (*step as usize).checked_sub(1);
                self.tests.push(Test {
                    step: *step,
                    samples: at
                        .and_then(|at| self.steps.samples.get(at).copied())
                        .unwrap_or(0),
                    seconds: self.elapsed,
                    loss: *loss,
                    accuracy: *accuracy,
                    count: *samples,
                });
            }
            Event::Epoch { .. } | Event::Waiting { .. } => {}
            Event::Finished { .. } => {
                self.state = RunState::Done;
                return;
            }
            Event::Failed { problem } => {
                self.state = RunState::Failed;
                self.problem = Some(problem.clone());
                return;
            }
        }
        let news = !matches!(event, Event::Started { .. } | Event::Waiting { .. });
        if news && self.state.is_active() {
            self.state = RunState::Training;
        }
    }

    /// A run that goes on from a checkpoint makes the steps after it once more, and begins the test anew in which it was.
    fn go_back(&mut self, step: u32, testing: bool) {
        let length = step as usize;
        self.steps.losses.truncate(length);
        self.steps.accuracies.truncate(length);
        self.steps.samples.truncate(length);
        self.steps.seconds.truncate(length);
        self.tests
            .retain(|test| test.step < step || (test.step == step && !testing));
        self.gradients.retain(|gradients| gradients.step <= step);
        self.activations.retain(|look| look.step <= step);
    }

    fn extend(&mut self, first: u32, losses: &[f32], accuracies: &[f32]) {
        let from = self.steps.seconds.last().copied().unwrap_or(0.0);
        let share = (self.elapsed - from).max(0.0) / losses.len() as f64;
        self.steps.losses.extend(losses);
        self.steps.accuracies.extend(accuracies);
        for at in 0..losses.len() as u32 {
            self.steps.samples.push(self.spec.samples_after(first + at));
            self.steps.seconds.push(from + share * f64::from(at + 1));
        }
    }

    /// It is in another state now; one that begins once more has no problem any more.
    pub fn turn(&mut self, state: RunState) {
        self.state = state;
        if state == RunState::Starting {
            self.problem = None;
        }
    }

    /// It runs on this device from now on, with so many threads of the CPU. One on which it made no step does not count.
    pub fn run_on(&mut self, device: &str, threads: u32) {
        self.threads = threads;
        if self.step() == 0 {
            self.devices.clear();
        }
        if self.devices.last().is_none_or(|last| last != device) {
            self.devices.push(device.to_owned());
        }
    }

    /// Takes down what the activations were like after `step` steps, unless that is known nearly enough. Whether
    /// it did.
    pub fn observe(&mut self, step: u32, layers: Vec<LayerStatistics>) -> bool {
        if let Some(last) = self.activations.last() {
            let close = step < self.total_steps
                && step.saturating_sub(last.step) < self.total_steps / MOST_LOOKS;
            if step <= last.step || close {
                return false;
            }
        }
        self.activations.push(Look { step, layers });
        true
    }
}
