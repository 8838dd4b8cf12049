//! A run as a record that events are applied to.
#![allow(clippy::unwrap_used)]

use cnn_playground::base::error::{Code, Problem};
use cnn_playground::event::Event;
use cnn_playground::experiment::{Choices, ExperimentSpec, link, resolve};
use cnn_playground::runs::{Run, RunState};

fn begun(text: &str) -> Run {
    let choices = link::open(text).choices;
    let mut run = Run::new(resolve(&choices).spec, choices, "cpu");
    let started = Event::Started {
        task: run.task(),
        parameters: 10,
        multiply_adds: 20,
        steps_per_epoch: run.spec.steps_per_epoch(),
        total_steps: run.spec.total_steps(),
        step: 0,
        testing: false,
        layers: vec!["fc1".to_owned()],
        touches: Vec::new(),
    };
    run.apply(&[started], 0.0, 0.0);
    run
}

fn steps(first: u32, losses: &[f32], spec: &ExperimentSpec) -> Event {
    Event::Steps {
        first,
        losses: losses.to_vec(),
        accuracies: vec![0.5; losses.len()],
        learning_rate: 0.001,
        samples: spec.samples_after(first + losses.len() as u32 - 1),
    }
}

#[test]
fn events_make_a_record() {
    let mut run = begun("train=100&test=10&batch=40&epochs=2");
    assert_eq!((run.state, run.total_steps), (RunState::Training, 6));
    let spec = run.spec.clone();
    run.apply(&[steps(1, &[2.0, 1.5, 1.0], &spec)], 3.0, 3.0);
    let test = Event::Evaluated {
        step: 3,
        loss: 0.9,
        accuracy: 0.7,
        samples: 10,
    };
    run.apply(&[test, steps(4, &[0.8], &spec)], 5.0, 4.0);
    // The last batch of an epoch is smaller.
    assert_eq!(run.steps.samples, [40, 80, 100, 140]);
    assert_eq!(run.steps.seconds, [1.0, 2.0, 3.0, 5.0]);
    assert_eq!((run.tests[0].samples, run.tests[0].seconds), (100, 5.0));
    assert_eq!((run.elapsed, run.training), (5.0, 4.0));
    run.apply(&[Event::Finished { steps: 6 }], 6.0, 5.0);
    assert_eq!(run.state, RunState::Done);
}

#[test]
fn a_run_that_goes_on_makes_the_steps_after_its_checkpoint_once_more() {
    let mut run = begun("train=100&test=10&batch=40&epochs=2");
    let spec = run.spec.clone();
    run.apply(&[steps(1, &[2.0, 1.5, 1.0], &spec)], 3.0, 3.0);
    run.turn(RunState::Starting);
    run.run_on("webgpu", 2);
    assert_eq!((run.state, run.devices.len()), (RunState::Starting, 2));
    let resumed = Event::Started {
        task: run.task(),
        parameters: 10,
        multiply_adds: 20,
        steps_per_epoch: 3,
        total_steps: 6,
        step: 2,
        testing: false,
        layers: vec!["fc1".to_owned()],
        touches: Vec::new(),
    };
    run.apply(&[resumed, steps(3, &[1.1], &spec)], 4.0, 4.0);
    assert_eq!(run.steps.losses, [2.0, 1.5, 1.1]);
    assert_eq!(run.steps.samples, [40, 80, 100]);
}

#[test]
fn a_failure_is_kept_with_its_reason() {
    let mut run = begun("");
    let problem = Problem::new(Code::NotFinite)
        .with("step", 3)
        .with("last", 0.5);
    run.apply(
        &[Event::Failed {
            problem: problem.clone(),
        }],
        1.0,
        1.0,
    );
    assert_eq!((run.state, run.problem), (RunState::Failed, Some(problem)));
}

#[test]
fn samples_are_counted_as_the_engine_does() {
    let spec = ExperimentSpec {
        train: 100,
        batch: 40,
        ..resolve(&Choices::new()).spec
    };
    let counts: Vec<_> = (0..=7).map(|step| spec.samples_after(step)).collect();
    assert_eq!(counts, [0, 40, 80, 100, 140, 180, 200, 240]);
}

#[test]
fn a_run_has_ended_when_another_try_comes_to_the_same() {
    let ended = |code: Code| {
        let mut run = begun("train=100&test=10&batch=40&epochs=2");
        let problem = Problem::new(code);
        run.apply(&[Event::Failed { problem }], 1.0, 1.0);
        assert_eq!(run.state, RunState::Failed);
        run.has_ended()
    };
    assert!(ended(Code::NotFinite) && ended(Code::TestNotFinite));
    assert!(!ended(Code::DeviceLost) && !ended(Code::Crashed));
}

#[test]
fn a_device_without_a_step_does_not_count() {
    let mut run = begun("train=100&test=10&batch=40&epochs=2");
    run.run_on("webgpu", 2);
    run.run_on("cpu", 2);
    assert_eq!(run.devices, ["cpu"]);
}

#[test]
fn a_test_that_was_on_begins_anew_and_counts_once() {
    let mut run = begun("train=100&test=10&batch=40&epochs=2");
    let spec = run.spec.clone();
    let test = Event::Evaluated {
        step: 3,
        loss: 1.0,
        accuracy: 0.5,
        samples: 10,
    };
    run.apply(&[steps(1, &[2.0, 1.5, 1.0], &spec), test], 3.0, 3.0);
    let goes_on = |testing| Event::Started {
        task: spec.task(),
        parameters: 10,
        multiply_adds: 20,
        steps_per_epoch: 3,
        total_steps: 6,
        step: 3,
        testing,
        layers: vec!["fc1".to_owned()],
        touches: Vec::new(),
    };
    run.apply(&[goes_on(false)], 3.0, 3.0);
    assert_eq!((run.tests.len(), run.step()), (1, 3));
    run.apply(&[goes_on(true)], 3.0, 3.0);
    assert_eq!((run.tests.len(), run.step()), (0, 3));
}
