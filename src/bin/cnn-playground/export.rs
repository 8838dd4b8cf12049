//! An experiment as Python, or its network with weights as a file.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use cnn_playground::arch;
use cnn_playground::arch::pytorch::{self, SourceWords};
use cnn_playground::base::error::Result;
use cnn_playground::experiment::resolve;
use cnn_playground::script::{self, ScriptWords};

use crate::out::{self, say};
use crate::{Ending, Place, opened, weights};

#[derive(Args)]
pub(crate) struct Options {
    /// The link, or what stands behind its `#`
    #[arg(default_value = "")]
    link: String,
    #[command(flatten)]
    form: Form,
    /// For --onnx and --safetensors: the weights in this file, as `--safetensors` of a run saves them; without it, those that a run begins with
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
}

/// What is printed.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Form {
    /// The network as PyTorch source
    #[arg(long)]
    torch: bool,
    /// The whole experiment as a script for PyTorch and torchvision
    #[arg(long)]
    script: bool,
    /// The same as a notebook
    #[arg(long)]
    notebook: bool,
    /// The network with its weights as ONNX, for inference: the bytes of a file
    #[arg(long)]
    onnx: bool,
    /// The weights as safetensors, for the class that `--torch` prints: the bytes of a file
    #[arg(long)]
    safetensors: bool,
}

pub(crate) fn run(options: &Options, place: &Place) -> Result<Ending> {
    let (opened, ending) = opened(&options.link);
    let spec = resolve(&opened.choices).spec;
    let form = &options.form;
    if form.torch {
        let text = pytorch::of(&spec, None, &SourceWords::english())?;
        say!("{}", text.trim_end());
        return Ok(ending);
    }
    let facts = place.load(spec.data, 0, 0)?.facts;
    if form.onnx || form.safetensors {
        let state = weights::first(options.weights.as_deref(), &spec, &facts)?;
        let file = if form.onnx {
            state.onnx(&spec, &facts, &BTreeSet::new())?
        } else {
            let plan = arch::build(&spec, facts.shape, facts.classes.len())?;
            state.safetensors(&plan)?
        };
        out::bytes(&file)?;
        return Ok(ending);
    }
    let made = match form.script {
        true => script::script,
        false => script::notebook,
    };
    let text = made(&spec, &facts, &ScriptWords::english())?;
    say!("{}", text.trim_end());
    Ok(ending)
}
