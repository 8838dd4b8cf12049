//! Elementwise activation functions: one table, with a row for each, and loops over arrays on the host.
//!
//! A row's formula is written once, for any [`Real`]: a number of a loop here, or a tensor on a GPU, whose gradient
//! burn derives. Exponentials of numbers come from `libm`: the platforms' own differ in the last bit, so that a run
//! in a browser would differ from the same run in a terminal.

use std::f32::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};
use std::ops::{Add, Div, Mul, Sub};

use crate::parts;

/// Cost of one value, in multiplications.
const COST: usize = 24;

/// The slope of a leaky ReLU where x is negative: PyTorch's default.
const SLOPE: f32 = 0.01;

/// Calls a macro with all activation functions: those that a network can have, then those of losses.
///
/// A row has the function's name; its word in links and the name of PyTorch's module, if a network can have it; the
/// function of `x`; and its derivative on the host, from the output `y` where that is cheaper, else from the input `x`.
/// Everything else follows: the loops, the function on a GPU, its gradient there, the choice in links and on the page, the
/// PyTorch source, and the tests of its derivative.
#[macro_export]
macro_rules! activations {
    ($table:ident) => {
        $table! {
            networks {
                /// max(0, x).
                Relu "relu" "ReLU": |x| x.positive(), derivative of output |y| f32::from(y > 0.0);
                /// The hyperbolic tangent.
                Tanh "tanh" "Tanh": |x| x.tanh(), derivative of output |y| 1.0 - y * y;
                /// 1 / (1 + e⁻ˣ).
                Sigmoid "sigmoid" "Sigmoid": |x| x.sigmoid(), derivative of output |y| y * (1.0 - y);
                /// x · Φ(x), with the normal distribution's Φ. Hendrycks and Gimpel 2016, <https://arxiv.org/abs/1606.08415>.
                Gelu "gelu" "GELU": |x| x.clone() * normal(x), derivative of input |x| normal(x) + x * density(x);
                /// x, or a hundredth of x where that is negative. Maas, Hannun and Ng 2013,
                /// <https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf>.
                LeakyRelu "leaky-relu" "LeakyReLU": |x| x.clone().positive() + negative(x) * SLOPE,
                    derivative of output |y| if y > 0.0 { 1.0 } else { SLOPE };
                /// x, or eˣ − 1 where x is negative. Clevert, Unterthiner and Hochreiter 2015, <https://arxiv.org/abs/1511.07289>.
                Elu "elu" "ELU": |x| x.clone().positive() + negative(x).exp_m1(),
                    derivative of output |y| if y > 0.0 { 1.0 } else { 1.0 + y };
                /// x · σ(x), also called Swish. Elfwing, Uchibe and Doya 2017, <https://arxiv.org/abs/1702.03118>.
                Silu "silu" "SiLU": |x| x.clone() * x.sigmoid(),
                    derivative of input |x| sigmoid(x) * (1.0 + x * sigmoid(-x));
                /// x · min(max(0, x + 3), 6) / 6. Howard et al. 2019, <https://arxiv.org/abs/1905.02244>.
                Hardswish "hardswish" "Hardswish": |x| x.clone() * up_to_six(x + 3.0_f32) / 6.0_f32,
                    derivative of input |x| if x.abs() <= 3.0 { x / 3.0 + 0.5 } else { f32::from(x > 0.0) };
            }
            losses {
                /// ln σ(x), exact also where σ(x) is rounded to zero or one.
                LogSigmoid: |x| x.log_sigmoid(), derivative of input |x| sigmoid(-x);
            }
        }
    };
}

