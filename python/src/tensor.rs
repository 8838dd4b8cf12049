//! What flows through the network while it is traced: the layers so far, and the sizes of what each makes.

use std::collections::BTreeMap;

use cnn_playground::base::ImageShape;
use cnn_playground::operation::{Flatten, LearnedScale, Operation, Shape};

use crate::fault::{Outcome, ReadingCause, ReadingFault};

/// The images of a batch: a prime that no other size comes near, so that it is always seen which size is the batch's.
pub(crate) const BATCH: i64 = 1_000_003;

/// The most steps of a network that is traced.
const MOST_NODES: usize = 4_000;

/// A result of a step, in the sizes in which it is looked at.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tensor {
    /// The step.
    pub(crate) node: usize,
    /// Its sizes, the batch first.
    pub(crate) sizes: Vec<i64>,
}

/// Numbers that are learned beside the layers.
#[derive(Debug, Clone)]
pub(crate) struct Weight {
    pub(crate) sizes: Vec<i64>,
    /// What all begin with, if that is one number.
    pub(crate) start: Option<f64>,
    pub(crate) is_learned: bool,
    /// Which ones they are, as objects are told apart.
    pub(crate) id: usize,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    Input,
    Operation(Operation),
    Add,
    Concat,
    /// The first one times gates.
    Multiply,
    /// The mean of all channels, the largest, the mean of each row of pixels: parts of operations here.
    ChannelMean,
    ChannelMax,
    RowMean,
    /// Zeros around an image, so many rows and columns on each side.
    Border([usize; 2]),
    /// What the loss has in it.
    Last(&'static str),
}

/// A step of the network.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) step: Step,
    pub(crate) inputs: Vec<usize>,
    pub(crate) shape: Shape,
    /// The object that it is of, and the name of that.
    pub(crate) object: Option<usize>,
    pub(crate) place: (usize, usize),
}

/// The steps so far.
#[derive(Debug)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    pub(crate) remarks: Vec<ReadingFault>,
    /// The call that is being traced, and the object.
    pub(crate) place: (usize, usize),
    pub(crate) object: Option<usize>,
    /// Objects that are part of another operation here.
    pub(crate) merged: Vec<usize>,
    /// Where each object was made that has been called.
    pub(crate) made: BTreeMap<usize, (usize, usize)>,
}

impl Graph {
    pub(crate) fn new(input: ImageShape) -> (Self, Tensor) {
        let shape = Shape::Image(input);
        let node = Node {
            step: Step::Input,
            inputs: Vec::new(),
            shape,
            object: None,
            place: (0, 0),
        };
        let graph = Self {
            nodes: vec![node],
            remarks: Vec::new(),
            place: (0, 0),
            object: None,
            merged: Vec::new(),
            made: BTreeMap::new(),
        };
        let tensor = graph.tensor(0);
        (graph, tensor)
    }

    /// What this step makes, as it is.
    pub(crate) fn tensor(&self, node: usize) -> Tensor {
        Tensor {
            node,
            sizes: plain(self.nodes[node].shape),
        }
    }

    /// Says something of the layer that is being traced: where it was made, which is where one would change it; of what is no
    /// layer, where it is called.
    pub(crate) fn remark(&mut self, remark: Box<ReadingFault>) {
        self.say(self.object, self.place, remark);
    }

    /// The same of a step that was traced before.
    pub(crate) fn remark_at(&mut self, node: usize, remark: Box<ReadingFault>) {
        let Node { object, place, .. } = self.nodes[node];
        self.say(object, place, remark);
    }

    fn say(&mut self, object: Option<usize>, called: (usize, usize), remark: Box<ReadingFault>) {
        let made = object.and_then(|object| self.made.get(&object));
        let (start, end) = made.copied().unwrap_or(called);
        let remark = remark.placed(start, end);
        if !self.remarks.contains(&*remark) {
            self.remarks.push(*remark);
        }
    }

    fn push(&mut self, step: Step, inputs: Vec<usize>, shape: Shape) -> Outcome<usize> {
        if self.nodes.len() >= MOST_NODES {
            return Err(ReadingFault::new(ReadingCause::TooMuch));
        }
        let (object, place) = (self.object, self.place);
        self.nodes.push(Node {
            step,
            inputs,
            shape,
            object,
            place,
        });
        Ok(self.nodes.len() - 1)
    }

    /// The step that gives the tensor in its very sizes, if need be after flattening.
    pub(crate) fn settled(&mut self, tensor: &Tensor) -> Outcome<usize> {
        let shape = self.nodes[tensor.node].shape;
        if tensor.sizes == plain(shape) {
            return Ok(tensor.node);
        }
        if tensor.sizes.len() == 2 {
            return self.push(
                Step::Operation(Flatten.into()),
                vec![tensor.node],
                Shape::Vector(shape.len()),
            );
        }
        let target = format!("{:?}", &tensor.sizes[1..]);
        Err(ReadingFault::new(ReadingCause::View)
            .with("shape", shape)
            .with("target", target))
    }

