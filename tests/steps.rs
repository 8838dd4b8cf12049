//! Optimizers, learning rate schedules, label smoothing and an auxiliary classifier over twenty steps, against PyTorch's: see
//! `fixtures/training.py`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::collections::BTreeSet;

use cnn_playground::arch;
use cnn_playground::data::Batch;
use cnn_playground::experiment::{ExperimentSpec, Schedule, Stop, link, resolve};
use cnn_playground::operation::Initial;
use cnn_playground::train::{Device, Stepper};
use pollster::block_on;
use serde::Deserialize;

const BATCH: usize = 4;
const CLASSES: usize = 10;
/// Batches that follow each other again and again.
const BATCHES: usize = 4;

/// The largest difference of two losses, as a share of PyTorch's: single precision here, double there.
const TOLERANCE: f64 = 1e-5;

#[derive(Deserialize)]
struct Fixtures {
    runs: Vec<Run>,
    schedules: Vec<Rates>,
}

/// The loss of each step of a run.
#[derive(Deserialize)]
struct Run {
    link: String,
    losses: Vec<f64>,
}

/// The rate of each step of a run, where the highest is 1.
#[derive(Deserialize)]
struct Rates {
    schedule: Schedule,
    rates: Vec<f64>,
}

fn fixtures() -> Fixtures {
    serde_json::from_str(include_str!("fixtures/training.json")).unwrap()
}

fn spec(text: &str) -> ExperimentSpec {
    let opened = link::open(text);
    assert_eq!(opened.problems, [], "{text}");
    resolve(&opened.choices).spec
}

/// `count` numbers from -1 to 1, the same in every language.
fn noise(array: usize, count: usize) -> Vec<f64> {
    (1..=count)
        .map(|at| {
            let wave = (at as f64 * 12.9898 + (array + 1) as f64 * 78.233).sin() * 43758.5453;
            2.0 * (wave - wave.floor()) - 1.0
        })
        .collect()
}

/// All weights of this spec's network, array after array.
fn weights(spec: &ExperimentSpec) -> Vec<f32> {
    let plan = arch::build(spec, spec.data.shape().unwrap(), CLASSES).unwrap();
    let parameters = plan.operations().into_iter();
    let parameters = parameters.flat_map(|(part, operation)| operation.parameters(part.input));
    let arrays = parameters.enumerate().flat_map(|(array, parameter)| {
        let scale = match (parameter.multiplies(), parameter.initial) {
            (true, Initial::FanIn(fan_in)) => (fan_in as f64).sqrt(),
            _ => 10.0,
        };
        let values = noise(array, parameter.len()).into_iter();
        values.map(move |value| (value / scale) as f32)
    });
    arrays.collect()
}

fn batch(step: usize, pixels: usize) -> Batch {
    let number = step % BATCHES;
    let images = noise(2000 + number, BATCH * pixels).into_iter();
    let labels = (0..BATCH).map(|at| ((at + BATCH * number) % CLASSES) as u8);
    Batch::labelled(images.map(|value| value as f32).collect(), labels.collect())
}

#[test]
fn twenty_steps_of_every_optimizer_and_every_schedule_agree_with_pytorch() {
    let cpu = block_on(Device::open("cpu")).unwrap();
    let mut seen = BTreeSet::new();
    let mut largest = 0.0_f64;
    for run in fixtures().runs {
        let steps = run.losses.len();
        let spec = spec(&format!("{}&stop=steps&steps={steps}", run.link));
        let (optimizer, schedule) = (spec.optimizer.word(), spec.schedule.word());
        seen.insert((optimizer, spec.nesterov, schedule));
        let (image, weights) = (spec.data.shape().unwrap(), weights(&spec));
        let mut stepper = Stepper::new(spec, image, CLASSES, Some(&weights), &cpu).unwrap();
        for (step, theirs) in run.losses.into_iter().enumerate() {
            stepper.step(batch(step, image.len()));
            let ours = f64::from(block_on(stepper.loss()).unwrap().unwrap());
            let apart = (ours - theirs).abs() / theirs;
            assert!(
                apart < TOLERANCE,
                "{}: step {step}: {ours}, PyTorch {theirs}",
                run.link
            );
            largest = largest.max(apart);
        }
    }
    println!("losses at most {largest:e} apart, as a share");
    assert_eq!(seen.len(), 4 * Schedule::WORDS.len());
}

#[test]
fn the_rates_of_every_schedule_are_pytorchs() {
    let mut seen = BTreeSet::new();
    for Rates { schedule, rates } in fixtures().schedules {
        let steps = rates.len() as u32;
        let spec = ExperimentSpec {
            schedule,
            lr: 1.0,
            stop: Stop::Steps,
            steps,
            ..ExperimentSpec::default()
        };
        for (step, theirs) in (0..).zip(rates) {
            let ours = spec.learning_rate(step);
            assert!(
                (ours - theirs).abs() <= 1e-14 + 1e-13 * theirs,
                "{} of {steps} steps: step {step}: {ours}, PyTorch {theirs}",
                schedule.word()
            );
        }
        seen.insert((schedule.word(), steps));
    }
    assert!(seen.len() >= 6 * Schedule::WORDS.len());
}
