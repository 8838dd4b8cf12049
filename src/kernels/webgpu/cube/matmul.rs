//! Matrix products for dense layers: each thread keeps the sums of up to eight rows and four columns in registers,
//! and reads both matrices directly. They are small enough for a GPU's caches, and threads are independent.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{Four, buffer, empty, sum, together, units};

/// Threads along the columns and along the rows of a cube's tile.
const ACROSS: usize = 16;
const DOWN: usize = 4;
/// Rows of a thread in the vectorized variant, which reads and writes four values at a time.
const ROWS: usize = 8;
/// Rows of a thread in the scalar variant, used for narrow outputs (the last layer). Fewer rows, because this
/// kernel's compile time dominates.
const FEW_ROWS: usize = 4;
/// Columns of a cube's tile.
const WIDTH: usize = ACROSS * 4;
/// Enough cubes to keep a GPU busy: if the result has fewer tiles, each sum is split.
const CUBES: usize = 32;
/// The fewest products of a sum that are worth another cube.
const SHARE: usize = 64;

/// How the two matrices are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) struct Product {
    /// Whether the left one is stored `[inner, rows]`, not `[rows, inner]`.
    left_turned: bool,
    /// Whether the right one is stored `[columns, inner]`, not `[inner, columns]`. Then the left one is not
    /// transposed, and no bias or ReLU is applied.
    right_turned: bool,
    /// Whether the sums of the right one's columns are computed too.
    sums: bool,
}

/// What is applied to each column of a product.
#[derive(Debug, Clone, Copy, Default)]
struct Finish {
    bias: bool,
    relu: bool,
}

/// Partial products: each sum is split into this many parts.
fn share(inner: usize, parts: usize) -> usize {
    inner.div_ceil(parts).next_multiple_of(4)
}

impl Product {
    /// The plain product.
    pub(in super::super) fn plain(left_turned: bool, right_turned: bool) -> Self {
        Self {
            left_turned,
            right_turned,
            sums: false,
        }
    }

    /// The same, and the sums of the right matrix's columns.
    pub(in super::super) fn with_sums(self) -> Self {
        Self { sums: true, ..self }
    }

    /// The product `[rows, columns]`, each value of which is a sum of `inner` products, and the sums of the right
    /// matrix's columns if they are computed.
    pub(in super::super) fn run(
        self,
        [left, right]: [&CubeTensor; 2],
        [rows, columns, inner]: [usize; 3],
    ) -> [CubeTensor; 2] {
        let output = empty(left, [rows, columns]);
        let sums = empty(left, [if self.sums { columns } else { 1 }]);
        self.launch(
            [left, right, right],
            [&output, &sums],
            [rows, columns, inner],
            1,
            Finish::default(),
        );
        [output, sums]
    }

    fn launch(
        self,
        [left, right, bias]: [&CubeTensor; 3],
        [output, sums]: [&CubeTensor; 2],
        [rows, columns, inner]: [usize; 3],
        shares: usize,
        finish: Finish,
    ) {
        let [left_line, right_line, output_line] = self.together([rows, columns, inner]);
        let tile = self.tile([rows, columns, inner]);
        // SAFETY: Only rows below `rows` and columns below `columns` are written, to the matrix of
        // this share; sums end at `inner`, and reads beyond a matrix are clamped to a valid index.
        unsafe {
            multiply::launch_unchecked(
                &left.client,
                CubeCount::Static(
                    columns.div_ceil(WIDTH) as u32,
                    rows.div_ceil(DOWN * tile) as u32,
                    shares as u32,
                ),
                units(ACROSS * DOWN),
                left_line,
                right_line,
                output_line,
                buffer(left),
                buffer(right),
                buffer(bias),
                buffer(output),
                buffer(sums),
                rows,
                columns,
                inner,
                share(inner, shares),
                u32::from(finish.bias),
                u32::from(finish.relu),
                self,
                tile,
            );
        }
    }

    /// The vector width of each matrix, the result's last.
    fn together(self, [rows, columns, inner]: [usize; 3]) -> [usize; 3] {
        // If the length of the sums is no multiple of four, values are read one at a time.
        let of_line = |line| together(inner).min(together(line));
        [
            of_line(if self.left_turned { rows } else { inner }),
            of_line(if self.right_turned { inner } else { columns }),
            together(columns),
        ]
    }

