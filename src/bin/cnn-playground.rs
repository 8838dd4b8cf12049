//! Runs the experiment of a link in a terminal, on the same engine as the page.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use cnn_playground::arch::pytorch;
use cnn_playground::data::{Dataset, folder};
use cnn_playground::error::{Code, Problem, Result};
use cnn_playground::event::Event;
use cnn_playground::spec::{ExperimentSpec, Task, link, resolve};
use cnn_playground::train::{Device, Session};

/// Runs the experiment of a link: `cnn-playground 'net=resnet&blocks=3&residual=off'`
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The link, or what stands behind its `#`
    #[arg(default_value = "")]
    link: String,
    /// The folder with the data sets, as `cargo xtask data` makes them
    #[arg(long)]
    data: Option<PathBuf>,
    /// What it runs on: cpu, or webgpu in a build that has it
    #[arg(long, default_value = "cpu")]
    device: String,
    /// What is printed: a line for each epoch, or every event as JSON
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Print the network as PyTorch source instead of training it
    #[arg(long)]
    pytorch: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Text,
    Json,
}

fn main() -> ExitCode {
    match pollster::block_on(run(&Arguments::parse())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<()> {
    let text = arguments.link.rsplit('#').next().unwrap_or_default();
    let opened = link::open(text);
    opened
        .problems
        .iter()
        .for_each(|problem| eprintln!("{problem}"));
    let spec = resolve(&opened.choices).spec;
    if arguments.pytorch {
        print!("{}", pytorch::of(&spec, None)?);
        return Ok(());
    }
    let data = load(arguments, &spec)?;
    let device = Device::open(&arguments.device).await?;

    let started = Instant::now();
    let score = match spec.task() {
        Task::Classify => "accuracy",
        Task::Segment => "IoU",
    };
    let (mut session, event) = Session::begin(spec, &data.facts, &device)?;
    let mut events = vec![event];
    loop {
        for event in &events {
            match arguments.format {
                Format::Text => print_text(event, score, started),
                Format::Json => println!(
                    "{}",
                    serde_json::to_string(event).map_err(Problem::internal)?
                ),
            }
        }
        match events.pop() {
            Some(Event::Finished { .. }) => return Ok(()),
            Some(Event::Failed { problem }) => return Err(problem),
            _ => events = session.advance(&data, 64).await?,
        }
    }
}

fn load(arguments: &Arguments, spec: &ExperimentSpec) -> Result<Dataset> {
    let missing = || Problem::new(Code::NoData).with("data", spec.data.word());
    let all = arguments
        .data
        .clone()
        .or_else(folder::cache)
        .ok_or_else(missing)?;
    folder::load(
        &all.join(spec.data.word()),
        spec.train as usize,
        spec.test as usize,
    )
}

/// `score` is what an accuracy is called.
fn print_text(event: &Event, score: &str, started: Instant) {
    let seconds = started.elapsed().as_secs_f32();
    match event {
        Event::Started {
            parameters,
            steps_per_epoch,
            total_steps,
            ..
        } => {
            println!("{parameters} weights; {steps_per_epoch} steps an epoch; {total_steps} steps");
        }
        Event::Epoch {
            epoch,
            step,
            loss,
            accuracy,
        } => {
            let percent = accuracy * 100.0;
            println!(
                "epoch {epoch:3}  step {step:6}  loss {loss:.4}  {score} {percent:5.1} %  {seconds:7.1} s"
            );
        }
        Event::Evaluated {
            step,
            loss,
            accuracy,
            samples,
        } => {
            let percent = accuracy * 100.0;
            println!(
                "test       step {step:6}  loss {loss:.4}  {score} {percent:5.1} %  of {samples} samples"
            );
        }
        Event::Steps { .. }
        | Event::Gradients { .. }
        | Event::Waiting { .. }
        | Event::Finished { .. }
        | Event::Failed { .. } => {}
    }
}
