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

/// Products of a tile for each turn of a loop.
const UNROLLED: usize = 8;

/// Loads `WIDTH` numbers.
#[inline(always)]
fn load(values: &[f32; WIDTH]) -> [f32x4; REGISTERS] {
    let [a, b, c, d, e, f, g, h] = *values;
    [[a, b, c, d].into(), [e, f, g, h].into()]
}

/// Stores them.
#[inline(always)]
pub(crate) fn store(registers: [f32x4; REGISTERS], values: &mut [f32; WIDTH]) {
    for (values, register) in values.as_chunks_mut().0.iter_mut().zip(registers) {
        *values = register.into();
    }
}

/// `results[f][p] = Σₖ weights[k][f] · columns[k][p]`: a matrix product whose second matrix lies ready for tiles.
#[inline(always)]
pub(crate) fn multiply(
    columns: &[[f32; WIDTH]],
    weights: &[[f32; FILTERS]],
) -> [[f32x4; REGISTERS]; FILTERS] {
    let mut tile = [[f32x4::splat(0.0); REGISTERS]; FILTERS];
    let mut add = |column: &[f32; WIDTH], weights: &[f32; FILTERS]| {
        let column = load(column);
        for (results, weight) in tile.iter_mut().zip(weights) {
            let weight = f32x4::splat(*weight);
            for (result, value) in results.iter_mut().zip(column) {
                *result += weight * value;
            }
        }
    };
    // Several at a time, so that less is spent on the loop itself.
    let (many, rest) = columns.as_chunks::<UNROLLED>();
    let (many_weights, rest_weights) = weights.as_chunks::<UNROLLED>();
    for (columns, weights) in many.iter().zip(many_weights) {
        for index in 0..UNROLLED {
            add(&columns[index], &weights[index]);
        }
    }
    for (column, weights) in rest.iter().zip(rest_weights) {
        add(column, weights);
    }
    tile
}

/// Adds a tile to the sums that it is of.
#[inline(always)]
fn add_to<const N: usize>(sums: &mut [[f32; WIDTH]], tile: [[f32x4; REGISTERS]; N]) {
    for (sums, results) in sums.iter_mut().zip(tile) {
        let before = load(sums);
        store(
            std::array::from_fn(|index| before[index] + results[index]),
            sums,
        );
    }
}

/// `sums[n][i] += Σₚ rows[p / WIDTH · stride + n][p mod WIDTH] · columns[p][i]`: a matrix product that sums over tiles' own
/// numbers.
#[inline(never)]
pub(crate) fn add_products<const N: usize>(
    rows: &[[f32; WIDTH]],
    stride: usize,
    columns: &[[[f32; WIDTH]; WIDTH]],
    sums: &mut [[f32; WIDTH]],
) {
    let mut tile = [[f32x4::splat(0.0); REGISTERS]; N];
    for (rows, columns) in rows.chunks(stride).zip(columns) {
        let Some(rows) = rows.first_chunk::<N>() else {
            unreachable!("each register of tiles has all channels")
        };
        for (place, column) in columns.iter().enumerate() {
            let column = load(column);
            for (results, row) in tile.iter_mut().zip(rows) {
                let factor = f32x4::splat(row[place]);
                for (result, value) in results.iter_mut().zip(column) {
                    *result += factor * value;
                }
            }
        }
    }
    add_to(sums, tile);
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
    add_to(sums, tile);
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

/// What [`filter`] computes in.
pub(crate) struct Room {
    /// A register of places of each tap.
    columns: Vec<[f32; WIDTH]>,
    /// `[filters, places]`, the filters rounded up to whole groups.
    results: Vec<f32>,
}

impl Room {
    /// For up to so many taps, filters and places.
    pub(crate) fn new(taps: usize, filters: usize, places: usize) -> Self {
        Self {
            columns: vec![[0.0; WIDTH]; taps],
            results: vec![0.0; filters.next_multiple_of(FILTERS) * places],
        }
    }
}

/// Computes all filters on one frame and calls `each(filter, results)` for each: `results[p] = Σₖ weights[k] · frame[offsets[k] + p]`
/// for so many places, whole registers. It is the convolution as a matrix product; of its second matrix only a register of
/// places is copied at a time.
pub(crate) fn filter(
    frame: &[f32],
    offsets: &[usize],
    weights: &[[f32; FILTERS]],
    room: &mut Room,
    [filters, places]: [usize; 2],
    mut each: impl FnMut(usize, &[f32]),
) {
    let columns = &mut room.columns[..offsets.len()];
    for first in (0..places).step_by(WIDTH) {
        let frame = &frame[first..];
        for (column, &offset) in columns.iter_mut().zip(offsets) {
            let Some(values) = frame[offset..].first_chunk() else {
                unreachable!("frames end with room for a register")
            };
            *column = *values;
        }
        let groups = weights.chunks_exact(offsets.len());
        for (weights, results) in groups.zip(room.results.chunks_mut(FILTERS * places)) {
            let results = results.chunks_exact_mut(places);
            for (results, registers) in results.zip(multiply(columns, weights)) {
                if let Some(results) = results[first..].first_chunk_mut() {
                    store(registers, results);
                }
            }
        }
    }
    let results = room.results.chunks_exact(places).take(filters);
    for (filter, results) in results.enumerate() {
        each(filter, results);
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
