//! A dense layer.

use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;
use cnn_playground_kernels::dense;

use super::super::track::track;
use super::{Training, dims, plain, tensor, tracked, values};

/// [`super::super::connect`], if the tensors are on this backend.
pub(in super::super) fn connect(
    inputs: &Tensor<2>,
    weights: &Tensor<2>,
    bias: &Tensor<1>,
) -> Option<Tensor<2>> {
    let forward = |inputs: &FlexTensor, weights: &FlexTensor, bias: &FlexTensor| {
        let output = dense::forward(&values(inputs), &values(weights), &values(bias));
        tensor(output, [dims::<2>(inputs)[0], dims::<1>(bias)[0]])
    };
    if let (Some(inputs), Some(weights), Some(bias)) = (plain(inputs), plain(weights), plain(bias))
    {
        return Some(Tensor::from_primitive::<Flex>(forward(
            &inputs, &weights, &bias,
        )));
    }
    let (inputs, weights, bias) = (tracked(inputs)?, tracked(weights)?, tracked(bias)?);
    let output = forward(inputs.primitive(), weights.primitive(), bias.primitive());
    let kept = [&inputs, &weights].map(|input| input.primitive().clone());
    let output = track(Dense, [&inputs, &weights, &bias], kept, output);
    Some(Tensor::from_primitive::<Training>(output))
}

#[derive(Debug, Clone, Copy)]
struct Dense;

impl Backward<Flex, 3> for Dense {
    type State = [FlexTensor; 2];

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [of_inputs, of_weights, of_bias] = ops.parents;
        let gradient = grads.consume::<Flex>(&ops.node);
        let [inputs, weights] = &ops.state;
        let shape: [usize; 2] = dims(weights);
        let result = dense::backward(
            &values(inputs),
            &values(weights),
            shape[1],
            &values(&gradient),
            of_inputs.is_some(),
        );
        if let (Some(node), Some(values)) = (of_inputs, result.inputs) {
            grads.register::<Flex>(node.id, tensor(values, dims::<2>(inputs)));
        }
        if let Some(node) = of_weights {
            grads.register::<Flex>(node.id, tensor(result.weights, shape));
        }
        if let Some(node) = of_bias {
            grads.register::<Flex>(node.id, tensor(result.bias, [shape[1]]));
        }
    }
}
