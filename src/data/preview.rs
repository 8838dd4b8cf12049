//! A preview of what the network sees: a few images before and after the transform, a histogram of values, and
//! the masks of segmentation.

use serde::Serialize;

use super::{Batch, Samples, Split, Targets, Transform};
use crate::base::error::Result;
use crate::base::{DataFacts, ImageShape};
use crate::experiment::{ExperimentSpec, Task};

/// Bars in a histogram.
const BINS: usize = 48;

/// The first images of the training split, and the values that the network gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// `[images, height, width, 4]`: red, green, blue, opaque; as the data set has them, or for
    /// segmentation as scenes.
    pub before: Vec<u8>,
    /// The same after the transform, shown as matplotlib's `imshow` would: 0 is black, 1 is white,
    /// and what lies outside is clipped.
    pub after: Vec<u8>,
    /// For segmentation, the mask of what the network sees, white where the object is; else empty.
    pub mask: Vec<u8>,
    /// How often each value occurs.
    pub histogram: Histogram,
}

/// How often values occur, channel by channel.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Histogram {
    /// The smallest value.
    pub lowest: f32,
    /// The largest value.
    pub highest: f32,
    /// `[channels][bins]`, each the share of the channel's values; bins have equal widths.
    pub shares: Vec<Vec<f32>>,
    /// The mean of each channel.
    pub mean: Vec<f32>,
    /// The standard deviation of each channel.
    pub deviation: Vec<f32>,
}

impl Preview {
    /// Shows the first `shown` of these images (`[images, channels, height, width]`), and counts
    /// the values of all of them.
    ///
    /// # Errors
    /// As [`Transform::new`].
    pub fn of(
        spec: &ExperimentSpec,
        facts: &DataFacts,
        pixels: &[u8],
        shown: usize,
    ) -> Result<Self> {
        let transform = Transform::new(spec, facts)?;
        let size = facts.shape.len();
        let mut seen = vec![0.0; pixels.len() / size * size];
        for (index, (out, image)) in seen
            .chunks_exact_mut(size)
            .zip(pixels.chunks_exact(size))
            .enumerate()
        {
            // As the first epoch sees it.
            let image = transform.augmented(image, 0, index);
            transform.apply(&image, Split::Train, index, out);
        }
        let shown = shown.min(pixels.len() / size);
        let area = facts.shape.area();
        let images = || pixels.chunks_exact(size).take(shown).enumerate();
        let mut mask = Vec::new();
        if transform.task() == Task::Segment {
            mask.resize(shown * area, 0.0);
            for ((index, image), out) in images().zip(mask.chunks_exact_mut(area)) {
                transform.mask(image, Split::Train, index, out);
            }
        }
        Ok(Self {
            before: before(&transform, facts.shape, Split::Train, images()),
            after: rgba(&seen[..shown * size], facts.shape.channels, area, shade),
            mask: rgba(&mask, 1, area, shade),
            histogram: Histogram::of(&seen, facts.shape.channels, area),
        })
    }
}

/// A network's masks for some test images, beside the true ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Masks {
    /// `[images, height, width, 4]`: the scenes.
    pub before: Vec<u8>,
    /// The same as the network saw them.
    pub after: Vec<u8>,
    /// The true masks, white where the object is.
    pub mask: Vec<u8>,
    /// The predicted probability that a pixel belongs to the object: from black, 0, to white, 1.
    pub predicted: Vec<u8>,
    /// Intersection over union of each prediction, cut at one half, with the truth.
    pub overlaps: Vec<f32>,
}

impl Masks {
    /// Of a batch of segmentation made of these samples from the first on, one logit a pixel, and
    /// one intersection over union an image.
    pub fn of(
        samples: &Samples,
        transform: &Transform,
        batch: &Batch,
        logits: &[f32],
        overlaps: Vec<f32>,
    ) -> Self {
        let (channels, area) = (samples.shape.channels, samples.shape.area());
        let images = (0..batch.len()).map(|index| (index, samples.image(index)));
        let Targets::Masks(truth) = &batch.targets else {
            unreachable!("batches of segmentation have masks")
        };
        Self {
            before: before(transform, samples.shape, Split::Test, images),
            after: rgba(&batch.images, channels, area, shade),
            mask: rgba(truth, 1, area, shade),
            predicted: rgba(logits, 1, area, |logit| shade(1.0 / (1.0 + (-logit).exp()))),
            overlaps,
        }
    }
}

