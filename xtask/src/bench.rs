//! `cargo xtask bench`: how fast it is, beside others.

use std::process::Command;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::browser::Browser;
use crate::data;
use crate::host::Host;
use crate::npm;
use crate::process;
use crate::project::Project;
use crate::site;
use crate::toolchain::Toolchain;
use crate::wasm::{self, Module};

#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Training in the browser beside other libraries: a table, and a JSON line for each measurement
    Peers {
        /// For bench/peers/run.mjs; all stacks, three times, on a quiet machine if there is nothing
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Our own operations on both devices beside the same in burn's: a table, and a JSON line for each
    Kernels {
        /// For bench/peers/run.mjs, such as `--query only=batch`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

/// All stacks in turn, three times, each when other programs leave the machine alone.
const EVERYTHING: [&str; 5] = ["--all", "--repeat", "3", "--wait-idle", "0.5"];

/// The data sets that the page trains on there.
const SETS: [&str; 2] = ["mnist", "cifar10"];

pub(crate) fn run(project: &Project, host: &Host, options: Options) -> Result<()> {
    let toolchain = Toolchain::find(host)?;
    let (ready, arguments) = match options.what {
        What::Peers { arguments } => {
            // The module for GPUs takes long to build: only for those who measure it.
            let everything = arguments.is_empty();
            let named = |argument: &String| {
                argument.contains("page-webgpu") || argument.contains("playground-webgpu")
            };
            let ready: &[Module] = if everything || arguments.iter().any(named) {
                &Module::ALL
            } else {
                &[Module::Core, Module::Cpu]
            };
            let all = EVERYTHING.map(str::to_owned).to_vec();
            (ready, if everything { all } else { arguments })
        }
        What::Kernels { arguments } => {
            let mut all = vec!["--kernels".to_owned(), "cpu,webgpu".to_owned()];
            all.extend(arguments);
            (&Module::ALL[..], all)
        }
    };
    for module in ready {
        wasm::build(project, toolchain, *module)?;
    }
    site::prepare(project, host, ready)?;
    data::prepare(project, host, &SETS.map(str::to_owned))?;
    let folder = project.root.join("bench/peers");
    npm::packages(&folder, host)?;
    let browser = Browser::find(host)?;
    let address = site::serve(project, site::listen(0)?)?;
    let mut command = Command::new("node");
    command.current_dir(folder).arg("run.mjs");
    command.arg("--chromium").arg(browser.program);
    command.args(["--address", &address]);
    process::run(command.args(arguments))
}
