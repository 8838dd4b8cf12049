//! An experiment as data: everything that makes a run, and nothing that a device decides.
//!
//! [`ExperimentSpec`] is what the engine reads. [`FIELDS`] is the one table of its fields: keys,
//! limits, defaults and where each applies. Links, validation, the page's controls and "what
//! differs" are all derived from that table.

pub(crate) mod choice;
pub mod claim;
mod encodings;
mod families;
pub mod field;
mod fields;
pub mod goal;
pub mod handed_in;
mod history;
pub mod link;
pub mod page;
pub mod pasted;
mod received;
mod resolve;
mod row;
pub(crate) mod sheet;
pub mod typed;

use serde::{Deserialize, Serialize};

pub use choice::{
    Activation, Attention, Augment, Block, DataSet, Family, Head, Inception, Init, Joining,
    Normalize, Optimizer, Order, Permute, Pool, Schedule, Shortcut, Stop, Task,
};
pub use field::{Field, Group, Kind, Value};
pub use fields::FIELDS;
pub use resolve::{Choices, FieldView, Resolved, differences, resolve};

use crate::base::error::{Code, Problem, Result};
use crate::base::{DataFacts, ImageShape};

/// The version of specs and links that this code writes.
pub const VERSION: u32 = 1;

/// Everything that makes a run. Fields that do not apply hold their defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ExperimentSpec {
    /// The data set.
    pub data: DataSet,
    /// Training samples used, from the first on.
    pub train: u32,
    /// Test samples used, from the first on.
    pub test: u32,
    /// How pixels change places.
    pub permute: Permute,
    /// How pixel values become inputs.
    pub normalize: Normalize,
    /// For [`Normalize::Custom`]: the means to subtract, one or one a channel, on the 0 to 1 scale.
    pub mean: Vec<f64>,
    /// For [`Normalize::Custom`]: the deviations to divide by, one or one a channel.
    pub std: Vec<f64>,
    /// The network's family.
    pub net: Family,
    /// How deep: blocks, modules or convolutions in each stage, levels, hidden layers.
    pub blocks: u32,
    /// How wide: channels of the first convolution, units of the first dense layer.
    pub width: u32,
    /// Whether shortcuts bring the input around each block, or across a U-Net.
    pub residual: bool,
    /// What a shortcut does with what it brings.
    pub join: Joining,
    /// The body of each block.
    pub block: Block,
    /// The shortcut where the stride or the channels change.
    pub shortcut: Shortcut,
    /// The branches of each Inception module.
    pub inception: Inception,
    /// Whether each convolution is followed by batch normalization.
    pub batchnorm: bool,
    /// The share of numbers that is set to zero before dense layers, while learning.
    pub dropout: f64,
    /// The nonlinearity.
    pub activation: Activation,
    /// The pooling.
    pub pool: Pool,
    /// How images become one number for each class.
    pub head: Head,
    /// The gates.
    pub attention: Attention,
    /// The optimizer.
    pub optimizer: Optimizer,
    /// The learning rate: the highest of the run, and but for [`Schedule::OneCycle`] that of its first step.
    pub lr: f64,
    /// The share of the last step that is kept (SGD).
    pub momentum: f64,
    /// Weight decay: an L2 penalty with SGD and Adam, decoupled with AdamW.
    pub decay: f64,
    /// How the learning rate changes.
    pub schedule: Schedule,
    /// Samples in a batch.
    pub batch: u32,
    /// What ends the run.
    pub stop: Stop,
    /// Passes over the training samples; with [`Stop::Accuracy`] at most.
    pub epochs: u32,
    /// Batches, if [`Stop::Steps`].
    pub steps: u32,
    /// From which every random choice follows.
    pub seed: u32,
    // What came later stands at the end: a checkpoint holds the members in this order, and one of an earlier version
    // ends sooner.
    /// In which order an epoch sees the training samples.
    #[serde(default = "history::order")]
    pub order: Order,
    /// How training images are changed at random.
    #[serde(default = "history::augment")]
    pub augment: Augment,
    /// How the first weights are drawn.
    #[serde(default = "history::init")]
    pub init: Init,
    /// Label smoothing ε: the share of each target that is spread evenly over all classes.
    #[serde(default)]
    pub smoothing: f64,
    /// Whether momentum is Nesterov's (SGD).
    #[serde(default)]
    pub nesterov: bool,
    /// Stages of a ResNet, each with half the height and width and twice the channels of the one before.
    #[serde(default = "history::stages")]
    pub stages: u32,
    /// Whether a GoogLeNet learns with an auxiliary classifier.
    #[serde(default)]
    pub auxiliary: bool,
    /// For [`DataSet::File`]: the set's fingerprint, as its facts have it; empty for whichever is here.
    #[serde(default)]
    pub set: String,
    /// For [`Family::Own`]: what the network says of an image.
    #[serde(default = "history::task")]
    pub task: Task,
    /// For [`Family::Own`]: the network as text, as `arch::notation` reads it.
    #[serde(default = "history::layers")]
    pub layers: String,
    /// For [`Stop::Accuracy`]: the test accuracy, or a segmentation's mean IoU, from which on an epoch is the last one.
    #[serde(default = "history::until")]
    pub until: f64,
}