    /// Rows of a thread.
    fn tile(self, size: [usize; 3]) -> usize {
        match self.together(size) {
            [4, 4, 4] => ROWS,
            _ => FEW_ROWS,
        }
    }
}

/// A dense layer: `[batch, inputs]` times `[inputs, outputs]`, a bias `[outputs]`, and a ReLU if wanted.
pub(in super::super) fn dense(
    inputs: &CubeTensor,
    weights: &CubeTensor,
    bias: &CubeTensor,
    relu: bool,
) -> CubeTensor {
    let (batch, outputs) = (inputs.meta.shape()[0], weights.meta.shape()[1]);
    let inner = weights.meta.shape()[0];
    let size = [batch, outputs, inner];
    let product = Product::plain(false, false);
    let tiles = batch.div_ceil(DOWN * product.tile(size)) * outputs.div_ceil(WIDTH);
    let wanted = (CUBES / tiles).min(inner / SHARE).max(1);
    let shares = inner.div_ceil(share(inner, wanted));
    let unused = empty(inputs, [1]);
    if shares == 1 {
        let output = empty(inputs, [batch, outputs]);
        let finish = Finish { bias: true, relu };
        product.launch([inputs, weights, bias], [&output, &unused], size, 1, finish);
        return output;
    }
    let found = empty(inputs, [shares, batch, outputs]);
    let matrices = [inputs, weights, bias];
    product.launch(matrices, [&found, &unused], size, shares, Finish::default());
    sum::columns(&found, shares, [batch, outputs], Some(bias), relu)
}

#[cube(launch_unchecked)]
fn multiply<L: Size, R: Size, O: Size>(
    left: &[Vector<f32, L>],
    right: &[Vector<f32, R>],
    bias: &[f32],
    output: &mut [Vector<f32, O>],
    sums: &mut [f32],
    rows: usize,
    columns: usize,
    inner: usize,
    share: usize,
    biased: u32,
    relu: u32,
    #[comptime] product: Product,
    #[comptime] tile: usize,
) {
    let unit = UNIT_POS as usize;
    let (across, down) = (unit % ACROSS, unit / ACROSS);
    let column = CUBE_POS_X as usize * WIDTH + across * 4;
    let row = (CUBE_POS_Y as usize * DOWN + down) * tile;
    let begin = CUBE_POS_Z as usize * share;
    let end = min(begin + share, inner);
    let mut left_starts = Sequence::<usize>::new();
    #[unroll]
    for index in 0..comptime!(if product.left_turned { tile / 4 } else { tile }) {
        left_starts.push(if comptime!(product.left_turned) {
            start::<L>(begin, row + index * 4, rows, rows)
        } else {
            start::<L>(min(row + index, rows - 1), begin, inner, inner)
        });
    }
    let mut right_starts = Sequence::<usize>::new();
    #[unroll]
    for index in 0..comptime!(if product.right_turned { 4 } else { 1 }) {
        right_starts.push(if comptime!(product.right_turned) {
            start::<R>(min(column + index, columns - 1), begin, inner, inner)
        } else {
            start::<R>(begin, column, columns, columns)
        });
    }
    // The sums: vectors of four columns, or single columns.
    let mut results = Array::<Four>::new(tile);
    let mut dots = Array::<f32>::new(comptime!(if product.right_turned { tile * 4 } else { 1 }));
    let mut totals = Four::new(0.0);
    for at in range_stepped(0usize, end - begin, 4usize) {
        let left_places = end - begin - at;
        // Four values of each column: four rows of a matrix that is not transposed.
        let mut rights = Sequence::<Four>::new();
        #[unroll]
        for step in 0..4usize {
            if comptime!(product.right_turned) {
                let from = *right_starts.index(step) + along::<R>(at);
                rights.push(read(right, from, left_places, true));
            } else {
                let from = *right_starts.index(0usize) + down_by::<R>(at + step, columns);
                rights.push(read(
                    right,
                    from,
                    columns - min(column, columns),
                    step < left_places,
                ));
            }
        }
        let mut lefts = Sequence::<Four>::new();
        #[unroll]
        for index in 0..tile {
            if comptime!(product.left_turned) {
                let (step, four) = comptime!((index / (tile / 4), index % (tile / 4)));
                let from = *left_starts.index(four) + down_by::<L>(at + step, rows);
                let places = rows - min(row + four * 4, rows);
                lefts.push(read(left, from, places, step < left_places));
            } else {
                let from = *left_starts.index(index) + along::<L>(at);
                lefts.push(read(left, from, left_places, true));
            }
        }
        if comptime!(product.sums) {
            totals += (*rights.index(0usize) + *rights.index(1usize))
                + (*rights.index(2usize) + *rights.index(3usize));
        }
        // Four products first: some devices keep `sums` in memory, not in registers.
        #[unroll]
        for index in 0..tile {
            if comptime!(product.right_turned) {
                #[unroll]
                for lane in 0..4usize {
                    let products = *lefts.index(index) * *rights.index(lane);
                    dots[comptime!(index * 4 + lane)] += (products.extract(0usize)
                        + products.extract(1usize))
                        + (products.extract(2usize) + products.extract(3usize));
                }
            } else {
                let mut products = Sequence::<Four>::new();
                #[unroll]
                for step in 0..4usize {
                    let factor = if comptime!(product.left_turned) {
                        lefts
                            .index(comptime!(step * (tile / 4) + index / 4))
                            .extract(comptime!(index % 4))
                    } else {
                        lefts.index(index).extract(step)
                    };
                    products.push(Four::new(factor) * *rights.index(step));
                }
                results[index] += (*products.index(0usize) + *products.index(1usize))
                    + (*products.index(2usize) + *products.index(3usize));
            }
        }
    }

    if column < columns {
        let mut biases = Four::new(0.0);
        if biased != 0 {
            #[unroll]
            for lane in 0..4 {
                biases.insert(lane, bias[min(column + lane, columns - 1)]);
            }
        }
        let matrix = CUBE_POS_Z as usize * rows * columns;
        let at_once = O::value();
        #[unroll]
        for index in 0..tile {
            if row + index < rows {
                let mut values = results[index] + biases;
                if comptime!(product.right_turned) {
                    #[unroll]
                    for lane in 0..4usize {
                        values.insert(lane, dots[comptime!(index * 4 + lane)]);
                    }
                }
                if relu != 0 {
                    #[unroll]
                    for lane in 0..4usize {
                        // Not `max`, which may turn NaN into 0.
                        let value = values.extract(lane);
                        values.insert(lane, select(value < 0.0, 0.0, value));
                    }
                }
                let first = matrix + (row + index) * columns + column;
                if comptime!(at_once == 4) {
                    output[first >> 2usize] = Vector::cast_from(values);
                } else {
                    #[unroll]
                    for lane in 0..4 {
                        if column + lane < columns {
                            output[first + lane] = Vector::new(values.extract(lane));
                        }
                    }
                }
            }
        }
        if comptime!(product.sums) {
            if row == 0 {
                #[unroll]
                for lane in 0..4 {
                    if column + lane < columns {
                        sums[column + lane] = totals.extract(lane);
                    }
                }
            }
        }
    }
}

