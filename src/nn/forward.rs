//! The way through a network: what each operation of the layer tree computes.

use burn::tensor::module::{avg_pool2d, batch_norm, linear, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, MaxPoolOptions};
use burn::tensor::{Tensor, activation};

use super::Mode;
use super::kernels::{self, Tail, Walk};
use crate::arch::{Form, Operation, Shape, Shaped};
use crate::spec::{Activation, Pool};

/// As in PyTorch's `BatchNorm2d`.
const EPSILON: f64 = 1e-5;
const MOMENTUM: f64 = 0.1;

/// What goes from one operation to the next.
#[derive(Debug, Clone)]
pub(super) enum Flow {
    /// `[batch, channels, height, width]`.
    Image(Tensor<4>),
    /// `[batch, features]`.
    Vector(Tensor<2>),
}

/// One pass through a network, taking its weights in order.
pub(super) struct Pass<'a> {
    weights: std::vec::IntoIter<Tensor<1>>,
    statistics: std::slice::IterMut<'a, [Tensor<1>; 2]>,
    mode: Mode,
}

impl<'a> Pass<'a> {
    pub(super) fn new(
        weights: Vec<Tensor<1>>,
        statistics: &'a mut [[Tensor<1>; 2]],
        mode: Mode,
    ) -> Self {
        Self {
            weights: weights.into_iter(),
            statistics: statistics.iter_mut(),
            mode,
        }
    }

    pub(super) fn part(&mut self, part: &Shaped, input: Flow) -> Flow {
        self.part_with(part, Tail::Linear, input)
    }

    /// A part, and the parts behind it that are computed with it.
    fn part_with(&mut self, part: &Shaped, tail: Tail, input: Flow) -> Flow {
        match &part.form {
            Form::Operation(operation) => self.operation(part, *operation, tail, input),
            Form::Sequential(parts) => {
                let (mut flow, mut rest) = (input, parts.as_slice());
                while let [part, behind @ ..] = rest {
                    let (tail, taken) = tail_of(part, behind);
                    flow = self.part_with(part, tail, flow);
                    rest = &behind[taken..];
                }
                flow
            }
            Form::Residual { body, shortcut } => {
                match (self.part(body, input.clone()), self.part(shortcut, input)) {
                    (Flow::Image(body), Flow::Image(shortcut)) if tail == Tail::Relu => {
                        Flow::Image(kernels::add_relu(body, shortcut))
                    }
                    (Flow::Image(body), Flow::Image(shortcut)) => Flow::Image(body + shortcut),
                    (Flow::Vector(body), Flow::Vector(shortcut)) => Flow::Vector(body + shortcut),
                    _ => unreachable!(
                        "the shapes of both ways were compared when the tree was shaped"
                    ),
                }
            }
        }
    }

