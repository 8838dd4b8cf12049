//! Training or testing, and the random masks of dropout.

use crate::base::rng::Stream;

/// Training or testing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Batch normalization uses the batch's statistics and updates the running ones; dropout is on; gradients
    /// are kept.
    Training {
        /// The randomness of dropout.
        draw: Draw,
    },
    /// Batch normalization uses the running statistics; dropout is off; no gradients.
    Testing,
}

/// The source of the random numbers of one training step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw {
    /// The run's seed.
    pub seed: u32,
    /// Steps before this one.
    pub step: u32,
}

impl Draw {
    /// The dropout mask of `count` numbers at `path`: 0 for those that are dropped, `1 / (1 − rate)` for the
    /// others.
    pub(super) fn mask(self, path: &str, rate: f64, count: usize) -> Vec<f32> {
        let mut stream = Stream::new(self.seed, &format!("dropout/{path}/{}", self.step));
        let kept = (1.0 / (1.0 - rate)) as f32;
        let threshold = (2.0 * rate - 1.0) as f32;
        (0..count)
            .map(|_| {
                if stream.symmetric() < threshold {
                    0.0
                } else {
                    kept
                }
            })
            .collect()
    }
}
