//! Matrix products for dense layers, over row-major arrays on the host.

use wide::f32x4;

use crate::parts;
use crate::tile::{FILTERS, WIDTH, multiply, store};

/// Cost of moving one number in a transposition, in multiplications.
const TURN: usize = 8;

/// A matrix `[rows, columns]` as tiles read it: a register of columns after the other, the last one filled with zeros.
pub(crate) struct Ready {
    /// `[registers, rows]`.
    numbers: Vec<[f32; WIDTH]>,
    rows: usize,
    columns: usize,
}

impl Ready {
    /// Of `[rows, columns]`.
    pub(crate) fn new(values: &[f32], columns: usize) -> Self {
        let rows = values.len() / columns;
        Self::filled(rows, columns, |first, register| {
            for (number, values) in register.iter_mut().zip(values.chunks_exact(columns)) {
                let values = &values[first..];
                match values.first_chunk() {
                    Some(values) => *number = *values,
                    None => number[..values.len()].copy_from_slice(values),
                }
            }
        })
    }

    /// Of `[columns, rows]`, turned over.
    fn turned(values: &[f32], rows: usize) -> Self {
        let columns = values.len() / rows;
        Self::filled(rows, columns, |first, register| {
            let lines = values.chunks_exact(rows).skip(first).take(WIDTH);
            for (lane, line) in lines.enumerate() {
                for (number, value) in register.iter_mut().zip(line) {
                    number[lane] = *value;
                }
            }
        })
    }

    /// `fill(first, register)` writes the columns from `first` on.
    pub(crate) fn filled(
        rows: usize,
        columns: usize,
        fill: impl Fn(usize, &mut [[f32; WIDTH]]) + Sync,
    ) -> Self {
        let mut numbers = vec![[0.0; WIDTH]; columns.div_ceil(WIDTH) * rows];
        let registers = numbers.chunks_exact_mut(rows).enumerate();
        let cost = TURN * rows * columns;
        parts::each(
            registers,
            cost,
            || (),
            |(), (index, register)| fill(index * WIDTH, register),
        );
        Self {
            numbers,
            rows,
            columns,
        }
    }

    /// `[count, rows]` times this; `pack(first, factors)` writes up to four rows of that, from `first` on, number by number.
    pub(crate) fn times(
        &self,
        pack: impl Fn(usize, &mut [[f32; FILTERS]]) + Sync,
        results: &mut [f32],
    ) {
        let columns = self.columns;
        let count = results.len() / columns;
        let cost = count * self.rows * columns;
        let piece = parts::piece(count, cost).next_multiple_of(FILTERS);
        let pieces = results.chunks_mut(piece * columns).enumerate();
        let scratch = || vec![[0.0; FILTERS]; self.rows];
        parts::each(pieces, cost, scratch, |factors, (index, results)| {
            for (group, results) in results.chunks_mut(FILTERS * columns).enumerate() {
                pack(index * piece + group * FILTERS, factors);
                for (at, register) in self.numbers.chunks_exact(self.rows).enumerate() {
                    let tile = multiply(register, factors);
                    for (results, registers) in results.chunks_exact_mut(columns).zip(tile) {
                        let results = &mut results[at * WIDTH..];
                        let mut lanes = [0.0; WIDTH];
                        match results.first_chunk_mut() {
                            Some(results) => store(registers, results),
                            None => {
                                store(registers, &mut lanes);
                                results.copy_from_slice(&lanes[..results.len()]);
                            }
                        }
                    }
                }
            }
        });
    }
}

/// Up to four rows of a matrix with rows of this length, number by number.
pub(crate) fn rows(values: &[f32], length: usize, first: usize, factors: &mut [[f32; FILTERS]]) {
    let values = &values[first * length..];
    let line = |lane: usize| {
        values
            .get(lane * length..(lane + 1) * length)
            .unwrap_or(&[])
    };
    let lines: [&[f32]; FILTERS] = [line(0), line(1), line(2), line(3)];
    let (groups, rest) = factors.as_chunks_mut::<FILTERS>();
    for (index, group) in groups.iter_mut().enumerate() {
        let [a, b, c, d] = lines;
        let four = |line: &[f32]| match line.get(index * FILTERS..) {
            Some([a, b, c, d, ..]) => f32x4::from([*a, *b, *c, *d]),
            _ => f32x4::ZERO,
        };
        *group = f32x4::transpose([four(a), four(b), four(c), four(d)]).map(f32x4::to_array);
    }
    let first = length - rest.len();
    for (index, factors) in rest.iter_mut().enumerate() {
        for (factor, line) in factors.iter_mut().zip(lines) {
            *factor = line.get(first + index).copied().unwrap_or(0.0);
        }
    }
}

/// Up to four columns of a matrix with rows of this length, number by number.
pub(crate) fn columns(values: &[f32], length: usize, first: usize, factors: &mut [[f32; FILTERS]]) {
    for (factors, row) in factors.iter_mut().zip(values.chunks_exact(length)) {
        let row = &row[first..];
        match row.first_chunk() {
            Some(row) => *factors = *row,
            None => factors[..row.len()].copy_from_slice(row),
        }
    }
}

/// `[batch, inputs]` times `[inputs, outputs]`, plus the bias of each output.
pub fn forward(inputs: &[f32], weights: &[f32], bias: &[f32]) -> Vec<f32> {
    let outputs = bias.len();
    let width = weights.len() / outputs;
    let batch = inputs.len() / width;
    let mut results = vec![0.0; batch * outputs];
    let pack = |first: usize, factors: &mut [_]| rows(inputs, width, first, factors);
    Ready::new(weights, outputs).times(pack, &mut results);
    for row in results.chunks_exact_mut(outputs) {
        for (result, bias) in row.iter_mut().zip(bias) {
            *result += bias;
        }
    }
    results
}

/// The gradients of a dense layer.
pub struct DenseGradients {
    /// `[batch, inputs]`, if they were wanted.
    pub inputs: Option<Vec<f32>>,
    /// `[inputs, outputs]`.
    pub weights: Vec<f32>,
    /// `[outputs]`.
    pub bias: Vec<f32>,
}

/// The backward pass of a dense layer, from the gradient of its output, `[batch, outputs]`.
pub fn backward(
    inputs: &[f32],
    weights: &[f32],
    outputs: usize,
    gradient: &[f32],
    wants_inputs: bool,
) -> DenseGradients {
    let width = weights.len() / outputs;
    let mut of_weights = vec![0.0; weights.len()];
    let pack = |first: usize, factors: &mut [_]| columns(inputs, width, first, factors);
    Ready::new(gradient, outputs).times(pack, &mut of_weights);
    let of_inputs = wants_inputs.then(|| {
        let mut of_inputs = vec![0.0; inputs.len()];
        let pack = |first: usize, factors: &mut [_]| rows(gradient, outputs, first, factors);
        Ready::turned(weights, outputs).times(pack, &mut of_inputs);
        of_inputs
    });
    let mut bias = vec![0.0; outputs];
    for row in gradient.chunks_exact(outputs) {
        for (sum, value) in bias.iter_mut().zip(row) {
            *sum += value;
        }
    }
    DenseGradients {
        inputs: of_inputs,
        weights: of_weights,
        bias,
    }
}
