//! How an operation makes the number at one place of its output of what enters it.

use super::Inside;
use super::entering::{Entering, index, largest, unflattened};
use super::passed::Calls;
use super::pooled::pooled;
use super::terms::{How, Over, Position, Term};
use super::windows::{
    along_channels, average, convolution, maximum, over_channels, start, transposed,
};
use crate::base::error::{Problem, Result};
use crate::operation::{EPSILON, Linear, Operation, Shape, part};

impl Inside {
    /// What the operation of the place's row does there; `terms` of the largest channels or inputs are written out.
    pub(super) async fn how(
        &self,
        place: Position,
        entering: &Entering<'_>,
        terms: usize,
    ) -> Result<How> {
        let (arrays, statistics) = self.numbers_of(place.row).await?;
        let operation = self.plan().operations()[place.row].1;
        let how = self.of(operation, place, (&arrays, statistics), entering, terms);
        how.ok_or_else(|| Problem::internal(format!("{operation:?} has no {place:?}")))
    }

    /// The same, with the arrays of the row's weights and its running statistics; none where the operation has no such place.
    fn of(
        &self,
        operation: Operation,
        place: Position,
        (arrays, statistics): (&[Vec<f32>], Option<[Vec<f32>; 2]>),
        entering: &Entering<'_>,
        terms: usize,
    ) -> Option<How> {
        let Position { channel, y, x, .. } = place;
        let values = &entering.output.values;
        // Where it is in what enters, for operations that change each number by itself.
        let same = index(entering.output.shape, place).ok();
        Some(match operation {
            Operation::Conv2d(conv) => convolution(conv, arrays, place, entering, terms)?,
            Operation::ConvTranspose2d(conv) => transposed(conv, arrays, place, entering, terms)?,
            Operation::Linear(dense) => self.connected(dense, arrays, place, entering, terms)?,
            Operation::PooledMlp(mlp) => pooled(mlp, arrays, channel, entering, terms)?,
            Operation::ChannelConv(conv) => along_channels(conv.kernel, arrays, place, entering)?,
            Operation::MaxPool2d(pool) => {
                let corner = [y, x].map(|at| start(at, pool.0));
                maximum(pool.0.size, channel, corner, entering)
            }
            Operation::AveragePool2d(pool) => {
                let corner = [y, x].map(|at| start(at, pool.window));
                let edges = [pool.window.size; 2];
                average(edges, (channel, corner), pool.count_padding, entering)
            }
            Operation::AdaptiveAveragePool2d(pool) => {
                let image = entering.image()?;
                let rows = part(image.height, pool.size[0], y);
                let columns = part(image.width, pool.size[1], x);
                let corner = [rows.start as isize, columns.start as isize];
                let edges = [rows.len(), columns.len()];
                average(edges, (channel, corner), true, entering)
            }
            Operation::GlobalAveragePool(_) => {
                let image = entering.image()?;
                let edges = [image.height, image.width];
                average(edges, (channel, [0, 0]), true, entering)
            }
            Operation::ChannelPool(_) => over_channels(channel, [y, x], entering)?,
            Operation::BatchNorm(_) => {
                let [mean, variance] = statistics?;
                let moments = [*mean.get(channel)?, *variance.get(channel)?];
                normalization(values[same?], moments, (arrays, channel), Over::Running)?
            }
            Operation::GroupNorm(norm) => {
                let (input, size) = (same?, values.len() / norm.groups);
                let group = &values[input / size * size..][..size];
                let over = Over::Own { numbers: size };
                normalization(values[input], moments(group), (arrays, channel), over)?
            }
            Operation::LayerNorm(_) => {
                let numbers = values.len();
                let over = Over::Own { numbers };
                normalization(values[same?], moments(values), (arrays, same?), over)?
            }
            Operation::LearnedScale(_) => {
                let factors = arrays.first()?;
                How::Scaled {
                    input: values[same?],
                    factor: *factors.get(channel).or(factors.first())?,
                }
            }
            Operation::Activation(activation) => How::Nonlinearity {
                name: activation.word(),
                input: values[same?],
            },
            Operation::Upsample(upsample) => {
                let [y, x] = [y, x].map(|at| (at / upsample.scale) as isize);
                let from = entering.place(channel, y, x);
                How::Same { from }
            }
            Operation::ZeroPad(pad) => match entering.image()?.channels {
                channels if channel >= channels => How::Zero { channels },
                _ => {
                    let [y, x] = [y, x].map(|at| (at * pad.stride) as isize);
                    let from = entering.place(channel, y, x);
                    How::Same { from }
                }
            },
            Operation::Flatten(_) => How::Same {
                from: entering.unflattened(channel),
            },
            Operation::Identity(_) | Operation::Dropout(_) => How::Same {
                from: entering.row.map(|row| Position { row, ..place }),
            },
        })
    }

    fn connected(
        &self,
        dense: Linear,
        arrays: &[Vec<f32>],
        place: Position,
        entering: &Entering<'_>,
        terms_shown: usize,
    ) -> Option<How> {
        let (weights, bias) = arrays.split_first()?;
        let terms = entering.output.values.iter().enumerate();
        let terms = terms.map(|(input, &value)| {
            let weight = weights[input * dense.out_features + place.channel];
            let from = entering.row.and_then(|row| self.flattened(row, input));
            Term::of(input, value, weight, from)
        });
        let (terms, others) = largest(terms.collect(), terms_shown, |term| term.product);
        Some(How::Dense {
            sum: terms.iter().map(|term| term.product).sum::<f32>() + others.sum,
            terms,
            others,
            bias: match bias {
                [bias] => *bias.get(place.channel)?,
                _ => 0.0,
            },
        })
    }

    /// Where a number of a row's vector comes from: of an image that was flattened, its place there.
    fn flattened(&self, row: usize, at: usize) -> Option<Position> {
        let operations = self.plan().operations();
        let (part, operation) = operations.get(row)?;
        let (Shape::Image(image), Operation::Flatten(_)) = (part.input, operation) else {
            let (channel, y, x) = (at, 0, 0);
            return Some(Position { row, channel, y, x });
        };
        let calls = Calls::of(self.plan());
        let row = self.made_by(&calls, calls.inputs[row])?;
        Some(unflattened(row, image, at))
    }
}

/// A number without its mean and divided by its deviation, times the factor of its place, and plus the summand.
fn normalization(
    input: f32,
    [mean, variance]: [f32; 2],
    (arrays, at): (&[Vec<f32>], usize),
    over: Over,
) -> Option<How> {
    let [scale, shift] = arrays else {
        return None;
    };
    Some(How::Normalization {
        over,
        input,
        mean,
        variance,
        epsilon: EPSILON as f32,
        scale: *scale.get(at)?,
        shift: *shift.get(at)?,
        batch: None,
    })
}

/// The mean of some numbers, and their variance.
pub(super) fn moments(values: &[f32]) -> [f32; 2] {
    let count = values.len() as f64;
    let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / count;
    let squares = values
        .iter()
        .map(|&value| (f64::from(value) - mean).powi(2));
    [mean as f32, (squares.sum::<f64>() / count) as f32]
}
