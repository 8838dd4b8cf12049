//! Made-up runs of labs, and the words of their conclusions.

use std::collections::BTreeMap;

use cnn_playground::arch::{self, Summary};
use cnn_playground::experiment::{Choices, ExperimentSpec, link, resolve};
use cnn_playground::lab::results::{RunFacts, Separated, Tested};
use cnn_playground::lab::{Lab, Made, Options};

pub(crate) fn words() -> BTreeMap<String, String> {
    serde_json::from_str(include_str!("../../www/locales/en.json")).unwrap()
}

/// Classes that come apart evenly from the first row of a network to the last.
fn separated(spec: &ExperimentSpec, first: f64, last: f64) -> Separated {
    let network = arch::build(spec, spec.data.shape().unwrap(), 10).unwrap();
    let rows = Summary::of(&network).rows.len();
    let share = |row| first + (last - first) * row as f64 / (rows - 1) as f64;
    Separated {
        rows: (0..rows).map(|row| share(row) as f32).collect(),
        input: 0.15,
        images: 500,
    }
}

/// A lab's runs, each ending with this accuracy on a thousand test images.
pub(crate) fn made(
    lab: &Lab,
    chosen: &Choices,
    accuracy: impl Fn(&str) -> f64,
    seeds: u32,
) -> Vec<Made> {
    let entries = (lab.entries)(&Options::of(lab, chosen));
    let run = |label: &str, link: &str, seed: u32| {
        let spec = resolve(&link::open(&format!("{link}&seed={seed}")).choices).spec;
        let layers = || separated(&spec, accuracy("first"), accuracy("last"));
        let separable = lab.separable.map(|_| layers());
        Made {
            label: label.to_owned(),
            run: RunFacts {
                separable,
                spec,
                parameters: 1000,
                tests: vec![Tested {
                    loss: 1.0,
                    accuracy: accuracy(label) + 0.001 * f64::from(seed),
                    count: 1000,
                }],
                losses: vec![1.0; 100],
                samples: (1..=100).map(|step| 64 * step).collect(),
                training: 10.0,
                layers: Vec::new(),
                gradients: Vec::new(),
            },
        }
    };
    let of_seed = |seed| {
        entries
            .iter()
            .map(move |entry| run(entry.label, &entry.link, seed))
            .collect::<Vec<_>>()
    };
    (1..=seeds).flat_map(of_seed).collect()
}
