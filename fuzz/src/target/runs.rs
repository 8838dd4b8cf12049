//! Runs as a file.

use std::collections::BTreeMap;

use cnn_playground::experiment::{Choices, Value};
use cnn_playground::lab::results::{GradientNorms, Separated};
use cnn_playground::saved::{self, SavedLook, SavedRun, SavedState, SavedStatistics, SavedTest};

use super::MB;
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "runs",
    memory: 4 * MB,
    longest: 30_000,
    seeds,
    run,
};

fn seeds() -> Vec<Vec<u8>> {
    let files = [vec![], vec![saved_run(1)], vec![saved_run(0), saved_run(5)]];
    let texts = files.into_iter().filter_map(|runs| saved::write(runs).ok());
    texts.map(String::into_bytes).collect()
}

/// A run of so many steps, with everything in it.
fn saved_run(steps: u32) -> SavedRun {
    let each = |of: fn(u32) -> f64| (1..=steps).map(of).collect::<Vec<_>>();
    SavedRun {
        begun: "2026-11-24T12:00:00.000Z".to_owned(),
        link: "https://example.org/#v=1&net=mlp".to_owned(),
        number: 3,
        label: Some("mine".to_owned()),
        group: Some("g".to_owned()),
        pinned: true,
        choices: Choices::from([
            ("net".to_owned(), Value::Word("mlp".to_owned())),
            ("lr".to_owned(), Value::Number(0.5)),
        ]),
        devices: vec!["cpu".to_owned()],
        state: SavedState::Done,
        parameters: 10,
        multiply_adds: 20,
        steps_per_epoch: 2,
        total_steps: steps,
        losses: each(|step| 1.0 / f64::from(step)),
        accuracies: each(|_| 0.25),
        samples: (1..=steps).map(|step| 64 * step).collect(),
        seconds: each(f64::from),
        tests: vec![SavedTest {
            step: steps,
            samples: 64 * steps,
            seconds: 1.5,
            loss: 1.25,
            accuracy: 0.5,
            count: 100,
        }],
        layers: vec!["fc1".to_owned()],
        gradients: vec![GradientNorms {
            step: 0,
            norms: vec![0.25],
        }],
        activations: vec![SavedLook {
            step: 0,
            layers: vec![SavedStatistics {
                row: 2,
                mean: 0.5,
                deviation: 0.25,
                dead: Some(0.0),
            }],
        }],
        elapsed: 2.0,
        training: 1.0,
        separable: Some(Separated {
            rows: vec![0.5],
            input: 0.25,
            images: 100,
        }),
        problem: serde_json::from_value(serde_json::json!({
            "code": "not-finite", "field": null, "params": BTreeMap::from([("step", "3")]),
        }))
        .ok(),
    }
}

fn run(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    let Ok(runs) = saved::read(&text) else {
        return false;
    };
    for run in &runs {
        assert_eq!(run.spec.validate(), Ok(()));
    }
    let written = saved::write(runs.iter().map(|run| run.saved.clone()).collect());
    let again = written.and_then(|text| saved::read(&text));
    assert_eq!(
        again.as_ref(),
        Ok(&runs),
        "what was read is written and read again"
    );
    true
}
