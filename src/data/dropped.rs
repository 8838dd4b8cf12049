//! Files that a person dropped, gathered until they make a data set.

use super::open::{OpenedFile, open};
use super::{Dataset, Samples, idx};
use crate::base::error::Result;

/// One sample in this many is kept for testing where a person gave only one set.
const HELD_OUT: usize = 7;

/// What has been dropped so far.
#[derive(Debug, Default)]
pub struct Dropped {
    images: Vec<idx::Images>,
    labels: Vec<Vec<u8>>,
}

impl Dropped {
    /// Takes one file; gives the data set as soon as there is a whole one. Images and labels find
    /// each other by their number; of two pairs the larger one is for training, and of one pair
    /// the last seventh is for testing.
    ///
    /// # Errors
    /// As [`open`], or if images and labels do not belong together. Other files stay.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<Option<Dataset>> {
        match open(name, bytes)? {
            OpenedFile::Cifar { train, test } => return Dataset::whole(train, test).map(Some),
            OpenedFile::Images(images) => self.images.push(images),
            OpenedFile::Labels(labels) => self.labels.push(labels),
        }
        let mut pairs: Vec<Samples> = Vec::new();
        for images in &self.images {
            if let Some(labels) = self
                .labels
                .iter()
                .find(|labels| labels.len() == images.len())
            {
                pairs.push(images.clone().with_labels(labels.clone())?);
            }
        }
        pairs.sort_by_key(|samples| std::cmp::Reverse(samples.len()));
        match <[Samples; 2]>::try_from(pairs) {
            Ok([train, test]) => Dataset::whole(train, test).map(Some),
            Err(mut pairs) => match pairs.pop() {
                Some(samples) => {
                    let (train, test) = hold_out(samples);
                    Dataset::whole(train, test).map(Some)
                }
                None => Ok(None),
            },
        }
    }
}

fn hold_out(mut samples: Samples) -> (Samples, Samples) {
    let kept = samples.len() - samples.len() / HELD_OUT;
    let pixels = samples.pixels.split_off(kept * samples.shape.len());
    let labels = samples.labels.split_off(kept);
    let test = Samples {
        shape: samples.shape,
        pixels,
        labels,
    };
    (samples, test)
}

#[cfg(test)]
mod tests {
    use super::super::Split;
    use super::*;

    fn images(count: u32) -> Vec<u8> {
        let header = [idx::IMAGES_MAGIC, count, 4, 4]
            .into_iter()
            .flat_map(u32::to_be_bytes);
        header.chain((0..count * 16).map(|i| i as u8)).collect()
    }

    fn labels(count: u32) -> Vec<u8> {
        let header = [idx::LABELS_MAGIC, count]
            .into_iter()
            .flat_map(u32::to_be_bytes);
        header.chain((0..count).map(|i| i as u8 % 3)).collect()
    }

    #[test]
    fn one_pair_keeps_its_last_seventh_for_testing() {
        let mut dropped = Dropped::default();
        assert!(dropped.add("images", &images(70)).unwrap().is_none());
        let data = dropped.add("labels", &labels(70)).unwrap().unwrap();
        assert_eq!(
            (data.facts.train, data.facts.test, data.facts.classes.len()),
            (60, 10, 3)
        );
        assert_eq!(data.samples(Split::Test).labels[0], 0);
    }

    #[test]
    fn of_two_pairs_the_larger_one_is_for_training() {
        let mut dropped = Dropped::default();
        for (name, bytes) in [("a", images(20)), ("b", labels(50)), ("c", images(50))] {
            let _ = dropped.add(name, &bytes).unwrap();
        }
        let data = dropped.add("d", &labels(20)).unwrap().unwrap();
        assert_eq!((data.facts.train, data.facts.test), (50, 20));
    }
}
