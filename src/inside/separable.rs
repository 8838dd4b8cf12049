//! How well each layer separates the classes: "low layers see detail, high layers are more
//! semantic", measured. Each layer's outputs are averaged over the image, half of some test images
//! give the mean of each class, and of the other half it is counted how many are nearest to their
//! own class's mean. After Alain and Bengio 2016, <https://arxiv.org/abs/1610.01644>, with the
//! simplest of all classifiers as the probe.

use serde::Serialize;

use super::Inside;
use super::network::area;
use crate::base::error::{Code, Problem, Result};
use crate::data::Samples;

/// How well each layer separates the classes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Separable {
    /// The share of images that are nearest to their own class's mean, for each row.
    pub rows: Vec<f32>,
    /// The same for the image itself, each channel averaged.
    pub input: f32,
    /// Images that were counted.
    pub images: usize,
}

/// The features of some images in one layer.
struct Features {
    /// How many each image has.
    size: usize,
    /// `[images, size]`.
    values: Vec<f32>,
}

impl Features {
    /// Averages each channel.
    fn add(&mut self, values: &[f32], area: usize) {
        let means = values
            .chunks_exact(area)
            .map(|channel| channel.iter().sum::<f32>() / area as f32);
        self.values.extend(means);
    }

    /// The share of the second half of the images that are nearest to their class's mean over the
    /// first half.
    fn accuracy(&self, labels: &[u8], classes: usize) -> f32 {
        let half = labels.len() / 2;
        let images = || self.values.chunks_exact(self.size).zip(labels);
        let mut means = vec![vec![0.0_f64; self.size]; classes];
        let mut counts = vec![0_u32; classes];
        for (features, &label) in images().take(half) {
            counts[usize::from(label)] += 1;
            let mean = &mut means[usize::from(label)];
            for (sum, &value) in mean.iter_mut().zip(features) {
                *sum += f64::from(value);
            }
        }
        for (mean, &count) in means.iter_mut().zip(&counts) {
            mean.iter_mut()
                .for_each(|sum| *sum /= f64::from(count.max(1)));
        }
        let distance = |mean: &[f64], features: &[f32]| -> f64 {
            let each = mean.iter().zip(features);
            each.map(|(m, &f)| (m - f64::from(f)).powi(2)).sum()
        };
        let right = images().skip(half).filter(|(features, label)| {
            // A class that the first half lacks has no mean.
            let known = (0..classes).filter(|&class| counts[class] > 0);
            let each = known.map(|class| (class, distance(&means[class], features)));
            let nearest = each.min_by(|a, b| a.1.total_cmp(&b.1));
            nearest.is_some_and(|(class, _)| class == usize::from(**label))
        });
        right.count() as f32 / (labels.len() - half) as f32
    }
}

impl Inside {
    /// In every row, over the first `images` test images.
    pub(super) async fn separable(&mut self, test: &Samples, images: usize) -> Result<Separable> {
        let count = images.min(test.len());
        if count < 2 {
            return Err(Problem::new(Code::NoData));
        }
        let rows = self.plan().operations().len();
        let mut all: Vec<Features> = Vec::with_capacity(rows);
        let shape = self.facts.shape;
        let mut pixels = Features {
            size: shape.channels,
            values: Vec::new(),
        };
        for range in Self::ranges(test, count)? {
            for index in range.clone() {
                let image: Vec<f32> = test
                    .image(index)
                    .iter()
                    .map(|&byte| f32::from(byte))
                    .collect();
                pixels.add(&image, shape.area());
            }
            let batch = self.batch(test, range);
            for (row, activation) in self.forward_all(batch).await?.into_iter().enumerate() {
                if all.len() == row {
                    all.push(Features {
                        size: activation.shape.channels(),
                        values: Vec::new(),
                    });
                }
                all[row].add(&activation.values, area(activation.shape));
            }
        }
        let (labels, classes) = (&test.labels[..count], self.facts.classes.len());
        Ok(Separable {
            rows: all
                .iter()
                .map(|features| features.accuracy(labels, classes))
                .collect(),
            input: pixels.accuracy(labels, classes),
            images: count - count / 2,
        })
    }
}
