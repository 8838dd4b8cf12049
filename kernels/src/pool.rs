//! ReLU and 2×2 max pooling of a convolution's output, row by row as the convolution produces it.

use std::array;

use wide::{bytemuck, f32x4, i32x4};

/// Side of the window, and its stride.
pub(crate) const SIDE: usize = 2;
/// Marker in `places`: no value in the window was positive, so no gradient flows.
const NONE: u8 = 4;
/// Windows that are computed together.
const LANES: usize = 4;

/// The largest value of each window and its position, or 0 and the marker. The value of row `y` and column
/// `x` is `values[y * pitch + x]`, and `bias` is added to each.
pub(crate) fn forward(
    values: &[f32],
    pitch: usize,
    bias: f32,
    width: usize,
    output: &mut [f32],
    winners: &mut [u8],
) {
    let rows = output
        .chunks_exact_mut(width)
        .zip(winners.chunks_exact_mut(width));
    for (row, (output, winners)) in rows.enumerate() {
        let upper = &values[row * SIDE * pitch..][..width * SIDE];
        let lower = &values[(row * SIDE + 1) * pitch..][..width * SIDE];
        let windows = upper.chunks(SIDE * LANES).zip(lower.chunks(SIDE * LANES));
        let results = output.chunks_mut(LANES).zip(winners.chunks_mut(LANES));
        for ((upper, lower), (output, winners)) in windows.zip(results) {
            let (best, places) = largest(apart(upper), apart(lower), bias);
            put(best.to_array(), output);
            put(places.to_array().map(|place| place as u8), winners);
        }
    }
}

/// So many of these, and zeros if there are fewer.
#[inline(always)]
pub(crate) fn filled<T: Copy + Default, const N: usize>(values: &[T]) -> [T; N] {
    match values.first_chunk() {
        Some(values) => *values,
        None => array::from_fn(|index| values.get(index).copied().unwrap_or_default()),
    }
}

/// Overwrites so many, or as many as there are.
#[inline(always)]
pub(crate) fn put<T: Copy, const N: usize>(found: [T; N], values: &mut [T]) {
    match values.first_chunk_mut() {
        Some(values) => *values = found,
        None => {
            for (value, found) in values.iter_mut().zip(found) {
                *value = found;
            }
        }
    }
}

/// The left values and the right ones of up to four pairs.
#[inline(always)]
pub(crate) fn apart(pairs: &[f32]) -> [f32x4; SIDE] {
    let [a, b, c, d, e, f, g, h] = filled(pairs);
    let (first, last) = (f32x4::from([a, b, c, d]), f32x4::from([e, f, g, h]));
    let (low, high) = (first.unpack_lo(last), first.unpack_hi(last));
    [low.unpack_lo(high), low.unpack_hi(high)]
}

/// Of four windows the largest value with the bias, and where it was.
#[inline(always)]
fn largest([a, b]: [f32x4; SIDE], [c, d]: [f32x4; SIDE], bias: f32) -> (f32x4, i32x4) {
    let mut best = f32x4::splat(-bias);
    let mut places = i32x4::splat(i32::from(NONE));
    for (place, value) in (0..).zip([a, b, c, d]) {
        // NaN wins, so that it is not lost.
        let wins = value.simd_gt(best) | value.is_nan();
        best = wins.bitselect(value, best);
        let wins: i32x4 = bytemuck::cast(wins);
        places = wins.bitselect(i32x4::splat(place), places);
    }
    (best + f32x4::splat(bias), places)
}

/// Routes each window's gradient to the position of its largest value; zeros elsewhere.
pub(crate) fn backward(
    gradient: &[f32],
    winners: &[u8],
    width: usize,
    pitch: usize,
    values: &mut [f32],
) {
    let rows = gradient
        .chunks_exact(width)
        .zip(winners.chunks_exact(width));
    for (row, (gradient, winners)) in rows.enumerate() {
        let (upper, lower) = values[row * SIDE * pitch..].split_at_mut(pitch);
        let pairs = upper[..width * SIDE]
            .chunks_mut(SIDE * LANES)
            .zip(lower[..width * SIDE].chunks_mut(SIDE * LANES));
        let windows = gradient.chunks(LANES).zip(winners.chunks(LANES));
        for ((upper, lower), (gradient, winners)) in pairs.zip(windows) {
            let values = f32x4::from(filled(gradient));
            let places = i32x4::from(filled(winners).map(|place: u8| i32::from(place)));
            let of = |place: i32| {
                let wins: f32x4 = bytemuck::cast(places.simd_eq(i32x4::splat(place)));
                wins & values
            };
            pair(of(0), of(1), upper);
            pair(of(2), of(3), lower);
        }
    }
}

/// Writes up to four pairs of a left value and a right one.
#[inline(always)]
fn pair(left: f32x4, right: f32x4, values: &mut [f32]) {
    let [a, b, c, d] = left.unpack_lo(right).to_array();
    let [e, f, g, h] = left.unpack_hi(right).to_array();
    put([a, b, c, d, e, f, g, h], values);
}
