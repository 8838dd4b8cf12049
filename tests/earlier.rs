//! Runs that the version of 2026-11-27 made, before a spec had `order`, `augment`, `init`, `smoothing`, `nesterov`,
//! `stages`, `auxiliary` and `set`: saved in a file, kept by the browser, and left in the middle. `fixtures/runs/2026-11-27` holds what it wrote.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

#[allow(dead_code, reason = "each file of tests uses a part of it")]
mod twenty;

use cnn_playground::event::Event;
use cnn_playground::experiment::{Augment, ExperimentSpec, Init, Order, resolve};
use cnn_playground::runs::file::{self, Saved};
use cnn_playground::runs::{Run, RunState};
use cnn_playground::train::{Device, Session};
use pollster::block_on;
use serde_json::Value;

const FILE: &str = include_str!("fixtures/runs/2026-11-27/file.json");
const RECORDS: &str = include_str!("fixtures/runs/2026-11-27/records.json");
/// After the third step of each run.
const CHECKPOINTS: [&[u8]; 2] = [
    include_bytes!("fixtures/runs/2026-11-27/checkpoint-1.bin"),
    include_bytes!("fixtures/runs/2026-11-27/checkpoint-2.bin"),
];

/// What a run does that knows nothing of these choices.
fn means_what_it_meant(spec: &ExperimentSpec) {
    let later = (spec.order, spec.augment, spec.init);
    assert_eq!(later, (Order::Shuffled, Augment::None, Init::PyTorch));
    assert_eq!((spec.smoothing, spec.nesterov), (0.0, false));
    assert_eq!((spec.stages, spec.auxiliary, &*spec.set), (3, false, ""));
}

fn saved() -> Vec<Run> {
    let saved = file::read(FILE).unwrap().into_iter();
    saved.map(|Saved { run, .. }| run).collect()
}

#[test]
fn a_saved_file_opens_and_its_runs_are_what_they_were() {
    let runs = saved();
    assert_eq!(runs.len(), 2);
    for run in &runs {
        means_what_it_meant(&run.spec);
        assert_eq!(run.spec, resolve(&run.choices).spec);
        assert_eq!((run.state, run.step()), (RunState::Done, run.total_steps));
    }
}

#[test]
fn a_kept_record_opens_as_the_same_run() {
    let records: Vec<Value> = serde_json::from_str(RECORDS).unwrap();
    assert_eq!(records.len(), 2);
    for (record, expected) in records.into_iter().zip(saved()) {
        let written = record["spec"].as_object().unwrap().clone();
        assert!(!written.contains_key("order"), "it is an earlier record");
        let read = |record: &Value| serde_json::from_value(record.clone());
        let run: Run = read(&record).unwrap();
        let place = serde_json::from_value(record.clone()).unwrap();
        let steps = serde_json::from_value(record).unwrap();
        let run = run.from_parts(place, steps, Some(&written)).unwrap();
        let place = run.place.clone();
        assert_eq!(run, Run { place, ..expected });
    }
}

#[test]
fn a_run_that_was_left_goes_on_to_the_same_bits() {
    let cpu = block_on(Device::open("cpu")).unwrap();
    for (checkpoint, run) in CHECKPOINTS.into_iter().zip(saved()) {
        let data = twenty::images(run.spec.data, run.spec.train, run.spec.test);
        let (mut session, started) = Session::resume(checkpoint, &data.facts, &cpu).unwrap();
        assert!(matches!(started, Event::Started { step: 3, .. }));
        let mut again = Run {
            state: RunState::Stopped,
            ..run.clone()
        };
        again.apply(&[started], 0.0, 0.0);
        assert_eq!(again.step(), 3);
        while again.state != RunState::Done {
            let events = block_on(session.advance(&data, 1)).unwrap();
            again.apply(&events, 0.0, 0.0);
        }
        assert_eq!(again.steps.losses, run.steps.losses);
        let results = |run: &Run| -> Vec<_> {
            let tests = run.tests.iter();
            tests
                .map(|test| (test.step, test.loss, test.accuracy))
                .collect()
        };
        assert_eq!(results(&again), results(&run));
    }
}

/// A checkpoint of today says how many members its spec has; one of a later version is refused, and so is what is cut.
#[test]
fn a_checkpoint_of_a_later_version_is_refused() {
    let cpu = block_on(Device::open("cpu")).unwrap();
    let run = saved().remove(0);
    let data = twenty::images(run.spec.data, run.spec.train, run.spec.test);
    let (mut session, _) = Session::begin(run.spec, &data.facts, &cpu).unwrap();
    block_on(session.advance(&data, 3)).unwrap();
    let mut checkpoint = block_on(session.checkpoint()).unwrap().unwrap();
    assert!(Session::resume(&checkpoint, &data.facts, &cpu).is_ok());
    for members in [checkpoint[0] + 1, checkpoint[0] - 1, u8::MAX, 0x80] {
        checkpoint[0] = members;
        assert!(
            Session::resume(&checkpoint, &data.facts, &cpu).is_err(),
            "{members}"
        );
    }
}
