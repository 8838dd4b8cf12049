//! The kernels of batch normalization.

use cubecl::prelude::*;

use super::super::{EACH, Four, LINE};

/// The shape of a batch, passed at launch: layers that differ only in it share a compiled kernel.
#[derive(CubeType, CubeLaunch, Clone, Copy)]
pub(super) struct Sizes {
    batch: usize,
    channels: usize,
    /// Pixels of an image, in vectors.
    area: usize,
}

/// An array that is read in vectors.
type Numbers<N> = [Vector<f32, N>];

/// Threads that add up the sums of a cube's threads, each as many as there are of them.
const SUMMERS: usize = LINE.isqrt();

/// Two sums over all threads of a cube; only the first thread gets them.
#[cube]
fn sum_cube<N: Size>(first: Vector<f32, N>, second: Vector<f32, N>) -> (f32, f32) {
    let mut firsts = Shared::<[f32]>::new_slice(LINE);
    let mut seconds = Shared::<[f32]>::new_slice(LINE);
    let unit = UNIT_POS as usize;
    firsts[unit] = sum_lanes(first);
    seconds[unit] = sum_lanes(second);
    sync_cube();
    let mut first = f32::new(0.0);
    let mut second = f32::new(0.0);
    if unit < SUMMERS {
        for other in 0..SUMMERS {
            first += firsts[other * SUMMERS + unit];
            second += seconds[other * SUMMERS + unit];
        }
    }
    sync_cube();
    if unit < SUMMERS {
        firsts[unit] = first;
        seconds[unit] = second;
    }
    sync_cube();
    if unit == 0 {
        for other in 1..SUMMERS {
            first += firsts[other];
            second += seconds[other];
        }
    }
    (first, second)
}

#[cube]
fn sum_lanes<N: Size>(numbers: Vector<f32, N>) -> f32 {
    let at_once = N::value();
    let mut sum = numbers.extract(0usize);
    #[unroll]
    for lane in 1..at_once {
        sum += numbers.extract(lane);
    }
    sum
}

/// A position in a channel, which advances through all images.
#[derive(CubeType)]
struct Walk {
    image: usize,
    pixel: usize,
    /// The whole images and the pixels of one step.
    images: usize,
    pixels: usize,
}

/// The position of vector `first` of a channel, counted through all images, which advances by `LINE`.
#[cube]
fn walk(first: usize, sizes: &Sizes) -> Walk {
    let (image, images) = (first / sizes.area, LINE / sizes.area);
    Walk {
        image,
        pixel: first - image * sizes.area,
        images,
        pixels: LINE - images * sizes.area,
    }
}

/// Its index in the array.
#[cube]
fn here(walk: &Walk, channel: usize, sizes: &Sizes) -> usize {
    (walk.image * sizes.channels + channel) * sizes.area + walk.pixel
}

/// Advances it, without a division.
#[cube]
fn go_on(walk: &mut Walk, sizes: &Sizes) {
    let pixel = walk.pixel + walk.pixels;
    let next = pixel >= sizes.area;
    walk.image += walk.images + select(next, 1, 0);
    walk.pixel = pixel - select(next, sizes.area, 0);
}

#[cube(launch_unchecked)]
pub(super) fn measure_channels<N: Size>(
    images: &Numbers<N>,
    gamma: &[f32],
    beta: &[f32],
    running_mean: &[f32],
    running_variance: &[f32],
    channels: &mut [Four],
    new_mean: &mut [f32],
    new_variance: &mut [f32],
    sizes: &Sizes,
    epsilon: f32,
    momentum: f32,
) {
    let at_once = N::value();
    let channel = CUBE_POS_X as usize;
    let unit = UNIT_POS as usize;
    // Relative to one value of the channel, so that a large mean loses no precision.
    let center = images[channel * sizes.area].extract(0usize);
    let mut sum = Vector::<f32, N>::new(0.0);
    let mut square = Vector::<f32, N>::new(0.0);
    let mut place = walk(unit, sizes);
    for _step in range_stepped(unit, sizes.batch * sizes.area, LINE) {
        let off = images[here(&place, channel, sizes)] - Vector::new(center);
        sum += off;
        square += off * off;
        go_on(&mut place, sizes);
    }
    let (sum, square) = sum_cube(sum, square);
    if unit == 0 {
        let count = f32::cast_from(sizes.batch * sizes.area * at_once);
        let off = sum / count;
        let mean = center + off;
        let variance = max(square / count - off * off, 0.0);
        let unbiased = variance * (count / max(count - 1.0, 1.0));
        let inverse = 1.0 / (variance + epsilon).sqrt();
        let scale = gamma[channel] * inverse;
        let mut facts = Four::new(mean);
        facts.insert(1usize, inverse);
        facts.insert(2usize, scale);
        facts.insert(3usize, beta[channel] - mean * scale);
        channels[channel] = facts;
        new_mean[channel] = running_mean[channel] * (1.0 - momentum) + mean * momentum;
        new_variance[channel] = running_variance[channel] * (1.0 - momentum) + unbiased * momentum;
    }
}

