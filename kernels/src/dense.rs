//! Matrix products for dense layers, over row-major arrays on the host.

use std::borrow::Cow;

use crate::parts;
use crate::tile::{FILTERS, WIDTH, gather};

/// Cost of moving one number in a transposition, in multiplications.
const TURN: usize = 8;
/// Matrix rows whose cache lines stay cached while a transposition reads one number of each in turn.
const NEAR: usize = 16;

/// A matrix whose rows are padded with zeros to whole register tiles.
struct Wide<'a> {
    numbers: Cow<'a, [f32]>,
    rows: usize,
    /// Columns, rounded up.
    pitch: usize,
}

impl<'a> Wide<'a> {
    /// Of `[rows, columns]`.
    fn new(values: &'a [f32], columns: usize) -> Self {
        let pitch = columns.next_multiple_of(WIDTH);
        let rows = values.len() / columns;
        if pitch == columns {
            return Self {
                numbers: Cow::Borrowed(values),
                rows,
                pitch,
            };
        }
        let mut numbers = vec![0.0; rows * pitch];
        let lines = numbers.chunks_exact_mut(pitch);
        for (line, values) in lines.zip(values.chunks_exact(columns)) {
            line[..columns].copy_from_slice(values);
        }
        Self {
            numbers: Cow::Owned(numbers),
            rows,
            pitch,
        }
    }

    /// Of `[columns, rows]`, turned over.
    fn turned(values: &[f32], rows: usize) -> Self {
        let columns = values.len() / rows;
        let pitch = columns.next_multiple_of(WIDTH);
        let mut numbers = vec![0.0; rows * pitch];
        let cost = TURN * numbers.len();
        let piece = parts::piece(rows, cost);
        let pieces = numbers.chunks_mut(piece * pitch).enumerate();
        parts::each(
            pieces,
            cost,
            || (),
            |(), (index, lines)| {
                for first in (0..columns).step_by(NEAR) {
                    let last = columns.min(first + NEAR);
                    for (row, line) in lines.chunks_exact_mut(pitch).enumerate() {
                        let values = values[first * rows + index * piece + row..].iter();
                        for (number, value) in
                            line[first..last].iter_mut().zip(values.step_by(rows))
                        {
                            *number = *value;
                        }
                    }
                }
            },
        );
        Self {
            numbers: Cow::Owned(numbers),
            rows,
            pitch,
        }
    }

    /// `[count, rows]` times this; `factor(index, row)` is what the first one holds.
    fn times(
        &self,
        count: usize,
        factor: impl Fn(usize, usize) -> f32 + Sync,
        results: &mut [f32],
    ) {
        let offsets: Vec<_> = (0..self.rows).map(|row| row * self.pitch).collect();
        let columns = results.len() / count;
        let cost = count * self.rows * self.pitch;
        let piece = parts::piece(count, cost).next_multiple_of(FILTERS);
        let pieces = results.chunks_mut(piece * columns).enumerate();
        let scratch = || {
            let lines = vec![0.0; FILTERS * self.pitch];
            (vec![[0.0; FILTERS]; self.rows], lines)
        };
        parts::each(
            pieces,
            cost,
            scratch,
            |(factors, lines), (index, results)| {
                for (group, results) in results.chunks_mut(FILTERS * columns).enumerate() {
                    let there = results.len() / columns;
                    let first = index * piece + group * FILTERS;
                    for (row, factors) in factors.iter_mut().enumerate() {
                        for (lane, number) in factors[..there].iter_mut().enumerate() {
                            *number = factor(first + lane, row);
                        }
                    }
                    gather(&self.numbers, &offsets, factors, lines);
                    let lines = lines.chunks_exact(self.pitch);
                    for (result, line) in results.chunks_exact_mut(columns).zip(lines) {
                        result.copy_from_slice(&line[..columns]);
                    }
                }
            },
        );
    }
}

/// `[batch, inputs]` times `[inputs, outputs]`, plus the bias of each output.
pub fn forward(inputs: &[f32], weights: &[f32], bias: &[f32]) -> Vec<f32> {
    let outputs = bias.len();
    let width = weights.len() / outputs;
    let batch = inputs.len() / width;
    let mut results = vec![0.0; batch * outputs];
    Wide::new(weights, outputs).times(
        batch,
        |sample, input| inputs[sample * width + input],
        &mut results,
    );
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
    let batch = gradient.len() / outputs;
    let mut of_weights = vec![0.0; weights.len()];
    Wide::new(gradient, outputs).times(
        width,
        |input, sample| inputs[sample * width + input],
        &mut of_weights,
    );
    let of_inputs = wants_inputs.then(|| {
        let mut of_inputs = vec![0.0; inputs.len()];
        Wide::turned(weights, outputs).times(
            batch,
            |sample, output| gradient[sample * outputs + output],
            &mut of_inputs,
        );
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
