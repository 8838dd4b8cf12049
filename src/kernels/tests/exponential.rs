//! What has an exponential in it.

use burn::tensor::Tensor;

use super::{compare, device};
use crate::kernels::{self, Activation, reference};

#[test]
fn activations_and_their_gradients_are_burns() {
    for &of in Activation::ALL {
        compare(
            &format!("{of:?}"),
            &[("x", 60)],
            |inputs| kernels::activate(of, inputs[0].clone().mul_scalar(4.0).reshape([3, 20])),
            |inputs| reference::activate(of, inputs[0].clone().mul_scalar(4.0).reshape([3, 20])),
        );
    }
}

#[test]
fn cross_entropy_is_burns() {
    let labels = Tensor::from_data([[1], [0], [4]], &device().inner());
    let ours = |inputs: &[Tensor<1>]| kernels::classify(inputs[0].clone().reshape([3, 5]), &labels);
    let theirs =
        |inputs: &[Tensor<1>]| reference::classify(inputs[0].clone().reshape([3, 5]), &labels);
    compare("cross-entropy", &[("logits", 15)], ours, theirs);
}
