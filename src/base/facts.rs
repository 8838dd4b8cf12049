//! What a network and an experiment need to know of a data set, and how large one can be.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::ImageShape;
use super::error::{Code, Problem, Result};

/// The most samples that a split, or a file, may have.
pub const MAX_SAMPLES: usize = 70_000;
/// The smallest and the largest height and width of an image.
pub const SIDES: RangeInclusive<usize> = 4..=64;
/// How many classes a data set may have: more than CIFAR-100 has.
pub const MAX_CLASSES: usize = 128;

/// What is known of a data set before its images are there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct DataFacts {
    /// The size of every image.
    pub shape: ImageShape,
    /// The name of each class.
    pub classes: Vec<String>,
    /// Samples in the training split.
    pub train: usize,
    /// Samples in the test split.
    pub test: usize,
    /// The mean of each channel over the training split, on the 0 to 1 scale.
    pub mean: Vec<f64>,
    /// The deviation of each channel over the training split, on the same scale.
    pub deviation: Vec<f64>,
    /// Which set this is, of a person's own: [`super::digest::DIGITS`] hexadecimal digits that follow from its size, classes, labels
    /// and pixels. Empty for a set that is served.
    #[serde(default)]
    pub fingerprint: String,
    /// Classes that have test images and no training image.
    #[serde(default)]
    pub untrained: Vec<String>,
    /// Classes that have training images and no test image.
    #[serde(default)]
    pub untested: Vec<String>,
    /// Of a set with two labels for each image, whether the coarse ones are used: CIFAR-100's superclasses.
    #[serde(default)]
    pub coarse: Option<bool>,
    /// Which files it is made of, and what to bear in mind with so few images, or with classes of such sizes.
    #[serde(default)]
    pub cautions: Vec<Problem>,
}

impl DataFacts {
    /// Whether images of this set are bright on dark, as MNIST's digits are.
    pub fn is_dark(&self) -> bool {
        self.mean.iter().all(|&mean| mean < 0.5)
    }

    /// Whether there can be such a data set. Facts from outside are checked before anything is computed
    /// with them; `file` is where they stand.
    ///
    /// # Errors
    /// [`Code::BadContent`] for the first number that cannot be, with what can.
    pub fn check(&self, file: &str) -> Result<()> {
        let unless = |fits: bool, expected: String, found: String| match fits {
            true => Ok(()),
            false => Err(Problem::new(Code::BadContent)
                .with("file", file)
                .with("expected", expected)
                .with("found", found)),
        };
        let ImageShape {
            channels,
            height,
            width,
        } = self.shape;
        let sides = format!("{}–{}", SIDES.start(), SIDES.end());
        unless(
            [1, 3].contains(&channels) && SIDES.contains(&height) && SIDES.contains(&width),
            format!("1 or 3 × {sides} × {sides}"),
            format!("{channels} × {height} × {width}"),
        )?;
        for count in [self.train, self.test] {
            unless(
                (1..=MAX_SAMPLES).contains(&count),
                format!("1–{MAX_SAMPLES}"),
                count.to_string(),
            )?;
        }
        unless(
            (2..=MAX_CLASSES).contains(&self.classes.len()),
            format!("2–{MAX_CLASSES}"),
            self.classes.len().to_string(),
        )?;
        unless(
            self.mean.len() == channels && self.mean.iter().all(|mean| mean.is_finite()),
            format!("mean: {channels}"),
            format!("{:?}", self.mean.get(..4).unwrap_or(&self.mean)),
        )?;
        let scales = |deviation: &f64| deviation.is_finite() && *deviation > 0.0;
        unless(
            self.deviation.len() == channels && self.deviation.iter().all(scales),
            format!("deviation: {channels}, > 0"),
            format!("{:?}", self.deviation.get(..4).unwrap_or(&self.deviation)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_that_cannot_be_are_refused() {
        let sound = DataFacts {
            shape: ImageShape {
                channels: 1,
                height: 28,
                width: 28,
            },
            classes: vec![String::new(); 10],
            train: 60_000,
            test: 10_000,
            mean: vec![0.5],
            deviation: vec![0.5],
            fingerprint: String::new(),
            coarse: None,
            untrained: vec![],
            untested: vec![],
            cautions: vec![],
        };
        assert_eq!(sound.check("facts"), Ok(()));
        let absurd: [fn(&mut DataFacts); 9] = [
            // Divided by.
            |facts| facts.shape.channels = 0,
            // Multiplied beyond what a number holds.
            |facts| facts.shape.height = usize::MAX,
            |facts| facts.shape.width = 65,
            |facts| facts.train = 0,
            |facts| facts.test = usize::MAX,
            |facts| facts.classes.clear(),
            |facts| facts.mean.clear(),
            |facts| facts.mean[0] = f64::NAN,
            |facts| facts.deviation[0] = 0.0,
        ];
        for (at, change) in absurd.iter().enumerate() {
            let mut facts = sound.clone();
            change(&mut facts);
            let problem = facts.check("facts").unwrap_err();
            assert_eq!(problem.code, Code::BadContent, "{at}");
        }
    }
}