/// Images before the transform: for segmentation, the scenes.
fn before<'a>(
    transform: &Transform,
    shape: ImageShape,
    split: Split,
    images: impl Iterator<Item = (usize, &'a [u8])>,
) -> Vec<u8> {
    let scenes: Vec<u8> = images
        .flat_map(|(index, image)| transform.scene(image, split, index).into_owned())
        .collect();
    rgba(&scenes, shape.channels, shape.area(), |value| value)
}

/// 0 is black, 1 is white, and what lies outside is clipped.
fn shade(value: f32) -> u8 {
    (value * 255.0).round() as u8
}

/// From planes of channels to pixels; a single channel becomes grey.
pub(crate) fn rgba<T: Copy>(
    values: &[T],
    channels: usize,
    area: usize,
    byte: impl Fn(T) -> u8,
) -> Vec<u8> {
    let mut out = Vec::with_capacity(values.len() / channels * 4);
    for image in values.chunks_exact(channels * area) {
        for pixel in 0..area {
            for colour in 0..3 {
                out.push(byte(image[colour.min(channels - 1) * area + pixel]));
            }
            out.push(u8::MAX);
        }
    }
    out
}

impl Histogram {
    fn of(values: &[f32], channels: usize, area: usize) -> Self {
        let (lowest, highest) = values
            .iter()
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &v| {
                (low.min(v), high.max(v))
            });
        let (lowest, highest) = if values.is_empty() {
            (0.0, 1.0)
        } else {
            (lowest, highest)
        };
        let per_value = BINS as f32 / (highest - lowest).max(f32::MIN_POSITIVE);
        let mut counts = vec![vec![0_u32; BINS]; channels];
        let mut sums = vec![(0.0_f64, 0.0_f64); channels];
        for image in values.chunks_exact(channels * area) {
            for (channel, plane) in image.chunks_exact(area).enumerate() {
                for &value in plane {
                    let bin = ((value - lowest) * per_value) as usize;
                    counts[channel][bin.min(BINS - 1)] += 1;
                    sums[channel].0 += f64::from(value);
                    sums[channel].1 += f64::from(value) * f64::from(value);
                }
            }
        }
        let total = (values.len() / channels).max(1);
        let share = |count: u32| count as f32 / total as f32;
        let moments = sums.iter().map(|(sum, squares)| {
            let mean = sum / total as f64;
            (
                mean as f32,
                (squares / total as f64 - mean * mean).max(0.0).sqrt() as f32,
            )
        });
        let (mean, deviation) = moments.unzip();
        let shares = counts
            .into_iter()
            .map(|bins| bins.into_iter().map(share).collect())
            .collect();
        Self {
            lowest,
            highest,
            shares,
            mean,
            deviation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Normalize;

    #[test]
    fn shows_and_counts_what_the_network_gets() {
        let facts = DataFacts {
            shape: ImageShape {
                channels: 1,
                height: 1,
                width: 2,
            },
            classes: vec![],
            train: 2,
            test: 1,
            mean: vec![0.5],
            deviation: vec![0.5],
            untrained: vec![],
            untested: vec![],
            fingerprint: String::new(),
            coarse: None,
            cautions: vec![],
        };
        let spec = ExperimentSpec {
            normalize: Normalize::Own,
            ..Default::default()
        };
        let preview = Preview::of(&spec, &facts, &[0, 255, 255, 255], 1).unwrap();
        assert_eq!(preview.before, [0, 0, 0, 255, 255, 255, 255, 255]);
        assert_eq!(preview.after, preview.before); // -1 and 1, clipped
        let histogram = preview.histogram;
        assert_eq!((histogram.lowest, histogram.highest), (-1.0, 1.0));
        assert_eq!(
            (histogram.shares[0][0], histogram.shares[0][BINS - 1]),
            (0.25, 0.75)
        );
        assert_eq!(histogram.mean, [0.5]);
        assert!((histogram.deviation[0] - 0.75_f32.sqrt()).abs() < 1e-6);
    }
}
