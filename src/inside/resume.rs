//! What is kept between two calls of the same question: the image of a gradient ascent, and the test images
//! judged so far.

use serde::Serialize;

use crate::base::rng::Stream;

/// An image under gradient ascent.
pub(super) struct Ascent {
    pub(super) row: usize,
    pub(super) channel: usize,
    pub(super) steps: u32,
    /// From 0, black, to 1, white: `[channels, height, width]`.
    pub(super) image: Vec<f32>,
    pub(super) stream: Stream,
}

/// A misclassified test image.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Mistake {
    /// Which test image.
    pub index: usize,
    /// The true class.
    pub label: u8,
    /// The predicted class.
    pub predicted: usize,
    /// The probability of the predicted class.
    pub probability: f32,
}

/// The results so far.
#[derive(Debug, Clone, Default)]
pub(super) struct JudgedSoFar {
    pub(super) done: usize,
    pub(super) matrix: Vec<u32>,
    pub(super) mistakes: Vec<Mistake>,
}

/// The score so far, for the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Scored {
    /// Test images that are judged.
    pub done: usize,
    /// Test images in all.
    pub total: usize,
    /// Their mean score, 0 to 1, the one that a run's tests have: the share that is right, or the mean intersection over union of
    /// masks.
    pub score: f64,
}
