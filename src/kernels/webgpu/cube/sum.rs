//! Adds up the partial sums of many threads.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{buffer, empty, units};

/// Sums that a cube computes, one for each thread.
const ACROSS: usize = 64;

fn cubes(count: usize) -> CubeCount {
    CubeCount::Static(count.div_ceil(ACROSS) as u32, 1, 1)
}

/// The sums over the first axis of `[parts, filters, weights of a filter and its bias]`: the weights, in this shape
/// `[filters, channels, rows, columns]`, and the biases, `[filters]`.
pub(in super::super) fn filters(
    found: &CubeTensor,
    parts: usize,
    shape: [usize; 4],
) -> [CubeTensor; 2] {
    let [filters, channels, rows, columns] = shape;
    let line = channels * rows * columns + 1;
    let (weights, biases) = (empty(found, shape), empty(found, [filters]));
    // SAFETY: Indices are below `count`, the size of `weights` and `biases` together; `found` has
    // `parts` times as many values.
    unsafe {
        sum_filters::launch_unchecked(
            &found.client,
            cubes(filters * line),
            units(ACROSS),
            buffer(found),
            buffer(&weights),
            buffer(&biases),
            parts,
            filters * line,
            line,
        );
    }
    [weights, biases]
}

/// The sums over the first axis of `[parts, rows, columns]`, with a bias `[columns]` and a ReLU if given:
/// `[rows, columns]`.
pub(in super::super) fn columns(
    found: &CubeTensor,
    parts: usize,
    shape: [usize; 2],
    bias: Option<&CubeTensor>,
    relu: bool,
) -> CubeTensor {
    let [rows, columns] = shape;
    let output = empty(found, shape);
    // SAFETY: Indices are below `count`, the size of `output`; `found` has `parts` times as many values,
    // and `bias` one for each column if it is read.
    unsafe {
        sum_columns::launch_unchecked(
            &found.client,
            cubes(rows * columns),
            units(ACROSS),
            buffer(found),
            buffer(bias.unwrap_or(found)),
            buffer(&output),
            parts,
            rows * columns,
            columns,
            bias.is_some(),
            relu,
        );
    }
    output
}

/// The sum at one index.
#[cube]
fn total(found: &[f32], parts: usize, count: usize, place: usize) -> f32 {
    let mut sum = f32::new(0.0);
    for part in 0..parts {
        sum += found[part * count + place];
    }
    sum
}

#[cube(launch_unchecked)]
fn sum_filters(
    found: &[f32],
    weights: &mut [f32],
    biases: &mut [f32],
    parts: usize,
    count: usize,
    line: usize,
) {
    let place = CUBE_POS_X as usize * ACROSS + UNIT_POS as usize;
    if place < count {
        let sum = total(found, parts, count, place);
        let (filter, at) = (place / line, place % line);
        if at + 1 < line {
            weights[filter * (line - 1) + at] = sum;
        } else {
            biases[filter] = sum;
        }
    }
}

#[cube(launch_unchecked)]
fn sum_columns(
    found: &[f32],
    bias: &[f32],
    output: &mut [f32],
    parts: usize,
    count: usize,
    columns: usize,
    #[comptime] biased: bool,
    #[comptime] relu: bool,
) {
    let place = CUBE_POS_X as usize * ACROSS + UNIT_POS as usize;
    if place < count {
        let mut sum = total(found, parts, count, place);
        if biased {
            sum += bias[place % columns];
        }
        if relu {
            sum = select(sum < 0.0, 0.0, sum);
        }
        output[place] = sum;
    }
}
