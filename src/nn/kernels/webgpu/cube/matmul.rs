//! Products of matrices for dense layers: a cube holds a tile of both matrices in shared memory, and
//! each thread the sums of eight rows and four columns in registers.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{Four, buffer, empty, sum, units};

/// Threads along the columns and the rows of a cube's tile.
const ACROSS: usize = 16;
const DOWN: usize = 4;
/// Columns of a thread, `ACROSS` apart; its rows are beside each other, in fours.
const EACH: usize = 4;
const FOURS: usize = 2;
/// Columns and rows of a cube's tile.
const WIDTH: usize = ACROSS * EACH;
const HEIGHT: usize = DOWN * FOURS * 4;
/// Products of a sum that are held at once.
const DEPTH: usize = 16;
/// Cubes that keep a GPU busy: where the result has fewer tiles, each sum is split.
const CUBES: usize = 32;
/// Products that are worth a cube.
const SHARE: usize = 64;

/// How two matrices lie in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) struct Product {
    /// Whether the left one is stored `[inner, rows]`, not `[rows, inner]`.
    left_turned: bool,
    /// Whether the right one is stored `[columns, inner]`, not `[inner, columns]`.
    right_turned: bool,
    /// Whether the left one has one row more, all ones: the sums of the right one's columns.
    ones: bool,
    /// Whether there is a bias for each column.
    bias: bool,
    relu: bool,
}

impl Product {
    /// A product with nothing behind it.
    pub(in super::super) fn plain(left_turned: bool, right_turned: bool) -> Self {
        Self {
            left_turned,
            right_turned,
            ones: false,
            bias: false,
            relu: false,
        }
    }

    /// The same, with the sums of the right matrix's columns.
    pub(in super::super) fn with_sums(self) -> Self {
        Self { ones: true, ..self }
    }

    /// `[rows, columns]`, where `inner` numbers meet in each sum, and the sums of the right matrix's
    /// columns if they were asked for.
    pub(in super::super) fn run(
        self,
        [left, right]: [&CubeTensor; 2],
        [rows, columns, inner]: [usize; 3],
    ) -> [CubeTensor; 2] {
        let output = empty(left, [rows, columns]);
        let sums = empty(left, [if self.ones { columns } else { 1 }]);
        self.launch(
            [left, right, right],
            [&output, &sums],
            [rows, columns, inner],
            1,
        );
        [output, sums]
    }

