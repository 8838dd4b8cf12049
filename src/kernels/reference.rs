//! The project's operations written in burn's: plain, for every device, and the reference that the fast ones
//! are checked against.

use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::module::{batch_norm_train, conv2d, linear, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Int, Tensor};

use super::formula::Elementwise;
use super::{Activation, AdamStep, Measured, POOL, SgdStep, Tail, Walk};
use crate::base::Window;

pub(super) fn convolve(
    images: Tensor<4>,
    weights: Tensor<4>,
    bias: Option<Tensor<1>>,
    walk: Walk,
    tail: Tail,
) -> Tensor<4> {
    let options = ConvOptions::new(
        [walk.stride; 2],
        [walk.padding; 2],
        [walk.dilation; 2],
        walk.groups,
    );
    finish(conv2d(images, weights, bias, options), tail)
}

/// What follows a convolution.
pub(super) fn finish(output: Tensor<4>, tail: Tail) -> Tensor<4> {
    match tail {
        Tail::Linear => output,
        Tail::Relu => relu(output),
        Tail::ReluPool => max_pool(relu(output), POOL),
    }
}

pub(super) fn max_pool(images: Tensor<4>, window: Window) -> Tensor<4> {
    let options = MaxPoolOptions {
        stride: [window.stride; 2],
        padding: [(window.padding, window.padding); 2],
        ..MaxPoolOptions::new([window.size; 2])
    };
    max_pool2d(images, options)
}

pub(super) fn connect(
    inputs: Tensor<2>,
    weights: Tensor<2>,
    bias: Tensor<1>,
    with_relu: bool,
) -> Tensor<2> {
    let output = linear(inputs, weights, Some(bias));
    if with_relu { relu(output) } else { output }
}

pub(super) fn activate<const D: usize>(of: Activation, x: Tensor<D>) -> Tensor<D> {
    of.of(Elementwise(x)).0
}

pub(super) fn normalize(
    images: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    epsilon: f64,
    with_relu: bool,
) -> Measured {
    let result = batch_norm_train(images, gamma, beta, epsilon);
    Measured {
        output: if with_relu {
            relu(result.output)
        } else {
            result.output
        },
        mean: result.mean.inner(),
        variance: result.variance.inner(),
    }
}

pub(super) fn add_relu(left: Tensor<4>, right: Tensor<4>) -> Tensor<4> {
    relu(left + right)
}

pub(super) fn adam(
    weights: Tensor<1>,
    gradient: Tensor<1>,
    [first, second]: [Tensor<1>; 2],
    step: AdamStep,
) -> (Tensor<1>, [Tensor<1>; 2]) {
    let mut gradient = gradient;
    if step.penalty > 0.0 {
        gradient = gradient + weights.clone().mul_scalar(step.penalty);
    }
    let [keep, keep_square] = step.betas;
    let first = first.mul_scalar(keep) + gradient.clone().mul_scalar(1.0 - keep);
    let second = second.mul_scalar(keep_square) + gradient.square().mul_scalar(1.0 - keep_square);
    let moved = first.clone() / (second.clone().sqrt().add_scalar(step.epsilon));
    let mut weights = weights;
    if step.shrink < 1.0 {
        weights = weights.mul_scalar(step.shrink);
    }
    (weights - moved.mul_scalar(step.rate), [first, second])
}

pub(super) fn sgd(
    weights: Tensor<1>,
    gradient: Tensor<1>,
    velocity: Tensor<1>,
    step: SgdStep,
) -> (Tensor<1>, Tensor<1>) {
    let mut gradient = gradient;
    if step.decay > 0.0 {
        gradient = gradient + weights.clone().mul_scalar(step.decay);
    }
    if step.momentum == 0.0 {
        return (weights - gradient.clone().mul_scalar(step.rate), gradient);
    }
    let velocity = gradient.clone() + velocity.mul_scalar(step.momentum);
    let moved = match step.nesterov {
        true => gradient + velocity.clone().mul_scalar(step.momentum),
        false => velocity.clone(),
    };
    (weights - moved.mul_scalar(step.rate), velocity)
}

pub(super) fn classify(logits: Tensor<2>, labels: &Tensor<2, Int>) -> Tensor<1> {
    let right = logits.clone().inner().argmax(1).equal(labels.clone());
    let chances = log_softmax(logits, 1).gather(1, labels.clone());
    let right = right.float().sum().reshape([1]);
    Tensor::cat(vec![chances.mean().neg(), right], 0)
}
