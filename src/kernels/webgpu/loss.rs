//! Softmax cross-entropy, and the number of correct predictions.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::tensor::{Int, Tensor};
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use burn_wgpu::Wgpu;

use super::super::track::track;
use super::cube;
use super::{Training, back, plain, tracked};

/// [`super::super::classify`], if the tensors are on this backend.
pub(in super::super) fn classify(logits: &Tensor<2>, labels: &Tensor<2, Int>) -> Option<Tensor<1>> {
    let labels = labels.clone().try_into_primitive::<Wgpu>().ok()?;
    if let Some(logits) = plain(logits) {
        return Some(back(cube::classify(&logits, &labels)));
    }
    let (logits, numbers) = tracked(logits)?;
    let output = cube::classify(&numbers, &labels);
    let output = track(Classification, [&logits], [numbers, labels], output);
    Some(Tensor::from_primitive::<Training>(output))
}

#[derive(Debug, Clone, Copy)]
struct Classification;

impl Backward<Wgpu, 1> for Classification {
    /// Logits and labels.
    type State = [CubeTensor; 2];

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let gradient = into_contiguous(grads.consume::<Wgpu>(&ops.node));
        let [logits, labels] = &ops.state;
        let [parent] = ops.parents;
        if let Some(node) = parent {
            let result = cube::classify_gradient(logits, labels, &gradient);
            grads.register::<Wgpu>(node.id, result);
        }
    }
}
