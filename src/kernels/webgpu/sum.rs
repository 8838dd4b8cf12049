//! The sum at the end of a residual block, with the ReLU after it.

use burn::backend::TensorMetadata;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::tensor::Tensor;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use burn_wgpu::Wgpu;

use super::super::track::track;
use super::cube::{self, Pair};
use super::{Training, tracked};

/// [`super::super::add_relu`], if the tensors are on this backend and keep gradients.
pub(in super::super) fn add_relu(left: &Tensor<4>, right: &Tensor<4>) -> Option<Tensor<4>> {
    let ((left, lefts), (right, rights)) = (tracked(left)?, tracked(right)?);
    if lefts.shape() != rights.shape() {
        return None;
    }
    let output = cube::pair::<4>(&lefts, &rights, Pair::AddRelu);
    let output = track(AddRelu, [&left, &right], output.clone(), output);
    Some(Tensor::from_primitive::<Training>(output))
}

#[derive(Debug, Clone, Copy)]
struct AddRelu;

impl Backward<Wgpu, 2> for AddRelu {
    type State = CubeTensor;

    fn backward(
        self,
        ops: Ops<Self::State, 2>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let gradient = into_contiguous(grads.consume::<Wgpu>(&ops.node));
        let kept = cube::pair::<4>(&gradient, &ops.state, Pair::Mask);
        for node in ops.parents.into_iter().flatten() {
            grads.register::<Wgpu>(node.id, kept.clone());
        }
    }
}