    fn operation(&mut self, part: &Shaped, operation: Operation, tail: Tail, input: Flow) -> Flow {
        match (operation, input) {
            (Operation::Identity, flow) => flow,
            (Operation::Activation(kind), Flow::Image(x)) => Flow::Image(activate(kind, x)),
            (Operation::Activation(kind), Flow::Vector(x)) => Flow::Vector(activate(kind, x)),
            (Operation::Flatten, Flow::Image(x)) => Flow::Vector(x.flatten(1, 3)),
            (Operation::Flatten, vector) => vector,
            (
                Operation::Conv2d {
                    out_channels,
                    kernel,
                    stride,
                    padding,
                    bias,
                },
                Flow::Image(x),
            ) => {
                let weight =
                    self.weight()
                        .reshape([out_channels, part.input.channels(), kernel, kernel]);
                let bias = bias.then(|| self.weight());
                let walk = Walk { stride, padding };
                Flow::Image(kernels::convolve(x, weight, bias, walk, tail))
            }
            (Operation::BatchNorm2d, Flow::Image(x)) => Flow::Image(self.normalize(x, tail)),
            (
                Operation::Pool2d {
                    pool: Pool::Max,
                    size,
                },
                Flow::Image(x),
            ) => Flow::Image(max_pool2d(x, MaxPoolOptions::new([size; 2]))),
            (
                Operation::Pool2d {
                    pool: Pool::Average,
                    size,
                },
                Flow::Image(x),
            ) => Flow::Image(avg_pool2d(x, AvgPoolOptions::new([size; 2]))),
            (Operation::GlobalAveragePool, Flow::Image(x)) => {
                let [batch, channels, height, width] = x.dims();
                let rows = x.reshape([batch, channels, height * width]);
                Flow::Vector(rows.mean_dim(2).reshape([batch, channels]))
            }
            (Operation::Linear { out_features }, Flow::Vector(x)) => {
                let weight = self.weight().reshape([part.input.len(), out_features]);
                let bias = self.weight();
                Flow::Vector(linear(x, weight, Some(bias)))
            }
            (
                Operation::ZeroPad {
                    out_channels,
                    stride,
                },
                Flow::Image(x),
            ) => {
                // A window of one pixel: its average is the pixel, and its gradient goes back there.
                let options = AvgPoolOptions {
                    stride: [stride; 2],
                    ..AvgPoolOptions::new([1; 2])
                };
                let kept = avg_pool2d(x, options);
                let [batch, channels, height, width] = kept.dims();
                let zeros = Tensor::zeros(
                    [batch, out_channels - channels, height, width],
                    &kept.device(),
                );
                Flow::Image(Tensor::cat(vec![kept, zeros], 1))
            }
            (operation, _) => unreachable!("{operation:?} was refused when the tree was shaped"),
        }
    }

    /// Batch normalization, and the ReLU behind it if that is its tail; `x` is
    /// `[batch, channels, height, width]`.
    fn normalize(&mut self, x: Tensor<4>, tail: Tail) -> Tensor<4> {
        let relu = tail == Tail::Relu;
        let (gamma, beta) = (self.weight(), self.weight());
        let Some([mean, variance]) = self.statistics.next() else {
            unreachable!("every batch normalization has statistics")
        };
        if self.mode == Mode::Testing {
            let output = batch_norm(x, gamma, beta, mean.clone(), variance.clone(), EPSILON);
            return if relu {
                activation::relu(output)
            } else {
                output
            };
        }
        let [batch, _, height, width] = x.dims();
        let count = (batch * height * width) as f64;
        let result = kernels::normalize(x, gamma, beta, EPSILON, relu);
        // PyTorch remembers the unbiased variance, though it normalizes with the biased one.
        let unbiased = count / (count - 1.0).max(1.0);
        let remember = |old: &Tensor<1>, new: Tensor<1>, factor: f64| {
            old.clone().mul_scalar(1.0 - MOMENTUM) + new.mul_scalar(MOMENTUM * factor)
        };
        *mean = remember(mean, result.mean, 1.0);
        *variance = remember(variance, result.variance, unbiased);
        result.output
    }

    fn weight(&mut self) -> Tensor<1> {
        self.weights
            .next()
            .unwrap_or_else(|| unreachable!("weights are drawn from the same tree"))
    }
}

/// What of the parts behind a part is computed with it, and how many parts that takes.
fn tail_of(part: &Shaped, behind: &[Shaped]) -> (Tail, usize) {
    const RELU: Form = Form::Operation(Operation::Activation(Activation::Relu));
    const POOL: Form = Form::Operation(Operation::Pool2d {
        pool: Pool::Max,
        size: 2,
    });
    let follows =
        |index: usize, form: &Form| behind.get(index).is_some_and(|part| part.form == *form);
    match &part.form {
        Form::Operation(Operation::Conv2d { .. }) if follows(0, &RELU) && follows(1, &POOL) => {
            (Tail::ReluPool, 2)
        }
        Form::Operation(Operation::Conv2d { .. } | Operation::BatchNorm2d)
        | Form::Residual { .. }
            if follows(0, &RELU) && matches!(part.output, Shape::Image(_)) =>
        {
            (Tail::Relu, 1)
        }
        _ => (Tail::Linear, 0),
    }
}

fn activate<const D: usize>(kind: Activation, x: Tensor<D>) -> Tensor<D> {
    match kind {
        Activation::Relu => activation::relu(x),
        Activation::Tanh => activation::tanh(x),
        Activation::Sigmoid => activation::sigmoid(x),
    }
}
