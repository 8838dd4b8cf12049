//! The innermost loops: a tile of results that is kept in registers.

use wide::f32x4;

/// Filters of a tile.
pub(crate) const FILTERS: usize = 4;
/// Registers of neighbouring results, four in each.
const REGISTERS: usize = 2;
/// Neighbouring results of a tile.
pub(crate) const WIDTH: usize = 4 * REGISTERS;
/// Taps whose weight gradients are summed at once.
pub(crate) const TAPS: usize = 4;

/// Loads `WIDTH` numbers.
#[inline(always)]
fn load(values: &[f32; WIDTH]) -> [f32x4; REGISTERS] {
    let [a, b, c, d, e, f, g, h] = *values;
    [[a, b, c, d].into(), [e, f, g, h].into()]
}

/// Stores them.
#[inline(always)]
fn store(registers: [f32x4; REGISTERS], values: &mut [f32; WIDTH]) {
    for (values, register) in values.as_chunks_mut().0.iter_mut().zip(registers) {
        *values = register.into();
    }
}

/// `results[f][p] = Σₖ weights[k][f] · rows[offsets[k] + p]`: the convolution as a matrix product
/// whose second matrix is read where it lies. `results` is `[FILTERS, places]`, whole tiles.
#[inline(never)]
pub(crate) fn gather(
    rows: &[f32],
    offsets: &[usize],
    weights: &[[f32; FILTERS]],
    results: &mut [f32],
) {
    let places = results.len() / FILTERS;
    for first in (0..places).step_by(WIDTH) {
        let mut tile = [[f32x4::splat(0.0); REGISTERS]; FILTERS];
        let rows = &rows[first..];
        for (&offset, weights) in offsets.iter().zip(weights) {
            let Some(values) = rows[offset..].first_chunk() else {
                unreachable!("rows end with room for a tile")
            };
            let values = load(values);
            for (results, weight) in tile.iter_mut().zip(weights) {
                let weight = f32x4::splat(*weight);
                for (result, value) in results.iter_mut().zip(values) {
                    *result += weight * value;
                }
            }
        }
        for (results, registers) in results.chunks_exact_mut(places).zip(tile) {
            if let Some(results) = results[first..].first_chunk_mut() {
                store(registers, results);
            }
        }
    }
}

/// `sums[n][i] += Σₚ rows[n][p] · columns[p][i]`: the gradient of the weights of `N` taps.
#[inline(never)]
pub(crate) fn correlate<const N: usize>(
    rows: [&[f32]; N],
    columns: &[[f32; WIDTH]],
    sums: &mut [[f32; WIDTH]],
) {
    let mut tile = [[f32x4::splat(0.0); REGISTERS]; N];
    let rows = rows.map(|row| &row[..columns.len()]);
    for (place, column) in columns.iter().enumerate() {
        let column = load(column);
        for (results, row) in tile.iter_mut().zip(rows) {
            let factor = f32x4::splat(row[place]);
            for (result, value) in results.iter_mut().zip(column) {
                *result += factor * value;
            }
        }
    }
    for (sums, results) in sums.iter_mut().zip(tile) {
        let before = load(sums);
        store(
            std::array::from_fn(|index| before[index] + results[index]),
            sums,
        );
    }
}

/// Weights in the order in which tiles read them: for each group of filters, for each tap, one
/// weight of each filter. The last group is padded with zeros.
pub(crate) fn pack(
    filters: usize,
    taps: usize,
    weight: impl Fn(usize, usize) -> f32,
) -> Vec<[f32; FILTERS]> {
    let mut packed = Vec::with_capacity(filters.div_ceil(FILTERS) * taps);
    for first in (0..filters).step_by(FILTERS) {
        for tap in 0..taps {
            packed.push(std::array::from_fn(|lane| {
                let filter = first + lane;
                if filter < filters {
                    weight(filter, tap)
                } else {
                    0.0
                }
            }));
        }
    }
    packed
}

/// Computes all filters on one frame and calls `each(filter, results)` for each.
pub(crate) fn filter(
    frame: &[f32],
    offsets: &[usize],
    weights: &[[f32; FILTERS]],
    results: &mut [f32],
    filters: usize,
    mut each: impl FnMut(usize, &[f32]),
) {
    for (group, weights) in weights.chunks_exact(offsets.len()).enumerate() {
        gather(frame, offsets, weights, results);
        let there = FILTERS.min(filters - group * FILTERS);
        let lanes = results.chunks_exact(results.len() / FILTERS).take(there);
        for (lane, results) in lanes.enumerate() {
            each(group * FILTERS + lane, results);
        }
    }
}

/// Interleaves the values of some filters, whose planes are `plane` values apart.
pub(crate) fn interleave(
    planes: &[f32],
    plane: usize,
    filters: std::ops::Range<usize>,
    columns: &mut [[f32; WIDTH]],
) {
    let count = columns.len();
    for (lane, filter) in filters.enumerate() {
        for (column, value) in columns.iter_mut().zip(&planes[filter * plane..][..count]) {
            column[lane] = *value;
        }
    }
}
