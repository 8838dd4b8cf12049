//! How the number at one place of a layer comes about for the picture, with the network's own numbers: the products of a
//! convolution or a dense layer and their sum, the window of a pooling and what wins, batch normalization with its running
//! statistics, a nonlinearity, the exponentials of a softmax.

use super::Inside;
use super::entering::{Entering, Steps, convolution, exponentials, index, largest};
use super::network::most;
use super::passed::{Calls, Passed, output};
use super::terms::{Derivation, How, Position, Term};
use crate::arch::touch::touchable;
use crate::base::error::Result;
use crate::kernels::numbers;
use crate::operation::{EPSILON, Flow, Linear, Operation, Shape};

/// A window with more numbers than this is only averaged, not written out.
const WRITTEN: usize = 49;

impl Inside {
    /// How the number at this place of each of these layers comes about, of which each works on the numbers of the one before
    /// in the same place; `terms` of the largest channels or inputs are written out. Behind the last layer comes the softmax.
    pub(super) async fn arithmetic(
        &mut self,
        rows: &[usize],
        (channel, y, x): (usize, usize, usize),
        terms: usize,
    ) -> Result<Vec<Derivation>> {
        let input = self.input()?;
        let calls = Calls::of(self.plan());
        let mut pass = Passed::through(&mut self.network, input.clone());
        let image = output(Flow::Image(input)).await?;
        let mut steps = Vec::with_capacity(rows.len());
        for &row in rows {
            let shape = self.shape(row)?;
            let place = Position { row, channel, y, x };
            let at = index(shape, place)?;
            let value = pass.output(calls.rows[row]).await?.values[at];
            let entering = match calls.inputs[row] {
                Some(call) => Entering {
                    row: self.made_by(&calls, call),
                    output: pass.output(call).await?,
                },
                None => Entering {
                    row: None,
                    output: &image,
                },
            };
            let how = self.how(place, &entering, terms).await?;
            let touchable = touchable(self.plan(), row);
            steps.push(Derivation {
                place,
                value,
                how,
                touchable,
            });
            let last = calls.rows[row] == calls.last() && self.classes().is_ok();
            if last {
                let logits = &pass.output(calls.last()).await?.values;
                steps.push(exponentials(place, logits, terms));
            }
        }
        Ok(steps)
    }

    /// The row whose output this call hands over, or which it only passes on.
    fn made_by(&self, calls: &Calls, call: usize) -> Option<usize> {
        let row = calls.rows.iter().position(|&of| of == call)?;
        let operations = self.plan().operations();
        let (part, operation) = operations.get(row)?;
        if !operation.about().passes_on() || part.input != part.output {
            return Some(row);
        }
        calls.inputs[row].and_then(|before| self.made_by(calls, before))
    }

    /// The arrays of a row's weights, and its running mean and variance.
    async fn numbers_of(&self, row: usize) -> Result<(Vec<Vec<f32>>, Option<[Vec<f32>; 2]>)> {
        let operations = self.plan().operations();
        let count = |upto: &[(&crate::arch::Shaped, Operation)]| -> usize {
            let arrays = upto
                .iter()
                .map(|(part, operation)| operation.parameters(part.input).len());
            arrays.sum()
        };
        let has = |(_, operation): &&(&crate::arch::Shaped, Operation)| {
            operation.about().has_statistics()
        };
        let mut arrays = Vec::new();
        for weight in &self.network.weights()[count(&operations[..row])..count(&operations[..=row])]
        {
            arrays.push(numbers(weight.clone().inner()).await?);
        }
        let before = operations[..row].iter().filter(has).count();
        let statistics = match operations.get(row).filter(has) {
            Some(_) => {
                let [mean, variance] = &self.network.statistics()[before];
                Some([
                    numbers(mean.clone()).await?,
                    numbers(variance.clone()).await?,
                ])
            }
            None => None,
        };
        Ok((arrays, statistics))
    }

    async fn how(&self, place: Position, entering: &Entering<'_>, terms: usize) -> Result<How> {
        let operation = self.plan().operations()[place.row].1;
        let Position { channel, y, x, .. } = place;
        Ok(match operation {
            Operation::Conv2d(conv) => {
                let (arrays, _) = self.numbers_of(place.row).await?;
                convolution(conv, &arrays, place, entering, terms)
            }
            Operation::Linear(dense) => {
                let (arrays, _) = self.numbers_of(place.row).await?;
                self.connected(dense, &arrays, place, entering, terms)
            }
            Operation::MaxPool2d(pool) => {
                let window = pool.0;
                let start = |at: usize| (at * window.stride) as isize - window.padding as isize;
                let edge = window.size;
                let step = Steps {
                    edges: [edge; 2],
                    apart: 1,
                };
                let values = entering.window(channel, start(y), start(x), step);
                let winner = most(
                    &values
                        .iter()
                        .map(|value| value.unwrap_or(f32::NEG_INFINITY))
                        .collect::<Vec<_>>(),
                );
                let offset = |at: usize| at as isize;
                let from = entering.place(
                    channel,
                    start(y) + offset(winner / edge),
                    start(x) + offset(winner % edge),
                );
                How::Maximum {
                    edge,
                    values,
                    winner,
                    from,
                }
            }
            Operation::AveragePool2d(pool) => {
                let window = pool.window;
                let start = |at: usize| (at * window.stride) as isize - window.padding as isize;
                let edge = window.size;
                let middle = (edge / 2) as isize;
                let step = Steps {
                    edges: [edge; 2],
                    apart: 1,
                };
                let values = entering.window(channel, start(y), start(x), step);
                let count = match pool.count_padding {
                    true => edge * edge,
                    false => values.iter().flatten().count(),
                };
                How::Average {
                    edge,
                    values,
                    count,
                    from: entering.place(channel, start(y) + middle, start(x) + middle),
                }
            }
            Operation::GlobalAveragePool(_) => match entering.image() {
                Some(image) => {
                    let from = channel * image.area();
                    let all = &entering.output.values[from..from + image.area()];
                    let written = if all.len() <= WRITTEN { all } else { &[] };
                    let (middle_y, middle_x) =
                        (image.height as isize / 2, image.width as isize / 2);
                    How::Average {
                        edge: image.width,
                        values: written.iter().copied().map(Some).collect(),
                        count: image.area(),
                        from: entering.place(channel, middle_y, middle_x),
                    }
                }
                None => How::Other,
            },
            Operation::BatchNorm2d(_) => {
                let (arrays, statistics) = self.numbers_of(place.row).await?;
                let found = (
                    entering.at(channel, y as isize, x as isize),
                    statistics,
                    arrays.as_slice(),
                );
                match found {
                    (Some(input), Some([mean, variance]), [scale, shift]) => How::Normalization {
                        input,
                        mean: mean[channel],
                        variance: variance[channel],
                        epsilon: EPSILON as f32,
                        scale: scale[channel],
                        shift: shift[channel],
                    },
                    _ => How::Other,
                }
            }
            Operation::Activation(activation) => {
                let at = index(entering.output.shape, place)?;
                How::Nonlinearity {
                    name: activation.word(),
                    input: entering.output.values[at],
                }
            }
            _ => How::Other,
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
        let row = calls.inputs[row].and_then(|before| self.made_by(&calls, before))?;
        let (channel, rest) = (at / image.area(), at % image.area());
        let (y, x) = (rest / image.width, rest % image.width);
        Some(Position { row, channel, y, x })
    }
}
