//! The kernels that run on the GPU, written with CubeCL, and the functions that launch them.
//!
//! A cube is CubeCL's name for a workgroup. Neighbouring threads of a cube read neighbouring values, long sums are
//! split over independent threads, and each launch states its cube's size. Tensors here have no gradients: automatic
//! differentiation is one folder up.

mod correlate;
mod gather;
mod loss;
mod matmul;
mod norm;
mod optimizer;
mod pointwise;
mod samples;
mod sum;

pub(super) use correlate::Correlation;
pub(in super::super) use correlate::WIDEST;
pub(super) use gather::Gather;
pub(super) use loss::{classify, classify_gradient};
pub(super) use matmul::{Product, dense};
pub(super) use norm::{Extent, Norm};
pub(super) use optimizer::{ARRAYS, Spans, adam, sgd};
pub(super) use pointwise::{Pair, pair, pool, unpool};
pub(super) use samples::{BYTES, gather_samples};

use burn::tensor::{DType, Shape};
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

/// A vector of four values.
type Four = Vector<f32, Const<4>>;

/// Threads of a cube in elementwise kernels.
const LINE: usize = 256;

/// Values (or vectors of values) that each of these threads computes.
const EACH: usize = 4;

/// The number of cubes that an elementwise kernel needs for `count` values.
fn line_cubes(count: usize) -> CubeCount {
    CubeCount::Static(count.div_ceil(LINE * EACH) as u32, 1, 1)
}

/// The vector width for `count` contiguous values: four if that divides `count`, else one.
fn together(count: usize) -> usize {
    if count.is_multiple_of(4) { 4 } else { 1 }
}

/// The size of the largest part when `count` is split as evenly as possible into parts of at most `most`.
fn evenly(count: usize, most: usize) -> usize {
    count.div_ceil(count.div_ceil(most).max(1)).max(1)
}

fn units(count: usize) -> CubeDim {
    CubeDim::new_1d(count as u32)
}

/// An uninitialized tensor on the same device as `beside`.
pub(super) fn empty<const D: usize>(beside: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    empty_of(beside, shape, DType::F32)
}

/// The same with values of another type.
pub(super) fn empty_of<const D: usize>(
    beside: &CubeTensor,
    shape: [usize; D],
    kind: DType,
) -> CubeTensor {
    let shape = Shape::from(shape);
    let bytes = shape.num_elements() * kind.size();
    CubeTensor::new_contiguous(
        beside.client.clone(),
        beside.device.clone(),
        shape,
        beside.client.empty(bytes),
        kind,
    )
}

/// A tensor as a kernel's argument: its values in row-major order.
fn buffer(tensor: &CubeTensor) -> BufferArg {
    tensor.clone().into_buffer_arg()
}
