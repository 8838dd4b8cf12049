//! Which samples make which batch.

use std::borrow::Cow;

use super::{Samples, Split, Transform};
use crate::base::rng::Stream;
use crate::experiment::{DataSet, ExperimentSpec, Order, Task};

/// In the first epoch samples change places only within windows of this many, so that training can
/// start when the first part of a data set has arrived. It is fixed, so that the order does not
/// depend on how the data came.
pub const FIRST_EPOCH_WINDOW: usize = 500;

/// The order in which a spec's run sees its training samples in one epoch; the first is 0. `labels` are those of the
/// samples that have arrived, of all that the run uses where [`Order::Sorted`] needs them.
pub fn epoch_order(spec: &ExperimentSpec, epoch: u32, labels: &[u8]) -> Vec<u32> {
    let stored = 0..spec.train;
    match spec.order {
        // A person's own files are here as a whole, so nothing has to begin before the rest has come.
        Order::Shuffled if spec.data == DataSet::File => {
            shuffled(spec.seed, spec.train as usize, epoch, usize::MAX)
        }
        Order::Shuffled => order(spec.seed, spec.train as usize, epoch),
        Order::Stored => stored.collect(),
        Order::Sorted => {
            let mut order: Vec<u32> = stored.collect();
            // Stable: within a class samples stay in the order of the set.
            order.sort_by_key(|&index| labels.get(index as usize));
            order
        }
    }
}

/// The random order of the training samples in one epoch, fixed by the seed.
///
/// Every data set is in random order (a person’s own files are put into one when they are read), so the windows of the
/// first epoch are fair samples.
pub fn order(seed: u32, train: usize, epoch: u32) -> Vec<u32> {
    let window = if epoch == 0 {
        FIRST_EPOCH_WINDOW
    } else {
        usize::MAX
    };
    shuffled(seed, train, epoch, window)
}

/// A random order within windows of this many samples.
fn shuffled(seed: u32, train: usize, epoch: u32, window: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..train as u32).collect();
    let mut stream = Stream::new(seed, &format!("order/{epoch}"));
    order
        .chunks_mut(window)
        .for_each(|window| stream.shuffle(window));
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
        let image = |index| samples.image(index).into();
        Self::of(samples, split, transform, indices, image)
    }

    /// The same of training samples, changed at random as an epoch sees them; the first is 0.
    pub fn augmented(
        samples: &Samples,
        transform: &Transform,
        epoch: u32,
        indices: &[u32],
    ) -> Self {
        let image = |index| transform.augmented(samples.image(index), epoch, index);
        Self::of(samples, Split::Train, transform, indices, image)
    }

    fn of<'a>(
        samples: &Samples,
        split: Split,
        transform: &Transform,
        indices: &[u32],
        image: impl Fn(usize) -> Cow<'a, [u8]>,
    ) -> Self {
        let size = samples.shape.len();
        let mut images = vec![0.0; indices.len() * size];
        for (out, &index) in images.chunks_exact_mut(size).zip(indices) {
            transform.apply(&image(index as usize), split, index as usize, out);
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

    fn spec(order: Order, data: DataSet) -> ExperimentSpec {
        ExperimentSpec {
            order,
            data,
            train: 1200,
            ..ExperimentSpec::default()
        }
    }

    #[test]
    fn a_shuffled_epoch_is_the_one_that_links_of_before_had() {
        let spec = spec(Order::Shuffled, DataSet::Mnist);
        for epoch in 0..3 {
            assert_eq!(epoch_order(&spec, epoch, &[]), order(1, 1200, epoch));
        }
        // As it was before there was a choice.
        assert_eq!(order(1, 1200, 0)[..4], [317, 246, 80, 69]);
        assert_eq!(order(1, 1200, 1)[..4], [12, 794, 472, 173]);
    }

    #[test]
    fn samples_as_stored_or_sorted_are_the_same_in_every_epoch() {
        let labels: Vec<u8> = (0..1200_u32).map(|at| (at * at % 7) as u8).collect();
        let stored = epoch_order(&spec(Order::Stored, DataSet::Mnist), 0, &[]);
        assert!(stored.iter().copied().eq(0..1200));
        let sorted = epoch_order(&spec(Order::Sorted, DataSet::Mnist), 0, &labels);
        let pairs = sorted.windows(2).map(|pair| (pair[0], pair[1]));
        for (one, next) in pairs {
            let class = |index: u32| labels[index as usize];
            assert!((class(one), one) < (class(next), next), "{one} {next}");
        }
        for epoch in 1..3 {
            let again = |order| epoch_order(&spec(order, DataSet::Mnist), epoch, &labels);
            assert_eq!(
                (again(Order::Stored), again(Order::Sorted)),
                (stored.clone(), sorted.clone())
            );
        }
    }

    #[test]
    fn the_first_epoch_of_own_files_is_shuffled_as_a_whole() {
        let spec = spec(Order::Shuffled, DataSet::File);
        let first = epoch_order(&spec, 0, &[]);
        let moved = first.iter().enumerate().filter(|(place, index)| {
            place / FIRST_EPOCH_WINDOW != **index as usize / FIRST_EPOCH_WINDOW
        });
        // Of windows of 500, 500 and 200 samples, 375 in 1000 stay in their own by chance.
        let moved = moved.count();
        assert!((690..810).contains(&moved), "{moved} of 1200");
        assert_eq!(epoch_order(&spec, 1, &[]), order(1, 1200, 1));
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
