//! Made-up runs of labs, and the words of their conclusions.

use std::collections::BTreeMap;

use cnn_playground::arch::{self, Summary};
use cnn_playground::experiment::{Choices, ExperimentSpec, Value, link, resolve};
use cnn_playground::lab::results::{RunFacts, Tested};
use cnn_playground::lab::{Conclusion, Lab, Made, Options};
use cnn_playground::runs::Separated;

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
        let choices = link::open(&format!("{link}&seed={seed}")).choices;
        let spec = resolve(&choices).spec;
        let layers = || separated(&spec, accuracy("first"), accuracy("last"));
        Made {
            label: label.to_owned(),
            facts: RunFacts {
                separable: lab.separable.map(|_| layers()),
                choices,
                seed,
                parameters: 1000,
                test: Some(Tested {
                    loss: Some(1.0),
                    accuracy: accuracy(label) + 0.001 * f64::from(seed),
                    count: 1000,
                }),
                train_loss: Some(1.0),
                steps: 100,
                samples: 6400,
                training: 10.0,
                gradient: None,
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

/// What a lab says of runs of one seed with these accuracies; those that are not named have 0.5.
pub(crate) fn conclude(
    id: &str,
    options: &[(&str, &str)],
    accuracies: &[(&str, f64)],
) -> Conclusion {
    let lab = Lab::of(id).unwrap();
    let chosen: Choices = options
        .iter()
        .map(|(key, word)| ((*key).to_owned(), Value::Word((*word).to_owned())))
        .collect();
    let of: BTreeMap<_, _> = accuracies.iter().copied().collect();
    let runs = made(
        lab,
        &chosen,
        |label| of.get(label).copied().unwrap_or(0.5),
        1,
    );
    lab.conclude(&chosen, &runs, None).unwrap()
}
