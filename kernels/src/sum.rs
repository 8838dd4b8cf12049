//! The end of a residual block: a sum and the ReLU behind it.

use crate::parts;

/// What a value costs, in multiplications: about as long as it takes to load two.
const COST: usize = 4;

/// The sums after a ReLU.
pub fn forward(left: &[f32], right: &[f32]) -> Vec<f32> {
    pairwise(left, right, |left, right| {
        let sum = left + right;
        // Not `max`: a value that is no number must stay one.
        if sum < 0.0 { 0.0 } else { sum }
    })
}

/// The gradient of either, from that of the output: what passes where the output is positive.
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
