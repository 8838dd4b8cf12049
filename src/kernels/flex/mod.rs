//! The project's operations on burn's CPU backend, wrapped for burn's autodiff.
//!
//! Each returns `None` if its tensors are on another backend.

mod activation;
mod convolution;
mod dense;
mod depthwise;
mod loss;
mod max_pool;
mod norm;
mod optimizer;
mod sum;

pub(super) use activation::activate;
pub(super) use convolution::convolve;
pub(super) use dense::connect;
pub(super) use depthwise::convolve_depthwise;
pub(super) use loss::classify;
pub(super) use max_pool::max_pool;
pub(super) use norm::normalize;
pub(super) use optimizer::adam;
pub(super) use sum::add_relu;

use std::borrow::Cow;

use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex, TensorMetadata};
use burn::tensor::{Tensor, TensorData};

/// The backend that keeps gradients.
type Training = Autodiff<Flex>;
type Tracked = FloatTensor<Training>;

/// The numbers of a tensor in row-major order.
fn values(tensor: &FlexTensor) -> Cow<'_, [f32]> {
    match tensor.as_slice() {
        Some(values) => Cow::Borrowed(values),
        None => Cow::Owned(tensor.to_contiguous().storage().to_vec()),
    }
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

fn dims<const D: usize>(tensor: &FlexTensor) -> [usize; D] {
    tensor.shape().dims()
}

fn tracked<const D: usize>(tensor: &Tensor<D>) -> Option<Tracked> {
    tensor.clone().try_into_primitive::<Training>().ok()
}

/// A tensor without gradients, if it is on this backend.
pub(super) fn plain<const D: usize>(tensor: &Tensor<D>) -> Option<FlexTensor> {
    tensor.clone().try_into_primitive::<Flex>().ok()
}
