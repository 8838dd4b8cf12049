//! The norm of each layer's gradient: whether the gradient vanishes on its way to the early layers.
//! Glorot and Bengio 2010, <https://proceedings.mlr.press/v9/glorot10a.html>.

use burn::tensor::{Gradients, Tensor};

use crate::arch::Shaped;
use crate::nn::Network;

/// The layers with weights, in order: each one's path, and how many arrays it has.
pub(super) fn layers(plan: &Shaped) -> Vec<(&str, usize)> {
    let operations = plan.operations().into_iter();
    let each = operations.map(|(at, operation)| {
        let arrays = operation.parameters(at.input).len();
        (at.path.as_str(), arrays)
    });
    each.filter(|(_, arrays)| *arrays > 0).collect()
}

/// The L2 norm of the gradient of each of these layers, weights and biases together: `[layers]`,
/// on the device without gradients.
pub(super) fn norms(network: &Network, gradients: &Gradients) -> Tensor<1> {
    let mut weights = network.weights().iter();
    let mut squares = Vec::new();
    for (_, arrays) in layers(network.plan()) {
        let each = weights.by_ref().take(arrays).filter_map(|weight| {
            let gradient = weight.grad(gradients)?;
            Some(gradient.square().sum())
        });
        squares.extend(each.reduce(|sum, square| sum + square));
    }
    Tensor::cat(squares, 0).sqrt()
}
