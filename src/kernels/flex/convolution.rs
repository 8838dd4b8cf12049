//! A convolution with its tail.

use std::borrow::Cow;
use std::sync::Arc;

use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;
use cnn_playground_kernels::{Convolution, Kept};

use super::super::track::track;
use super::super::{Tail, Walk};
use super::{Tracked, Training, dims, plain, tensor, tracked, values};

/// [`super::super::convolve`], if the tensors are on this backend.
pub(in super::super) fn convolve(
    images: &Tensor<4>,
    weights: &Tensor<4>,
    bias: Option<&Tensor<1>>,
    walk: Walk,
    tail: Tail,
) -> Option<Tensor<4>> {
    if walk.dilation != 1 || walk.groups != 1 {
        return None;
    }
    if let (Some(images), Some(weights)) = (plain(images), plain(weights)) {
        let bias = bias.map(plain);
        let bias = bias
            .as_ref()
            .map_or(Some(None), |bias| bias.as_ref().map(Some))?;
        let step = of(&images, &weights, walk, tail);
        let (output, _) = forward(step, &images, &weights, bias);
        return Some(Tensor::from_primitive::<Flex>(output));
    }
    let (images, weights) = (tracked(images)?, tracked(weights)?);
    let bias = match bias {
        Some(bias) => Some(tracked(bias)?),
        None => None,
    };
    let step = of(images.primitive(), weights.primitive(), walk, tail);
    let (output, kept) = forward(
        step,
        images.primitive(),
        weights.primitive(),
        bias.as_ref().map(|bias| bias.primitive()),
    );
    // A convolution without a bias gets one of zeros, whose gradient is never asked for.
    let none = || Tracked::new(tensor(Vec::new(), [0]));
    let bias = bias.unwrap_or_else(none);
    let inputs = [&images, &weights].map(|input| input.primitive().clone());
    let output = track(
        Step(step),
        [&images, &weights, &bias],
        (inputs, kept),
        output,
    );
    Some(Tensor::from_primitive::<Training>(output))
}

/// The convolution of these images and kernels.
fn of(images: &FlexTensor, weights: &FlexTensor, walk: Walk, tail: Tail) -> Convolution {
    Convolution::new(
        dims(images),
        dims(weights),
        [walk.stride, walk.padding],
        tail,
    )
}

/// What the backward pass of a tail needs: an owned [`Kept`].
#[derive(Debug, Clone)]
enum Remembered {
    Nothing,
    Output(FlexTensor),
    Winners(Arc<[u8]>),
}

fn forward(
    step: Convolution,
    images: &FlexTensor,
    weights: &FlexTensor,
    bias: Option<&FlexTensor>,
) -> (FlexTensor, Remembered) {
    let bias = bias.map(values);
    let (output, winners) = step.forward(&values(images), &values(weights), bias.as_deref());
    let output = tensor(output, step.output());
    let remembered = match step.tail() {
        Tail::Linear => Remembered::Nothing,
        Tail::Relu => Remembered::Output(output.clone()),
        Tail::ReluPool => Remembered::Winners(winners.into()),
    };
    (output, remembered)
}

/// A convolution with its tail as an operation of burn's autodiff.
#[derive(Debug, Clone, Copy)]
struct Step(Convolution);

impl Backward<Flex, 3> for Step {
    type State = ([FlexTensor; 2], Remembered);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [images, weights, bias] = ops.parents;
        let gradient = grads.consume::<Flex>(&ops.node);
        let (inputs, remembered) = &ops.state;
        let output = match remembered {
            Remembered::Output(output) => values(output),
            Remembered::Nothing | Remembered::Winners(_) => Cow::Borrowed(&[][..]),
        };
        let kept = match remembered {
            Remembered::Nothing => Kept::Nothing,
            Remembered::Output(_) => Kept::Output(&output),
            Remembered::Winners(winners) => Kept::Winners(winners),
        };
        let arrays = inputs.each_ref().map(values);
        let result = self.0.backward(
            arrays.each_ref().map(|array| &**array),
            kept,
            &values(&gradient),
            images.is_some(),
        );
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
