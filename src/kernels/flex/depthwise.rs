//! A depthwise convolution.

use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;
use cnn_playground_kernels::Depthwise;

use super::super::Walk;
use super::super::track::track;
use super::{Tracked, Training, dims, plain, tensor, tracked, values};

/// The linear part of [`super::super::convolve`] with one group for each channel and filter, if the tensors are on this backend.
pub(in super::super) fn convolve_depthwise(
    images: &Tensor<4>,
    weights: &Tensor<4>,
    bias: Option<&Tensor<1>>,
    walk: Walk,
) -> Option<Tensor<4>> {
    if walk.dilation != 1 {
        return None;
    }
    if let (Some(images), Some(weights)) = (plain(images), plain(weights)) {
        let bias = match bias {
            Some(bias) => Some(plain(bias)?),
            None => None,
        };
        let output = forward(
            of(&images, &weights, walk),
            &images,
            &weights,
            bias.as_ref(),
        );
        return Some(Tensor::from_primitive::<Flex>(output));
    }
    let (images, weights) = (tracked(images)?, tracked(weights)?);
    let bias = match bias {
        Some(bias) => Some(tracked(bias)?),
        None => None,
    };
    let inputs = [&images, &weights].map(|input| input.primitive().clone());
    let step = of(&inputs[0], &inputs[1], walk);
    let given = bias.as_ref().map(|bias| bias.primitive());
    let output = forward(step, &inputs[0], &inputs[1], given);
    // A convolution without a bias gets one of zeros, whose gradient is never asked for.
    let none = || Tracked::new(tensor(Vec::new(), [0]));
    let bias = bias.unwrap_or_else(none);
    let output = track(Step(step), [&images, &weights, &bias], inputs, output);
    Some(Tensor::from_primitive::<Training>(output))
}

/// The convolution of these images and kernels.
fn of(images: &FlexTensor, weights: &FlexTensor, walk: Walk) -> Depthwise {
    let [_, channels, height, width] = dims(images);
    let [_, _, rows, columns] = dims(weights);
    Depthwise {
        channels,
        height,
        width,
        kernel: [rows, columns],
        stride: walk.stride,
        padding: walk.padding,
    }
}

fn forward(
    step: Depthwise,
    images: &FlexTensor,
    weights: &FlexTensor,
    bias: Option<&FlexTensor>,
) -> FlexTensor {
    let bias = bias.map(values);
    let output = step.forward(&values(images), &values(weights), bias.as_deref());
    let [batch, channels, _, _] = dims(images);
    let [height, width] = step.output();
    tensor(output, [batch, channels, height, width])
}

/// A depthwise convolution as an operation of burn's autodiff.
#[derive(Debug, Clone, Copy)]
struct Step(Depthwise);

impl Backward<Flex, 3> for Step {
    type State = [FlexTensor; 2];

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [images, weights, bias] = ops.parents;
        let gradient = grads.consume::<Flex>(&ops.node);
        let inputs = ops.state;
        let arrays = inputs.each_ref().map(values);
        let arrays = arrays.each_ref().map(|array| &**array);
        let result = self
            .0
            .backward(arrays, &values(&gradient), images.is_some());
        if let (Some(node), Some(values)) = (images, result.images) {
            grads.register::<Flex>(node.id, tensor(values, dims::<4>(&inputs[0])));
        }
        if let Some(node) = weights {
            grads.register::<Flex>(node.id, tensor(result.weights, dims::<4>(&inputs[1])));
        }
        if let Some(node) = bias {
            let filters = result.bias.len();
            grads.register::<Flex>(node.id, tensor(result.bias, [filters]));
        }
    }
}
