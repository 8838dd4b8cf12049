//! An optimizer's step over an array on the host, in one pass.

use crate::parts;

/// Cost of one weight, in multiplications: a square root and a division.
const COST: usize = 8;

/// One step of Adam or AdamW. With `g = gradient + penalty · w`, the moments become
/// `m ← β₁·m + (1 − β₁)·g` and `v ← β₂·v + (1 − β₂)·g²`, and the weights
/// `w ← shrink · w − rate · m / (√v + epsilon)`.
#[derive(Debug, Clone, Copy)]
pub struct AdamStep {
    /// How much of each moment stays.
    pub betas: [f64; 2],
    /// The learning rate, corrected for the moments' start at zero.
    pub rate: f64,
    /// Corrected likewise.
    pub epsilon: f64,
    /// Adam's weight decay.
    pub penalty: f64,
    /// AdamW's.
    pub shrink: f64,
}

/// One step of Adam, in place.
pub fn adam(
    weights: &mut [f32],
    gradient: &[f32],
    [first, second]: [&mut [f32]; 2],
    step: AdamStep,
) {
    let [keep, keep_square] = step.betas.map(|beta| beta as f32);
    let [take, take_square] = step.betas.map(|beta| (1.0 - beta) as f32);
    let (rate, epsilon) = (step.rate as f32, step.epsilon as f32);
    let (penalty, shrink) = (step.penalty as f32, step.shrink as f32);
    let cost = COST * weights.len();
    let piece = parts::piece(weights.len(), cost);
    let pieces = weights
        .chunks_mut(piece)
        .zip(gradient.chunks(piece))
        .zip(first.chunks_mut(piece).zip(second.chunks_mut(piece)));
    parts::each(
        pieces,
        cost,
        || (),
        |(), ((weights, gradient), (first, second))| {
            let moments = first.iter_mut().zip(second);
            for ((weight, gradient), (first, second)) in
                weights.iter_mut().zip(gradient).zip(moments)
            {
                let gradient = gradient + penalty * *weight;
                *first = keep * *first + take * gradient;
                *second = keep_square * *second + take_square * gradient * gradient;
                *weight = shrink * *weight - rate * *first / (second.sqrt() + epsilon);
            }
        },
    );
}
