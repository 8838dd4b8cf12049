//! Operations of our own, with their gradients, where burn's CPU backend lacks a fast path.
//!
//! Each is a function here, which picks the way by where its tensors are. On burn-flex it is ours:
//! loops over arrays (`convolution`, `dense`, `norm`, `pool`, `moments`), made known to burn's autodiff in `flex`.
//! Everywhere else it is `reference`, the same in burn's operations, which the tests hold ours to.

use burn::tensor::Tensor;

use crate::arch::Window;

#[cfg(feature = "cpu")]
mod axis;
#[cfg(feature = "cpu")]
mod convolution;
#[cfg(feature = "cpu")]
mod dense;
#[cfg(feature = "cpu")]
mod flex;
#[cfg(feature = "cpu")]
mod frame;
#[cfg(feature = "cpu")]
mod moments;
#[cfg(feature = "cpu")]
mod norm;
#[cfg(feature = "cpu")]
mod pool;
mod reference;
#[cfg(all(test, feature = "cpu"))]
mod tests;
#[cfg(feature = "cpu")]
mod tile;
#[cfg(feature = "cpu")]
mod winograd;

/// What follows a convolution within the same operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// Nothing.
    Linear,
    /// A ReLU.
    Relu,
    /// A ReLU and the max pooling [`POOL`].
    ReluPool,
}

/// The pooling that a tail can have: 2×2.
pub(super) const POOL: Window = Window::tiles(2);

/// How a convolution moves over its image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Walk {
    /// Pixels from one window to the next.
    pub(super) stride: usize,
    /// Zeros on each side.
    pub(super) padding: usize,
    /// Pixels from one tap to the next.
    pub(super) dilation: usize,
    /// Groups of channels and filters that have nothing to do with each other.
    pub(super) groups: usize,
}

/// Convolves `[batch, channels, height, width]` with `[filters, channels, kernel, kernel]`, adds a
/// bias `[filters]`, and does what is in the tail: `[batch, filters, height, width]`.
///
/// Ours have a dilation of one and one group.
pub(super) fn convolve(
    images: Tensor<4>,
    weights: Tensor<4>,
    bias: Option<Tensor<1>>,
    walk: Walk,
    tail: Tail,
) -> Tensor<4> {
    #[cfg(feature = "cpu")]
    if let Some(output) = flex::convolve(&images, &weights, bias.as_ref(), walk, tail) {
        return output;
    }
    reference::convolve(images, weights, bias, walk, tail)
}

/// A dense layer: `[batch, inputs]` times `[inputs, outputs]`, and a bias `[outputs]`.
pub(super) fn connect(inputs: Tensor<2>, weights: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    #[cfg(feature = "cpu")]
    if let Some(output) = flex::connect(&inputs, &weights, &bias) {
        return output;
    }
    reference::connect(inputs, weights, bias)
}

/// What [`normalize`] gives.
pub(super) struct Normalized {
    /// As the input's shape.
    pub(super) output: Tensor<4>,
    /// The batch's mean of each channel, `[channels]`, without gradients.
    pub(super) mean: Tensor<1>,
    /// Its biased variance, likewise.
    pub(super) variance: Tensor<1>,
}

/// Batch normalization of `[batch, channels, height, width]` by the batch's own statistics, and a
/// ReLU if wanted.
pub(super) fn normalize(
    images: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    epsilon: f64,
    relu: bool,
) -> Normalized {
    #[cfg(feature = "cpu")]
    if let Some(normalized) = flex::normalize(&images, &gamma, &beta, epsilon, relu) {
        return normalized;
    }
    reference::normalize(images, gamma, beta, epsilon, relu)
}

/// The sum of two batches of images, after a ReLU: where a residual block ends.
pub(super) fn add_relu(left: Tensor<4>, right: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "cpu")]
    if let Some(output) = flex::add_relu(&left, &right) {
        return output;
    }
    reference::add_relu(left, right)
}

/// One step of Adam or AdamW. With `g = gradient + penalty · w`, the moments become
/// `m ← β₁·m + (1 − β₁)·g` and `v ← β₂·v + (1 − β₂)·g²`, and the weights
/// `w ← shrink · w − rate · m / (√v + epsilon)`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AdamStep {
    /// How much of each moment stays.
    pub(crate) betas: [f64; 2],
    /// The learning rate, corrected for the moments' start at zero.
    pub(crate) rate: f64,
    /// Corrected likewise.
    pub(crate) epsilon: f64,
    /// Adam's weight decay.
    pub(crate) penalty: f64,
    /// AdamW's.
    pub(crate) shrink: f64,
}

/// The weights and the moments after a step; all are flat arrays without gradients.
pub(crate) fn adam(
    weights: Tensor<1>,
    gradient: Tensor<1>,
    moments: [Tensor<1>; 2],
    step: AdamStep,
) -> (Tensor<1>, [Tensor<1>; 2]) {
    #[cfg(feature = "cpu")]
    if let Some(weights) = flex::plain(&weights) {
        return flex::adam(weights, gradient, moments, step);
    }
    reference::adam(weights, gradient, moments, step)
}