    /// Whether it is an image of one pixel that is looked at as a vector, or the other way round.
    pub(crate) fn is_pixel(tensor: &Tensor) -> bool {
        tensor.sizes.len() == 4 && tensor.sizes[2..] == [1, 1]
    }

    /// An operation on this tensor.
    pub(crate) fn apply(
        &mut self,
        operation: impl Into<Operation>,
        tensor: &Tensor,
    ) -> Outcome<Tensor> {
        let operation = operation.into();
        let shape = self.nodes[tensor.node].shape;
        // What works on each number by itself does not mind in which sizes it is looked at.
        let is_free = matches!(operation, Operation::Activation(_) | Operation::Dropout(_));
        let viewed = is_free && tensor.sizes != plain(shape);
        let node = if viewed {
            tensor.node
        } else {
            self.settled(tensor)?
        };
        let (operation, node) = self.with_border(operation, node);
        let input = self.nodes[node].shape;
        let output = operation.output("", input).map_err(ReadingFault::of)?;
        let node = self.push(Step::Operation(operation), vec![node], output)?;
        Ok(match viewed {
            true => Tensor {
                node,
                sizes: tensor.sizes.clone(),
            },
            false => self.tensor(node),
        })
    }

    /// A step that is no operation of its own.
    pub(crate) fn step(&mut self, step: Step, tensor: &Tensor, shape: Shape) -> Outcome<Tensor> {
        let input = match step {
            Step::Last(_) => tensor.node,
            _ => self.settled(tensor)?,
        };
        let node = self.push(step, vec![input], shape)?;
        Ok(self.tensor(node))
    }

    pub(crate) fn add(&mut self, first: &Tensor, other: &Tensor) -> Outcome<Tensor> {
        if first.sizes != other.sizes {
            return Err(unfit("+", first, other));
        }
        if let Some(made) = self.pooled(first, other)? {
            return Ok(made);
        }
        let (a, b) = (self.nodes[first.node].shape, self.nodes[other.node].shape);
        let (inputs, sizes) = match a == b {
            true => (vec![first.node, other.node], first.sizes.clone()),
            false => (
                vec![self.settled(first)?, self.settled(other)?],
                first.sizes.clone(),
            ),
        };
        let shape = self.nodes[inputs[0]].shape;
        let node = self.push(Step::Add, inputs, shape)?;
        Ok(Tensor { node, sizes })
    }

    pub(crate) fn multiply(&mut self, first: &Tensor, other: &Tensor) -> Outcome<Tensor> {
        let numbers = |tensor: &Tensor| {
            tensor
                .sizes
                .iter()
                .fold(1_i64, |all, size| all.saturating_mul(*size))
        };
        let (value, gate) = match numbers(first) >= numbers(other) {
            true => (first, other),
            false => (other, first),
        };
        let target = self.settled(value)?;
        let fits = match (self.nodes[target].shape, &gate.sizes[..]) {
            (_, sizes) if *sizes == value.sizes => true,
            (Shape::Image(image), [_, channels, 1, 1]) => *channels == image.channels as i64,
            (Shape::Image(image), [_, 1, height, width]) => {
                (*height, *width) == (image.height as i64, image.width as i64)
            }
            _ => false,
        };
        if !fits {
            return Err(unfit("*", first, other));
        }
        let gate = match (
            self.nodes[gate.node].shape,
            Self::is_pixel(gate) && !Self::is_pixel(value),
        ) {
            // One number for each channel is a vector here.
            (Shape::Image(image), true) => self.push(
                Step::Operation(Flatten.into()),
                vec![gate.node],
                Shape::Vector(image.channels),
            )?,
            (Shape::Vector(_), _) if Self::is_pixel(gate) => gate.node,
            _ => self.settled(gate)?,
        };
        let shape = self.nodes[target].shape;
        let node = self.push(Step::Multiply, vec![target, gate], shape)?;
        Ok(self.tensor(node))
    }

