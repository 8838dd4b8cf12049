//! The playground in a terminal, on the same engine as the page: the experiment of a link, a lab of
//! the course, or how fast each family trains.

mod board;
mod claim;
mod curves;
mod describe;
mod export;
mod lab;
mod measured;
mod out;
mod report;
mod run;
mod speed;
mod weights;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cnn_playground::base::error::{Code, Problem, Result};
use cnn_playground::data::{Dataset, folder};
use cnn_playground::experiment::DataSet;
use cnn_playground::experiment::link::{self, Opened};
use cnn_playground::train::Device;

/// What the exit status says.
const STATUS: &str = "\
Exit status:
  0  all went well, and what the link claims was reproduced
  1  it could not be done: the reason is on standard error
  2  the arguments were not understood
  3  it was done, but parts of the link were left out: each is named on standard error
  4  it was done, but what the link claims was not reproduced";

/// How it ended, where it could be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As it was asked for.
    Well,
    /// Without some parts of the link.
    PartsDropped,
    /// With another result than the link claims.
    NotReproduced,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(match ending {
            Ending::Well => 0,
            Ending::PartsDropped => 3,
            Ending::NotReproduced => 4,
        })
    }
}

/// Runs the experiment of a link: `cnn-playground 'net=resnet&blocks=3&residual=off'`
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true, after_help = STATUS)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: run::Options,
    #[command(flatten)]
    place: Place,
}

#[derive(Subcommand)]
enum Command {
    /// Runs labs of the course, and prints what their runs came to
    Lab(lab::Options),
    /// Says what an experiment is: what differs from the defaults, its layers, its steps
    Describe(describe::Options),
    /// Prints an experiment as Python: its network, or all of it as a script or a notebook; or its network with weights, as a file
    Export(export::Options),
    /// Measures how fast each family trains, as it is by default
    Speed(speed::Options),
}

/// Where it runs and where its data are.
#[derive(clap::Args)]
struct Place {
    /// The folder with the data sets, as `cargo xtask data` makes them
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    /// What it runs on: cpu, or webgpu in a build that has it
    #[arg(long, global = true, default_value = "cpu")]
    device: String,
}

impl Place {
    /// The first samples of a data set.
    fn load(&self, data: DataSet, train: u32, test: u32) -> Result<Dataset> {
        let missing = || Problem::new(Code::NoData).with("data", data.word());
        let all = self
            .data
            .clone()
            .or_else(folder::cache)
            .ok_or_else(missing)?;
        folder::load(&all.join(data.word()), train as usize, test as usize)
    }

    async fn open(&self) -> Result<Device> {
        Device::open(&self.device).await
    }
}

/// The experiment of a link or of what stands behind its `#`; what of it was left out is named on standard error.
fn opened(link: &str) -> (Opened, Ending) {
    let opened = link::open(link.rsplit('#').next().unwrap_or_default());
    for problem in &opened.problems {
        eprintln!("{problem}");
    }
    let ending = match opened.problems.is_empty() {
        true => Ending::Well,
        false => Ending::PartsDropped,
    };
    (opened, ending)
}

fn main() -> ExitCode {
    let Arguments {
        command,
        run,
        place,
    } = Arguments::parse();
    let done = pollster::block_on(async {
        match command {
            Some(Command::Lab(options)) => lab::run(&options, &place).await.map(|()| Ending::Well),
            Some(Command::Speed(options)) => {
                speed::run(&options, &place).await.map(|()| Ending::Well)
            }
            Some(Command::Describe(options)) => describe::run(&options),
            Some(Command::Export(options)) => export::run(&options, &place),
            None => run::run(&run, &place).await,
        }
    });
    match done {
        Ok(ending) => ending.into(),
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
