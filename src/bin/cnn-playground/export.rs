//! An experiment as Python.

use clap::Args;
use cnn_playground::arch::pytorch::{self, SourceWords};
use cnn_playground::base::error::Result;
use cnn_playground::experiment::resolve;
use cnn_playground::script::{self, ScriptWords};

use crate::out::say;
use crate::{Ending, Place, opened};

#[derive(Args)]
pub(crate) struct Options {
    /// The link, or what stands behind its `#`
    #[arg(default_value = "")]
    link: String,
    #[command(flatten)]
    form: Form,
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
}

pub(crate) fn run(options: &Options, place: &Place) -> Result<Ending> {
    let (opened, ending) = opened(&options.link);
    let spec = resolve(&opened.choices).spec;
    let text = if options.form.torch {
        pytorch::of(&spec, None, &SourceWords::english())?
    } else {
        let facts = place.load(spec.data, 0, 0)?.facts;
        let made = match options.form.script {
            true => script::script,
            false => script::notebook,
        };
        made(&spec, &facts, &ScriptWords::english())?
    };
    say!("{}", text.trim_end());
    Ok(ending)
}
