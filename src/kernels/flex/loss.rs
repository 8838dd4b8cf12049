//! Softmax cross-entropy, and the number of right predictions.

use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::tensor::{Int, Tensor};
use cnn_playground_kernels::loss;

use super::super::track::track;
use super::{Training, dims, plain, tensor, tracked, values};

/// [`super::super::classify`], if the tensors are on this backend.
pub(in super::super) fn classify(logits: &Tensor<2>, labels: &Tensor<2, Int>) -> Option<Tensor<1>> {
    let labels = labels.clone().try_into_primitive::<Flex>().ok()?;
    let labels: Vec<usize> = labels
        .into_data()
        .iter::<u32>()
        .map(|label| label as usize)
        .collect();
    let forward =
        |logits: &FlexTensor| tensor(loss::classify(&values(logits), &labels).into(), [2]);
    if let Some(logits) = plain(logits) {
        return Some(Tensor::from_primitive::<Flex>(forward(&logits)));
    }
    let logits = tracked(logits)?;
    let output = forward(logits.primitive());
    let kept = (logits.primitive().clone(), labels);
    let output = track(Classification, [&logits], kept, output);
    Some(Tensor::from_primitive::<Training>(output))
}

#[derive(Debug, Clone, Copy)]
struct Classification;

impl Backward<Flex, 1> for Classification {
    /// Logits and labels.
    type State = (FlexTensor, Vec<usize>);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let gradient = grads.consume::<Flex>(&ops.node);
        let (logits, labels) = &ops.state;
        let [parent] = ops.parents;
        if let Some(node) = parent {
            // The number of right predictions has no gradient.
            let of_mean = values(&gradient).first().copied().unwrap_or_default();
            let result = loss::gradient(&values(logits), labels, of_mean);
            grads.register::<Flex>(node.id, tensor(result, dims::<2>(logits)));
        }
    }
}
