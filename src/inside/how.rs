//! How an operation makes the number at one place of its output of what enters it.

use super::Inside;
use super::entering::{Entering, index, largest};
use super::passed::Calls;
use super::terms::{How, Over, Position, Term};
use super::windows::{
    along_channels, average, convolution, maximum, over_channels, start, transposed,
};
use crate::base::error::Result;
use crate::operation::{EPSILON, Linear, Operation, Shape, part};

impl Inside {
    /// What the operation of the place's row does there; `terms` of the largest channels or inputs are written out.
    pub(super) async fn how(
        &self,
        place: Position,
        entering: &Entering<'_>,
        terms: usize,
    ) -> Result<How> {
        let operation = self.plan().operations()[place.row].1;
        let (arrays, statistics) = self.numbers_of(place.row).await?;
        let Position { channel, y, x, .. } = place;
        let at = |at: usize| entering.output.values.get(at).copied();
        Ok(match operation {
            Operation::Conv2d(conv) => convolution(conv, &arrays, place, entering, terms),
            Operation::ConvTranspose2d(conv) => transposed(conv, &arrays, place, entering, terms),
            Operation::Linear(dense) => self.connected(dense, &arrays, place, entering, terms),
            Operation::ChannelConv(conv) => along_channels(conv.kernel, &arrays, place, entering),
            Operation::MaxPool2d(pool) => {
                let corner = [y, x].map(|at| start(at, pool.0));
                maximum(pool.0.size, channel, corner, entering)
            }
            Operation::AveragePool2d(pool) => {
                let corner = [y, x].map(|at| start(at, pool.window));
                let edges = [pool.window.size; 2];
                average(edges, (channel, corner), pool.count_padding, entering)
            }
            Operation::AdaptiveAveragePool2d(pool) => match entering.image() {
                Some(image) => {
                    let rows = part(image.height, pool.size[0], y);
                    let columns = part(image.width, pool.size[1], x);
                    let corner = [rows.start as isize, columns.start as isize];
                    average(
                        [rows.len(), columns.len()],
                        (channel, corner),
                        true,
                        entering,
                    )
                }
                None => How::Other,
            },
            Operation::GlobalAveragePool(_) => match entering.image() {
                Some(image) => {
                    let edges = [image.height, image.width];
                    average(edges, (channel, [0, 0]), true, entering)
                }
                None => How::Other,
            },
            Operation::ChannelPool(_) => over_channels(channel, [y, x], entering),
            Operation::BatchNorm2d(_) => match (statistics, index(entering.output.shape, place)) {
                (Some([mean, variance]), Ok(input)) => normalization(
                    at(input),
                    [mean[channel], variance[channel]],
                    (&arrays, channel),
                    Over::Running,
                ),
                _ => How::Other,
            },
            Operation::GroupNorm(norm) => {
                let values = &entering.output.values;
                let input = index(entering.output.shape, place)?;
                let size = values.len() / norm.groups;
                let group = &values[input / size * size..][..size];
                let over = Over::Own { numbers: size };
                normalization(at(input), moments(group), (&arrays, channel), over)
            }
            Operation::LayerNorm(_) => {
                let values = &entering.output.values;
                let input = index(entering.output.shape, place)?;
                let numbers = values.len();
                let over = Over::Own { numbers };
                normalization(at(input), moments(values), (&arrays, input), over)
            }
            Operation::LearnedScale(_) => {
                let factors = arrays.first().map_or(&[][..], Vec::as_slice);
                let factor = factors.get(channel).or(factors.first());
                match (at(index(entering.output.shape, place)?), factor) {
                    (Some(input), Some(&factor)) => How::Scaled { input, factor },
                    _ => How::Other,
                }
            }
            Operation::Activation(activation) => match at(index(entering.output.shape, place)?) {
                Some(input) => How::Nonlinearity {
                    name: activation.word(),
                    input,
                },
                None => How::Other,
            },
            Operation::Upsample(upsample) => {
                let [y, x] = [y, x].map(|at| (at / upsample.scale) as isize);
                let from = entering.place(channel, y, x);
                How::Same { from }
            }
            Operation::Identity(_) | Operation::Dropout(_) => How::Same {
                from: entering.row.map(|row| Position { row, ..place }),
            },
            Operation::Flatten(_) | Operation::PooledMlp(_) | Operation::ZeroPad(_) => How::Other,
        })
    }

    fn connected(
        &self,
        dense: Linear,
        arrays: &[Vec<f32>],
        place: Position,
        entering: &Entering<'_>,
        terms_shown: usize,
    ) -> How {
        let [weights, bias] = arrays else {
            return How::Other;
        };
        let terms = entering.output.values.iter().enumerate();
        let terms = terms.map(|(input, &value)| {
            let weight = weights[input * dense.out_features + place.channel];
            let from = entering.row.and_then(|row| self.flattened(row, input));
            Term {
                input,
                value,
                weight,
                product: value * weight,
                from,
            }
        });
        let (terms, others) = largest(terms.collect(), terms_shown, |term| term.product);
        How::Dense {
            sum: terms.iter().map(|term| term.product).sum::<f32>() + others.sum,
            terms,
            others,
            bias: bias[place.channel],
        }
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
        let (channel, rest) = (at / image.area(), at % image.area());
        let (y, x) = (rest / image.width, rest % image.width);
        Some(Position { row, channel, y, x })
    }
}

/// A number without its mean and divided by its deviation, times the factor of its place, and plus the summand.
fn normalization(
    input: Option<f32>,
    [mean, variance]: [f32; 2],
    (arrays, at): (&[Vec<f32>], usize),
    over: Over,
) -> How {
    let factor = |array: usize| arrays.get(array).and_then(|all| all.get(at)).copied();
    let (Some(input), Some(scale), Some(shift)) = (input, factor(0), factor(1)) else {
        return How::Other;
    };
    How::Normalization {
        over,
        input,
        mean,
        variance,
        epsilon: EPSILON as f32,
        scale,
        shift,
        batch: None,
    }
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
