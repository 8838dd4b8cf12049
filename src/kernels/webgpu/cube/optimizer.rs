//! An optimizer's step over the buffer that holds all weights.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{LINE, buffer, together, units};
use crate::kernels::{AdamStep, SgdStep};

/// Arrays that one kernel updates, each with a gradient of its own.
pub(in super::super) const ARRAYS: usize = 3;

/// The offset and the length of each array in the buffer, in values.
pub(in super::super) type Spans = [[usize; 2]; ARRAYS];

/// An array that is read in vectors.
type Numbers<N> = [Vector<f32, N>];

fn cubes(spans: Spans) -> CubeCount {
    let longest = spans.iter().map(|span| span[1]).max().unwrap_or(0);
    let vectors = longest / at_once(spans);
    CubeCount::Static(vectors.div_ceil(LINE) as u32, ARRAYS as u32, 1)
}

/// The vector width that suits all arrays; their offsets are multiples of it.
fn at_once(spans: Spans) -> usize {
    spans
        .map(|span| together(span[1]))
        .into_iter()
        .min()
        .unwrap_or(1)
}

/// One step of Adam for these arrays, from `weights` to `new`. The moments change in place.
pub(in super::super) fn adam(
    [weights, new, first, second]: [&CubeTensor; 4],
    gradients: [&CubeTensor; ARRAYS],
    spans: Spans,
    step: AdamStep,
) {
    // SAFETY: A thread whose index is not below its array's length does nothing; each span is within
    // all four buffers, which `pack` gave the same layout, and a gradient is as long as its span.
    unsafe {
        adam_step::launch_unchecked(
            &weights.client,
            cubes(spans),
            units(LINE),
            at_once(spans),
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

/// One step of SGD with momentum for these arrays, from `weights` to `new`. The velocities change in place.
pub(in super::super) fn sgd(
    [weights, new, velocity]: [&CubeTensor; 3],
    gradients: [&CubeTensor; ARRAYS],
    spans: Spans,
    step: SgdStep,
) {
    // SAFETY: As for Adam: a thread whose index is not below its array's length does nothing.
    unsafe {
        sgd_step::launch_unchecked(
            &weights.client,
            cubes(spans),
            units(LINE),
            at_once(spans),
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
            step.nesterov,
        );
    }
}

fn places(spans: Spans) -> PlacesLaunch {
    let [[a, a_count], [b, b_count], [c, c_count]] =
        spans.map(|span| span.map(|number| number / at_once(spans)));
    PlacesLaunch::new(a, b, c, a_count, b_count, c_count)
}

/// The offsets and lengths of the three arrays, in vectors.
#[derive(CubeType, CubeLaunch, Clone, Copy)]
struct Places {
    first: usize,
    second: usize,
    third: usize,
    first_count: usize,
    second_count: usize,
    third_count: usize,
}

/// An [`AdamStep`] as a kernel takes it.
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

/// The index of this thread's weights in the buffer, their gradient, and whether it has any.
#[cube]
fn find<N: Size>(
    first: &Numbers<N>,
    second: &Numbers<N>,
    third: &Numbers<N>,
    places: &Places,
) -> (usize, Vector<f32, N>, bool) {
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
    let mut gradient = Vector::<f32, N>::new(0.0);
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
fn adam_step<N: Size>(
    weights: &Numbers<N>,
    new: &mut Numbers<N>,
    first: &mut Numbers<N>,
    second: &mut Numbers<N>,
    gradient_a: &Numbers<N>,
    gradient_b: &Numbers<N>,
    gradient_c: &Numbers<N>,
    factors: &AdamFactors,
    places: &Places,
) {
    let (place, gradient, there) = find(gradient_a, gradient_b, gradient_c, places);
    if there {
        let weight = weights[place];
        let gradient = gradient + Vector::new(factors.penalty) * weight;
        let mean = Vector::new(factors.keep) * first[place] + Vector::new(factors.take) * gradient;
        let square = Vector::new(factors.keep_square) * second[place]
            + Vector::new(factors.take_square) * gradient * gradient;
        first[place] = mean;
        second[place] = square;
        new[place] = Vector::new(factors.shrink) * weight
            - Vector::new(factors.rate) * mean / (square.sqrt() + Vector::new(factors.epsilon));
    }
}

#[cube(launch_unchecked)]
fn sgd_step<N: Size>(
    weights: &Numbers<N>,
    new: &mut Numbers<N>,
    velocity: &mut Numbers<N>,
    gradient_a: &Numbers<N>,
    gradient_b: &Numbers<N>,
    gradient_c: &Numbers<N>,
    rate: f32,
    momentum: f32,
    decay: f32,
    places: &Places,
    #[comptime] nesterov: bool,
) {
    let (place, gradient, there) = find(gradient_a, gradient_b, gradient_c, places);
    if there {
        let weight = weights[place];
        let slope = gradient + Vector::new(decay) * weight;
        let moved = slope + Vector::new(momentum) * velocity[place];
        velocity[place] = moved;
        if comptime!(nesterov) {
            new[place] = weight - Vector::new(rate) * (slope + Vector::new(momentum) * moved);
        } else {
            new[place] = weight - Vector::new(rate) * moved;
        }
    }
}
