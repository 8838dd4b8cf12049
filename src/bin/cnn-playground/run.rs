//! One experiment, from its link to its end.

use std::time::Instant;

use clap::ValueEnum;
use cnn_playground::arch::pytorch::{self, SourceWords};
use cnn_playground::base::error::{Problem, Result};
use cnn_playground::event::Event;
use cnn_playground::experiment::{link, resolve};
use cnn_playground::train::Session;

use crate::claim::Check;
use crate::out::say;
use crate::{Ending, Place, words};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The link, or what stands behind its `#`
    #[arg(default_value = "")]
    link: String,
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

pub(crate) async fn run(options: &Options, place: &Place) -> Result<Ending> {
    let opened = link::open(options.link.rsplit('#').next().unwrap_or_default());
    for problem in &opened.problems {
        eprintln!("{problem}");
    }
    let ending = match opened.problems.is_empty() {
        true => Ending::Well,
        false => Ending::PartsDropped,
    };
    let spec = resolve(&opened.choices).spec;
    if options.pytorch {
        say!(
            "{}",
            pytorch::of(&spec, None, &SourceWords::english())?.trim_end()
        );
        return Ok(ending);
    }
    let data = place.load(spec.data, spec.train, spec.test)?;
    let device = place.open().await?;

    let words = words::english();
    let task = spec.task();
    let mut check = opened
        .claim
        .map(|claim| Check::new(claim, &spec, &place.device));
    if let (Some(check), Format::Text) = (&check, options.format) {
        say!("{}", check.says(words, task));
    }
    let started = Instant::now();
    let score = words::score(words, task);
    let (mut session, event) = Session::begin(spec, &data.facts, &device)?;
    let mut events = vec![event];
    loop {
        for event in &events {
            if let Some(check) = &mut check {
                check.hear(event);
            }
            match options.format {
                Format::Text => print_text(event, &score, started)?,
                Format::Json => say!(
                    "{}",
                    serde_json::to_string(event).map_err(Problem::internal)?
                ),
            }
        }
        match events.pop() {
            Some(Event::Finished { .. }) => break,
            Some(Event::Failed { problem }) => return Err(problem),
            _ => events = session.advance(&data, 64).await?,
        }
    }
    let Some(check) = check else {
        return Ok(ending);
    };
    match options.format {
        Format::Text => say!("{}", check.verdict(words, task)?),
        Format::Json => say!("{}", check.json()?),
    }
    Ok(if check.is_reproduced()? {
        ending
    } else {
        Ending::NotReproduced
    })
}

/// `score` is what an accuracy is called.
fn print_text(event: &Event, score: &str, started: Instant) -> Result<()> {
    let seconds = started.elapsed().as_secs_f32();
    match event {
        Event::Started {
            parameters,
            steps_per_epoch,
            total_steps,
            ..
        } => {
            say!("{parameters} weights; {steps_per_epoch} steps per epoch; {total_steps} steps");
        }
        Event::Epoch {
            epoch,
            step,
            loss,
            accuracy,
        } => {
            let percent = accuracy * 100.0;
            say!(
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
            say!(
                "test       step {step:6}  loss {loss:.4}  {score} {percent:5.1} %  of {samples} samples"
            );
        }
        Event::Steps { .. }
        | Event::Gradients { .. }
        | Event::Waiting { .. }
        | Event::Finished { .. }
        | Event::Failed { .. } => {}
    }
    Ok(())
}
