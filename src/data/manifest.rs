//! What a data set consists of: the `manifest.json` beside its shards.

use serde::{Deserialize, Serialize};

use crate::base::ImageShape;

/// A data set, described: everything but the images.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Manifest {
    /// The data set's id, which is also the name of its folder: `mnist`, `fashion-mnist`, `cifar10`.
    pub name: String,
    /// The size of every image.
    pub shape: ImageShape,
    /// The name of each class; a label is an index into this list.
    pub classes: Vec<String>,
    /// Where the images come from and what was done to them, in English words.
    pub source: String,
    /// The mean of each channel over the whole training split, on the scale where white is 1.
    pub mean: Vec<f64>,
    /// The standard deviation of each channel over the whole training split, on the same scale.
    pub deviation: Vec<f64>,
    /// The training split's shards, in the order of its samples.
    pub train: Vec<Shard>,
    /// The test split's shards, in the order of its samples.
    pub test: Vec<Shard>,
}

impl Manifest {
    /// How many samples the training and the test split have.
    pub fn sizes(&self) -> (usize, usize) {
        let add = |sum: usize, shard: &Shard| sum.saturating_add(shard.samples);
        let count = |shards: &[Shard]| shards.iter().fold(0, add);
        (count(&self.train), count(&self.test))
    }
}

/// One file of consecutive samples of a split. See [`super::shard`] for what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Shard {
    /// The file's name, relative to the manifest.
    pub file: String,
    /// How many samples are in it.
    pub samples: usize,
    /// The file's size in bytes.
    pub bytes: usize,
    /// The file's SHA-256 in lower-case hexadecimal digits.
    pub sha256: String,
}
