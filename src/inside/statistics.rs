//! What a layer's outputs are like over some test images: whether numbers fade or grow on their way,
//! and whether units have died.

use serde::Serialize;

use super::Inside;
use super::network::{LayerOutput, area};
use crate::arch::Operation;
use crate::base::error::Result;
use crate::data::Samples;
use crate::experiment::Activation;

/// One layer's outputs over some images.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Statistics {
    /// Which layer.
    pub row: usize,
    /// Their mean.
    pub mean: f32,
    /// Their standard deviation.
    pub deviation: f32,
    /// For a nonlinearity: the share of channels that never leave its flat end, so that no gradient
    /// comes through them. Lu et al. 2019, <https://arxiv.org/abs/1903.06733>.
    pub dead: Option<f32>,
}

/// Sums over a layer's outputs.
#[derive(Default)]
struct Sums {
    count: f64,
    sum: f64,
    squares: f64,
    /// Of each channel, whether any of its values had a slope.
    alive: Vec<bool>,
}

impl Sums {
    fn add(&mut self, activation: &LayerOutput, slope: fn(f32) -> bool) {
        let area = area(activation.shape);
        let channels = activation.shape.channels();
        self.alive.resize(channels, false);
        for (at, channel) in activation.values.chunks_exact(area).enumerate() {
            for &value in channel {
                self.sum += f64::from(value);
                self.squares += f64::from(value) * f64::from(value);
            }
            self.alive[at % channels] |= channel.iter().any(|&value| slope(value));
        }
        self.count += activation.values.len() as f64;
    }
}

/// Whether a nonlinearity has a slope where its output is this: tanh and sigmoid as long as the
/// slope is above 0.01, GELU as long as it passes something on.
fn slope(operation: Operation) -> Option<fn(f32) -> bool> {
    match operation {
        Operation::Activation(Activation::Relu) => Some(|out| out > 0.0),
        Operation::Activation(Activation::Tanh) => Some(|out| 1.0 - out * out > 0.01),
        Operation::Activation(Activation::Sigmoid) => Some(|out| out * (1.0 - out) > 0.01),
        Operation::Activation(Activation::Gelu) => Some(|out| out > 0.0),
        _ => None,
    }
}

impl Inside {
    /// Each row's, over the first `images` test images.
    pub(super) async fn statistics(
        &mut self,
        test: &Samples,
        images: usize,
    ) -> Result<Vec<Statistics>> {
        let slopes: Vec<_> = self
            .plan()
            .operations()
            .iter()
            .map(|(_, o)| slope(*o))
            .collect();
        let mut all: Vec<Sums> = slopes.iter().map(|_| Sums::default()).collect();
        for range in Self::ranges(test, images)? {
            let batch = self.batch(test, range);
            let activations = self.forward_all(batch).await?;
            for ((sums, activation), slope) in all.iter_mut().zip(&activations).zip(&slopes) {
                sums.add(activation, slope.unwrap_or(|_| true));
            }
        }
        let each = all.into_iter().zip(slopes).enumerate();
        Ok(each
            .map(|(row, (sums, slope))| {
                let mean = sums.sum / sums.count;
                let dead = sums.alive.iter().filter(|alive| !**alive).count();
                Statistics {
                    row,
                    mean: mean as f32,
                    deviation: (sums.squares / sums.count - mean * mean).max(0.0).sqrt() as f32,
                    dead: slope.map(|_| dead as f32 / sums.alive.len() as f32),
                }
            })
            .collect())
    }
}
