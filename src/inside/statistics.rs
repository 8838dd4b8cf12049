//! What a layer's outputs are like over some test images: whether numbers fade or grow on their way,
//! and whether units have died.

use serde::Serialize;

use super::Inside;
use super::network::{LayerOutput, area};
use crate::base::error::Result;
use crate::data::Samples;
use crate::kernels::Activation;
use crate::operation::Operation;

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
    fn add(&mut self, activation: &LayerOutput, nonlinearity: Option<Activation>) {
        let area = area(activation.shape);
        let channels = activation.shape.channels();
        self.alive.resize(channels, false);
        for (at, channel) in activation.values.chunks_exact(area).enumerate() {
            for &value in channel {
                self.sum += f64::from(value);
                self.squares += f64::from(value) * f64::from(value);
            }
            let alive = |&value: &f32| nonlinearity.is_none_or(|of| of.is_alive(value));
            self.alive[at % channels] |= channel.iter().any(alive);
        }
        self.count += activation.values.len() as f64;
    }
}

impl Inside {
    /// Each row's, over the first `images` test images.
    pub(super) async fn statistics(
        &mut self,
        test: &Samples,
        images: usize,
    ) -> Result<Vec<Statistics>> {
        let nonlinearities: Vec<_> = self
            .plan()
            .operations()
            .iter()
            .map(|(_, operation)| match operation {
                Operation::Activation(activation) => Some(activation.function()),
                _ => None,
            })
            .collect();
        let mut all: Vec<Sums> = nonlinearities.iter().map(|_| Sums::default()).collect();
        for range in Self::ranges(test, images)? {
            let batch = self.batch(test, range);
            let activations = self.forward_all(batch).await?;
            for ((sums, activation), nonlinearity) in
                all.iter_mut().zip(&activations).zip(&nonlinearities)
            {
                sums.add(activation, *nonlinearity);
            }
        }
        let each = all.into_iter().zip(nonlinearities).enumerate();
        Ok(each
            .map(|(row, (sums, nonlinearity))| {
                let mean = sums.sum / sums.count;
                let dead = sums.alive.iter().filter(|alive| !**alive).count();
                Statistics {
                    row,
                    mean: mean as f32,
                    deviation: (sums.squares / sums.count - mean * mean).max(0.0).sqrt() as f32,
                    dead: nonlinearity.map(|_| dead as f32 / sums.alive.len() as f32),
                }
            })
            .collect())
    }
}
