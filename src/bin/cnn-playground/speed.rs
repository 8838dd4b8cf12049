//! How fast networks train here.

use std::time::Instant;

use cnn_playground::base::error::Result;
use cnn_playground::data::Dataset;
use cnn_playground::experiment::{ExperimentSpec, Family, Stop, link, resolve};
use cnn_playground::runs::Run;
use cnn_playground::train::{Device, Session};

use crate::Place;
use crate::out::say;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Steps of each family that are timed, after one that is not
    #[arg(long, default_value_t = 20)]
    steps: u32,
    /// The data set; families that need another one get MNIST
    #[arg(long, default_value = "mnist")]
    set: String,
}

/// A line for each family at its defaults.
pub(crate) async fn run(options: &Options, place: &Place) -> Result<()> {
    let device = place.open().await?;
    say!(
        "{:<10} {:<13} {:>9} {:>12} {:>9} {:>10}   loss",
        "family",
        "data",
        "weights",
        "mult-adds",
        "ms/step",
        "images/s"
    );
    for word in Family::WORDS {
        let asked = link::open(&format!("net={word}&data={}", options.set)).choices;
        let resolved = resolve(&asked);
        let spec = if resolved.spec.mask_threshold().is_ok() {
            resolved.spec
        } else {
            link::known_spec(&format!("net={word}"))
        };
        let spec = brief(spec);
        let data = place.load(spec.data, spec.train, spec.test)?;
        timed(&spec, &data, &device, 1).await?;
        let timed = timed(&spec, &data, &device, options.steps).await?;
        let (first, last) = (timed.steps.losses.first(), timed.steps.losses.last());
        say!(
            "{word:<10} {:<13} {:>9} {:>12} {:>9.1} {:>10.0}   {:.3} to {:.3}",
            spec.data.word(),
            timed.parameters,
            timed.multiply_adds,
            1000.0 * timed.elapsed / f64::from(options.steps),
            f64::from(timed.samples()) / timed.elapsed,
            first.copied().unwrap_or(f32::NAN),
            last.copied().unwrap_or(f32::NAN),
        );
    }
    Ok(())
}

/// The same experiment with few images, so that little is read, and the test at its end costs next to nothing.
fn brief(spec: ExperimentSpec) -> ExperimentSpec {
    ExperimentSpec {
        train: spec.train.min(2_000),
        test: 10,
        ..spec
    }
}

/// A whole small run, with the seconds that its steps and its test took.
async fn timed(spec: &ExperimentSpec, data: &Dataset, device: &Device, steps: u32) -> Result<Run> {
    let spec = ExperimentSpec {
        stop: Stop::Steps,
        steps,
        ..spec.clone()
    };
    let (mut session, event) = Session::begin(spec.clone(), &data.facts, device)?;
    let mut run = Run::new(spec.clone(), spec.choices(), "cpu");
    run.apply(&[event], 0.0, 0.0);
    let started = Instant::now();
    while !run.is_over() {
        let events = session.advance(data, 16).await?;
        let seconds = started.elapsed().as_secs_f64();
        run.apply(&events, seconds, seconds);
    }
    run.problem.clone().map_or(Ok(run), Err)
}

/// Images a second that an experiment trains at, measured in about `seconds` seconds: as the page's
/// worker does.
pub(crate) async fn measure(
    spec: &ExperimentSpec,
    seconds: f64,
    place: &Place,
    device: &Device,
) -> Result<f64> {
    let spec = brief(spec.clone());
    let data = place.load(spec.data, spec.train, spec.test)?;
    timed(&spec, &data, device, 1).await?;
    let mut steps = 1;
    loop {
        let timed = timed(&spec, &data, device, steps).await?;
        if timed.elapsed >= seconds / 4.0 {
            return Ok(f64::from(timed.samples()) / timed.elapsed);
        }
        steps *= 2;
    }
}
