//! A data set in memory: what is known of it, and as much of its samples as has arrived.

use serde::{Deserialize, Serialize};

use super::statistics::PixelStatistics;
use super::{Manifest, Samples, manifest, shard};
use crate::base::error::{Code, Problem, Result};
use crate::base::{DataFacts, ImageShape, digest};

/// The two parts of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Split {
    /// What the network learns from.
    Train,
    /// Held out for testing.
    Test,
}

impl Split {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Test => "test",
        }
    }
}

impl From<&Manifest> for DataFacts {
    fn from(manifest: &Manifest) -> Self {
        let (train, test) = manifest.sizes();
        Self {
            shape: manifest.shape,
            classes: manifest.classes.clone(),
            train,
            test,
            mean: manifest.mean.clone(),
            deviation: manifest.deviation.clone(),
            fingerprint: String::new(),
            coarse: None,
            untrained: Vec::new(),
            untested: Vec::new(),
            cautions: Vec::new(),
        }
    }
}

/// A data set whose samples arrive in order.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// What is known of it.
    pub facts: DataFacts,
    manifest: Option<Manifest>,
    train: Part,
    test: Part,
}

#[derive(Debug, Clone)]
struct Part {
    samples: Samples,
    shards: usize,
}

impl Dataset {
    /// A served data set, none of whose shards has arrived.
    ///
    /// # Errors
    /// As [`DataFacts::check`], of what the manifest says.
    pub fn served(manifest: Manifest) -> Result<Self> {
        let part = || Part {
            samples: Samples::empty(manifest.shape),
            shards: 0,
        };
        let facts = DataFacts::from(&manifest);
        facts.check("manifest.json")?;
        Ok(Self {
            facts,
            train: part(),
            test: part(),
            manifest: Some(manifest),
        })
    }

    /// A data set that is here as a whole, with a name for each class.
    ///
    /// # Errors
    /// [`Code::SetsDiffer`] if the two splits' images differ in size, or one is empty.
    pub fn whole(train: Samples, test: Samples, classes: Vec<String>) -> Result<Self> {
        if train.shape != test.shape || train.is_empty() || test.is_empty() {
            let size = |samples: &Samples| {
                let shape = samples.shape;
                format!(
                    "{} × {}×{}×{}",
                    samples.len(),
                    shape.channels,
                    shape.height,
                    shape.width
                )
            };
            return Err(Problem::new(Code::SetsDiffer)
                .with("train", size(&train))
                .with("test", size(&test)));
        }
        let statistics = PixelStatistics::of(&train);
        let counts = |part: &Samples| {
            let mut counts = vec![0; classes.len()];
            for &label in &part.labels {
                counts[usize::from(label)] += 1;
            }
            counts
        };
        let (trained, tested) = (counts(&train), counts(&test));
        let without = |part: &[usize], other: &[usize]| -> Vec<String> {
            let lacks = |&class: &usize| other[class] > 0 && part[class] == 0;
            let lacking = (0..classes.len()).filter(lacks);
            lacking.map(|class| classes[class].clone()).collect()
        };
        let (untrained, untested) = (without(&trained, &tested), without(&tested, &trained));
        let facts = DataFacts {
            fingerprint: fingerprint(&train, &test, &classes),
            coarse: None,
            untrained,
            untested,
            cautions: cautions(&trained, &tested, &classes),
            shape: train.shape,
            classes,
            train: train.len(),
            test: test.len(),
            mean: statistics.mean,
            // A channel that never varies would divide by zero.
            deviation: statistics
                .deviation
                .into_iter()
                .map(|d| if d > 0.0 { d } else { 1.0 })
                .collect(),
        };
        let part = |samples| Part { samples, shards: 0 };
        Ok(Self {
            facts,
            manifest: None,
            train: part(train),
            test: part(test),
        })
    }

    /// The samples of a split that have arrived, from the first on.
    pub fn samples(&self, split: Split) -> &Samples {
        match split {
            Split::Train => &self.train.samples,
            Split::Test => &self.test.samples,
        }
    }

