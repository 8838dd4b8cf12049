//! Mean loss and mean score over samples.

use serde::{Deserialize, Serialize};

use super::learner::Outcome;

/// Sums over samples.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Tally {
    loss: f64,
    score: f64,
    /// The number of samples.
    pub(super) samples: u32,
}

impl Tally {
    /// Adds a batch, with its number of samples.
    pub(super) fn add(&mut self, outcome: &Outcome, samples: u32) {
        self.loss += f64::from(outcome.loss) * f64::from(samples);
        self.score += f64::from(outcome.score);
        self.samples += samples;
    }

    /// Their mean loss.
    pub(super) fn loss(self) -> f32 {
        (self.loss / f64::from(self.samples)) as f32
    }

    /// Their mean score.
    pub(super) fn accuracy(self) -> f32 {
        (self.score / f64::from(self.samples)) as f32
    }
}
