//! The forward pass: what each operation of the layer tree computes.

use burn::tensor::module::{avg_pool2d, batch_norm};
use burn::tensor::ops::AvgPoolOptions;
use burn::tensor::{Tensor, activation};

use super::Mode;
use super::functions::{activate, along_channels, drop, enlarge, rows, spread};
use super::kernels::{self, Normalizer, Tail, Walk};
use crate::arch::{Form, Join, Operation, Shape, Shaped};
use crate::experiment::Activation;

/// As in PyTorch's `BatchNorm2d`.
const EPSILON: f64 = 1e-5;
const MOMENTUM: f64 = 0.1;

/// The activations that one operation hands to the next.
#[derive(Debug, Clone)]
pub enum Flow {
    /// `[batch, channels, height, width]`.
    Image(Tensor<4>),
    /// `[batch, features]`.
    Vector(Tensor<2>),
}

impl Flow {
    fn image(self) -> Tensor<4> {
        match self {
            Self::Image(x) => x,
            Self::Vector(_) => unreachable!("the tree's shapes say that this is an image"),
        }
    }

    fn vector(self) -> Tensor<2> {
        match self {
            Self::Vector(x) => x,
            Self::Image(_) => unreachable!("the tree's shapes say that this is a vector"),
        }
    }
}

/// Where a hook is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// After the operation of this number, in the order of [`Shaped::operations`].
    Operation(usize),
    /// After branches were joined, when so many operations are done. Where a join ends another one, the
    /// inner one comes first.
    Join {
        /// Operations done.
        after: usize,
    },
}