impl ExperimentSpec {
    /// Whether another experiment has the same network with the same first weights, and gives it the same images in the same
    /// way; how they learn may differ.
    pub fn begins_as(&self, other: &Self) -> bool {
        let of_both = |field: &&Field| {
            matches!(field.group, Group::Switches | Group::Network)
                || ["data", "set", "seed"].contains(&field.key)
        };
        let value = |field: &Field, of: &Self| (field.applies)(of).then(|| (field.get)(of));
        let mut fields = FIELDS.iter().filter(of_both);
        fields.all(|field| value(field, self) == value(field, other))
    }

    /// What the network says of an image: U-Net marks its pixels, one's own does what it is said to, all others name its
    /// class.
    pub fn task(&self) -> Task {
        match self.net {
            Family::UNet => Task::Segment,
            Family::Own => self.task,
            _ => Task::Classify,
        }
    }

    /// For segmentation, how bright a pixel of the data set must be to belong to the object, of 255.
    ///
    /// # Errors
    /// [`Code::NoMasks`] where the data set's images do not tell the object from its background.
    pub fn mask_threshold(&self) -> Result<Option<u8>> {
        match (self.task(), self.data.mask_threshold()) {
            (Task::Classify, _) => Ok(None),
            (Task::Segment, Some(threshold)) => Ok(Some(threshold)),
            (Task::Segment, None) => Err(Problem::new(Code::NoMasks)
                .about("net")
                .with("data", self.data.word())),
        }
    }

    /// Whether the person's own statistics look like those of values from 0 to 255, though they are applied to 0 to 1: neither
    /// the mean nor the deviation of such values is above 1.
    pub fn has_byte_statistics(&self) -> bool {
        let is_large = |value: &f64| value.abs() > 2.0;
        self.normalize == Normalize::Custom && self.mean.iter().chain(&self.std).any(is_large)
    }

    /// Whether this is the data set that is meant.
    ///
    /// # Errors
    /// [`Code::OtherSet`].
    pub fn check_set(&self, facts: &DataFacts) -> Result<()> {
        let is_meant = self.set.is_empty() || self.set == facts.fingerprint;
        match self.data == DataSet::File && !is_meant {
            false => Ok(()),
            true => Err(Problem::new(Code::OtherSet)
                .with("expected", &self.set)
                .with("found", &facts.fingerprint)),
        }
    }

    /// Batches in one pass over the training samples: ⌈train / batch⌉.
    pub fn steps_per_epoch(&self) -> u32 {
        self.train.div_ceil(self.batch)
    }

    /// Batches until the run ends at the latest.
    pub fn total_steps(&self) -> u32 {
        match self.stop {
            Stop::Epochs | Stop::Accuracy => self.epochs * self.steps_per_epoch(),
            Stop::Steps => self.steps,
        }
    }

    /// Whether a run ends here because its test has this score.
    pub fn ends_with(&self, score: f32) -> bool {
        self.stop == Stop::Accuracy && f64::from(score) >= self.until
    }

    /// Whether a run can have ended after so many steps.
    pub fn can_end_after(&self, steps: u32) -> bool {
        let early = self.stop == Stop::Accuracy && steps.is_multiple_of(self.steps_per_epoch());
        steps == self.total_steps() || (early && steps < self.total_steps())
    }

    /// Training samples seen in the first `steps` steps, repetitions counted: the last batch of an epoch may be
    /// smaller than the others.
    pub fn samples_after(&self, steps: u32) -> u32 {
        let per_epoch = self.steps_per_epoch();
        steps / per_epoch * self.train + steps % per_epoch * self.batch
    }
}

impl DataSet {
    /// The size of an image, where the choice alone says it.
    pub fn shape(self) -> Option<ImageShape> {
        match self {
            Self::Mnist | Self::FashionMnist => Some(ImageShape {
                channels: 1,
                height: 28,
                width: 28,
            }),
            Self::Cifar10 => Some(ImageShape {
                channels: 3,
                height: 32,
                width: 32,
            }),
            Self::File => None,
        }
    }

    /// Where the background is black: how bright a pixel of an object is at least, of 255.
    ///
    /// Digits are white with soft edges, so half of white is where a stroke covers half of the
    /// pixel. Garments are grey, some of them nearly black, and a twentieth of white is theirs.
    fn mask_threshold(self) -> Option<u8> {
        match self {
            Self::Mnist => Some(128),
            Self::FashionMnist => Some(10),
            Self::Cifar10 | Self::File => None,
        }
    }

    /// The fewest samples that a run may use of a split: of a person's own set, as few as there are.
    pub fn least(self) -> u32 {
        if self == Self::File { 1 } else { 10 }
    }

    /// Samples in the (training, test) split; for a file, the most that one may hold.
    pub fn sizes(self) -> (u32, u32) {
        match self {
            Self::Mnist | Self::FashionMnist => (60_000, 10_000),
            Self::Cifar10 => (50_000, 10_000),
            Self::File => (60_000, 10_000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::link::known_spec;

    #[test]
    fn how_it_learns_does_not_change_what_a_network_begins_as() {
        let spec = known_spec("net=resnet&seed=3");
        for same in [
            "lr=0.5",
            "batch=16",
            "train=500",
            "epochs=9",
            "augment=flip",
        ] {
            let other = known_spec(&format!("net=resnet&seed=3&{same}"));
            assert!(spec.begins_as(&other) && other.begins_as(&spec), "{same}");
        }
        assert!(!spec.begins_as(&known_spec("net=resnet&seed=4")));
        for another in ["permute=fixed", "normalize=raw", "residual=off", "init=he"] {
            let other = known_spec(&format!("net=resnet&seed=3&{another}"));
            assert!(!spec.begins_as(&other), "{another}");
        }
    }
}
