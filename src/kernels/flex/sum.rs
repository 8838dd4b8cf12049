//! The end of a residual block.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::Tensor;
use cnn_playground_kernels::sum;

use super::super::track::track;
use super::{Training, dims, tensor, tracked, values};

/// [`super::super::add_relu`], if the tensors are on this backend and keep gradients.
pub(in super::super) fn add_relu(left: &Tensor<4>, right: &Tensor<4>) -> Option<Tensor<4>> {
    let (left, right) = (tracked(left)?, tracked(right)?);
    if left.shape() != right.shape() {
        return None;
    }
    let (lefts, rights) = (values(left.primitive()), values(right.primitive()));
    let output = tensor(sum::forward(&lefts, &rights), dims::<4>(left.primitive()));
    drop((lefts, rights));
    let output = track(AddRelu, [&left, &right], output.clone(), output);
    Some(Tensor::from_primitive::<Training>(output))
}

#[derive(Debug, Clone, Copy)]
struct AddRelu;

impl Backward<Flex, 2> for AddRelu {
    type State = FlexTensor;

    fn backward(
        self,
        ops: Ops<Self::State, 2>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let gradient = grads.consume::<Flex>(&ops.node);
        let kept = sum::backward(&values(&gradient), &values(&ops.state));
        let kept = tensor(kept, dims::<4>(&gradient));
        for node in ops.parents.into_iter().flatten() {
            grads.register::<Flex>(node.id, kept.clone());
        }
    }
}
