//! The one way in which layers are used twice that the playground has an operation for: what CBAM asks of its channels.

use cnn_playground::operation::{Activation, Operation, PooledMlp, Shape};

use crate::fault::Outcome;
use crate::tensor::{Graph, Step, Tensor};

/// Two dense layers on what was pooled.
#[derive(Debug, PartialEq, Eq)]
struct Branch {
    source: usize,
    layers: [usize; 2],
    hidden: usize,
}

impl Graph {
    /// The sum of both, if they are the same two dense layers on the means and on the largest values of the same image.
    pub(crate) fn pooled(&mut self, first: &Tensor, other: &Tensor) -> Outcome<Option<Tensor>> {
        let both = self.branch(first.node).zip(self.branch(other.node));
        let Some(((one, of_means), (two, of_means_too))) = both else {
            return Ok(None);
        };
        if one != two || of_means == of_means_too {
            return Ok(None);
        }
        self.merged.extend(one.layers);
        // Its weights are those of the layers.
        let before = self.object.replace(one.layers[0]);
        let made = self.apply(PooledMlp { hidden: one.hidden }, &self.tensor(one.source));
        self.object = before;
        let made = made?;
        let sizes = first.sizes.clone();
        Ok(Some(Tensor {
            node: made.node,
            sizes,
        }))
    }

    /// The dense layers that end here, and whether they are on means.
    fn branch(&self, end: usize) -> Option<(Branch, bool)> {
        let (second, channels) = self.dense(end)?;
        let between = self.before(end)?;
        if self.nodes[between].step != Step::Operation(Operation::Activation(Activation::Relu)) {
            return None;
        }
        let begin = self.before(between)?;
        let (first, hidden) = self.dense(begin)?;
        let pool = self.before(begin)?;
        let source = *self.nodes[pool].inputs.first()?;
        let Shape::Image(image) = self.nodes[source].shape else {
            return None;
        };
        let is_one = self.nodes[pool].shape.len() == image.channels && channels == image.channels;
        let Step::Operation(operation) = &self.nodes[pool].step else {
            return None;
        };
        let of_means = match operation {
            Operation::GlobalAveragePool(_) | Operation::AdaptiveAveragePool2d(_) => true,
            Operation::MaxPool2d(pool) if pool.0.padding == 0 => false,
            _ => return None,
        };
        let layers = [first, second];
        is_one.then_some((
            Branch {
                source,
                layers,
                hidden,
            },
            of_means,
        ))
    }

    /// What is before a step, without what only changes the shape.
    fn before(&self, at: usize) -> Option<usize> {
        let mut at = *self.nodes[at].inputs.first()?;
        while let Step::Operation(Operation::Flatten(_)) = self.nodes[at].step {
            at = *self.nodes[at].inputs.first()?;
        }
        Some(at)
    }

    /// The object and the outputs of a dense layer, or of a convolution that is one.
    fn dense(&self, at: usize) -> Option<(usize, usize)> {
        let node = &self.nodes[at];
        let outputs = match &node.step {
            Step::Operation(Operation::Linear(dense)) if dense.bias => dense.out_features,
            Step::Operation(Operation::Conv2d(conv)) => {
                let input = self.nodes[*node.inputs.first()?].shape;
                let dense = (input.len() + 1) * conv.out_channels;
                let learned = Operation::from(*conv).parameters(input);
                let count: usize = learned.iter().map(|array| array.len()).sum();
                (input.len() == input.channels() && count == dense).then_some(conv.out_channels)?
            }
            _ => return None,
        };
        Some((node.object?, outputs))
    }
}
