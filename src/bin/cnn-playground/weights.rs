//! A network's numbers in files: those that it begins with, and those that it comes to.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cnn_playground::arch;
use cnn_playground::base::DataFacts;
use cnn_playground::base::error::{Code, Problem, Result};
use cnn_playground::experiment::ExperimentSpec;
use cnn_playground::nn::State;
use cnn_playground::train::GivenWeights;

/// Files for the trained network.
#[derive(clap::Args)]
pub(crate) struct Saved {
    /// Save the trained weights to this file, as safetensors that `load_state_dict` takes in the class that `export --torch` prints
    #[arg(long, value_name = "FILE")]
    safetensors: Option<PathBuf>,
    /// Save the trained network to this file, as ONNX for inference
    #[arg(long, value_name = "FILE")]
    onnx: Option<PathBuf>,
}

impl Saved {
    /// Whether there is a file to be written.
    pub(crate) fn any(&self) -> bool {
        self.safetensors.is_some() || self.onnx.is_some()
    }

    /// Writes them.
    pub(crate) fn write(
        &self,
        state: &State,
        spec: &ExperimentSpec,
        facts: &DataFacts,
    ) -> Result<()> {
        if let Some(file) = &self.safetensors {
            let plan = arch::build(spec, facts.shape, facts.classes.len())?;
            written(file, &state.safetensors(&plan)?)?;
        }
        match &self.onnx {
            Some(file) => written(file, &state.onnx(spec, facts, &BTreeSet::new())?),
            None => Ok(()),
        }
    }
}

/// Writes a file.
pub(crate) fn written(file: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(file, bytes).map_err(|error| unwritten(file, &error))
}

/// That a file cannot be written, and why.
pub(crate) fn unwritten(file: &Path, error: &io::Error) -> Problem {
    let problem = Problem::new(Code::NotWritten).with("file", file.display());
    problem.with("detail", error)
}

/// The weights in a file, for the network of this spec.
pub(crate) fn given(file: &Path, spec: &ExperimentSpec, facts: &DataFacts) -> Result<GivenWeights> {
    let unreadable = |error: io::Error| {
        let problem = Problem::new(Code::NotRead).with("file", file.display());
        problem.with("detail", error)
    };
    let plan = arch::build(spec, facts.shape, facts.classes.len())?;
    let state = State::from_tensors(&plan, &fs::read(file).map_err(unreadable)?)?;
    let name = file.file_name().unwrap_or_default();
    Ok(GivenWeights {
        name: name.to_string_lossy().into_owned(),
        state,
    })
}

/// Those of this file, or those that a run begins with where there is none.
pub(crate) fn first(
    file: Option<&Path>,
    spec: &ExperimentSpec,
    facts: &DataFacts,
) -> Result<State> {
    if let Some(file) = file {
        return given(file, spec, facts).map(|given| given.state);
    }
    let plan = arch::build(spec, facts.shape, facts.classes.len())?;
    Ok(State::draw(&plan, spec.init, spec.seed))
}
