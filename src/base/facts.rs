//! What a network and an experiment need to know of a data set.

use serde::{Deserialize, Serialize};

use super::ImageShape;

/// What is known of a data set before its images are there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct DataFacts {
    /// The size of every image.
    pub shape: ImageShape,
    /// The name of each class.
    pub classes: Vec<String>,
    /// Samples in the training split.
    pub train: usize,
    /// Samples in the test split.
    pub test: usize,
    /// The mean of each channel over the training split, on the 0 to 1 scale.
    pub mean: Vec<f64>,
    /// The deviation of each channel over the training split, on the same scale.
    pub deviation: Vec<f64>,
    /// Classes that have test images and no training image.
    #[serde(default)]
    pub untrained: Vec<String>,
    /// Classes that have training images and no test image.
    #[serde(default)]
    pub untested: Vec<String>,
}
