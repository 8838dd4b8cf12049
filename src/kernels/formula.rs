//! A tensor as a number of a formula: what an activation function computes where it has no loop of its own.

use std::ops::{Add, Mul};

use burn::tensor::{Tensor, activation};
use cnn_playground_kernels::activation::Real;

/// A tensor in whose formulas each number stands for itself.
#[derive(Debug, Clone)]
pub(super) struct Elementwise<const D: usize>(pub(super) Tensor<D>);

impl<const D: usize> Add for Elementwise<D> {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl<const D: usize> Add<f32> for Elementwise<D> {
    type Output = Self;

    fn add(self, other: f32) -> Self {
        Self(self.0 + other)
    }
}

impl<const D: usize> Mul for Elementwise<D> {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }
}

impl<const D: usize> Mul<f32> for Elementwise<D> {
    type Output = Self;

    fn mul(self, other: f32) -> Self {
        Self(self.0 * other)
    }
}

impl<const D: usize> Real for Elementwise<D> {
    fn positive(self) -> Self {
        Self(activation::relu(self.0))
    }

    fn tanh(self) -> Self {
        Self(activation::tanh(self.0))
    }

    fn sigmoid(self) -> Self {
        Self(activation::sigmoid(self.0))
    }

    fn log_sigmoid(self) -> Self {
        Self(activation::log_sigmoid(self.0))
    }

    fn erf(self) -> Self {
        Self(self.0.erf())
    }
}
