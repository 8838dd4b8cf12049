//! A lab of the course as the page runs it: measured, planned, run, concluded.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;
use cnn_playground::base::error::{Code, Problem, Result};
use cnn_playground::data::{Dataset, Split};
use cnn_playground::event::Event;
use cnn_playground::experiment::{Choices, ExperimentSpec, Kind, Value, resolve};
use cnn_playground::inside::{Answer, Inside, Question};
use cnn_playground::lab::results::RunFacts;
use cnn_playground::lab::{self, Ask, Lab, Made, budget};
use cnn_playground::runs::{Run, Separated};
use cnn_playground::train::{Device, Session};

use crate::measured::Measured;
use crate::out::say;
use crate::speed::measure;
use crate::{Place, report, words};

/// In which the small CNN's own speed is measured.
const SECONDS: f64 = 4.0;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Which: their names in links, such as pixel-shuffle; all if there is none
    labs: Vec<String>,
    /// How long it may take: three minutes, seconds, or as long as its largest size needs
    #[arg(long, value_enum, default_value = "normal")]
    budget: Budget,
    /// Its options, as in a link: `depth=32&norm=on`
    #[arg(long, default_value = "")]
    options: String,
    /// How many seeds it is run with, from this one on
    #[arg(long, default_value_t = 1)]
    seeds: u32,
    /// The first seed
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Keep what came of them in this file, beside the other labs that it holds
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Plan for a machine on which the small CNN trains at this many images a second: all speeds that
    /// are measured here are scaled by that
    #[arg(long)]
    speed: Option<f64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Budget {
    Normal,
    Quick,
    Full,
}

impl From<Budget> for budget::Budget {
    fn from(budget: Budget) -> Self {
        match budget {
            Budget::Normal => Self::Auto,
            Budget::Quick => Self::Quick,
            Budget::Full => Self::Full,
        }
    }
}

pub(crate) async fn run(options: &Options, place: &Place) -> Result<()> {
    let device = place.open().await?;
    if options.labs.is_empty() {
        for lab in lab::all() {
            one(lab, options, place, &device).await?;
        }
    }
    for id in &options.labs {
        one(Lab::of(id)?, options, place, &device).await?;
    }
    Ok(())
}

async fn one(lab: &Lab, options: &Options, place: &Place, device: &Device) -> Result<()> {
    let words = words::english();
    let chosen = options_of(lab, &options.options)?;
    let word = |key: &str| {
        let key = format!("lab.{}.{key}", lab.id);
        words.get(&key).cloned().unwrap_or(key)
    };
    say!("{}. {}", lab.row, word("question"));

    let speeds = speeds(lab, &chosen, options, place, device).await?;
    let ask = Ask {
        budget: options.budget.into(),
        speeds,
        seeds: (options.seed..options.seed + options.seeds).collect(),
        memory: None,
        level: None,
    };
    let plan = budget::plan(lab, &chosen, &ask)?;
    report::plan(&plan)?;
    let mut data: BTreeMap<&str, Dataset> = BTreeMap::new();
    let started = Instant::now();
    let mut made = Vec::new();
    for planned in &plan.runs {
        let spec = resolve(&planned.choices).spec;
        let set = match data.entry(spec.data.word()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(place.load(spec.data, spec.train, spec.test)?),
        };
        let facts = RunFacts::of(&train(&spec, set, device, lab.separable).await?);
        report::run(planned, &facts, &word(&format!("run.{}", planned.label)))?;
        made.push(Made {
            label: planned.label.to_owned(),
            facts,
        });
    }
    let seconds = started.elapsed().as_secs_f64();
    let conclude = |made: &[Made]| {
        lab.conclude(&chosen, made, None)
            .ok_or_else(|| Problem::internal("a run is missing"))
    };
    report::conclusion(&conclude(&made)?, words, lab.id)?;
    if plan.runs.is_empty() {
        return Ok(());
    }
    say!("{seconds:.0} s here");
    match &options.json {
        Some(file) => Measured::of(lab.id, plan.size, &made, conclude)?.keep(file),
        None => Ok(()),
    }
}

/// What was asked for beside the lab's defaults.
fn options_of(lab: &Lab, text: &str) -> Result<Choices> {
    let known = lab.view(&Choices::new()).options;
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let unknown = || {
                Problem::new(Code::UnknownParameter)
                    .with("key", key)
                    .with("value", value)
            };
            let option = known.iter().find(|option| option.key == key);
            let kind = &option.ok_or_else(unknown)?.kind;
            let value = match (kind, value.parse()) {
                (Kind::Integer { .. }, Ok(number)) => Value::Number(number),
                _ => Value::Word(value.to_owned()),
            };
            kind.check(&value).map_err(|problem| problem.about(key))?;
            Ok((key.to_owned(), value))
        })
        .collect()
}

/// Images a second of each of the lab's probes, on this machine or on the one to plan for.
async fn speeds(
    lab: &Lab,
    chosen: &Choices,
    options: &Options,
    place: &Place,
    device: &Device,
) -> Result<Vec<f64>> {
    if !matches!(options.budget, Budget::Normal) {
        return Ok(Vec::new());
    }
    let scale = match options.speed {
        None => 1.0,
        Some(speed) => {
            let small = resolve(&Choices::new()).spec;
            speed / measure(&small, SECONDS, place, device).await?
        }
    };
    let mut speeds = Vec::new();
    for probe in budget::probes(lab, chosen)? {
        speeds.push(scale * measure(&probe.spec, probe.seconds, place, device).await?);
    }
    Ok(speeds)
}

/// Trains a network, and looks into it afterwards if the lab asks for that. A run that breaks down is a result too.
async fn train(
    spec: &ExperimentSpec,
    data: &Dataset,
    device: &Device,
    separable: Option<usize>,
) -> Result<Run> {
    let mut run = Run::new(spec.clone(), spec.choices(), "cpu");
    let (mut session, event) = Session::begin(spec.clone(), &data.facts, device)?;
    run.apply(&[event], 0.0, 0.0);
    let (mut elapsed, mut training) = (0.0, 0.0);
    while !run.is_over() {
        let started = Instant::now();
        let events = session.advance(data, 16).await?;
        let seconds = started.elapsed().as_secs_f64();
        elapsed += seconds;
        if events.iter().any(|e| matches!(e, Event::Steps { .. })) {
            training += seconds;
        }
        run.apply(&events, elapsed, training);
    }
    if let (None, Some(images)) = (&run.problem, separable) {
        run.separable = separated(spec, data, &session, images).await?;
    }
    Ok(run)
}

async fn separated(
    spec: &ExperimentSpec,
    data: &Dataset,
    session: &Session,
    images: usize,
) -> Result<Option<Separated>> {
    let state = session.state().await?;
    let tensors = burn::tensor::Device::flex();
    let mut inside = Inside::new(spec.clone(), &data.facts, &state, &tensors)?;
    let question = Question::Separable { images };
    let answer = inside.ask(question, data.samples(Split::Test)).await?;
    Ok(match answer {
        Answer::Separable(found) => Some(Separated {
            rows: found.rows,
            input: found.input,
            images: found.images as u32,
        }),
        _ => None,
    })
}
