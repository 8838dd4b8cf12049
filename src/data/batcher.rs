//! Which samples make which batch.

use super::{Samples, Split, Transform};
use crate::base::rng::Stream;
use crate::experiment::Task;

/// In the first epoch samples change places only within windows of this many, so that training can
/// start when the first part of a data set has arrived. It is fixed, so that the order does not
/// depend on how the data came.
pub const FIRST_EPOCH_WINDOW: usize = 500;

/// The order of the training samples in one epoch, fixed by the seed.
///
/// Every data set is in random order (a person’s own files are put into one when they are read), so the windows of the
/// first epoch are fair samples.
pub fn order(seed: u32, train: usize, epoch: u32) -> Vec<u32> {
    let mut order: Vec<u32> = (0..train as u32).collect();
    let mut stream = Stream::new(seed, &format!("order/{epoch}"));
    if epoch == 0 {
        order
            .chunks_mut(FIRST_EPOCH_WINDOW)
            .for_each(|window| stream.shuffle(window));
    } else {
        stream.shuffle(&mut order);
    }
    order
}

/// One batch, as the network takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// `[samples, channels, height, width]`.
    pub images: Vec<f32>,
    /// What the network should say of them.
    pub targets: Targets,
    count: usize,
}

/// What a network should say of each sample.
#[derive(Debug, Clone, PartialEq)]
pub enum Targets {
    /// `[samples]`: its class.
    Labels(Vec<u8>),
    /// `[samples, 1, height, width]`: 1 where a pixel belongs to the object, 0 elsewhere.
    Masks(Vec<f32>),
}

impl Batch {
    /// A batch of labelled images that are transformed already.
    pub fn labelled(images: Vec<f32>, labels: Vec<u8>) -> Self {
        Self {
            images,
            count: labels.len(),
            targets: Targets::Labels(labels),
        }
    }

    /// Transforms and gathers the samples at these indices.
    pub fn gather(samples: &Samples, split: Split, transform: &Transform, indices: &[u32]) -> Self {
        let size = samples.shape.len();
        let mut images = vec![0.0; indices.len() * size];
        for (out, &index) in images.chunks_exact_mut(size).zip(indices) {
            transform.apply(samples.image(index as usize), split, index as usize, out);
        }
        let targets = match transform.task() {
            Task::Classify => Targets::Labels(
                indices
                    .iter()
                    .map(|&index| samples.labels[index as usize])
                    .collect(),
            ),
            Task::Segment => {
                let area = samples.shape.area();
                let mut masks = vec![0.0; indices.len() * area];
                for (out, &index) in masks.chunks_exact_mut(area).zip(indices) {
                    transform.mask(samples.image(index as usize), split, index as usize, out);
                }
                Targets::Masks(masks)
            }
        };
        Self {
            images,
            targets,
            count: indices.len(),
        }
    }

    /// How many samples it has.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_epoch_sees_every_sample_once_in_its_own_order() {
        let epochs: Vec<_> = (0..3).map(|epoch| order(1, 1234, epoch)).collect();
        for order in &epochs {
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert!(sorted.into_iter().eq(0..1234));
        }
        assert_ne!(epochs[1], epochs[2]);
        assert_eq!(epochs[1], order(1, 1234, 1));
    }

    #[test]
    fn the_first_epoch_needs_the_data_window_by_window() {
        for (place, index) in order(9, 1700, 0).into_iter().enumerate() {
            assert_eq!(
                place / FIRST_EPOCH_WINDOW,
                index as usize / FIRST_EPOCH_WINDOW
            );
        }
    }
}
