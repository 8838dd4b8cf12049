//! The way through a network: what each operation of the layer tree computes.

use burn::tensor::module::{avg_pool2d, batch_norm, batch_norm_train, conv2d, linear, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, MaxPoolOptions};
use burn::tensor::{Tensor, activation};

use super::Mode;
use crate::arch::{Form, Operation, Shaped};
use crate::spec::{Activation, Pool};

/// As in PyTorch's `BatchNorm2d`.
const EPSILON: f64 = 1e-5;
const MOMENTUM: f64 = 0.1;

/// What goes from one operation to the next.
#[derive(Debug, Clone)]
pub enum Flow {
    /// `[batch, channels, height, width]`.
    Image(Tensor<4>),
    /// `[batch, features]`.
    Vector(Tensor<2>),
}

/// Sees what each operation gives, in the order of [`Shaped::operations`], and says what goes on from
/// there.
pub type Hook<'a> = dyn FnMut(usize, Flow) -> Flow + 'a;

/// One pass through a network, taking its weights in order.
pub(super) struct Pass<'a> {
    weights: std::vec::IntoIter<Tensor<1>>,
    statistics: std::slice::IterMut<'a, [Tensor<1>; 2]>,
    mode: Mode,
    hook: Option<&'a mut Hook<'a>>,
    /// Operations done.
    done: usize,
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
            hook: None,
            done: 0,
        }
    }

    /// The same, with somebody looking on.
    pub(super) fn watched(self, hook: &'a mut Hook<'a>) -> Self {
        Self {
            hook: Some(hook),
            ..self
        }
    }

    pub(super) fn part(&mut self, part: &Shaped, input: Flow) -> Flow {
        match &part.form {
            Form::Operation(operation) => {
                let flow = self.operation(part, *operation, input);
                let row = self.done;
                self.done += 1;
                match &mut self.hook {
                    Some(hook) => hook(row, flow),
                    None => flow,
                }
            }
            Form::Sequential(parts) => parts.iter().fold(input, |flow, part| self.part(part, flow)),
            Form::Residual { body, shortcut } => {
                match (self.part(body, input.clone()), self.part(shortcut, input)) {
                    (Flow::Image(body), Flow::Image(shortcut)) => Flow::Image(body + shortcut),
                    (Flow::Vector(body), Flow::Vector(shortcut)) => Flow::Vector(body + shortcut),
                    _ => unreachable!(
                        "the shapes of both ways were compared when the tree was shaped"
                    ),
                }
            }
        }
    }

    fn operation(&mut self, part: &Shaped, operation: Operation, input: Flow) -> Flow {
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
                let options = ConvOptions::new([stride; 2], [padding; 2], [1; 2], 1);
                Flow::Image(conv2d(x, weight, bias, options))
            }
            (Operation::BatchNorm2d, Flow::Image(x)) => Flow::Image(self.normalize(x)),
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

    /// Batch normalization; `x` is `[batch, channels, height, width]`.
    fn normalize(&mut self, x: Tensor<4>) -> Tensor<4> {
        let (gamma, beta) = (self.weight(), self.weight());
        let Some([mean, variance]) = self.statistics.next() else {
            unreachable!("every batch normalization has statistics")
        };
        if self.mode == Mode::Testing {
            return batch_norm(x, gamma, beta, mean.clone(), variance.clone(), EPSILON);
        }
        let [batch, _, height, width] = x.dims();
        let count = (batch * height * width) as f64;
        let result = batch_norm_train(x, gamma, beta, EPSILON);
        // PyTorch remembers the unbiased variance, though it normalizes with the biased one.
        let unbiased = count / (count - 1.0).max(1.0);
        let remember = |old: &Tensor<1>, new: Tensor<1>, factor: f64| {
            old.clone().mul_scalar(1.0 - MOMENTUM) + new.inner().mul_scalar(MOMENTUM * factor)
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

fn activate<const D: usize>(kind: Activation, x: Tensor<D>) -> Tensor<D> {
    match kind {
        Activation::Relu => activation::relu(x),
        Activation::Tanh => activation::tanh(x),
        Activation::Sigmoid => activation::sigmoid(x),
    }
}
