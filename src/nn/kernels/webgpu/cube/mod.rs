//! The programs that run on the GPU, written with CubeCL, and how each is started.
//!
//! All are written for a GPU: neighbours in a cube read neighbours in memory, sums are split over
//! threads that need not wait for each other, and every size of a cube is said, not left to the runtime.
//! Here are no tensors with gradients: those are one folder up.

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

/// A vector of four numbers.
type Four = Vector<f32, Const<4>>;

/// Threads of a cube that goes over numbers one by one.
const LINE: usize = 256;

/// Numbers that each of those takes.
const EACH: usize = 4;

/// How many cubes cover this many numbers.
fn line_cubes(count: usize) -> CubeCount {
    CubeCount::Static(count.div_ceil(LINE * EACH) as u32, 1, 1)
}

/// Numbers that are read or written at once: four where their count is a multiple of that.
fn together(count: usize) -> usize {
    if count.is_multiple_of(4) { 4 } else { 1 }
}

/// So many shared out evenly, at most `most` each: the largest part.
fn evenly(count: usize, most: usize) -> usize {
    count.div_ceil(count.div_ceil(most).max(1)).max(1)
}

fn units(count: usize) -> CubeDim {
    CubeDim::new_1d(count as u32)
}

/// A tensor beside another, whose numbers are still anything.
pub(super) fn empty<const D: usize>(beside: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    empty_of(beside, shape, DType::F32)
}

/// The same of other numbers.
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

/// A tensor as a kernel takes it: numbers in row-major order.
fn buffer(tensor: &CubeTensor) -> BufferArg {
    tensor.clone().into_buffer_arg()
}
