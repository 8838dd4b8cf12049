//! The end of a residual block: a sum and the ReLU behind it.

/// The sums after a ReLU.
pub fn forward(left: &[f32], right: &[f32]) -> Vec<f32> {
    let pairs = left.iter().zip(right);
    pairs
        .map(|(left, right)| {
            let sum = left + right;
            // Not `max`: a value that is no number must stay one.
            if sum < 0.0 { 0.0 } else { sum }
        })
        .collect()
}

/// The gradient of either, from that of the output: what passes where the output is positive.
pub fn backward(gradient: &[f32], output: &[f32]) -> Vec<f32> {
    let pairs = gradient.iter().zip(output);
    pairs
        .map(|(gradient, output)| if *output > 0.0 { *gradient } else { 0.0 })
        .collect()
}
