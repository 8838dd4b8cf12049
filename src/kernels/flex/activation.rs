//! Activation functions.

use burn::backend::Flex;
use burn::backend::TensorMetadata;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::tensor::{Tensor, TensorData};
use cnn_playground_kernels::activation::Activation;

use super::super::track::track;
use super::{Training, plain, tracked, values};

/// [`super::super::activate`], if the tensor is on this backend.
pub(in super::super) fn activate<const D: usize>(
    of: Activation,
    x: &Tensor<D>,
) -> Option<Tensor<D>> {
    let forward = |x: &FlexTensor| like(x, of.forward(&values(x)));
    if let Some(x) = plain(x) {
        return Some(Tensor::from_primitive::<Flex>(forward(&x)));
    }
    let x = tracked(x)?;
    let output = forward(x.primitive());
    let kept = match of.keeps_output() {
        true => output.clone(),
        false => x.primitive().clone(),
    };
    let output = track(Step(of), [&x], kept, output);
    Some(Tensor::from_primitive::<Training>(output))
}

/// A tensor of the same shape.
fn like(tensor: &FlexTensor, values: Vec<f32>) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, tensor.shape()))
}

#[derive(Debug, Clone, Copy)]
struct Step(Activation);

impl Backward<Flex, 1> for Step {
    /// What the derivative is computed from.
    type State = FlexTensor;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let gradient = grads.consume::<Flex>(&ops.node);
        let [parent] = ops.parents;
        if let Some(node) = parent {
            let result = self.0.backward(&values(&ops.state), &values(&gradient));
            grads.register::<Flex>(node.id, like(&gradient, result));
        }
    }
}
