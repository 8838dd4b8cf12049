//! A tensor as a number of a formula: what an activation function computes where it has no loop of its own.

use std::ops::{Add, Div, Mul, Sub};

use burn::tensor::{Tensor, activation};
use cnn_playground_kernels::activation::{Arithmetic, Real};

/// A tensor in whose formulas each number stands for itself.
#[derive(Debug, Clone)]
pub(super) struct Elementwise<const D: usize>(pub(super) Tensor<D>);

macro_rules! arithmetic {
    ($($operation:ident $function:ident,)*) => {
        $(
            impl<const D: usize> $operation for Elementwise<D> {
                type Output = Self;

                fn $function(self, other: Self) -> Self {
                    Self($operation::$function(self.0, other.0))
                }
            }

            impl<const D: usize> $operation<f32> for Elementwise<D> {
                type Output = Self;

                fn $function(self, other: f32) -> Self {
                    Self($operation::$function(self.0, other))
                }
            }
        )*
    };
}

arithmetic! {
    Add add,
    Sub sub,
    Mul mul,
    Div div,
}

impl<const D: usize> Arithmetic<Self> for Elementwise<D> {}
impl<const D: usize> Arithmetic<f32> for Elementwise<D> {}

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

    fn exp_m1(self) -> Self {
        Self(self.0.exp() - 1.0)
    }
}
