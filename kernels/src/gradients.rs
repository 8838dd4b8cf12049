//! The gradients of a convolution, and how those of the weights are summed over the parts of a batch.

use crate::frame::Sizes;
use crate::parts;
use crate::tile::WIDTH;

/// The gradients of a convolution.
pub struct ConvolutionGradients {
    /// `[batch, channels, height, width]`, if it was wanted.
    pub images: Option<Vec<f32>>,
    /// `[filters, channels, kernel, kernel]`.
    pub weights: Vec<f32>,
    /// `[filters]`.
    pub bias: Vec<f32>,
}

/// One part of a batch in the backward pass, with the buffers that only it uses.
pub(crate) struct Part<'a> {
    /// Which of the batch the first one is.
    pub(crate) first: usize,
    pub(crate) images: &'a [f32],
    /// Their gradient, if it is wanted.
    pub(crate) result: &'a mut [f32],
    /// Sums for the gradient of the weights.
    pub(crate) sums: &'a mut [f32],
    pub(crate) bias: &'a mut [f32],
}

/// Runs `work` on every part of a batch and adds up their `numbers` sums; the result has them as its weights.
pub(crate) fn in_parts<S>(
    shape: &Sizes,
    images: &[f32],
    wants_images: bool,
    numbers: usize,
    scratch: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, Part) + Sync,
) -> ConvolutionGradients {
    let batch = images.len() / shape.input();
    let size = parts::images(batch);
    let count = batch.div_ceil(size).max(1);
    let mut result = vec![0.0; if wants_images { images.len() } else { 0 }];
    let mut sums = vec![0.0; count * numbers];
    let mut bias = vec![0.0; count * shape.filters];
    let mut results = result.chunks_mut(size * shape.input());
    let parts = images
        .chunks(size * shape.input())
        .zip(sums.chunks_mut(numbers))
        .zip(bias.chunks_mut(shape.filters))
        .enumerate()
        .map(|(index, ((images, sums), bias))| Part {
            first: index * size,
            images,
            result: results.next().unwrap_or_default(),
            sums,
            bias,
        });
    parts::each(parts, 2 * batch * shape.products(), scratch, work);
    ConvolutionGradients {
        images: wants_images.then_some(result),
        weights: parts::total(sums, numbers),
        bias: parts::total(bias, shape.filters),
    }
}

/// The sum of an array, accumulated in SIMD lanes.
pub(crate) fn sum(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<WIDTH>();
    let mut lanes = [0.0; WIDTH];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += value;
        }
    }
    lanes.iter().chain(rest).sum()
}
