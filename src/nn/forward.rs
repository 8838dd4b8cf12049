//! The forward pass: the operations of the layer tree one after the other, and branches joined.

use std::collections::BTreeSet;

use burn::tensor::Tensor;

use crate::arch::{Form, Join, Shaped};
use crate::experiment::Activation;
use crate::kernels::{self, Tail};
use crate::operation::{Flow, Inputs, MaxPool2d, Mode, Operation, Shape, Weights};

/// Where a hook is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// After the operation of this number, in the order of [`Shaped::operations`].
    Operation(usize),
    /// After branches were joined, when this many operations are done. Where a join ends another one, the
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
    weights: Weights<'a>,
    mode: Mode,
    hook: Option<&'a mut Hook<'a>>,
    /// Branches that count as zeros: which join, and which branch of it.
    cut: Option<&'a BTreeSet<(usize, usize)>>,
    /// Operations done.
    done: usize,
    /// Joins done.
    joined: usize,
    /// What each auxiliary classifier said, `[batch, classes]`. In a test nobody reads it.
    pub(super) auxiliary: Vec<Tensor<2>>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(
        weights: Vec<Tensor<1>>,
        statistics: &'a mut [[Tensor<1>; 2]],
        mode: Mode,
    ) -> Self {
        Self {
            weights: Weights::new(weights, statistics),
            mode,
            hook: None,
            cut: None,
            done: 0,
            joined: 0,
            auxiliary: Vec::new(),
        }
    }

    /// The same, where these branches count as zeros.
    pub(super) fn without(self, cut: &'a BTreeSet<(usize, usize)>) -> Self {
        Self {
            cut: Some(cut),
            ..self
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
                let place = (part.path.as_str(), part.input);
                let how = (self.mode, tail);
                let mut inputs = Inputs::new(operation, place, how, &mut self.weights);
                let flow = operation.compute(input, &mut inputs);
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
                let mut flows: Vec<_> = flows.collect();
                for (_, branch) in self.cut_of(self.joined) {
                    if let Some(flow) = flows.get_mut(branch) {
                        *flow = nothing(flow.clone());
                    }
                }
                self.joined += 1;
                let aside = flows.split_off(join.joined(&flows).len());
                self.auxiliary.extend(aside.into_iter().map(Flow::vector));
                let flow = merge(*join, tail, flows);
                self.seen(Seen::Join { after: self.done }, flow)
            }
        }
    }

    /// The branches of a join that count as zeros.
    fn cut_of(&self, join: usize) -> impl Iterator<Item = (usize, usize)> + use<'a> {
        let all = self.cut.into_iter().flatten().copied();
        all.filter(move |(of, _)| *of == join)
    }

    /// What goes on from here, if somebody looks on.
    fn seen(&mut self, at: Seen, flow: Flow) -> Flow {
        match &mut self.hook {
            Some(hook) => hook(at, flow),
            None => flow,
        }
    }
}

/// Zeros in the place of this. What made it still takes part, with a gradient of zero.
fn nothing(flow: Flow) -> Flow {
    match flow {
        Flow::Image(tensor) => Flow::Image(tensor.mul_scalar(0.0)),
        Flow::Vector(tensor) => Flow::Vector(tensor.mul_scalar(0.0)),
    }
}

/// What of the parts behind a part is computed with it, and how many parts that takes.
fn tail_of(part: &Shaped, behind: &[Shaped]) -> (Tail, usize) {
    let follows = |index: usize, operation: Operation| {
        let behind = behind.get(index);
        behind.is_some_and(|part| part.form == Form::Operation(operation))
    };
    let relu = follows(0, Operation::Activation(Activation::Relu));
    let pool = follows(1, MaxPool2d(kernels::POOL).into());
    match &part.form {
        Form::Operation(Operation::Conv2d(_)) if relu && pool => (Tail::ReluPool, 2),
        Form::Operation(Operation::Conv2d(_) | Operation::BatchNorm(_) | Operation::Linear(_))
            if relu =>
        {
            (Tail::Relu, 1)
        }
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