    /// The shard that must arrive next for the first `needed` samples of a split; `None` once they
    /// are here.
    pub fn next_shard(&self, split: Split, needed: usize) -> Option<&manifest::Shard> {
        let (part, shards) = match split {
            Split::Train => (
                &self.train,
                self.manifest.as_ref().map(|manifest| &manifest.train),
            ),
            Split::Test => (
                &self.test,
                self.manifest.as_ref().map(|manifest| &manifest.test),
            ),
        };
        if part.samples.len() >= needed {
            None
        } else {
            shards?.get(part.shards)
        }
    }

    /// Takes the bytes of the next shard of a split.
    ///
    /// # Errors
    /// As [`shard::decode`]; nothing has changed then, and the shard can be fetched again.
    pub fn add_shard(&mut self, split: Split, bytes: &[u8]) -> Result<()> {
        let Some(expected) = self.next_shard(split, usize::MAX).cloned() else {
            return Err(Problem::internal(format!(
                "no shard of {} is missing",
                split.word()
            )));
        };
        let Some(manifest) = &self.manifest else {
            return Ok(());
        };
        let samples = shard::decode(bytes, &expected, manifest)?;
        let part = match split {
            Split::Train => &mut self.train,
            Split::Test => &mut self.test,
        };
        part.samples.append(samples);
        part.shards += 1;
        Ok(())
    }
}

/// What tells a set from every other: its size, the names of its classes, labels and pixels.
fn fingerprint(train: &Samples, test: &Samples, classes: &[String]) -> String {
    let ImageShape {
        channels,
        height,
        width,
    } = train.shape;
    let sizes = [channels, height, width, train.len(), test.len()];
    let sizes: Vec<u8> = sizes
        .iter()
        .flat_map(|&size| (size as u64).to_le_bytes())
        .collect();
    let names = classes.iter().map(|name| name.as_bytes());
    let samples = [train, test]
        .into_iter()
        .flat_map(|part| [&part.labels[..], &part.pixels[..]]);
    digest::short(std::iter::once(&sizes[..]).chain(names).chain(samples))
}

/// Fewer test images are said to be few: one alone is more than one percent of the accuracy.
const FEW: usize = 100;
/// Classes are out of balance if the largest has so many times the training images of the smallest.
const UNEVEN: usize = 3;

/// What to bear in mind with a set of so many training and test images of each class.
fn cautions(trained: &[usize], tested: &[usize], classes: &[String]) -> Vec<Problem> {
    let test: usize = tested.iter().sum();
    let percent = |part: usize| (100.0 * part as f64 / test.max(1) as f64).round();
    let mut cautions = Vec::new();
    if test < FEW {
        cautions.push(
            Problem::new(Code::FewTests)
                .with("test", test)
                .with("percent", percent(1)),
        );
    }
    let present = || (0..classes.len()).filter(|&class| trained[class] > 0);
    // Of equal ones the first.
    let most = present().rev().max_by_key(|&class| trained[class]);
    let least = present().min_by_key(|&class| trained[class]);
    if let (Some(most), Some(least)) = (most, least)
        && trained[most] >= UNEVEN * trained[least]
    {
        cautions.push(
            Problem::new(Code::Unbalanced)
                .with("most", &classes[most])
                .with("most_count", trained[most])
                .with("least", &classes[least])
                .with("least_count", trained[least])
                .with("percent", percent(tested[most])),
        );
    }
    cautions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_test_images_and_uneven_classes_are_said() {
        let names = ["cat", "dog", "none"].map(str::to_owned);
        let said = cautions(&[60, 20, 0], &[10, 10, 0], &names);
        let codes: Vec<_> = said.iter().map(|caution| caution.code).collect();
        assert_eq!(codes, [Code::FewTests, Code::Unbalanced]);
        assert_eq!(said[0].params["percent"], "5");
        let params = ["most", "most_count", "least", "least_count", "percent"];
        let told = params.map(|name| &*said[1].params[name]);
        assert_eq!(told, ["cat", "60", "dog", "20", "50"]);
        assert!(cautions(&[59, 20, 0], &[50, 50, 0], &names).is_empty());
    }
}
