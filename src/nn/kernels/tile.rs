//! The innermost loops, written so that the compiler keeps a tile of results in 128-bit registers.

/// Filters of a tile.
pub(super) const FILTERS: usize = 4;
/// Neighbouring results of a tile.
pub(super) const WIDTH: usize = 8;
/// Taps whose weight gradients are summed at once.
pub(super) const TAPS: usize = 4;

/// `results[f][p] = Σₖ weights[k][f] · rows[offsets[k] + p]`: the convolution as a matrix product
/// whose second matrix is read where it lies. `results` is `[FILTERS, places]`, whole tiles.
// Not inlined: merged with its callers' loops, the compiler would no longer see the tile.
#[inline(never)]
pub(super) fn gather(
    rows: &[f32],
    offsets: &[usize],
    weights: &[[f32; FILTERS]],
    results: &mut [f32],
) {
    let places = results.len() / FILTERS;
    for first in (0..places).step_by(WIDTH) {
        let mut tile = [[0.0; WIDTH]; FILTERS];
        let rows = &rows[first..];
        for (&offset, weights) in offsets.iter().zip(weights) {
            let Some(values) = rows[offset..].first_chunk::<WIDTH>() else {
                unreachable!("rows end with room for a tile")
            };
            for (results, weight) in tile.iter_mut().zip(weights) {
                for (result, value) in results.iter_mut().zip(values) {
                    *result += weight * value;
                }
            }
        }
        for (results, values) in results.chunks_exact_mut(places).zip(&tile) {
            results[first..][..WIDTH].copy_from_slice(values);
        }
    }
}

/// `sums[n][i] += Σₚ rows[n][p] · columns[p][i]`: the gradient of the weights of `N` taps.
#[inline(never)]
pub(super) fn correlate<const N: usize>(
    rows: [&[f32]; N],
    columns: &[[f32; WIDTH]],
    sums: &mut [[f32; WIDTH]],
) {
    let mut tile = [[0.0; WIDTH]; N];
    let rows = rows.map(|row| &row[..columns.len()]);
    for (place, column) in columns.iter().enumerate() {
        for (results, row) in tile.iter_mut().zip(rows) {
            for (result, value) in results.iter_mut().zip(column) {
                *result += row[place] * value;
            }
        }
    }
    for (sums, results) in sums.iter_mut().zip(tile) {
        for (sum, result) in sums.iter_mut().zip(results) {
            *sum += result;
        }
    }
}
