//! What batch normalization does while training: it takes mean and variance of the batch.

use burn::tensor::Tensor;

use super::Inside;
use super::how::moments;
use super::network::BATCH;
use super::terms::{BatchPass, Position};
use crate::base::error::Result;
use crate::data::Samples;
use crate::kernels::numbers;
use crate::operation::{Draw, EPSILON, Flow};

impl Inside {
    /// The number at a place behind the batch normalization with this factor and summand, whose input comes with a call, if the
    /// picture were the first of a batch in training, as large as the run's; the others are the first test images. Nothing if
    /// there is no other.
    pub(super) async fn batch_pass(
        &mut self,
        Position { channel, y, x, .. }: Position,
        call: usize,
        [scale, shift]: [f32; 2],
        test: &Samples,
    ) -> Result<Option<BatchPass>> {
        let most = (self.spec.batch as usize).min(BATCH).saturating_sub(1);
        let others = most.min(test.len());
        if others == 0 {
            return Ok(None);
        }
        let images = Tensor::cat(vec![self.input()?, self.batch(test, 0..others)], 0);
        let draw = Draw {
            seed: self.spec.seed,
            step: 0,
        };
        // Call 0 is the images themselves.
        let (mut calls, mut entering) = (0, (call == 0).then(|| images.clone()));
        let images = Tensor::from_inner(images);
        self.network.watch_training(images, draw, &mut |_, flow| {
            calls += 1;
            if calls == call {
                entering = Some(match flow.clone() {
                    Flow::Image(x) => x.inner(),
                    Flow::Vector(x) => {
                        let [batch, features] = x.dims();
                        x.inner().reshape([batch, features, 1, 1])
                    }
                });
            }
            flow
        });
        let Some(entering) = entering else {
            return Ok(None);
        };
        let width = entering.dims()[3];
        let values = numbers(entering.narrow(1, channel, 1)).await?;
        let [mean, variance] = moments(&values);
        let input = values[y * width + x];
        let normalized = (input - mean) / (variance + EPSILON as f32).sqrt();
        Ok(Some(BatchPass {
            images: 1 + others,
            input,
            mean,
            variance,
            value: normalized * scale + shift,
        }))
    }
}
