//! An optimizer's step over the one buffer that all weights lie in.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{LINE, buffer, units};
use crate::nn::kernels::{AdamStep, SgdStep};

/// Arrays whose gradients one program reads.
pub(in super::super) const ARRAYS: usize = 3;

/// Where arrays lie in the buffer: each one's first number, and how many it has.
pub(in super::super) type Spans = [[usize; 2]; ARRAYS];

fn cubes(spans: Spans) -> CubeCount {
    let longest = spans.iter().map(|span| span[1]).max().unwrap_or(0);
    CubeCount::Static(longest.div_ceil(LINE) as u32, ARRAYS as u32, 1)
}

/// One step of Adam for these arrays: from `weights` to `new`, the moments in place.
pub(in super::super) fn adam(
    [weights, new, first, second]: [&CubeTensor; 4],
    gradients: [&CubeTensor; ARRAYS],
    spans: Spans,
    step: AdamStep,
) {
    unsafe {
        adam_step::launch_unchecked(
            &weights.client,
            cubes(spans),
            units(LINE),
            buffer(weights),
            buffer(new),
            buffer(first),
            buffer(second),
            buffer(gradients[0]),
            buffer(gradients[1]),
            buffer(gradients[2]),
            AdamFactorsLaunch::new(
                step.betas[0] as f32,
                step.betas[1] as f32,
                (1.0 - step.betas[0]) as f32,
                (1.0 - step.betas[1]) as f32,
                step.rate as f32,
                step.epsilon as f32,
                step.penalty as f32,
                step.shrink as f32,
            ),
            places(spans),
        );
    }
}

/// One step of gradient descent for these arrays: from `weights` to `new`, the velocities in place.
pub(in super::super) fn sgd(
    [weights, new, velocity]: [&CubeTensor; 3],
    gradients: [&CubeTensor; ARRAYS],
    spans: Spans,
    step: SgdStep,
) {
    unsafe {
        sgd_step::launch_unchecked(
            &weights.client,
            cubes(spans),
            units(LINE),
            buffer(weights),
            buffer(new),
            buffer(velocity),
            buffer(gradients[0]),
            buffer(gradients[1]),
            buffer(gradients[2]),
            step.rate as f32,
            step.momentum as f32,
            step.decay as f32,
            places(spans),
        );
    }
}

fn places(spans: Spans) -> PlacesLaunch {
    let [[a, a_count], [b, b_count], [c, c_count]] = spans;
    PlacesLaunch::new(a, b, c, a_count, b_count, c_count)
}

/// The three spans.
#[derive(CubeType, CubeLaunch, Clone, Copy)]
struct Places {
    first: usize,
    second: usize,
    third: usize,
    first_count: usize,
    second_count: usize,
    third_count: usize,
}

/// [`AdamStep`].
#[derive(CubeType, CubeLaunch, Clone, Copy)]
struct AdamFactors {
    keep: f32,
    keep_square: f32,
    take: f32,
    take_square: f32,
    rate: f32,
    epsilon: f32,
    penalty: f32,
    shrink: f32,
}

/// Where this thread's number is in the buffer, its gradient, and whether there is one.
#[cube]
fn find(first: &[f32], second: &[f32], third: &[f32], places: &Places) -> (usize, f32, bool) {
    let array = CUBE_POS_Y;
    let number = CUBE_POS_X as usize * LINE + UNIT_POS as usize;
    let count = select(
        array == 0,
        places.first_count,
        select(array == 1, places.second_count, places.third_count),
    );
    let start = select(
        array == 0,
        places.first,
        select(array == 1, places.second, places.third),
    );
    let mut gradient = f32::new(0.0);
    if number < count {
        if array == 0 {
            gradient = first[number];
        } else if array == 1 {
            gradient = second[number];
        } else {
            gradient = third[number];
        }
    }
    (start + number, gradient, number < count)
}

#[cube(launch_unchecked)]
fn adam_step(
    weights: &[f32],
    new: &mut [f32],
    first: &mut [f32],
    second: &mut [f32],
    gradient_a: &[f32],
    gradient_b: &[f32],
    gradient_c: &[f32],
    factors: &AdamFactors,
    places: &Places,
) {
    let (place, gradient, there) = find(gradient_a, gradient_b, gradient_c, places);
    if there {
        let weight = weights[place];
        let gradient = gradient + factors.penalty * weight;
        let mean = factors.keep * first[place] + factors.take * gradient;
        let square =
            factors.keep_square * second[place] + factors.take_square * gradient * gradient;
        first[place] = mean;
        second[place] = square;
        new[place] =
            factors.shrink * weight - factors.rate * mean / (square.sqrt() + factors.epsilon);
    }
}

#[cube(launch_unchecked)]
fn sgd_step(
    weights: &[f32],
    new: &mut [f32],
    velocity: &mut [f32],
    gradient_a: &[f32],
    gradient_b: &[f32],
    gradient_c: &[f32],
    rate: f32,
    momentum: f32,
    decay: f32,
    places: &Places,
) {
    let (place, gradient, there) = find(gradient_a, gradient_b, gradient_c, places);
    if there {
        let weight = weights[place];
        let moved = gradient + decay * weight + momentum * velocity[place];
        velocity[place] = moved;
        new[place] = weight - rate * moved;
    }
}
