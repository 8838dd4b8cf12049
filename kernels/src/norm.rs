//! Batch normalization, optionally fused with the ReLU after it, over arrays on the host.
//! Ioffe and Szegedy 2015, <https://arxiv.org/abs/1502.03167>.

use std::ops::Range;

use crate::parts;
use crate::tile::WIDTH;

/// The sizes of a batch of images.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// Of an image.
    pub channels: usize,
    /// Pixels of an image.
    pub area: usize,
}

/// Cost of one value, in multiplications: about the time to load it.
const COST: usize = 4;

impl Extent {
    /// Calls `work(of, plane)` with what each channel has and where each of its planes is, in their order.
    fn by_channel<T: Send>(
        self,
        numbers: usize,
        each: &mut [T],
        work: impl Fn(&mut T, Range<usize>) + Sync,
    ) {
        let image = self.channels * self.area;
        let piece = parts::piece(self.channels, COST * numbers);
        let pieces = each.chunks_mut(piece).enumerate();
        parts::each(
            pieces,
            COST * numbers,
            || (),
            |(), (index, each)| {
                for image in (0..numbers).step_by(image) {
                    for (channel, of) in each.iter_mut().enumerate() {
                        let first = image + (index * piece + channel) * self.area;
                        work(of, first..first + self.area);
                    }
                }
            },
        );
    }

    /// Calls `work(results, channel, plane)` with each plane of the results, and where it is.
    fn by_plane(self, results: &mut [f32], work: impl Fn(&mut [f32], usize, Range<usize>) + Sync) {
        let planes = results.len() / self.area;
        let cost = COST * results.len();
        let piece = parts::piece(planes, cost);
        let pieces = results.chunks_mut(piece * self.area).enumerate();
        parts::each(
            pieces,
            cost,
            || (),
            |(), (index, results)| {
                for (plane, results) in results.chunks_exact_mut(self.area).enumerate() {
                    let plane = index * piece + plane;
                    let first = plane * self.area;
                    work(results, plane % self.channels, first..first + self.area);
                }
            },
        );
    }
}

/// One channel's statistics, and its scale and shift.
#[derive(Debug, Clone, Copy, Default)]
pub struct Channel {
    /// Of the batch.
    pub mean: f32,
    /// Biased.
    pub variance: f32,
    /// 1 / √(variance + ε).
    inverse: f32,
    /// The output is `value · scale + shift`.
    scale: f32,
    shift: f32,
}

/// Mean and squared deviations of values that come in pieces. Chan, Golub and LeVeque 1983,
/// <https://doi.org/10.1080/00031305.1983.10483115>: exact where the mean is large.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moments {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Takes up some more values.
    pub(crate) fn add(&mut self, values: &[f32]) {
        let count = values.len() as f64;
        let mean = lanes(values, |value| value) / count;
        let center = mean as f32;
        // Sum squares around the mean rounded to f32; the rounding error is corrected below.
        let off = mean - f64::from(center);
        let squares = lanes(values, |value| (value - center) * (value - center));
        let total = self.count + count;
        let apart = mean - self.mean;
        self.squares += squares - count * off * off + apart * apart * self.count * count / total;
        self.mean += apart * count / total;
        self.count = total;
    }

    /// What they make of a channel with this weight and bias.
    pub fn channel(&self, gamma: f32, beta: f32, epsilon: f64) -> Channel {
        let variance = self.squares / self.count;
        let inverse = 1.0 / (variance + epsilon).sqrt();
        let scale = gamma * inverse as f32;
        Channel {
            mean: self.mean as f32,
            variance: variance as f32,
            inverse: inverse as f32,
            scale,
            shift: beta - self.mean as f32 * scale,
        }
    }
}

/// The sum of a function of each value.
fn lanes(values: &[f32], of: impl Fn(f32) -> f32) -> f64 {
    let (chunks, rest) = values.as_chunks::<WIDTH>();
    let mut lanes = [0.0; WIDTH];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += of(*value);
        }
    }
    let rest: f32 = rest.iter().map(|value| of(*value)).sum();
    lanes.iter().map(|lane| f64::from(*lane)).sum::<f64>() + f64::from(rest)
}

/// The statistics of each channel of a batch `[batch, channels, area]`.
pub fn measure(images: &[f32], extent: Extent) -> Vec<Moments> {
    let mut moments = vec![Moments::default(); extent.channels];
    extent.by_channel(images.len(), &mut moments, |moments, plane| {
        moments.add(&images[plane]);
    });
    moments
}

