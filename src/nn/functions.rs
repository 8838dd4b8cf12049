//! What single operations of the forward pass compute, as functions of tensors.

use burn::tensor::{Tensor, TensorData, activation};

use super::kernels::{self, Tail, Walk};
use crate::experiment::Activation;

/// A kernel of an odd length that slides along the channels of `[batch, channels]`, with zeros on both sides.
pub(super) fn along_channels(x: Tensor<2>, weights: Tensor<1>, kernel: usize) -> Tensor<2> {
    let [batch, channels] = x.dims();
    let zeros = Tensor::zeros([batch, kernel / 2], &x.device());
    let padded = Tensor::cat(vec![zeros.clone(), x, zeros], 1);
    let tap = |index: usize| {
        let weight = weights.clone().narrow(0, index, 1).reshape([1, 1]);
        padded.clone().narrow(1, index, channels) * weight
    };
    (1..kernel).fold(tap(0), |sum, index| sum + tap(index))
}

/// A transposed convolution whose windows do not overlap: each pixel of `[batch, channels, height, width]`
/// becomes a square of `scale × scale`, so it is a 1×1 convolution that gives all pixels of the square, put
/// where they belong. Weights are `[channels, out_channels, scale, scale]`.
pub(super) fn spread(
    x: Tensor<4>,
    weights: Tensor<1>,
    bias: Tensor<1>,
    out_channels: usize,
    scale: usize,
) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let area = scale * scale;
    let weights: Tensor<2> = weights.reshape([channels, out_channels * area]);
    let weights = weights.transpose();
    let bias = bias.reshape([out_channels, 1]).repeat_dim(1, area);
    let walk = Walk {
        stride: 1,
        padding: 0,
        dilation: 1,
        groups: 1,
    };
    let squares = kernels::convolve(
        x,
        weights.reshape([out_channels * area, channels, 1, 1]),
        Some(bias.reshape([out_channels * area])),
        walk,
        Tail::Linear,
    );
    let squares: Tensor<6> = squares.reshape([batch, out_channels, scale, scale, height, width]);
    let rows = squares.permute([0, 1, 4, 2, 5, 3]);
    rows.reshape([batch, out_channels, height * scale, width * scale])
}

/// `[batch, channels, height · width]` of an image, and `[batch, channels]`.
pub(super) fn rows(x: Tensor<4>) -> (Tensor<3>, [usize; 2]) {
    let [batch, channels, height, width] = x.dims();
    let rows = x.reshape([batch, channels, height * width]);
    (rows, [batch, channels])
}

/// Each pixel becomes a square of `scale` by `scale`.
pub(super) fn enlarge(x: Tensor<4>, scale: usize) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let apart = x.reshape([batch * channels, height, 1, width, 1]);
    let squares = apart.expand([batch * channels, height, scale, width, scale]);
    squares.reshape([batch, channels, scale * height, scale * width])
}

/// The elementwise product with a mask.
pub(super) fn drop<const D: usize>(x: Tensor<D>, mask: impl Fn(usize) -> Vec<f32>) -> Tensor<D> {
    let size = x.dims();
    let mask = mask(size.iter().product());
    let mask = Tensor::from_data(TensorData::new(mask, size), &x.device());
    x * mask
}

pub(super) fn activate<const D: usize>(kind: Activation, x: Tensor<D>) -> Tensor<D> {
    match kind {
        Activation::Relu => activation::relu(x),
        Activation::Tanh => kernels::activate(kernels::Activation::Tanh, x),
        Activation::Sigmoid => kernels::activate(kernels::Activation::Sigmoid, x),
        Activation::Gelu => kernels::activate(kernels::Activation::Gelu, x),
    }
}
