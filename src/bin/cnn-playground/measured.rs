//! What came of labs, in a file: docs/labs.json is one, from which the teacher's notes have their figures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cnn_playground::base::error::{Problem, Result};
use cnn_playground::lab::{Conclusion, Made, Size, Verdict};
use serde::{Deserialize, Serialize};

/// What one lab came to, with each of its seeds and with all of them.
#[derive(Serialize)]
pub(crate) struct Measured {
    #[serde(skip)]
    lab: &'static str,
    size: Size,
    runs: Vec<MeasuredRun>,
    /// With one seed alone: what each student sees.
    seeds: BTreeMap<u32, Verdict>,
    /// With all seeds together.
    all: Verdict,
}

#[derive(Serialize)]
struct MeasuredRun {
    label: String,
    seed: u32,
    /// 0 to 1; none if it broke down before its first test.
    accuracy: Option<f64>,
    #[serde(rename = "trainLoss")]
    train_loss: Option<f64>,
    /// Of training, without testing.
    seconds: f64,
}

/// A file of them, by the names of the labs. What was measured another time stays as it is.
#[derive(Default, Serialize, Deserialize)]
struct File {
    labs: BTreeMap<String, serde_json::Value>,
}

impl Measured {
    /// # Errors
    /// As `conclude`, which says what runs of the lab come to.
    pub(crate) fn of(
        lab: &'static str,
        size: Size,
        made: &[Made],
        conclude: impl Fn(&[Made]) -> Result<Conclusion>,
    ) -> Result<Self> {
        let seeds: BTreeSet<u32> = made.iter().map(|made| made.facts.seed).collect();
        let with_one = |seed: u32| {
            let alone: Vec<Made> = made
                .iter()
                .filter(|made| made.facts.seed == seed)
                .cloned()
                .collect();
            Ok((seed, conclude(&alone)?.verdict))
        };
        Ok(Self {
            lab,
            size,
            runs: made.iter().map(MeasuredRun::of).collect(),
            seeds: seeds.into_iter().map(with_one).collect::<Result<_>>()?,
            all: conclude(made)?.verdict,
        })
    }

    /// Puts it into a file, in place of what the file had of the same lab.
    ///
    /// # Errors
    /// [`Code::Internal`](cnn_playground::base::error::Code::Internal) if the file cannot be read or written, or is
    /// none of these.
    pub(crate) fn keep(&self, file: &Path) -> Result<()> {
        let mut all: File = match std::fs::read_to_string(file) {
            Ok(text) => serde_json::from_str(&text).map_err(Problem::internal)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => File::default(),
            Err(error) => return Err(Problem::internal(error)),
        };
        let value = serde_json::to_value(self).map_err(Problem::internal)?;
        all.labs.insert(self.lab.to_owned(), value);
        let text = serde_json::to_string_pretty(&all).map_err(Problem::internal)?;
        std::fs::write(file, text + "\n").map_err(Problem::internal)
    }
}

impl MeasuredRun {
    fn of(made: &Made) -> Self {
        let rounded = |value: f64| (value * 1e4).round() / 1e4;
        Self {
            label: made.label.clone(),
            seed: made.facts.seed,
            accuracy: made.facts.test.map(|test| rounded(test.accuracy)),
            train_loss: made.facts.train_loss.map(rounded),
            seconds: (made.facts.training * 10.0).round() / 10.0,
        }
    }
}
