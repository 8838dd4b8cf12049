//! Sums over the parts that many threads found.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{buffer, empty, units};

/// Sums of a cube, beside each other in memory.
const ACROSS: usize = 32;
/// Threads that share the parts of a sum.
const DOWN: usize = 8;

fn cubes(count: usize) -> CubeCount {
    CubeCount::Static(count.div_ceil(ACROSS) as u32, 1, 1)
}

/// Of `[parts, filters, weights of a filter and its bias]`: the weights in this shape, and the biases.
pub(in super::super) fn filters(
    found: &CubeTensor,
    parts: usize,
    shape: [usize; 4],
) -> [CubeTensor; 2] {
    let [filters, channels, rows, columns] = shape;
    let line = channels * rows * columns + 1;
    let (weights, biases) = (empty(found, shape), empty(found, [filters]));
    unsafe {
        sum_filters::launch_unchecked(
            &found.client,
            cubes(filters * line),
            units(ACROSS * DOWN),
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

/// Of `[parts, rows, columns]`, with a bias `[columns]` and a ReLU if wanted: `[rows, columns]`.
pub(in super::super) fn columns(
    found: &CubeTensor,
    parts: usize,
    shape: [usize; 2],
    bias: Option<&CubeTensor>,
    relu: bool,
) -> CubeTensor {
    let [rows, columns] = shape;
    let output = empty(found, shape);
    unsafe {
        sum_columns::launch_unchecked(
            &found.client,
            cubes(rows * columns),
            units(ACROSS * DOWN),
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

/// The sum that this thread's cube finds for it; right for the first [`ACROSS`] threads.
#[cube]
fn total(found: &[f32], parts: usize, count: usize) -> f32 {
    let unit = UNIT_POS as usize;
    let place = min(CUBE_POS_X as usize * ACROSS + unit % ACROSS, count - 1);
    let mut sum = f32::new(0.0);
    for part in range_stepped(unit / ACROSS, parts, DOWN) {
        sum += found[part * count + place];
    }
    let mut sums = Shared::<[f32]>::new_slice(comptime!(ACROSS * DOWN));
    sums[unit] = sum;
    sync_cube();
    let mut total = f32::new(0.0);
    #[unroll]
    for part in 0..DOWN {
        total += sums[unit % ACROSS + comptime!(part * ACROSS)];
    }
    total
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
    let sum = total(found, parts, count);
    let place = CUBE_POS_X as usize * ACROSS + UNIT_POS as usize;
    if UNIT_POS < comptime!(ACROSS as u32) && place < count {
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
    let mut sum = total(found, parts, count);
    let place = CUBE_POS_X as usize * ACROSS + UNIT_POS as usize;
    if UNIT_POS < comptime!(ACROSS as u32) && place < count {
        if biased {
            sum += bias[place % columns];
        }
        if relu {
            sum = select(sum < 0.0, 0.0, sum);
        }
        output[place] = sum;
    }
}
