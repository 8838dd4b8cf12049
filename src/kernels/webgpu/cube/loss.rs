//! Softmax cross-entropy: its mean over a batch with the number of correct predictions, and its gradient.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{buffer, empty, units};

/// Threads of a cube.
const LINE: usize = 64;

/// The mean cross-entropy, in nats, of logits `[batch, classes]` and labels `[batch]`, and the number of correct
/// predictions: `[2]`.
pub(in super::super) fn classify(logits: &CubeTensor, labels: &CubeTensor) -> CubeTensor {
    let [batch, classes] = logits.meta.shape().dims();
    let output = empty(logits, [2]);
    // SAFETY: A sample is below `batch`; its label is below `classes`, which `Feed` checks, and
    // `output` has two values.
    unsafe {
        cross_entropy::launch_unchecked(
            &logits.client,
            CubeCount::Static(1, 1, 1),
            units(LINE),
            buffer(logits),
            buffer(labels),
            buffer(&output),
            batch,
            classes,
        );
    }
    output
}

/// The gradient of the logits, `[batch, classes]`; `gradient[0]` is the gradient of the mean.
pub(in super::super) fn classify_gradient(
    logits: &CubeTensor,
    labels: &CubeTensor,
    gradient: &CubeTensor,
) -> CubeTensor {
    let [batch, classes] = logits.meta.shape().dims();
    let output = empty(logits, [batch, classes]);
    // SAFETY: A sample is below `batch`, and `output` is as large as `logits`.
    unsafe {
        cross_entropy_gradient::launch_unchecked(
            &logits.client,
            CubeCount::Static(batch.div_ceil(LINE) as u32, 1, 1),
            units(LINE),
            buffer(logits),
            buffer(labels),
            buffer(gradient),
            buffer(&output),
            batch,
            classes,
        );
    }
    output
}

/// Of a row of logits that begins at index `start`: the largest, the first class that has it, and the sum of
/// `exp(logit − largest)`.
#[cube]
fn soften(logits: &[f32], start: usize, classes: usize) -> (f32, usize, f32) {
    let mut largest = logits[start];
    let mut place = 0usize;
    for class in 1..classes {
        let value = logits[start + class];
        let larger = value > largest;
        largest = select(larger, value, largest);
        place = select(larger, class, place);
    }
    let mut sum = f32::new(0.0);
    for class in 0..classes {
        sum += (logits[start + class] - largest).exp();
    }
    (largest, place, sum)
}

#[cube(launch_unchecked)]
fn cross_entropy(logits: &[f32], labels: &[i32], output: &mut [f32], batch: usize, classes: usize) {
    let unit = UNIT_POS as usize;
    let (mut loss, mut right) = (f32::new(0.0), f32::new(0.0));
    for sample in range_stepped(unit, batch, LINE) {
        let label = labels[sample] as usize;
        let (largest, place, sum) = soften(logits, sample * classes, classes);
        loss += largest + sum.ln() - logits[sample * classes + label];
        right += select(place == label, 1.0, 0.0);
    }
    let mut losses = Shared::<[f32]>::new_slice(LINE);
    let mut rights = Shared::<[f32]>::new_slice(LINE);
    losses[unit] = loss;
    rights[unit] = right;
    sync_cube();
    if unit == 0 {
        for other in 1..LINE {
            loss += losses[other];
            right += rights[other];
        }
        output[0] = loss / f32::cast_from(batch);
        output[1] = right;
    }
}

#[cube(launch_unchecked)]
fn cross_entropy_gradient(
    logits: &[f32],
    labels: &[i32],
    gradient: &[f32],
    output: &mut [f32],
    batch: usize,
    classes: usize,
) {
    let sample = CUBE_POS_X as usize * LINE + UNIT_POS as usize;
    if sample < batch {
        let start = sample * classes;
        let label = labels[sample] as usize;
        let (largest, _place, sum) = soften(logits, start, classes);
        let factor = gradient[0] / f32::cast_from(batch);
        for class in 0..classes {
            let share = (logits[start + class] - largest).exp() / sum;
            output[start + class] = factor * (share - select(class == label, 1.0, 0.0));
        }
    }
}
