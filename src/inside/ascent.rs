//! Gradient ascent on the input: an image with a high activation of a channel. Erhan, Bengio, Courville and
//! Vincent 2009, "Visualizing higher-layer features of a deep network"; Simonyan, Vedaldi and
//! Zisserman 2014, <https://arxiv.org/abs/1312.6034>, for the L2 penalty; shifted by a pixel or two
//! at each step, so that no detail of single pixels can grow (Mordvintsev, Olah and Tyka 2015).

use burn::tensor::Tensor;
use serde::Serialize;

use super::resume::Ascent;
use super::{Inside, Tiles, palette};
use crate::arch::{Form, Shaped};
use crate::base::error::{Problem, Result};
use crate::base::rng::Stream;
use crate::kernels::numbers;
use crate::nn::{Network, Seen};
use crate::operation::Flow;

/// How far a step goes, as a share of the way from black to white.
const RATE: f32 = 0.02;
/// The share of its way from grey that a pixel loses at each step.
const DECAY: f32 = 0.01;
/// Pixels by which the image is shifted, at most.
const SHIFT: usize = 2;

/// The state of an ascent.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Ascended {
    /// Steps made.
    pub steps: u32,
    /// The mean activation of the channel for the image.
    pub value: f32,
    /// The image, as the network gets it.
    pub tiles: Tiles,
}

impl Inside {
    /// Some more steps; from noise around grey if `afresh` or if the channel is another one.
    pub(super) async fn ascend(
        &mut self,
        row: usize,
        channel: usize,
        afresh: bool,
        steps: u32,
    ) -> Result<Ascended> {
        if channel >= self.shape(row)?.channels() {
            return Err(Problem::internal(format!(
                "row {row} has no channel {channel}"
            )));
        }
        let kept = self
            .ascent
            .take()
            .filter(|kept| !afresh && (kept.row, kept.channel) == (row, channel));
        let mut ascent = kept.unwrap_or_else(|| self.begin(row, channel));
        let mut network = self.network.clone();
        if let Some(plan) = upto(self.plan(), row) {
            network = network.with_plan(plan);
        }
        for _ in 0..steps {
            self.climb(&mut network, &mut ascent).await?;
        }
        let (value, _) = self.slope(&mut network, &ascent, &ascent.image).await?;
        let shape = self.facts.shape;
        let answer = Ascended {
            steps: ascent.steps,
            value,
            tiles: Tiles {
                width: shape.width,
                height: shape.height,
                count: 1,
                pixels: palette::opaque(&ascent.image, shape.channels, shape.area()).into(),
                largest: 1.0,
            },
        };
        self.ascent = Some(ascent);
        Ok(answer)
    }

    fn begin(&self, row: usize, channel: usize) -> Ascent {
        let mut stream = Stream::new(self.spec.seed, &format!("ascent/{row}/{channel}"));
        let noise = (0..self.facts.shape.len()).map(|_| 0.5 + 0.05 * stream.symmetric());
        Ascent {
            row,
            channel,
            steps: 0,
            image: noise.collect(),
            stream,
        }
    }

    /// One step along the gradient, divided by the gradient's root mean square.
    async fn climb(&self, network: &mut Network, ascent: &mut Ascent) -> Result<()> {
        let shape = self.facts.shape;
        let mut draw = |size: usize| {
            let most = SHIFT.min(size - 1) as u32;
            (ascent.stream.below(2 * most + 1) as usize + size - most as usize) % size
        };
        let (down, right) = (draw(shape.height), draw(shape.width));
        // Where each pixel comes from.
        let from: Vec<usize> = (0..shape.len())
            .map(|at| {
                let (plane, place) = (at / shape.area(), at % shape.area());
                let (y, x) = (place / shape.width, place % shape.width);
                let y = (y + shape.height - down) % shape.height;
                let x = (x + shape.width - right) % shape.width;
                plane * shape.area() + y * shape.width + x
            })
            .collect();
        let shifted: Vec<f32> = from.iter().map(|&at| ascent.image[at]).collect();
        let (_, gradient) = self.slope(network, ascent, &shifted).await?;
        let squares: f32 = gradient.iter().map(|g| g * g).sum();
        let size = (squares / gradient.len() as f32).sqrt();
        ascent.steps += 1;
        if size == 0.0 || !size.is_finite() {
            // A channel that is dead here gives no direction.
            return Ok(());
        }
        for (&at, slope) in from.iter().zip(gradient) {
            let pixel = 0.5 + (ascent.image[at] - 0.5) * (1.0 - DECAY) + RATE * slope / size;
            ascent.image[at] = pixel.clamp(0.0, 1.0);
        }
        Ok(())
    }

    /// The mean activation of the channel for an image `[channels, height, width]` from 0 to 1, and its gradient, of
    /// the same shape.
    async fn slope(
        &self,
        network: &mut Network,
        ascent: &Ascent,
        image: &[f32],
    ) -> Result<(f32, Vec<f32>)> {
        let ends = self.transform.ends();
        let area = self.facts.shape.area();
        let scaled = image.iter().enumerate().map(|(at, &shade)| {
            let (black, white) = ends[at / area];
            black + shade * (white - black)
        });
        let input = Tensor::from_inner(self.upload(scaled.collect())).require_grad();
        let mut found = None;
        network.watch(input.clone(), &mut |at, flow| {
            if at == Seen::Operation(ascent.row) {
                found = Some(flow.clone());
            }
            flow
        });
        let channel = ascent.channel..ascent.channel + 1;
        let mean = match found {
            Some(Flow::Image(maps)) => maps.slice([0..1, channel]).mean(),
            Some(Flow::Vector(features)) => features.slice([0..1, channel]).mean(),
            None => return Err(Problem::internal("the row was not reached")),
        };
        let value = numbers(mean.clone().inner()).await?[0];
        let gradients = mean.backward();
        let gradient = match input.grad(&gradients) {
            Some(gradient) => numbers(gradient).await?,
            None => vec![0.0; image.len()],
        };
        // From the network's scale to that of the image.
        let slopes = gradient.into_iter().enumerate().map(|(at, slope)| {
            let (black, white) = ends[at / area];
            slope * (white - black)
        });
        Ok((value, slopes.collect()))
    }
}

/// The network up to the outermost part that holds this row, since what comes later does not
/// matter; nothing if it is a single part.
fn upto(plan: &Shaped, row: usize) -> Option<Shaped> {
    let Form::Sequential(parts) = &plan.form else {
        return None;
    };
    let mut before = 0;
    let at = parts.iter().position(|part| {
        before += part.operations().len();
        row < before
    })?;
    Some(Shaped {
        output: parts[at].output,
        form: Form::Sequential(parts[..=at].to_vec()),
        ..plan.clone()
    })
}
