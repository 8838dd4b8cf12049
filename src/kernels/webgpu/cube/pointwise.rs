//! Elementwise kernels, and 2×2 max pooling.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{EACH, LINE, buffer, empty, line_cubes, together, units};

/// A function of two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) enum Pair {
    /// Their sum after a ReLU.
    AddRelu,
    /// The left one where the right one is positive, else zero: the gradient of a ReLU's input, from the gradient
    /// and the value of its output.
    Mask,
}

/// This function of each pair of values of two tensors of the same shape.
pub(in super::super) fn pair<const D: usize>(
    left: &CubeTensor,
    right: &CubeTensor,
    what: Pair,
) -> CubeTensor {
    let shape: [usize; D] = left.meta.shape().dims();
    let count: usize = shape.iter().product();
    let at_once = together(count);
    let output = empty(left, shape);
    // SAFETY: Indices are below `count`, and all three tensors have that many vectors.
    unsafe {
        pair_up::launch_unchecked(
            &left.client,
            line_cubes(count / at_once),
            units(LINE),
            at_once,
            buffer(left),
            buffer(right),
            buffer(&output),
            count / at_once,
            what,
        );
    }
    output
}

/// 2×2 max pooling of a ReLU's output `[batch, channels, height, width]`: the largest value of each window, and its
/// position: 0 to 3 row by row, or 4 if no value was positive.
pub(in super::super) fn pool(images: &CubeTensor) -> [CubeTensor; 2] {
    let [batch, channels, height, width]: [usize; 4] = images.meta.shape().dims();
    let shape = [batch, channels, height / 2, width / 2];
    let (output, winners) = (empty(images, shape), empty(images, shape));
    let count = shape.iter().product();
    // SAFETY: Indices are below `count`, the number of windows; each window is inside `images`, whose odd
    // last row and column belong to none.
    unsafe {
        pool_windows::launch_unchecked(
            &images.client,
            line_cubes(count),
            units(LINE),
            buffer(images),
            buffer(&output),
            buffer(&winners),
            count,
            [height, width],
        );
    }
    [output, winners]
}

/// The gradient of the pooling's input, whose height and width are `size`: that of each window at the position of its
/// largest value, and zeros elsewhere.
pub(in super::super) fn unpool(
    gradient: &CubeTensor,
    winners: &CubeTensor,
    size: [usize; 2],
) -> CubeTensor {
    let [height, width] = size;
    let [batch, channels, ..]: [usize; 4] = gradient.meta.shape().dims();
    let output = empty(gradient, [batch, channels, height, width]);
    let count = batch * channels * height.div_ceil(2) * width.div_ceil(2);
    // SAFETY: Indices are below `count`; where an odd edge has no window, window 0 is read, and pixels
    // beyond the edge are not written.
    unsafe {
        spread::launch_unchecked(
            &gradient.client,
            line_cubes(count),
            units(LINE),
            buffer(gradient),
            buffer(winners),
            buffer(&output),
            count,
            size,
        );
    }
    output
}

#[cube(launch_unchecked)]
fn pair_up<N: Size>(
    left: &[Vector<f32, N>],
    right: &[Vector<f32, N>],
    output: &mut [Vector<f32, N>],
    count: usize,
    #[comptime] what: Pair,
) {
    let none = Vector::<f32, N>::new(0.0);
    let first = CUBE_POS_X as usize * comptime!(LINE * EACH) + UNIT_POS as usize;
    for each in 0..EACH {
        let place = first + each * LINE;
        if place < count {
            let value = if comptime!(what == Pair::AddRelu) {
                let sum = left[place] + right[place];
                select_many(sum.less_than(&none), none, sum)
            } else {
                select_many(right[place].greater_than(&none), left[place], none)
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
    #[comptime] size: [usize; 2],
) {
    let [height, width] = size;
    let (down, across) = comptime!((height.div_ceil(2), width.div_ceil(2)));
    let first = CUBE_POS_X as usize * comptime!(LINE * EACH) + UNIT_POS as usize;
    // Window by window; at an odd edge some are incomplete and have no largest value.
    for each in 0..EACH {
        let place = first + each * LINE;
        if place < count {
            let line = place / across;
            let (plane, row, column) = (line / down, line % down, place % across);
            let mut window = place;
            let mut there = true.runtime();
            if comptime!(height % 2 == 1 || width % 2 == 1) {
                there = (row < height / 2) & (column < width / 2);
                window = select(
                    there,
                    (plane * (height / 2) + row) * (width / 2) + column,
                    0,
                );
            }
            let winner = select(there, winners[window], 4u32);
            let value = gradient[window];
            let corner = (plane * height + row * 2) * width + column * 2;
            #[unroll]
            for pixel in 0..4u32 {
                let (below, right) = comptime!((pixel as usize / 2, pixel as usize % 2));
                let inside = (comptime!(height % 2 == 0) || row * 2 + below < height)
                    && (comptime!(width % 2 == 0) || column * 2 + right < width);
                if inside {
                    output[corner + comptime!(below * width + right)] =
                        select(winner == pixel, value, 0.0);
                }
            }
        }
    }
}

#[cube(launch_unchecked)]
fn pool_windows(
    images: &[f32],
    output: &mut [f32],
    winners: &mut [u32],
    count: usize,
    #[comptime] size: [usize; 2],
) {
    let [height, width] = size;
    let first = CUBE_POS_X as usize * comptime!(LINE * EACH) + UNIT_POS as usize;
    for each in 0..EACH {
        let place = first + each * LINE;
        if place < count {
            let line = place / comptime!(width / 2);
            let above = if comptime!(height % 2 == 0) {
                line * 2
            } else {
                line * 2 + line / comptime!(height / 2)
            };
            let corner = above * width + place % comptime!(width / 2) * 2;
            let mut best = f32::new(0.0);
            let mut winner = 4u32;
            #[unroll]
            for pixel in 0..4u32 {
                let value =
                    images[corner + comptime!(pixel as usize / 2 * width + pixel as usize % 2)];
                // Not `value > best`: NaN must win, so that it is not lost.
                let loses = value <= best;
                best = select(loses, best, value);
                winner = select(loses, winner, pixel);
            }
            output[place] = best;
            winners[place] = winner;
        }
    }
}
