//! One experiment, from its link to its end.

use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;
use cnn_playground::base::error::{Code, Problem, Result};
use cnn_playground::event::Event;
use cnn_playground::experiment::resolve;
use cnn_playground::train::Session;

use crate::claim::Check;
use crate::curves::{Curves, Written};
use crate::out::say;
use crate::weights::{Saved, given};
use crate::{Ending, Place, opened, words};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The link, or what stands behind its `#`
    #[arg(default_value = "")]
    link: String,
    /// What is printed: a line for each epoch, or every event as JSON
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Begin with the weights in this file, safetensors or what `torch.save` writes of a `state_dict`, under the names of the class that `export --torch` prints; nothing is claimed of such a run
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    #[command(flatten)]
    saved: Saved,
    #[command(flatten)]
    curves: Written,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(crate) async fn run(options: &Options, place: &Place) -> Result<Ending> {
    let (opened, mut ending) = opened(&options.link);
    if opened.claim.is_some() && options.weights.is_some() {
        eprintln!("{}", Problem::new(Code::ClaimUnchecked));
        ending = Ending::PartsDropped;
    }
    let spec = resolve(&opened.choices).spec;
    let data = place.load(spec.data, spec.train, spec.test)?;
    let device = place.open().await?;

    let words = words::english();
    let task = spec.task();
    let weights = options
        .weights
        .as_ref()
        .map(|file| given(file, &spec, &data.facts));
    let weights = weights.transpose()?;
    // A claim is of the weights that the experiment begins with by itself.
    let claim = opened.claim.filter(|_| weights.is_none());
    let mut check = claim.map(|claim| Check::new(claim, &spec, &place.device));
    if let (Some(check), Format::Text) = (&check, options.format) {
        say!("{}", check.says(words, task));
    }
    let started = Instant::now();
    let score = words::score(words, task);
    if let (Some(file), Format::Text) = (&options.weights, options.format) {
        let file = file.display().to_string();
        say!(
            "{}",
            words::filled(words, "weights.begins", &[("file", file)])
        );
    }
    let (mut session, event) =
        Session::begin_touched(spec.clone(), &data.facts, &device, weights, &[])?;
    let mut events = vec![event];
    let mut curves = Curves::begin(&options.curves, &spec, &place.device)?;
    loop {
        for event in &events {
            curves.hear(event)?;
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
            Some(Event::Failed { problem }) => {
                // Its curves up to there show how it came to that.
                curves.end()?;
                return Err(problem);
            }
            _ => events = session.advance(&data, 64).await?,
        }
    }
    curves.end()?;
    if options.saved.any() {
        let state = session.state().await?;
        options.saved.write(&state, &spec, &data.facts)?;
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
