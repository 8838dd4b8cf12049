//! An optimizer's step over an array on the host, in one pass.

use super::AdamStep;

/// One step of Adam, in place.
pub(super) fn adam(
    weights: &mut [f32],
    gradient: &[f32],
    [first, second]: [&mut [f32]; 2],
    step: AdamStep,
) {
    let [keep, keep_square] = step.betas.map(|beta| beta as f32);
    let [take, take_square] = step.betas.map(|beta| (1.0 - beta) as f32);
    let (rate, epsilon) = (step.rate as f32, step.epsilon as f32);
    let (penalty, shrink) = (step.penalty as f32, step.shrink as f32);
    let moments = first.iter_mut().zip(second);
    for ((weight, gradient), (first, second)) in weights.iter_mut().zip(gradient).zip(moments) {
        let gradient = gradient + penalty * *weight;
        *first = keep * *first + take * gradient;
        *second = keep_square * *second + take_square * gradient * gradient;
        *weight = shrink * *weight - rate * *first / (second.sqrt() + epsilon);
    }
}
