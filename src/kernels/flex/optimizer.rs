//! The optimizer's step.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;
use cnn_playground_kernels::optimizer;

use super::super::AdamStep;
use super::values;

/// [`super::super::adam`] of weights on this backend; in place where an array is not shared.
pub(in super::super) fn adam(
    mut weights: FlexTensor,
    gradient: Tensor<1>,
    moments: [Tensor<1>; 2],
    step: AdamStep,
) -> (Tensor<1>, [Tensor<1>; 2]) {
    let here = |tensor: Tensor<1>| match tensor.try_into_primitive::<Flex>() {
        Ok(tensor) => tensor,
        Err(error) => unreachable!("all arrays are where the weights are: {error:?}"),
    };
    let [mut first, mut second] = moments.map(here);
    optimizer::adam(
        weights.storage_mut(),
        &values(&here(gradient)),
        [first.storage_mut(), second.storage_mut()],
        step,
    );
    let back = Tensor::from_primitive::<Flex>;
    (back(weights), [back(first), back(second)])
}
