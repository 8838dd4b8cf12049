//! The project's operations as steps of burn's automatic differentiation.

use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::ops::{Backward, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend};

/// The output of an operation as a tensor with gradients. `step` has its backward pass, which gets `kept` and passes
/// gradients on to `inputs`.
pub(super) fn track<B: Backend, S: Backward<B, N>, const N: usize>(
    step: S,
    inputs: [&FloatTensor<Autodiff<B>>; N],
    kept: S::State,
    output: FloatTensor<B>,
) -> FloatTensor<Autodiff<B>> {
    let nodes = inputs.map(|input| input.node());
    let prepared = step.prepare::<NoCheckpointing>(nodes).compute_bound();
    match prepared.stateful() {
        OpsKind::Tracked(step) => step.finish(kept, output),
        OpsKind::UnTracked(step) => step.finish(output),
    }
}