#[cube(launch_unchecked)]
pub(super) fn normalize<N: Size>(
    images: &Numbers<N>,
    channels: &[Four],
    output: &mut Numbers<N>,
    sizes: &Sizes,
    #[comptime] relu: bool,
) {
    let channel = CUBE_POS_X as usize;
    let facts = channels[channel];
    let (scale, shift) = (
        Vector::<f32, N>::new(facts.extract(2usize)),
        Vector::<f32, N>::new(facts.extract(3usize)),
    );
    let first = CUBE_POS_Y as usize * comptime!(LINE * EACH) + UNIT_POS as usize;
    let end = min(
        (CUBE_POS_Y as usize + 1) * comptime!(LINE * EACH),
        sizes.batch * sizes.area,
    );
    let mut place = walk(first, sizes);
    for _step in range_stepped(first, end, LINE) {
        let here = here(&place, channel, sizes);
        let value = images[here] * scale + shift;
        if relu {
            let none = Vector::<f32, N>::new(0.0);
            // Not `max`, which may turn NaN into 0.
            output[here] = select_many(value.less_than(&none), none, value);
        } else {
            output[here] = value;
        }
        go_on(&mut place, sizes);
    }
}

/// The gradient of the ReLU's input if there is a ReLU: 0 where that was not positive.
#[cube]
fn kept<N: Size>(
    value: Vector<f32, N>,
    gradient: Vector<f32, N>,
    facts: Four,
    #[comptime] relu: bool,
) -> Vector<f32, N> {
    if relu {
        let none = Vector::<f32, N>::new(0.0);
        let output =
            value * Vector::new(facts.extract(2usize)) + Vector::new(facts.extract(3usize));
        select_many(output.greater_than(&none), gradient, none)
    } else {
        gradient
    }
}

#[cube(launch_unchecked)]
pub(super) fn sum_slopes<N: Size>(
    images: &Numbers<N>,
    gradient: &Numbers<N>,
    channels: &[Four],
    of_gamma: &mut [f32],
    of_beta: &mut [f32],
    sizes: &Sizes,
    #[comptime] relu: bool,
) {
    let channel = CUBE_POS_X as usize;
    let unit = UNIT_POS as usize;
    let facts = channels[channel];
    let mut sum = Vector::<f32, N>::new(0.0);
    let mut product = Vector::<f32, N>::new(0.0);
    let mut place = walk(unit, sizes);
    for _step in range_stepped(unit, sizes.batch * sizes.area, LINE) {
        let from = here(&place, channel, sizes);
        let value = images[from];
        let slope = kept(value, gradient[from], facts, relu);
        sum += slope;
        product += slope * (value - Vector::new(facts.extract(0usize)));
        go_on(&mut place, sizes);
    }
    let (sum, product) = sum_cube(sum, product);
    if unit == 0 {
        of_gamma[channel] = product * facts.extract(1usize);
        of_beta[channel] = sum;
    }
}

#[cube(launch_unchecked)]
pub(super) fn denormalize<N: Size>(
    images: &Numbers<N>,
    gradient: &Numbers<N>,
    channels: &[Four],
    of_gamma: &[f32],
    of_beta: &[f32],
    output: &mut Numbers<N>,
    sizes: &Sizes,
    #[comptime] relu: bool,
) {
    let at_once = N::value();
    let channel = CUBE_POS_X as usize;
    let facts = channels[channel];
    let count = f32::cast_from(sizes.batch * sizes.area * at_once);
    let (mean, inverse) = (facts.extract(0usize), facts.extract(1usize));
    let (scale, summand) = (facts.extract(2usize), of_beta[channel] / count);
    let factor = inverse * of_gamma[channel] / count;
    let first = CUBE_POS_Y as usize * comptime!(LINE * EACH) + UNIT_POS as usize;
    let end = min(
        (CUBE_POS_Y as usize + 1) * comptime!(LINE * EACH),
        sizes.batch * sizes.area,
    );
    let mut place = walk(first, sizes);
    for _step in range_stepped(first, end, LINE) {
        let here = here(&place, channel, sizes);
        let value = images[here];
        let slope = kept(value, gradient[here], facts, relu);
        let common = Vector::new(summand) + (value - Vector::new(mean)) * Vector::new(factor);
        output[here] = Vector::new(scale) * (slope - common);
        go_on(&mut place, sizes);
    }
}
