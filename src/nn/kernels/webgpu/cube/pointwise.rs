//! What is computed number by number.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{EACH, LINE, buffer, empty, line_cubes, units};

/// What becomes of each two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) enum Pair {
    /// Their sum after a ReLU.
    AddRelu,
    /// The left one where the right one is positive, else zero: a ReLU's gradient from its output.
    Mask,
}

/// This of each two numbers of tensors of one shape.
pub(in super::super) fn pair<const D: usize>(
    left: &CubeTensor,
    right: &CubeTensor,
    what: Pair,
) -> CubeTensor {
    let shape: [usize; D] = left.meta.shape().dims();
    let count = shape.iter().product();
    let output = empty(left, shape);
    unsafe {
        pair_up::launch_unchecked(
            &left.client,
            line_cubes(count),
            units(LINE),
            buffer(left),
            buffer(right),
            buffer(&output),
            count,
            what,
        );
    }
    output
}

/// Puts the gradient of each 2×2 window where its winner was, and zeros elsewhere.
pub(in super::super) fn unpool(
    gradient: &CubeTensor,
    winners: &CubeTensor,
    [height, width]: [usize; 2],
) -> CubeTensor {
    let [batch, channels, ..]: [usize; 4] = gradient.meta.shape().dims();
    let output = empty(gradient, [batch, channels, height, width]);
    let count = batch * channels * height * width;
    unsafe {
        spread::launch_unchecked(
            &gradient.client,
            line_cubes(count),
            units(LINE),
            buffer(gradient),
            buffer(winners),
            buffer(&output),
            count,
            height,
            width,
        );
    }
    output
}

#[cube(launch_unchecked)]
fn pair_up(left: &[f32], right: &[f32], output: &mut [f32], count: usize, #[comptime] what: Pair) {
    let first = CUBE_POS_X as usize * comptime!(LINE * EACH) + UNIT_POS as usize;
    #[unroll]
    for each in 0..EACH {
        let place = first + comptime!(each * LINE);
        if place < count {
            let value = if comptime!(what == Pair::AddRelu) {
                let sum = left[place] + right[place];
                select(sum < 0.0, 0.0, sum)
            } else {
                select(right[place] > 0.0, left[place], 0.0)
            };
            output[place] = value;
        }
    }
}

#[cube(launch_unchecked)]
fn spread(
    gradient: &[f32],
    winners: &[u32],
    output: &mut [f32],
    count: usize,
    height: usize,
    width: usize,
) {
    let first = CUBE_POS_X as usize * comptime!(LINE * EACH) + UNIT_POS as usize;
    #[unroll]
    for each in 0..EACH {
        let place = first + comptime!(each * LINE);
        if place < count {
            let (line, column) = (place / width, place % width);
            let (plane, row) = (line / height, line % height);
            let there = (row / 2 < height / 2) & (column / 2 < width / 2);
            let window = (plane * (height / 2) + row / 2) * (width / 2) + column / 2;
            let window = select(there, window, 0);
            let own = (row % 2 * 2 + column % 2) as u32;
            let won = there & (winners[window] == own);
            output[place] = select(won, gradient[window], 0.0);
        }
    }
}