    fn launch(
        self,
        [left, right, bias]: [&CubeTensor; 3],
        [output, sums]: [&CubeTensor; 2],
        [rows, columns, inner]: [usize; 3],
        shares: usize,
    ) {
        let lines = rows + usize::from(self.ones);
        unsafe {
            multiply::launch_unchecked(
                &left.client,
                CubeCount::Static(
                    columns.div_ceil(WIDTH) as u32,
                    lines.div_ceil(HEIGHT) as u32,
                    shares as u32,
                ),
                units(ACROSS * DOWN),
                buffer(left),
                buffer(right),
                buffer(bias),
                buffer(output),
                buffer(sums),
                rows,
                columns,
                inner,
                inner.div_ceil(shares).next_multiple_of(DEPTH),
                self,
            );
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
    let tiles = batch.div_ceil(HEIGHT) * outputs.div_ceil(WIDTH);
    let shares = (CUBES / tiles).min(inner / SHARE).max(1);
    let unused = empty(inputs, [1]);
    if shares == 1 {
        let product = Product {
            bias: true,
            relu,
            ..Product::plain(false, false)
        };
        let output = empty(inputs, [batch, outputs]);
        product.launch([inputs, weights, bias], [&output, &unused], size, 1);
        return output;
    }
    let found = empty(inputs, [shares, batch, outputs]);
    Product::plain(false, false).launch([inputs, weights, bias], [&found, &unused], size, shares);
    sum::columns(&found, shares, [batch, outputs], Some(bias), relu)
}

#[cube(launch_unchecked)]
fn multiply(
    left: &[f32],
    right: &[f32],
    bias: &[f32],
    output: &mut [f32],
    sums: &mut [f32],
    rows: usize,
    columns: usize,
    inner: usize,
    share: usize,
    #[comptime] product: Product,
) {
    let unit = UNIT_POS as usize;
    let (across, down) = (unit % ACROSS, unit / ACROSS);
    let first_column = CUBE_POS_X as usize * WIDTH;
    let first_row = CUBE_POS_Y as usize * HEIGHT;
    let mut lefts = Shared::<[Four]>::new_slice(comptime!(DEPTH * HEIGHT / 4));
    let mut rights = Shared::<[f32]>::new_slice(comptime!(DEPTH * WIDTH));
    let mut results = Array::<Four>::new(comptime!(EACH * FOURS));
    let begin = CUBE_POS_Z as usize * share;
    let end = min(begin + share, inner);
    for first in range_stepped(begin, end, DEPTH) {
        sync_cube();
        for index in range_stepped(
            unit,
            comptime!(DEPTH * HEIGHT / 4),
            comptime!(ACROSS * DOWN),
        ) {
            // Neighbours read neighbours, whichever way the matrix lies.
            let (step, four) = if comptime!(product.left_turned) {
                (index / comptime!(HEIGHT / 4), index % comptime!(HEIGHT / 4))
            } else {
                (index % DEPTH, index / DEPTH)
            };
            lefts[step * comptime!(HEIGHT / 4) + four] = read_left(
                left,
                first_row + four * 4,
                first + step,
                rows,
                inner,
                end,
                product,
            );
        }
        for index in range_stepped(unit, comptime!(DEPTH * WIDTH), comptime!(ACROSS * DOWN)) {
            let (step, place) = if comptime!(product.right_turned) {
                (index % DEPTH, index / DEPTH)
            } else {
                (index / WIDTH, index % WIDTH)
            };
            let (column, at) = (first_column + place, first + step);
            let there = (column < columns) & (at < end);
            let from = if comptime!(product.right_turned) {
                column * inner + at
            } else {
                at * columns + column
            };
            rights[step * WIDTH + place] = select(there, right[select(there, from, 0)], 0.0);
        }
        sync_cube();
        for step in 0..DEPTH {
            let mut factors = Sequence::<Four>::new();
            #[unroll]
            for four in 0..FOURS {
                factors.push(lefts[step * comptime!(HEIGHT / 4) + down * FOURS + four]);
            }
            #[unroll]
            for each in 0..EACH {
                let value = Four::new(rights[step * WIDTH + across + comptime!(each * ACROSS)]);
                #[unroll]
                for four in 0..FOURS {
                    results[comptime!(each * FOURS + four)] += *factors.index(four) * value;
                }
            }
        }
    }
    let matrix = CUBE_POS_Z as usize * rows * columns;
    #[unroll]
    for each in 0..EACH {
        let column = first_column + across + comptime!(each * ACROSS);
        if column < columns {
            #[unroll]
            for lane in 0..comptime!(FOURS * 4) {
                let row = first_row + down * comptime!(FOURS * 4) + lane;
                let mut value =
                    results[comptime!(each * FOURS + lane / 4)].extract(comptime!(lane % 4));
                if row < rows {
                    if comptime!(product.bias) {
                        value += bias[column];
                    }
                    if comptime!(product.relu) {
                        value = select(value < 0.0, 0.0, value);
                    }
                    output[matrix + row * columns + column] = value;
                }
                if comptime!(product.ones) {
                    if row == rows {
                        sums[column] = value;
                    }
                }
            }
        }
    }
}

/// Four rows of the left matrix at one place of the sum; zeros where there are none.
#[cube]
fn read_left(
    left: &[f32],
    row: usize,
    at: usize,
    rows: usize,
    inner: usize,
    end: usize,
    #[comptime] product: Product,
) -> Four {
    let mut result = Four::new(0.0);
    #[unroll]
    for lane in 0..4 {
        let there = (row + lane < rows) & (at < end);
        let from = if comptime!(product.left_turned) {
            at * rows + row + lane
        } else {
            (row + lane) * inner + at
        };
        let value = select(there, left[select(there, from, 0)], 0.0);
        if comptime!(product.ones) {
            result.insert(lane, select((row + lane == rows) & (at < end), 1.0, value));
        } else {
            result.insert(lane, value);
        }
    }
    result
}
