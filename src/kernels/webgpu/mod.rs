//! The project's operations on burn's GPU backend: the forward and the backward pass of each, as burn's automatic
//! differentiation calls them. Each returns `None` if its tensors are on another backend. The kernels are in `cube`.

mod convolution;
#[allow(
    unsafe_code,
    reason = "a launch without bounds checks is only offered as unsafe; a SAFETY comment says why each kernel stays within its buffers"
)]
#[allow(
    clippy::too_many_arguments,
    reason = "a kernel takes its buffers and sizes as separate arguments"
)]
#[allow(
    clippy::collapsible_if,
    clippy::manual_is_multiple_of,
    reason = "CubeCL evaluates the outer condition when it compiles the kernel, and has no `is_multiple_of`"
)]
mod cube;
mod dense;
mod loss;
mod norm;
mod optimizer;
mod samples;
mod sum;

pub(super) use convolution::convolve;
pub(super) use cube::WIDEST;
pub(super) use dense::connect;
pub(super) use loss::classify;
pub(super) use norm::normalize;
pub(super) use optimizer::{adam, pack, sgd};
pub(crate) use samples::DeviceSamples;
pub(super) use sum::add_relu;

use burn::backend::Autodiff;
use burn::backend::tensor::FloatTensor;
use burn::tensor::Tensor;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use burn_wgpu::Wgpu;

/// The backend that keeps gradients.
type Training = Autodiff<Wgpu>;
type Tracked = FloatTensor<Training>;

fn dims<const D: usize>(tensor: &CubeTensor) -> [usize; D] {
    tensor.meta.shape().dims()
}

/// A tensor with gradients, if it is on this backend, and its values in row-major order.
fn tracked<const D: usize>(tensor: &Tensor<D>) -> Option<(Tracked, CubeTensor)> {
    let tensor = tensor.clone().try_into_primitive::<Training>().ok()?;
    let numbers = into_contiguous(tensor.primitive().clone());
    Some((tensor, numbers))
}

/// A tensor without gradients in row-major order, if it is on this backend.
fn plain<const D: usize>(tensor: &Tensor<D>) -> Option<CubeTensor> {
    let tensor = tensor.clone().try_into_primitive::<Wgpu>().ok()?;
    Some(into_contiguous(tensor))
}

/// The inverse of [`plain`]: a tensor without gradients from its buffer.
fn back<const D: usize>(tensor: CubeTensor) -> Tensor<D> {
    Tensor::from_primitive::<Wgpu>(tensor)
}
