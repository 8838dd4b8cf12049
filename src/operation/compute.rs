//! What an operation gets and gives when it runs.

use burn::tensor::Tensor;

use super::{Mode, Operation, Parameter, Shape};
use crate::kernels::Tail;

/// What an operation computes.
pub(crate) trait Compute {
    /// Its output for a batch whose shape [`super::Describe::output`] accepted.
    fn compute(&self, x: Flow, inputs: &mut Inputs<'_, '_>) -> Flow;
}

/// The activations that one operation hands to the next.
#[derive(Debug, Clone)]
pub enum Flow {
    /// `[batch, channels, height, width]`.
    Image(Tensor<4>),
    /// `[batch, features]`.
    Vector(Tensor<2>),
}

impl Flow {
    pub(crate) fn image(self) -> Tensor<4> {
        match self {
            Self::Image(x) => x,
            Self::Vector(_) => unreachable!("the tree's shapes say that this is an image"),
        }
    }

    pub(crate) fn vector(self) -> Tensor<2> {
        match self {
            Self::Vector(x) => x,
            Self::Image(_) => unreachable!("the tree's shapes say that this is a vector"),
        }
    }

    /// An image's pixels as `[batch, channels, height · width]`, and `[batch, channels]`.
    pub(super) fn rows(self) -> (Tensor<3>, [usize; 2]) {
        let x = self.image();
        let [batch, channels, height, width] = x.dims();
        let rows = x.reshape([batch, channels, height * width]);
        (rows, [batch, channels])
    }
}

/// The weights and running statistics of a network from some operation on: each takes its own.
pub(crate) struct Weights<'a> {
    weights: std::vec::IntoIter<Tensor<1>>,
    statistics: std::slice::IterMut<'a, [Tensor<1>; 2]>,
}

impl<'a> Weights<'a> {
    /// Those of the whole network, in the order of its operations.
    pub(crate) fn new(weights: Vec<Tensor<1>>, statistics: &'a mut [[Tensor<1>; 2]]) -> Self {
        Self {
            weights: weights.into_iter(),
            statistics: statistics.iter_mut(),
        }
    }
}

/// What an operation gets beside the output of the one before.
pub(crate) struct Inputs<'a, 'n> {
    /// The names from the network's root to it, joined by dots.
    pub(super) path: &'a str,
    /// Training or testing.
    pub(super) mode: Mode,
    /// The operations after it that it computes in the same step.
    pub(super) tail: Tail,
    parameters: std::vec::IntoIter<Parameter>,
    weights: &'a mut Weights<'n>,
}

impl<'a, 'n> Inputs<'a, 'n> {
    /// Of an operation at this place, whose input has this shape.
    pub(crate) fn new(
        operation: &Operation,
        (path, input): (&'a str, Shape),
        (mode, tail): (Mode, Tail),
        weights: &'a mut Weights<'n>,
    ) -> Self {
        Self {
            path,
            mode,
            tail,
            parameters: operation.parameters(input).into_iter(),
            weights,
        }
    }

    /// Its next array of weights, in the shape that it has in [`super::Learned`].
    pub(super) fn weight<const D: usize>(&mut self) -> Tensor<D> {
        let shape = self.parameters.next().map(|parameter| parameter.shape);
        let shape = shape.and_then(|shape| <[usize; D]>::try_from(shape).ok());
        match (self.weights.weights.next(), shape) {
            (Some(weights), Some(shape)) => weights.reshape(shape),
            _ => unreachable!("weights are drawn from the same tree"),
        }
    }

    /// Its next array of weights as it is.
    pub(super) fn bias(&mut self) -> Tensor<1> {
        self.parameters.next();
        let next = self.weights.weights.next();
        next.unwrap_or_else(|| unreachable!("weights are drawn from the same tree"))
    }

    /// The running mean and variance of each channel.
    pub(super) fn statistics(&mut self) -> &mut [Tensor<1>; 2] {
        let next = self.weights.statistics.next();
        next.unwrap_or_else(|| unreachable!("statistics are made from the same tree"))
    }
}
