//! `cargo xtask bench`: how fast it is, beside others.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::browser::Browser;
use crate::bundle;
use crate::data;
use crate::host::Host;
use crate::npm;
use crate::playwright::Engine;
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
    /// The project's own operations on both devices beside the same in burn's: a table, and a JSON line for each
    Kernels {
        /// For bench/peers/run.mjs, such as `--query only=batch`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// How fast a bundle opens, and what Lighthouse says of it: a JSON line for each measurement, a table
    Page {
        /// For bench/page/run.mjs: --repeat N
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// What the page's service worker gains where a host sends no headers for threads: images a second on the first visit
    /// and on the second: a JSON line for each run, a table
    Threads {
        /// The browser's engine
        #[arg(long, value_enum, default_value_t = Engine::Chromium)]
        engine: Engine,
        /// For bench/threads.mjs: --repeat N
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_parser = for_script)]
        arguments: Vec<String>,
    },
    /// How long a person waits for a test accuracy, from entering the page's address, and from starting PyTorch: a JSON line for
    /// each run, a table
    Accuracy {
        /// For bench/accuracy.mjs: --repeat N, --only 98
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// How the time for an image grows with the batch, the width and the depth: a JSON line for each
    /// point, a table
    Scaling {
        /// Where to put a picture of the curves, as PNG
        #[arg(long, value_name = "FILE")]
        picture: Option<PathBuf>,
    },
    /// Whether a page that trains for long grows: 20,000 steps over 30 runs with its views open: a JSON
    /// line after each run, a table
    Soak {
        /// Where to put a plot of memory, nodes and tasks over the steps, as SVG
        #[arg(long, value_name = "FILE")]
        picture: Option<PathBuf>,
        /// For bench/soak.mjs: --steps N, --runs N
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// The page on a slow phone, as fast as this machine and four and six times slower: what a finger waits for, images a second,
    /// how long labs take beside what the page says: a JSON line for each, a table
    Phone {
        /// For bench/phone.mjs: --slower 1,4,6, --seconds N, --labs NAME,NAME
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// What a folder of 2,000 photographs costs until it is a data set: time, memory, the longest task
    Pictures {
        /// The browser's engine
        #[arg(long, value_enum, default_value_t = Engine::Chromium)]
        engine: Engine,
        /// For bench/pictures.mjs: --folder F, --archive F.zip
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_parser = for_script)]
        arguments: Vec<String>,
    },
    /// What looking inside costs: training with the panel never opened and closed again, and how
    /// many frames a second each view shows
    Inside {
        /// For bench/inside.mjs
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

/// All stacks in turn, three times, each on a quiet machine.
const EVERYTHING: [&str; 5] = ["--all", "--repeat", "3", "--wait-idle", "0.5"];

/// The data sets that the page trains on there.
const SETS: [&str; 3] = ["mnist", "cifar10", "fashion-mnist"];

/// What the page needs to train on the CPU.
const ON_CPU: [Module; 2] = [Module::Core, Module::Cpu];

/// What runs operations, whichever the device.
const ONE_THREAD: [Module; 3] = [Module::Core, Module::Cpu, Module::Webgpu];

/// What the page needs to train on the CPU, on one thread or more.
const WITH_THREADS: [Module; 3] = [Module::Core, Module::Cpu, Module::Threads];

pub(crate) fn run(project: &Project, host: &Host, options: Options) -> Result<()> {
    let browser = Browser::find(host)?;
    // Each script keeps what it writes beside it.
    let script = |folder: &str, name: &str| {
        let mut node = Command::new("node");
        node.current_dir(project.root.join(folder)).arg(name);
        node.arg("--chromium").arg(&browser.program);
        node
    };
    match options.what {
        What::Page { arguments } => {
            let packed = packed(project, host)?;
            npm::packages(&project.root.join("bench/page"), host)?;
            let mut page = script("bench/page", "run.mjs");
            process::run(page.arg("--bundle").arg(packed).args(arguments))
        }
        What::Threads { engine, arguments } => {
            let packed = packed(project, host)?;
            let mut threads = script("bench", "threads.mjs");
            threads.args(["--engine", engine.word(), "--bundle"]);
            threads.arg(packed).args(arguments);
            process::run(&mut engine.driven(&threads, project, host)?)
        }
        What::Peers { arguments } => {
            let arguments = if arguments.is_empty() {
                EVERYTHING.map(str::to_owned).to_vec()
            } else {
                arguments
            };
            // The module for GPUs takes long to build: only when it is measured.
            let measured = ["--all", "page-webgpu", "playground-webgpu"];
            let named = |argument: &String| measured.iter().any(|word| argument.contains(word));
            let modules = if arguments.iter().any(named) {
                &Module::ALL[..]
            } else {
                &WITH_THREADS
            };
            npm::packages(&project.root.join("bench/peers"), host)?;
            let mut peers = script("bench/peers", "run.mjs");
            peers.args(["--address", &served(project, host, modules)?]);
            process::run(peers.args(arguments))
        }
        What::Kernels { arguments } => {
            npm::packages(&project.root.join("bench/peers"), host)?;
            let mut kernels = script("bench/peers", "run.mjs");
            kernels.args(["--address", &served(project, host, &ONE_THREAD)?]);
            process::run(kernels.args(["--kernels", "cpu,webgpu"]).args(arguments))
        }
        What::Accuracy { arguments } => {
            let mut accuracy = script("bench", "accuracy.mjs");
            accuracy.args(["--address", &served(project, host, &WITH_THREADS)?]);
            accuracy.arg("--data").arg(project.data());
            process::run(accuracy.args(arguments))
        }
        What::Scaling { picture } => {
            let mut scaling = script("bench", "scaling.mjs");
            scaling.args(["--address", &served(project, host, &ON_CPU)?]);
            if let Some(picture) = picture {
                scaling.arg("--picture").arg(std::path::absolute(picture)?);
            }
            process::run(&mut scaling)
        }
        What::Soak { picture, arguments } => {
            let mut soak = script("bench", "soak.mjs");
            soak.args(["--address", &served(project, host, &WITH_THREADS)?]);
            if let Some(picture) = picture {
                soak.arg("--picture").arg(std::path::absolute(picture)?);
            }
            process::run(soak.args(arguments))
        }
        What::Phone { arguments } => {
            let mut phone = script("bench", "phone.mjs");
            phone.args(["--address", &served(project, host, &WITH_THREADS)?]);
            process::run(phone.args(arguments))
        }
        What::Pictures { engine, arguments } => {
            let mut pictures = script("bench", "pictures.mjs");
            pictures.args(["--engine", engine.word(), "--address"]);
            pictures
                .arg(served(project, host, &ON_CPU)?)
                .args(arguments);
            process::run(&mut engine.driven(&pictures, project, host)?)
        }
        What::Inside { arguments } => {
            let mut inside = script("bench", "inside.mjs");
            inside.args(["--address", &served(project, host, &ON_CPU)?]);
            process::run(inside.args(arguments))
        }
    }
}

/// An argument for a script, which is told by these commands which engine it drives.
fn for_script(argument: &str) -> Result<String, String> {
    if argument.starts_with("--engine") {
        return Err("put it before all that is for the script".to_owned());
    }
    Ok(argument.to_owned())
}

/// A bundle as it is released: its folder.
fn packed(project: &Project, host: &Host) -> Result<PathBuf> {
    let folder = project.target.join("bench-bundle");
    let options = bundle::Options::small(folder.clone(), false);
    bundle::run(project, host, &options)?;
    Ok(folder)
}

/// Builds and serves the playground with these modules and the benchmarks' data: its address.
fn served(project: &Project, host: &Host, modules: &[Module]) -> Result<String> {
    let toolchain = Toolchain::find(host)?;
    let modules = &wasm::possible(host, toolchain, modules);
    for module in modules {
        wasm::build_for_benchmark(project, toolchain, *module)?;
    }
    site::prepare(project, host, modules)?;
    data::prepare(project, host, &SETS.map(str::to_owned))?;
    site::serve(project, site::listen(0)?)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Bench {
        #[command(flatten)]
        options: Options,
    }

    fn parsed(line: &str) -> Result<What, clap::Error> {
        Bench::try_parse_from(line.split(' ')).map(|bench| bench.options.what)
    }

    #[test]
    fn an_engine_is_named_before_what_is_for_the_script() -> Result<()> {
        let line = "bench threads --engine firefox --repeat 2";
        let What::Threads { engine, arguments } = parsed(line)? else {
            panic!("another benchmark");
        };
        assert_eq!(engine, Engine::Firefox);
        assert_eq!(arguments, ["--repeat", "2"]);
        for benchmark in ["threads", "pictures"] {
            let behind = format!("bench {benchmark} --repeat 2 --engine firefox");
            assert!(parsed(&behind).is_err_and(|error| error.to_string().contains("before")));
        }
        Ok(())
    }
}
