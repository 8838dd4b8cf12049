//! Our operations in burn's: plain, for every device, and what the fast ones are held to.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn::tensor::module::{batch_norm_train, conv2d, linear, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};

use super::{AdamStep, Normalized, POOL, Tail, Walk};

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
    let output = conv2d(images, weights, bias, options);
    match tail {
        Tail::Linear => output,
        Tail::Relu => relu(output),
        Tail::ReluPool => max_pool2d(relu(output), MaxPoolOptions::new([POOL.size; 2])),
    }
}

pub(super) fn connect(inputs: Tensor<2>, weights: Tensor<2>, bias: Tensor<1>) -> Tensor<2> {
    linear(inputs, weights, Some(bias))
}

pub(super) fn normalize(
    images: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    epsilon: f64,
    with_relu: bool,
) -> Normalized {
    let result = batch_norm_train(images, gamma, beta, epsilon);
    Normalized {
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
