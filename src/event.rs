//! The events of a run.
//!
//! An accuracy is the share of images whose class is right; for [`Task::Segment`] it is the
//! intersection over union: for each image, the pixels that are both in the mask and
//! predicted (with a probability above one half) over the pixels that are either; then the mean over images.
//! A loss is the mean cross-entropy over images, for segmentation the binary one over their pixels.
//!
//! The page's types of the same names are generated from these (`www/app/core.d.ts`).

use serde::{Deserialize, Serialize};

use crate::arch::touch::Touched;
use crate::base::error::Problem;
use crate::data::Split;
use crate::experiment::Task;

/// One thing that happened, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(
    tag = "type",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Event {
    /// The network is built and has its initial weights.
    Started {
        /// What the network says of an image, and so what its accuracy means.
        task: Task,
        /// Trainable numbers.
        parameters: usize,
        /// Multiplications with an addition, for one image.
        multiply_adds: u64,
        /// Batches in one epoch: ⌈samples / batch⌉.
        steps_per_epoch: u32,
        /// Batches until the run ends.
        total_steps: u32,
        /// The step after which this run goes on; 0 for a new one.
        step: u32,
        /// Whether it goes on with the test after that step.
        testing: bool,
        /// The paths of the layers with weights, in order.
        layers: Vec<String>,
        /// What a person changed about the network by hand, until now.
        #[serde(default)]
        touches: Vec<Touched>,
    },
    /// Some steps were made; one entry each.
    Steps {
        /// The number of the first of them; the run's first step is 1.
        first: u32,
        /// Mean loss of the batch, in nats, before the step.
        losses: Vec<f32>,
        /// Accuracy of the batch, 0 to 1, before the step.
        accuracies: Vec<f32>,
        /// Learning rate of the last of them.
        learning_rate: f64,
        /// Training samples seen since the run began, repetitions counted.
        samples: u32,
    },
    /// Gradient norms were measured, as they are every few steps.
    Gradients {
        /// The step whose gradient it was.
        step: u32,
        /// The L2 norm of the gradient of each of [`Event::Started`]'s layers.
        norms: Vec<f32>,
    },
    /// An epoch is over.
    Epoch {
        /// Its number; the first is 1.
        epoch: u32,
        /// The step that ended it.
        step: u32,
        /// Mean loss over the samples of the epoch, as they were seen.
        loss: f32,
        /// Accuracy over its samples, as they were seen.
        accuracy: f32,
    },
    /// A test is over.
    Evaluated {
        /// The last step before.
        step: u32,
        /// Mean loss, in nats.
        loss: f32,
        /// Accuracy, 0 to 1.
        accuracy: f32,
        /// How many there are.
        samples: u32,
    },
    /// The next batch cannot be made before more of the data set has arrived.
    Waiting {
        /// Of which split.
        split: Split,
        /// Samples that are here.
        loaded: usize,
        /// Samples that are needed to go on.
        needed: usize,
    },
    /// The run has used its budget.
    Finished {
        /// Steps made.
        steps: u32,
    },
    /// The run cannot go on.
    Failed {
        /// Why.
        problem: Problem,
    },
}
