//! A convolution fused with the operations that follow it, for a whole batch.

use std::iter::repeat_with;

use crate::axis::Axis;
use crate::convolution;
use crate::frame::Sizes;
use crate::gradients::ConvolutionGradients;
use crate::parts;
use crate::pool;

/// The operations that are fused with a convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// Nothing.
    Linear,
    /// A ReLU.
    Relu,
    /// A ReLU and a 2×2 max pooling.
    ReluPool,
}

/// A convolution with its tail.
#[derive(Debug, Clone, Copy)]
pub struct Convolution {
    shape: Sizes,
    batch: usize,
    tail: Tail,
}

/// What the backward pass of a tail needs from the forward pass.
#[derive(Debug, Clone, Copy)]
pub enum Kept<'a> {
    /// Nothing: the tail is linear.
    Nothing,
    /// The output, which is positive where the gradient passes.
    Output(&'a [f32]),
    /// Where each window's largest value was.
    Winners(&'a [u8]),
}

impl Convolution {
    /// Of images `[batch, channels, height, width]` with kernels `[filters, channels, rows, columns]`;
    /// `padding` is on each side.
    pub fn new(
        [batch, channels, height, width]: [usize; 4],
        [filters, _, rows, columns]: [usize; 4],
        [stride, padding]: [usize; 2],
        tail: Tail,
    ) -> Self {
        let axis = |input, kernel| Axis {
            input,
            kernel,
            stride,
            padding,
        };
        let shape = Sizes::new(channels, filters, axis(height, rows), axis(width, columns));
        Self { shape, batch, tail }
    }

    /// What it does after the convolution.
    pub fn tail(&self) -> Tail {
        self.tail
    }

    /// The shape of what leaves the tail, `[batch, filters, height, width]`.
    pub fn output(&self) -> [usize; 4] {
        let side = if self.tail == Tail::ReluPool {
            pool::SIDE
        } else {
            1
        };
        let [height, width] =
            [self.shape.rows, self.shape.columns].map(|axis| axis.output() / side);
        [self.batch, self.shape.filters, height, width]
    }

    /// The output, and of each of its windows where the largest value was if there is a pooling.
    pub fn forward(
        &self,
        images: &[f32],
        weights: &[f32],
        bias: Option<&[f32]>,
    ) -> (Vec<f32>, Vec<u8>) {
        let [batch, filters, height, width] = self.output();
        let area = height * width;
        let count = batch * filters * area;
        let mut output = vec![0.0; count];
        let pools = self.tail == Tail::ReluPool;
        let mut winners = vec![0; if pools { count } else { 0 }];
        let low = if self.tail == Tail::Linear {
            f32::NEG_INFINITY
        } else {
            0.0
        };
        let part = parts::images(batch) * filters * area;
        let of_parts = winners
            .chunks_mut(part)
            .map(Some)
            .chain(repeat_with(|| None));
        convolution::forward(
            &self.shape,
            images,
            weights,
            output.chunks_mut(part).zip(of_parts),
            |(output, winners), image, filter, results, pitch| {
                let bias = bias.map_or(0.0, |bias| bias[filter]);
                let first = (image * filters + filter) * area;
                let output = &mut output[first..][..area];
                if let Some(winners) = winners {
                    let winners = &mut winners[first..][..area];
                    return pool::forward(results, pitch, bias, width, output, winners);
                }
                for (output, results) in output.chunks_exact_mut(width).zip(results.chunks(pitch)) {
                    for (output, result) in output.iter_mut().zip(results) {
                        let value = result + bias;
                        *output = if value < low { low } else { value };
                    }
                }
            },
        );
        (output, winners)
    }

    /// The gradients, from that of the output; those of the images only if they are wanted.
    pub fn backward(
        &self,
        [images, weights]: [&[f32]; 2],
        kept: Kept,
        gradient: &[f32],
        wants_images: bool,
    ) -> ConvolutionGradients {
        let [_, filters, height, width] = self.output();
        let area = height * width;
        convolution::backward(
            &self.shape,
            images,
            weights,
            wants_images,
            |image, filter, rows, pitch| {
                let first = (image * filters + filter) * area;
                let gradient = &gradient[first..][..area];
                if let Kept::Winners(winners) = kept {
                    return pool::backward(gradient, &winners[first..][..area], width, pitch, rows);
                }
                let lines = rows.chunks_mut(pitch).zip(gradient.chunks_exact(width));
                let Kept::Output(output) = kept else {
                    for (line, gradient) in lines {
                        line[..width].copy_from_slice(gradient);
                    }
                    return;
                };
                for ((line, gradient), output) in lines.zip(output[first..].chunks_exact(width)) {
                    for ((value, gradient), output) in line.iter_mut().zip(gradient).zip(output) {
                        *value = if *output > 0.0 { *gradient } else { 0.0 };
                    }
                }
            },
        )
    }
}
