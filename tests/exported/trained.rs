//! Fifty steps of training, with the batches that they were made from.

use std::fs;
use std::path::Path;

use cnn_playground::arch::{self, pytorch::SourceWords};
use cnn_playground::base::error::Problem;
use cnn_playground::data::{Dataset, Split, Transform, folder};
use cnn_playground::event::Event;
use cnn_playground::experiment::{ExperimentSpec, Task, link};
use cnn_playground::nn::State;
use cnn_playground::script::{self, ScriptWords};
use cnn_playground::train::{Device, Session};
use pollster::block_on;

use super::bytes;

const STEPS: u32 = 50;
/// Samples, which are seen again and again in the same order, and how many of them at once.
const SAMPLES: u32 = 64;
const BATCH: u32 = 16;

const OPTIMIZERS: [&str; 6] = [
    "optimizer=sgd&lr=0.01&momentum=0",
    "optimizer=sgd&lr=0.01&decay=0.01",
    "optimizer=sgd&lr=0.01&nesterov=on",
    "optimizer=adam&lr=0.001",
    "optimizer=adam&lr=0.001&decay=0.01",
    "optimizer=adamw&lr=0.001&decay=0.1",
];
const SCHEDULES: [&str; 4] = ["constant", "cosine", "step", "one-cycle"];

/// Both, by a number.
fn how(at: usize) -> String {
    let schedule = SCHEDULES[at / OPTIMIZERS.len() % SCHEDULES.len()];
    format!("{}&schedule={schedule}", OPTIMIZERS[at % OPTIMIZERS.len()])
}

/// An experiment with this network, without chance, with one optimizer and schedule of all.
pub(super) fn spec(network: &ExperimentSpec, at: usize) -> ExperimentSpec {
    let how = link::known_spec(&how(at));
    ExperimentSpec {
        optimizer: how.optimizer,
        lr: how.lr,
        momentum: how.momentum,
        nesterov: how.nesterov,
        decay: how.decay,
        schedule: how.schedule,
        dropout: 0.0,
        train: SAMPLES,
        batch: BATCH,
        ..link::known_spec(&format!(
            "{}&order=stored&stop=steps&steps={STEPS}&test=50",
            link::text(network)
        ))
    }
}

/// Every optimizer with every schedule, on one network without and on one with batch normalization.
pub(super) fn every() -> Vec<ExperimentSpec> {
    let networks = ["net=lenet&activation=tanh", "net=resnet&width=4"].map(link::known_spec);
    let all = 0..OPTIMIZERS.len() * SCHEDULES.len();
    let each = networks
        .iter()
        .flat_map(|network| all.clone().map(move |at| spec(network, at)));
    each.collect()
}

/// Trains, and gives the loss of each step and the weights at the end.
pub(super) fn run(spec: ExperimentSpec, data: &Dataset) -> Result<(Vec<f32>, State), Problem> {
    block_on(async {
        let device = Device::open("cpu").await?;
        let (mut session, _) = Session::begin(spec, &data.facts, &device)?;
        let mut all = Vec::new();
        loop {
            for event in session.advance(data, 64).await? {
                match event {
                    Event::Steps { losses, .. } => all.extend(losses),
                    Event::Failed { problem } => return Err(problem),
                    Event::Finished { .. } => return Ok((all, session.state().await?)),
                    _ => {}
                }
            }
        }
    })
}

/// Writes an experiment: its network, its first weights, its samples, what the script says of its training, and its losses.
pub(super) fn write(spec: &ExperimentSpec, here: &Path) {
    let set = folder::cache().unwrap().join(spec.data.word());
    let (train, test) = (spec.train as usize, spec.test as usize);
    let data = folder::load(&set, train, test).unwrap();
    let plan = arch::build(spec, data.facts.shape, data.facts.classes.len()).unwrap();
    let text = script::script(spec, &data.facts, &ScriptWords::english()).unwrap();
    let said = |name: &str| {
        let line = text
            .lines()
            .find(|line| line.starts_with(&format!("{name} = ")));
        line.map(str::to_owned)
    };
    let transform = Transform::new(spec, &data.facts).unwrap();
    let samples = data.samples(Split::Train);
    let shape = data.facts.shape;
    let mut images = vec![0.0; train * shape.len()];
    let mut masks = vec![0.0; train * shape.area()];
    for (at, (image, mask)) in images
        .chunks_exact_mut(shape.len())
        .zip(masks.chunks_exact_mut(shape.area()))
        .enumerate()
    {
        transform.apply(samples.image(at), Split::Train, at, image);
        transform.mask(samples.image(at), Split::Train, at, mask);
    }
    let is_segment = spec.task() == Task::Segment;
    let first = State::draw(&plan, spec.init, spec.seed);
    let (losses, _) = run(spec.clone(), &data).unwrap();
    let source = arch::pytorch::source(&plan, spec.init, "", &SourceWords::english());
    let says = ["criterion", "optimizer", "scheduler"].map(said);
    let about = serde_json::json!({
        "link": link::text(spec),
        "images": [train, shape.channels, shape.height, shape.width],
        "batch": spec.batch,
        "labels": samples.labels[..train],
        "segment": is_segment,
        "says": says,
        "auxiliary": arch::AUXILIARY_WEIGHT,
        "losses": losses,
    });
    fs::create_dir_all(here).unwrap();
    fs::write(here.join("trained.py"), source).unwrap();
    fs::write(
        here.join("begin.safetensors"),
        first.safetensors(&plan).unwrap(),
    )
    .unwrap();
    fs::write(here.join("trained.images"), bytes(&images)).unwrap();
    if is_segment {
        fs::write(here.join("trained.masks"), bytes(&masks)).unwrap();
    }
    fs::write(here.join("trained.json"), about.to_string()).unwrap();
}