/// A number or a tensor of numbers: what a formula is written for. Arithmetic is elementwise.
pub trait Real: Clone + Arithmetic<Self> + Arithmetic<f32> {
    /// max(0, x).
    fn positive(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
    /// σ(x) = 1 / (1 + e⁻ˣ).
    fn sigmoid(self) -> Self;
    /// ln σ(x).
    fn log_sigmoid(self) -> Self;
    /// The error function.
    fn erf(self) -> Self;
    /// eˣ − 1.
    fn exp_m1(self) -> Self;
}

/// The four operations with another operand.
pub trait Arithmetic<T>:
    Sized
    + Add<T, Output = Self>
    + Sub<T, Output = Self>
    + Mul<T, Output = Self>
    + Div<T, Output = Self>
{
}

impl Arithmetic<f32> for f32 {}

impl Real for f32 {
    fn positive(self) -> Self {
        self.max(0.0)
    }

    fn tanh(self) -> Self {
        libm::tanhf(self)
    }

    fn sigmoid(self) -> Self {
        sigmoid(self)
    }

    fn log_sigmoid(self) -> Self {
        log_sigmoid(self)
    }

    fn erf(self) -> Self {
        libm::erff(self)
    }

    fn exp_m1(self) -> Self {
        libm::expm1f(self)
    }
}

macro_rules! functions {
    (@from output) => { true };
    (@from input) => { false };
    (
        networks { $($(#[$doc:meta])* $network:ident $word:literal $module:literal:
            |$x:ident| $value:expr, derivative of $from:ident |$at:ident| $derivative:expr;)* }
        losses { $($(#[$loss_doc:meta])* $loss:ident:
            |$loss_x:ident| $loss_value:expr, derivative of $loss_from:ident |$loss_at:ident| $loss_derivative:expr;)* }
    ) => {
        /// A function of each number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Activation {
            $($(#[$doc])* $network,)*
            $($(#[$loss_doc])* $loss,)*
        }

        impl Activation {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$network,)* $(Self::$loss,)*];

            /// The function of one number, or of a tensor's.
            pub fn of<R: Real>(self, x: R) -> R {
                match self {
                    $(Self::$network => { let $x = x; $value })*
                    $(Self::$loss => { let $loss_x = x; $loss_value })*
                }
            }

            /// Whether [`Activation::backward`] takes the outputs; else it takes the inputs.
            pub fn keeps_output(self) -> bool {
                match self {
                    $(Self::$network => functions!(@from $from),)*
                    $(Self::$loss => functions!(@from $loss_from),)*
                }
            }

            /// The derivative at one number, which is an output or an input, as [`Activation::keeps_output`] says.
            pub fn derivative(self, at: f32) -> f32 {
                match self {
                    $(Self::$network => { let $at = at; $derivative })*
                    $(Self::$loss => { let $loss_at = at; $loss_derivative })*
                }
            }

            /// The function of each value.
            pub fn forward(self, values: &[f32]) -> Vec<f32> {
                let mut results = vec![0.0; values.len()];
                in_pieces(&mut results, values, |results, values| match self {
                    $(Self::$network => pairwise(results, values, |_, x| Self::$network.of(x)),)*
                    $(Self::$loss => pairwise(results, values, |_, x| Self::$loss.of(x)),)*
                });
                results
            }

            /// The gradient of the inputs, from that of the outputs; `kept` as [`Activation::keeps_output`] says.
            pub fn backward(self, kept: &[f32], gradient: &[f32]) -> Vec<f32> {
                let mut results = gradient.to_vec();
                in_pieces(&mut results, kept, |results, kept| match self {
                    $(Self::$network => pairwise(results, kept, |g, at| g * Self::$network.derivative(at)),)*
                    $(Self::$loss => pairwise(results, kept, |g, at| g * Self::$loss.derivative(at)),)*
                });
                results
            }
        }
    };
}
activations!(functions);

impl Activation {
    /// Whether a unit with this output passes a gradient on: its slope there is at least 0.01, or, where the
    /// slope does not follow from the output, the output is positive.
    pub fn is_alive(self, output: f32) -> bool {
        if self.keeps_output() {
            self.derivative(output) >= 0.01
        } else {
            output > 0.0
        }
    }
}

/// Calls `work` with matching pieces of both arrays.
fn in_pieces(results: &mut [f32], values: &[f32], work: impl Fn(&mut [f32], &[f32]) + Sync) {
    let cost = COST * values.len();
    let piece = parts::piece(values.len(), cost);
    let pieces = results.chunks_mut(piece).zip(values.chunks(piece));
    parts::each(
        pieces,
        cost,
        || (),
        |(), (results, values)| work(results, values),
    );
}

/// Replaces each result by a function of it and its value.
#[inline(always)]
fn pairwise(results: &mut [f32], values: &[f32], of: impl Fn(f32, f32) -> f32) {
    for (result, value) in results.iter_mut().zip(values) {
        *result = of(*result, *value);
    }
}

/// min(0, x); what is not a number stays so.
fn negative<R: Real>(x: R) -> R {
    x.clone() - x.positive()
}

/// max(0, x), at most 6.
fn up_to_six<R: Real>(x: R) -> R {
    x.clone().positive() - (x - 6.0_f32).positive()
}

fn sigmoid(x: f32) -> f32 {
    // Of a negative number only, so that it never overflows.
    let power = libm::expf(-x.abs());
    if x < 0.0 {
        power / (1.0 + power)
    } else {
        1.0 / (1.0 + power)
    }
}

fn log_sigmoid(x: f32) -> f32 {
    let rest = libm::log1pf(libm::expf(-x.abs()));
    if x < 0.0 { x - rest } else { -rest }
}

/// Φ(x), the cumulative normal distribution.
fn normal<R: Real>(x: R) -> R {
    ((x * FRAC_1_SQRT_2).erf() + 1.0_f32) * 0.5_f32
}

/// The derivative of Φ: e^(−x²/2) / √(2π).
fn density(x: f32) -> f32 {
    0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2 * libm::expf(-0.5 * x * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_worked_out_by_hand() {
        use Activation::{Elu, Gelu, Hardswish, LeakyRelu, LogSigmoid, Relu, Sigmoid, Silu, Tanh};
        for (of, one, far_below) in [
            (Relu, 1.0, 0.0),
            (Tanh, 0.761_594_2, -1.0),
            (Sigmoid, 0.731_058_6, 0.0),
            (Gelu, 0.841_344_7, 0.0),
            (LeakyRelu, 1.0, -2.0),
            (Elu, 1.0, -1.0),
            (Silu, 0.731_058_6, 0.0),
            (Hardswish, 0.666_666_7, 0.0),
            (LogSigmoid, -0.313_261_7, -200.0),
        ] {
            let found = of.forward(&[1.0, -200.0]);
            assert!((found[0] - one).abs() < 1e-6, "{of:?}: {found:?}");
            assert!((found[1] - far_below).abs() < 1e-6, "{of:?}: {found:?}");
        }
    }

    #[test]
    fn a_derivative_is_the_slope_between_two_neighbours() {
        const STEP: f32 = 1e-2;
        for of in Activation::ALL {
            // Not at zero, where a function may have a corner; nor at −3, where a hard swish has one.
            for at in [-3.2, -2.5, -0.7, -0.02, 0.03, 0.4, 2.5_f32] {
                let ends = of.forward(&[at - STEP, at, at + STEP]);
                let kept = if of.keeps_output() { ends[1] } else { at };
                let found = of.backward(&[kept], &[2.0])[0];
                let slope = (ends[2] - ends[0]) / STEP;
                assert!(
                    (found - slope).abs() < 1e-3,
                    "{of:?} at {at}: {found} is not {slope}"
                );
            }
        }
    }

    #[test]
    fn what_is_not_a_number_stays_so() {
        // But a ReLU, which has a program of its own on each device, never gets here.
        for of in Activation::ALL.iter().filter(|of| **of != Activation::Relu) {
            assert!(of.forward(&[f32::NAN])[0].is_nan(), "{of:?}");
        }
    }
}
