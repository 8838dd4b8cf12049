//! Batch normalization with its ReLU: one cube measures a channel, then every number goes its own way.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{EACH, Four, LINE, buffer, empty, line_cubes, units};

/// The shape of a batch, but for its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) struct Extent {
    pub(in super::super) channels: usize,
    /// Numbers of a channel of one image.
    pub(in super::super) area: usize,
}

/// How a batch is normalized.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Norm {
    pub(in super::super) extent: Extent,
    pub(in super::super) epsilon: f32,
    /// What of each new statistic goes into the running one.
    pub(in super::super) momentum: f32,
    pub(in super::super) relu: bool,
}

/// What [`Norm::measure`] finds.
#[derive(Debug, Clone)]
pub(in super::super) struct Statistics {
    /// Of each channel its mean, 1 / √(variance + ε), and the factor and the summand that normalize it:
    /// `[channels, 4]`.
    pub(in super::super) channels: CubeTensor,
    /// The running mean and variance from now on, each `[channels]`.
    pub(in super::super) running: [CubeTensor; 2],
}

fn batch(images: &CubeTensor) -> usize {
    images.meta.shape()[0]
}

impl Norm {
    fn cubes(&self) -> CubeCount {
        CubeCount::Static(self.extent.channels as u32, 1, 1)
    }

    /// The statistics of each channel, from its weight and bias too; the unbiased variance is what
    /// goes into the running one.
    pub(in super::super) fn measure(
        &self,
        images: &CubeTensor,
        affine: [&CubeTensor; 2],
        running: [&CubeTensor; 2],
    ) -> Statistics {
        let array = || empty(images, [self.extent.channels]);
        let channels = empty(images, [self.extent.channels, 4]);
        let new = [array(), array()];
        unsafe {
            measure_channels::launch_unchecked(
                &images.client,
                self.cubes(),
                units(LINE),
                buffer(images),
                buffer(affine[0]),
                buffer(affine[1]),
                buffer(running[0]),
                buffer(running[1]),
                buffer(&channels),
                buffer(&new[0]),
                buffer(&new[1]),
                batch(images),
                self.epsilon,
                self.momentum,
                self.extent,
            );
        }
        Statistics {
            channels,
            running: new,
        }
    }

    /// The normalized batch, after a ReLU if wanted.
    pub(in super::super) fn forward(
        &self,
        images: &CubeTensor,
        channels: &CubeTensor,
    ) -> CubeTensor {
        let output = empty(images, images.meta.shape().dims::<4>());
        let count = images.meta.num_elements();
        unsafe {
            normalize::launch_unchecked(
                &images.client,
                line_cubes(count),
                units(LINE),
                buffer(images),
                buffer(channels),
                buffer(&output),
                count,
                self.extent,
                self.relu,
            );
        }
        output
    }

    /// The gradients of images, weights and biases, from that of the output.
    pub(in super::super) fn backward(
        &self,
        images: &CubeTensor,
        channels: &CubeTensor,
        gradient: &CubeTensor,
    ) -> [CubeTensor; 3] {
        let array = || empty(images, [self.extent.channels]);
        let (gamma, beta) = (array(), array());
        let output = empty(images, images.meta.shape().dims::<4>());
        unsafe {
            sum_slopes::launch_unchecked(
                &images.client,
                self.cubes(),
                units(LINE),
                buffer(images),
                buffer(gradient),
                buffer(channels),
                buffer(&gamma),
                buffer(&beta),
                batch(images),
                self.extent,
                self.relu,
            );
            denormalize::launch_unchecked(
                &images.client,
                line_cubes(images.meta.num_elements()),
                units(LINE),
                buffer(images),
                buffer(gradient),
                buffer(channels),
                buffer(&gamma),
                buffer(&beta),
                buffer(&output),
                batch(images),
                self.extent,
                self.relu,
            );
        }
        [output, gamma, beta]
    }
}

/// Two sums over all threads of a cube, for each of them.
#[cube]
fn sum_cube(first: f32, second: f32) -> (f32, f32) {
    let mut firsts = Shared::<[f32]>::new_slice(LINE);
    let mut seconds = Shared::<[f32]>::new_slice(LINE);
    let unit = UNIT_POS as usize;
    firsts[unit] = first;
    seconds[unit] = second;
    #[unroll]
    for level in 0..comptime!(LINE.ilog2() as usize) {
        let half = comptime!(LINE >> (level + 1));
        sync_cube();
        if unit < half {
            let (first, second) = (firsts[unit + half], seconds[unit + half]);
            firsts[unit] += first;
            seconds[unit] += second;
        }
    }
    sync_cube();
    (firsts[0], seconds[0])
}