/// The index of a value of a row or column of this length, in vectors of the width at which it is read; clamped to
/// the last one.
#[cube]
fn start<N: Size>(line: usize, place: usize, places: usize, length: usize) -> usize {
    let at_once = N::value();
    if comptime!(at_once == 4) {
        line * (length >> 2usize) + (min(place, places - 4) >> 2usize)
    } else {
        line * length + place
    }
}

/// The distance between two neighbours of a row or column.
#[cube]
fn along<N: Size>(places: usize) -> usize {
    let at_once = N::value();
    if comptime!(at_once == 4) {
        places >> 2usize
    } else {
        places
    }
}

/// The distance between two rows or columns.
#[cube]
fn down_by<N: Size>(lines: usize, length: usize) -> usize {
    let at_once = N::value();
    if comptime!(at_once == 4) {
        lines * (length >> 2usize)
    } else {
        lines * length
    }
}

/// Four neighbouring values. A vector is read as a whole: beyond the matrix, its sums are discarded. Single values
/// beyond the first `places`, or of a row or column that is not `there`, are zero.
#[cube]
fn read<N: Size>(matrix: &[Vector<f32, N>], from: usize, places: usize, there: bool) -> Four {
    let at_once = N::value();
    if comptime!(at_once == 4) {
        Four::cast_from(matrix[from])
    } else {
        let mut result = Four::new(0.0);
        #[unroll]
        for lane in 0..4usize {
            let is = there & (lane < places);
            let value = matrix[select(is, from + lane, 0)].extract(0usize);
            result.insert(lane, select(is, value, 0.0));
        }
        result
    }
}