/// The normalized batch, after a ReLU if there is one.
pub fn forward(images: &[f32], extent: Extent, channels: &[Channel], relu: bool) -> Vec<f32> {
    let mut output = vec![0.0; images.len()];
    let low = if relu { 0.0 } else { f32::NEG_INFINITY };
    extent.by_plane(&mut output, |results, channel, plane| {
        let channel = channels[channel];
        for (result, value) in results.iter_mut().zip(&images[plane]) {
            let normal = value * channel.scale + channel.shift;
            // Not `max`, which would turn NaN into 0.
            *result = if normal < low { low } else { normal };
        }
    });
    output
}

/// The gradients of a batch normalization.
pub struct NormGradients {
    /// `[batch, channels, area]`.
    pub images: Vec<f32>,
    /// Of each channel's weight, `[channels]`.
    pub gamma: Vec<f32>,
    /// Of each channel's bias, `[channels]`.
    pub beta: Vec<f32>,
}

/// The backward pass; `gradient` is the output's.
pub fn backward(
    images: &[f32],
    extent: Extent,
    channels: &[Channel],
    relu: bool,
    gradient: &[f32],
) -> NormGradients {
    let low = if relu { 0.0 } else { f32::NEG_INFINITY };
    let mut sums: Vec<_> = channels.iter().map(|channel| (channel, [0.0; 2])).collect();
    extent.by_channel(images.len(), &mut sums, |(channel, sums), plane| {
        let [sum, product] = channel.sums(&images[plane.clone()], &gradient[plane], low);
        sums[0] += sum;
        sums[1] += product;
    });
    let count = (images.len() / extent.channels.max(1)) as f64;
    let factors: Vec<_> = sums
        .iter()
        .map(|(channel, sums)| channel.factors(*sums, count))
        .collect();
    let mut result = vec![0.0; images.len()];
    extent.by_plane(&mut result, |results, index, plane| {
        let (channel, [own, slope, offset]) = (&channels[index], factors[index]);
        let pairs = images[plane.clone()].iter().zip(&gradient[plane]);
        for (result, (value, gradient)) in results.iter_mut().zip(pairs) {
            let kept = channel.kept(*value, *gradient, low);
            *result = own * kept + slope * value + offset;
        }
    });
    let gamma = |(channel, sums): &(&Channel, [f64; 2])| sums[1] as f32 * channel.inverse;
    NormGradients {
        images: result,
        gamma: sums.iter().map(gamma).collect(),
        beta: sums.iter().map(|(_, sums)| sums[0] as f32).collect(),
    }
}

impl Channel {
    /// The gradient behind the nonlinearity: none where its input was not above `low`.
    #[inline(always)]
    fn kept(&self, value: f32, gradient: f32, low: f32) -> f32 {
        if value * self.scale + self.shift > low {
            gradient
        } else {
            0.0
        }
    }

    /// The sums of the gradient, and of the gradient times the centered value.
    fn sums(&self, values: &[f32], gradient: &[f32], low: f32) -> [f64; 2] {
        let (values, value_rest) = values.as_chunks::<WIDTH>();
        let (gradient, gradient_rest) = gradient.as_chunks::<WIDTH>();
        let (mut sum, mut product) = ([0.0; WIDTH], [0.0; WIDTH]);
        let mut add = |values: &[f32], gradient: &[f32]| {
            let lanes = sum.iter_mut().zip(&mut product);
            for ((sum, product), (value, gradient)) in lanes.zip(values.iter().zip(gradient)) {
                let kept = self.kept(*value, *gradient, low);
                *sum += kept;
                *product += kept * (value - self.mean);
            }
        };
        for (values, gradient) in values.iter().zip(gradient) {
            add(values, gradient);
        }
        add(value_rest, gradient_rest);
        [sum, product].map(|lanes| lanes.iter().map(|lane| f64::from(*lane)).sum())
    }

    /// The input's gradient is `[0] · gradient + [1] · value + [2]`.
    fn factors(&self, [sum, product]: [f64; 2], count: f64) -> [f32; 3] {
        let inverse = f64::from(self.inverse);
        let scale = f64::from(self.scale);
        let slope = -scale * inverse * inverse * product / count;
        let offset = -scale * sum / count - slope * f64::from(self.mean);
        [self.scale, slope as f32, offset as f32]
    }
}