#[cube(launch_unchecked)]
fn measure_channels(
    images: &[f32],
    gamma: &[f32],
    beta: &[f32],
    running_mean: &[f32],
    running_variance: &[f32],
    channels: &mut [Four],
    new_mean: &mut [f32],
    new_variance: &mut [f32],
    batch: usize,
    epsilon: f32,
    momentum: f32,
    #[comptime] extent: Extent,
) {
    let channel = CUBE_POS_X as usize;
    let unit = UNIT_POS as usize;
    // Around some value of the channel, so that a large mean costs no digits.
    let center = images[channel * extent.area];
    let mut sum = f32::new(0.0);
    let mut square = f32::new(0.0);
    for place in range_stepped(unit, batch * extent.area, LINE) {
        let off = images[of_channel(channel, place, extent)] - center;
        sum += off;
        square += off * off;
    }
    let (sum, square) = sum_cube(sum, square);
    if unit == 0 {
        let count = f32::cast_from(batch * extent.area);
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

/// Where number `place` of a channel is, all images' one after another.
#[cube]
fn of_channel(channel: usize, place: usize, #[comptime] extent: Extent) -> usize {
    (place / extent.area * extent.channels + channel) * extent.area + place % extent.area
}

#[cube(launch_unchecked)]
fn normalize(
    images: &[f32],
    channels: &[Four],
    output: &mut [f32],
    count: usize,
    #[comptime] extent: Extent,
    #[comptime] relu: bool,
) {
    let first = CUBE_POS_X as usize * comptime!(LINE * EACH) + UNIT_POS as usize;
    #[unroll]
    for each in 0..EACH {
        let place = first + comptime!(each * LINE);
        if place < count {
            let facts = channels[place / extent.area % extent.channels];
            let value = images[place] * facts.extract(2usize) + facts.extract(3usize);
            if relu {
                // Not `max`, which may lose a value that is no number.
                output[place] = select(value < 0.0, 0.0, value);
            } else {
                output[place] = value;
            }
        }
    }
}

/// The gradient behind the ReLU, if there is one: none where its input was not positive.
#[cube]
fn kept(value: f32, gradient: f32, facts: Four, #[comptime] relu: bool) -> f32 {
    if relu {
        let positive = value * facts.extract(2usize) + facts.extract(3usize) > 0.0;
        select(positive, gradient, 0.0)
    } else {
        gradient
    }
}

#[cube(launch_unchecked)]
fn sum_slopes(
    images: &[f32],
    gradient: &[f32],
    channels: &[Four],
    of_gamma: &mut [f32],
    of_beta: &mut [f32],
    batch: usize,
    #[comptime] extent: Extent,
    #[comptime] relu: bool,
) {
    let channel = CUBE_POS_X as usize;
    let facts = channels[channel];
    let mut sum = f32::new(0.0);
    let mut product = f32::new(0.0);
    for place in range_stepped(UNIT_POS as usize, batch * extent.area, LINE) {
        let from = of_channel(channel, place, extent);
        let value = images[from];
        let slope = kept(value, gradient[from], facts, relu);
        sum += slope;
        product += slope * (value - facts.extract(0usize));
    }
    let (sum, product) = sum_cube(sum, product);
    if UNIT_POS == 0 {
        of_gamma[channel] = product * facts.extract(1usize);
        of_beta[channel] = sum;
    }
}

#[cube(launch_unchecked)]
fn denormalize(
    images: &[f32],
    gradient: &[f32],
    channels: &[Four],
    of_gamma: &[f32],
    of_beta: &[f32],
    output: &mut [f32],
    batch: usize,
    #[comptime] extent: Extent,
    #[comptime] relu: bool,
) {
    let count = f32::cast_from(batch * extent.area);
    let first = CUBE_POS_X as usize * comptime!(LINE * EACH) + UNIT_POS as usize;
    #[unroll]
    for each in 0..EACH {
        let place = first + comptime!(each * LINE);
        if place < batch * comptime!(extent.channels * extent.area) {
            let channel = place / extent.area % extent.channels;
            let facts = channels[channel];
            let value = images[place];
            let slope = kept(value, gradient[place], facts, relu);
            let normal = (value - facts.extract(0usize)) * facts.extract(1usize);
            let common = (of_beta[channel] + normal * of_gamma[channel]) / count;
            output[place] = facts.extract(2usize) * (slope - common);
        }
    }
}
