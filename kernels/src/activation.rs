//! Elementwise activation functions with their derivatives, over arrays on the host.
//!
//! Exponentials come from `libm`: the platforms' own differ in the last bit, so that a run in a browser would
//! differ from the same run in a terminal.

use std::f32::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

use crate::parts;

/// Cost of one value, in multiplications.
const COST: usize = 24;

/// A function of each number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// The hyperbolic tangent.
    Tanh,
    /// σ(x) = 1 / (1 + e⁻ˣ).
    Sigmoid,
    /// x · Φ(x), with the normal distribution's Φ. Hendrycks and Gimpel 2016,
    /// <https://arxiv.org/abs/1606.08415>.
    Gelu,
    /// ln σ(x), exact also where σ(x) is rounded to zero or one.
    LogSigmoid,
}

impl Activation {
    /// Whether [`Activation::backward`] takes the outputs, where their derivative is cheaper; else it
    /// takes the inputs.
    pub fn keeps_output(self) -> bool {
        matches!(self, Self::Tanh | Self::Sigmoid)
    }

    /// The function of each value.
    pub fn forward(self, values: &[f32]) -> Vec<f32> {
        let mut results = vec![0.0; values.len()];
        in_pieces(&mut results, values, |results, values| match self {
            Self::Tanh => pairwise(results, values, |_, x| libm::tanhf(x)),
            Self::Sigmoid => pairwise(results, values, |_, x| sigmoid(x)),
            Self::Gelu => pairwise(results, values, |_, x| x * normal(x)),
            Self::LogSigmoid => pairwise(results, values, |_, x| log_sigmoid(x)),
        });
        results
    }

    /// The gradient of the inputs, from that of the outputs; `kept` as [`Activation::keeps_output`] says.
    pub fn backward(self, kept: &[f32], gradient: &[f32]) -> Vec<f32> {
        let mut results = gradient.to_vec();
        in_pieces(&mut results, kept, |results, kept| match self {
            Self::Tanh => pairwise(results, kept, |g, y| g * (1.0 - y * y)),
            Self::Sigmoid => pairwise(results, kept, |g, y| g * (y * (1.0 - y))),
            Self::Gelu => pairwise(results, kept, |g, x| g * (normal(x) + x * density(x))),
            Self::LogSigmoid => pairwise(results, kept, |g, x| g * sigmoid(-x)),
        });
        results
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
fn normal(x: f32) -> f32 {
    0.5 * (1.0 + libm::erff(x * FRAC_1_SQRT_2))
}

/// The derivative of Φ: e^(−x²/2) / √(2π).
fn density(x: f32) -> f32 {
    0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2 * libm::expf(-0.5 * x * x)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Activation; 4] = [
        Activation::Tanh,
        Activation::Sigmoid,
        Activation::Gelu,
        Activation::LogSigmoid,
    ];

    #[test]
    fn values_worked_out_by_hand() {
        let at_one = [0.761_594_2, 0.731_058_6, 0.841_344_7, -0.313_261_7];
        let far_below = [-1.0, 0.0, 0.0, -200.0];
        for ((of, one), below) in ALL.into_iter().zip(at_one).zip(far_below) {
            let found = of.forward(&[1.0, -200.0]);
            assert!((found[0] - one).abs() < 1e-6, "{of:?}: {found:?}");
            assert!((found[1] - below).abs() < 1e-6, "{of:?}: {found:?}");
            assert!(of.forward(&[f32::NAN])[0].is_nan(), "{of:?}");
        }
    }

    #[test]
    fn a_derivative_is_the_slope_between_two_neighbours() {
        const STEP: f32 = 1e-2;
        for of in ALL {
            for at in [-3.0, -0.7, 0.0, 0.4, 2.5_f32] {
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
}
