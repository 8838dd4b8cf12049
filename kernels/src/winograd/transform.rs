//! The transforms of F(4×4, 3×3): Lavin and Gray 2015, <https://arxiv.org/abs/1509.09308>, section 4.1, whose
//! matrices are A, B and G here.

use std::array;

use wide::f32x4;

/// Side of the outputs of a tile, which is the distance between tiles.
pub(super) const STEP: usize = 4;
/// Side of a tile; neighbouring tiles overlap by two rows or columns.
pub(super) const SIDE: usize = STEP + 2;
/// Numbers of a transformed tile.
pub(super) const SPOTS: usize = SIDE * SIDE;

/// Numbers from one spot of some channels to the next: at a distance of a power of two, all spots of a channel would map to the
/// same few cache lines.
pub(super) const fn apart(channels: usize) -> usize {
    channels + 4
}

/// Transforms each column of a square, then each row of the result.
#[inline(always)]
pub(super) fn both_ways<const N: usize, const M: usize>(
    square: &[[f32x4; N]; N],
    transform: impl Fn([f32x4; N]) -> [f32x4; M],
) -> [[f32x4; M]; M] {
    let mut columns = [[f32x4::ZERO; N]; M];
    for column in 0..N {
        let values = transform(array::from_fn(|row| square[row][column]));
        for (columns, value) in columns.iter_mut().zip(values) {
            columns[column] = value;
        }
    }
    let mut result = [[f32x4::ZERO; M]; M];
    for (result, columns) in result.iter_mut().zip(columns) {
        *result = transform(columns);
    }
    result
}

/// Bᵀ·d of one row or column of inputs.
#[inline(always)]
pub(super) fn of_input([a, b, c, d, e, f]: [f32x4; SIDE]) -> [f32x4; SIDE] {
    let (four, five) = (f32x4::splat(4.0), f32x4::splat(5.0));
    let (even, odd) = (e - four * c, d - four * b);
    let (near, far) = (e - c, (d - b) + (d - b));
    [
        four * a - five * c + e,
        even + odd,
        even - odd,
        near + far,
        near - far,
        four * b - five * d + f,
    ]
}

/// Aᵀ·m of one row or column of products.
#[inline(always)]
pub(super) fn of_products([a, b, c, d, e, f]: [f32x4; SIDE]) -> [f32x4; STEP] {
    let (sum, difference) = (b + c, b - c);
    let (far, slope) = (d + e, d - e);
    let slope = slope + slope;
    let four = f32x4::splat(4.0);
    [
        a + sum + far,
        difference + slope,
        sum + four * far,
        difference + four * slope + f,
    ]
}

/// A·y of one row or column of a gradient.
#[inline(always)]
pub(super) fn of_gradient([a, b, c, d]: [f32x4; STEP]) -> [f32x4; SIDE] {
    let four = f32x4::splat(4.0);
    let (even, odd) = (a + c, b + d);
    let (far, slope) = (a + four * c, (b + b) + four * (d + d));
    [a, even + odd, even - odd, far + slope, far - slope, d]
}

/// G·g of one row or column of a kernel.
#[inline(always)]
pub(super) fn of_kernel([a, b, c]: [f32x4; 3]) -> [f32x4; SIDE] {
    let [quarter, sixth, small] = [1.0 / 4.0, -1.0 / 6.0, 1.0 / 24.0].map(f32x4::splat);
    let (ends, far) = (a + c, a + f32x4::splat(4.0) * c);
    [
        quarter * a,
        sixth * (ends + b),
        sixth * (ends - b),
        small * (far + (b + b)),
        small * (far - (b + b)),
        c,
    ]
}

/// Gᵀ·s of one row or column of sums: to the gradient of a kernel.
#[inline(always)]
pub(super) fn of_sums([a, b, c, d, e, f]: [f32x4; SIDE]) -> [f32x4; 3] {
    let [quarter, sixth, small, twelfth] =
        [1.0 / 4.0, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 12.0].map(f32x4::splat);
    let (near, far) = (sixth * (b + c), d + e);
    [
        quarter * a - near + small * far,
        sixth * (c - b) + twelfth * (d - e),
        sixth * far - near + f,
    ]
}

/// The four numbers that begin here; `values` has as many.
#[inline(always)]
pub(super) fn four(values: &[f32]) -> f32x4 {
    match values.first_chunk() {
        Some(values) => f32x4::from(*values),
        None => unreachable!("buffers end with room for a register"),
    }
}

/// Overwrites the first four.
#[inline(always)]
pub(super) fn put(values: &mut [f32], four: f32x4) {
    if let Some(values) = values.first_chunk_mut() {
        *values = four.to_array();
    }
}
