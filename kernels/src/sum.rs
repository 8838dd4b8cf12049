//! The end of a residual block: a sum followed by a ReLU.

use crate::parts;

/// Cost of one value, in multiplications: about the time to load two.
const COST: usize = 4;

/// ReLU(a + b).
pub fn forward(left: &[f32], right: &[f32]) -> Vec<f32> {
    pairwise(left, right, |left, right| {
        let sum = left + right;
        // Not `max`, which would turn NaN into 0.
        if sum < 0.0 { 0.0 } else { sum }
    })
}

/// The gradient of either summand: the output's gradient where the output is positive, else 0.
pub fn backward(gradient: &[f32], output: &[f32]) -> Vec<f32> {
    pairwise(
        gradient,
        output,
        |gradient, output| {
            if output > 0.0 { gradient } else { 0.0 }
        },
    )
}

fn pairwise(left: &[f32], right: &[f32], of: impl Fn(f32, f32) -> f32 + Sync) -> Vec<f32> {
    let mut results = vec![0.0; left.len()];
    let cost = COST * left.len();
    let piece = parts::piece(left.len(), cost);
    let pieces = results
        .chunks_mut(piece)
        .zip(left.chunks(piece).zip(right.chunks(piece)));
    parts::each(
        pieces,
        cost,
        || (),
        |(), (results, (left, right))| {
            for (result, (left, right)) in results.iter_mut().zip(left.iter().zip(right)) {
                *result = of(*left, *right);
            }
        },
    );
    results
}