    /// The tensor times numbers that are learned.
    pub(crate) fn scale(&mut self, tensor: &Tensor, weight: &Weight) -> Outcome<Tensor> {
        let count: i64 = weight.sizes.iter().product();
        let channels = tensor.sizes.get(1).copied().unwrap_or_default();
        let per_channel = match (count, &weight.sizes[..], tensor.sizes.len()) {
            (1, ..) => false,
            (count, [.., _, 1, 1], 4) | (count, [.., _], 2) if count == channels => true,
            _ => {
                let other = format!("{:?}", weight.sizes);
                return Err(ReadingFault::new(ReadingCause::Shapes)
                    .with("first", shown(&tensor.sizes))
                    .with("other", other)
                    .with("of", "*"));
            }
        };
        let start = weight.start.filter(|_| weight.is_learned);
        let start =
            start.ok_or_else(|| ReadingFault::new(ReadingCause::Operation).with("what", "*"))?;
        let before = self.object.replace(weight.id);
        let made = self.apply(LearnedScale { per_channel, start }, tensor);
        self.object = before;
        made
    }

    pub(crate) fn concat(&mut self, tensors: &[Tensor]) -> Outcome<Tensor> {
        if let [first, others @ ..] = tensors {
            let rest = |tensor: &Tensor| tensor.sizes.get(2..).map(<[i64]>::to_vec);
            if let Some(other) = others.iter().find(|other| rest(other) != rest(first)) {
                return Err(unfit("torch.cat", first, other));
            }
        }
        let mut inputs = Vec::new();
        for tensor in tensors {
            inputs.push(self.settled(tensor)?);
        }
        if let [a, b] = inputs[..] {
            let halves = [&self.nodes[a].step, &self.nodes[b].step];
            let pair = [&Step::ChannelMean, &Step::ChannelMax];
            let source = self.nodes[a].inputs.clone();
            if (halves == pair || halves == [pair[1], pair[0]]) && source == self.nodes[b].inputs {
                if halves != pair {
                    self.remark(
                        ReadingFault::new(ReadingCause::TakenAs)
                            .with("name", "cat(max, mean)")
                            .with("as", "cat(mean, max)"),
                    );
                }
                let source = self.tensor(source[0]);
                return self.apply(cnn_playground::operation::ChannelPool, &source);
            }
        }
        // What has been concatenated before need not be again: x, f(x), g(x, f(x)) is what a dense block makes.
        let known = self
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.step == Step::Concat);
        let longest = known
            .filter(|(_, node)| node.inputs.len() > 1 && node.inputs.len() <= inputs.len())
            .filter_map(|(at, _)| Some((at, self.leaves(at, &inputs)?)))
            .max_by_key(|(_, count)| *count);
        if let Some((at, count)) = longest {
            inputs.splice(..count, [at]);
        }
        if let [alone] = inputs[..] {
            return Ok(self.tensor(alone));
        }
        let shapes: Vec<_> = inputs
            .iter()
            .map(|&input| self.nodes[input].shape)
            .collect();
        let all = shapes.iter().map(|shape| shape.channels()).sum();
        let shape = match shapes.first() {
            Some(Shape::Image(image)) => Shape::Image(ImageShape {
                channels: all,
                ..*image
            }),
            _ => Shape::Vector(all),
        };
        let node = self.push(Step::Concat, inputs, shape)?;
        Ok(self.tensor(node))
    }

    /// The layer whose outputs those of this step are.
    pub(crate) fn last_layer(&self, mut at: usize) -> usize {
        loop {
            let node = &self.nodes[at];
            match &node.step {
                Step::Operation(Operation::Linear(_) | Operation::Conv2d(_)) => return at,
                Step::Operation(_) if node.inputs.len() == 1 => at = node.inputs[0],
                _ => return at,
            }
        }
    }

    /// How many of these inputs, from the first on, the concatenation at this step has made one of; nothing if others.
    fn leaves(&self, at: usize, inputs: &[usize]) -> Option<usize> {
        let mut all = Vec::new();
        let mut left = vec![at];
        while let Some(next) = left.pop() {
            if all.len() > inputs.len() {
                return None;
            }
            match inputs.get(all.len()) == Some(&next) || self.nodes[next].step != Step::Concat {
                true => all.push(next),
                false => left.extend(self.nodes[next].inputs.iter().rev()),
            }
        }
        inputs.starts_with(&all).then_some(all.len())
    }
}

/// That two tensors do not fit.
pub(crate) fn unfit(of: &str, first: &Tensor, other: &Tensor) -> Box<ReadingFault> {
    let fault = ReadingFault::new(ReadingCause::Shapes).with("of", of);
    fault
        .with("first", shown(&first.sizes))
        .with("other", shown(&other.sizes))
}

/// Sizes as a person reads them: without the batch.
pub(crate) fn shown(sizes: &[i64]) -> String {
    let all: Vec<_> = sizes.iter().skip(1).map(i64::to_string).collect();
    all.join("×")
}

/// The sizes of a batch of these.
pub(crate) fn plain(shape: Shape) -> Vec<i64> {
    let sizes = shape.sizes().into_iter().map(|size| size as i64);
    [BATCH].into_iter().chain(sizes).collect()
}