/// Gets the output of each operation and of each join, and returns what the next operations get.
pub type Hook<'a> = dyn FnMut(Seen, Flow) -> Flow + 'a;

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

    /// The same, with a hook.
    pub(super) fn watched(self, hook: &'a mut Hook<'a>) -> Self {
        Self {
            hook: Some(hook),
            ..self
        }
    }

    pub(super) fn part(&mut self, part: &Shaped, input: Flow) -> Flow {
        self.part_with(part, Tail::Linear, input)
    }

    /// A part, fused with `tail`, the operations after it that are computed in the same step.
    fn part_with(&mut self, part: &Shaped, tail: Tail, input: Flow) -> Flow {
        match &part.form {
            Form::Operation(operation) => {
                let flow = self.operation(part, *operation, tail, input);
                let row = self.done;
                self.done += 1;
                self.seen(Seen::Operation(row), flow)
            }
            Form::Sequential(parts) => {
                let (mut flow, mut rest) = (input, parts.as_slice());
                while let [part, behind @ ..] = rest {
                    // A hook gets every operation by itself, so nothing is fused.
                    let (tail, taken) = match self.hook {
                        Some(_) => (Tail::Linear, 0),
                        None => tail_of(part, behind),
                    };
                    flow = self.part_with(part, tail, flow);
                    rest = &behind[taken..];
                }
                flow
            }
            Form::Merge { join, branches } => {
                let flows = branches.iter().map(|part| self.part(part, input.clone()));
                let flow = merge(*join, tail, flows.collect());
                self.seen(Seen::Join { after: self.done }, flow)
            }
        }
    }

    /// What goes on from here, if somebody looks on.
    fn seen(&mut self, at: Seen, flow: Flow) -> Flow {
        match &mut self.hook {
            Some(hook) => hook(at, flow),
            None => flow,
        }
    }

    fn operation(&mut self, part: &Shaped, operation: Operation, tail: Tail, input: Flow) -> Flow {
        match (operation, input) {
            (Operation::Identity, flow) => flow,
            (Operation::Activation(kind), Flow::Image(x)) => Flow::Image(activate(kind, x)),
            (Operation::Activation(kind), Flow::Vector(x)) => Flow::Vector(activate(kind, x)),
            (Operation::Flatten, Flow::Image(x)) => Flow::Vector(x.flatten(1, 3)),
            (Operation::Flatten, vector) => vector,
            (Operation::Conv2d(conv), Flow::Image(x)) => {
                let seen = part.input.channels() / conv.groups;
                let weight =
                    self.weight()
                        .reshape([conv.out_channels, seen, conv.kernel, conv.kernel]);
                let bias = conv.bias.then(|| self.weight());
                let walk = Walk {
                    stride: conv.stride,
                    padding: conv.padding,
                    dilation: conv.dilation,
                    groups: conv.groups,
                };
                Flow::Image(kernels::convolve(x, weight, bias, walk, tail))
            }
            (Operation::Dropout { rate }, flow) => self.drop_out(&part.path, rate, flow),
            (Operation::BatchNorm2d, Flow::Image(x)) => Flow::Image(self.normalize(x, tail)),
            (Operation::MaxPool2d(window), Flow::Image(x)) => {
                Flow::Image(kernels::max_pool(x, window))
            }
            (Operation::AveragePool2d(window), Flow::Image(x)) => {
                let options = AvgPoolOptions {
                    stride: [window.stride; 2],
                    padding: [(window.padding, window.padding); 2],
                    ..AvgPoolOptions::new([window.size; 2])
                };
                Flow::Image(avg_pool2d(x, options))
            }
            (Operation::GlobalAveragePool, Flow::Image(x)) => {
                let (rows, size) = rows(x);
                Flow::Vector(rows.mean_dim(2).reshape(size))
            }
            (Operation::PooledMlp { hidden }, Flow::Image(x)) => {
                let (rows, size) = rows(x);
                let means = rows.clone().mean_dim(2).reshape(size);
                let largest = rows.max_dim(2).reshape(size);
                Flow::Vector(self.pooled_mlp([means, largest], hidden))
            }
            (Operation::ChannelPool, Flow::Image(x)) => {
                let both = vec![x.clone().mean_dim(1), x.max_dim(1)];
                Flow::Image(Tensor::cat(both, 1))
            }
            (Operation::ChannelConv { kernel }, Flow::Vector(x)) => {
                Flow::Vector(along_channels(x, self.weight(), kernel))
            }
            (Operation::Upsample { scale }, Flow::Image(x)) => Flow::Image(enlarge(x, scale)),
            (
                Operation::ConvTranspose2d {
                    out_channels,
                    scale,
                },
                Flow::Image(x),
            ) => {
                let weights = self.weight();
                Flow::Image(spread(x, weights, self.weight(), out_channels, scale))
            }
            (Operation::Linear { out_features }, Flow::Vector(x)) => {
                let weight = self.weight().reshape([part.input.len(), out_features]);
                let bias = self.weight();
                Flow::Vector(kernels::connect(x, weight, bias, tail == Tail::Relu))
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

    /// Batch normalization, and the ReLU after it if that is its tail; `x` is
    /// `[batch, channels, height, width]`.
    fn normalize(&mut self, x: Tensor<4>, tail: Tail) -> Tensor<4> {
        let relu = tail == Tail::Relu;
        let (gamma, beta) = (self.weight(), self.weight());
        let Some(running) = self.statistics.next() else {
            unreachable!("every batch normalization has statistics")
        };
        if self.mode == Mode::Testing {
            let [mean, variance] = running.clone();
            let output = batch_norm(x, gamma, beta, mean, variance, EPSILON);
            return if relu {
                activation::relu(output)
            } else {
                output
            };
        }
        let how = Normalizer {
            epsilon: EPSILON,
            momentum: MOMENTUM,
            relu,
        };
        let result = kernels::normalize(x, [gamma, beta], running, how);
        *running = result.running;
        result.output
    }

    /// The same two dense layers for each of these, `[batch, channels]`, and their sum.
    fn pooled_mlp(&mut self, pooled: [Tensor<2>; 2], hidden: usize) -> Tensor<2> {
        let channels = pooled[0].dims()[1];
        let first = self.weight().reshape([channels, hidden]);
        let first_bias = self.weight();
        let second = self.weight().reshape([hidden, channels]);
        let second_bias = self.weight();
        let [a, b] = pooled.map(|x| {
            let between = kernels::connect(x, first.clone(), first_bias.clone(), true);
            kernels::connect(between, second.clone(), second_bias.clone(), false)
        });
        a + b
    }

    /// Dropout; its mask is drawn on the host, so that every device drops the same numbers.
    fn drop_out(&self, path: &str, rate: f64, flow: Flow) -> Flow {
        let Mode::Training { draw } = self.mode else {
            return flow;
        };
        let keep = |count: usize| draw.mask(path, rate, count);
        match flow {
            Flow::Image(x) => Flow::Image(drop(x, keep)),
            Flow::Vector(x) => Flow::Vector(drop(x, keep)),
        }
    }

    fn weight(&mut self) -> Tensor<1> {
        self.weights
            .next()
            .unwrap_or_else(|| unreachable!("weights are drawn from the same tree"))
    }
}

/// What of the parts behind a part is computed with it, and how many parts that takes.
fn tail_of(part: &Shaped, behind: &[Shaped]) -> (Tail, usize) {
    let follows = |index: usize, operation: Operation| {
        let behind = behind.get(index);
        behind.is_some_and(|part| part.form == Form::Operation(operation))
    };
    let relu = follows(0, Operation::Activation(Activation::Relu));
    let pool = follows(1, Operation::MaxPool2d(kernels::POOL));
    match &part.form {
        Form::Operation(Operation::Conv2d(_)) if relu && pool => (Tail::ReluPool, 2),
        Form::Operation(
            Operation::Conv2d(_) | Operation::BatchNorm2d | Operation::Linear { .. },
        ) if relu => (Tail::Relu, 1),
        Form::Merge { join, branches } if relu && is_sum(*join, branches, part) => (Tail::Relu, 1),
        _ => (Tail::Linear, 0),
    }
}

/// Whether a part adds two images.
fn is_sum(join: Join, branches: &[Shaped], part: &Shaped) -> bool {
    join == Join::Add && branches.len() == 2 && matches!(part.output, Shape::Image(_))
}

/// The joined branches, followed by `tail`.
fn merge(join: Join, tail: Tail, flows: Vec<Flow>) -> Flow {
    if join == Join::Concat {
        return match flows.first() {
            Some(Flow::Vector(_)) => Flow::Vector(Tensor::cat(
                flows.into_iter().map(Flow::vector).collect(),
                1,
            )),
            _ => Flow::Image(Tensor::cat(flows.into_iter().map(Flow::image).collect(), 1)),
        };
    }
    let pair = |all, one| match (join, all, one) {
        (Join::Add, Flow::Image(a), Flow::Image(b)) if tail == Tail::Relu => {
            Flow::Image(kernels::add_relu(a, b))
        }
        (Join::Add, Flow::Image(a), Flow::Image(b)) => Flow::Image(a + b),
        (Join::Add, Flow::Vector(a), Flow::Vector(b)) => Flow::Vector(a + b),
        (_, Flow::Image(x), Flow::Image(gate)) => Flow::Image(x * gate),
        (_, Flow::Image(x), Flow::Vector(gate)) => {
            let [batch, channels] = gate.dims();
            Flow::Image(x * gate.reshape([batch, channels, 1, 1]))
        }
        (_, Flow::Vector(x), Flow::Vector(gate)) => Flow::Vector(x * gate),
        (_, Flow::Vector(_), Flow::Image(_)) => {
            unreachable!("branches that do not fit are refused when the tree is shaped")
        }
    };
    let joined = flows.into_iter().reduce(pair);
    joined.unwrap_or_else(|| unreachable!("a tree without branches is refused when it is shaped"))
}
