//! The project's own commands. `cargo xtask help` lists them.

mod bench;
mod browser;
mod bundle;
mod cards;
mod data;
mod download;
mod files;
mod fuzz;
mod host;
mod notices;
mod npm;
mod playwright;
mod process;
mod project;
mod serve;
mod site;
mod supply;
mod teaching;
mod test;
mod tiers;
mod toolchain;
mod tools;
mod torch;
mod wasm;
mod widget;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::builder::PossibleValuesParser;
use clap::{Parser, Subcommand};

use host::Host;
use project::Project;

/// Builds, serves, tests and packs the playground.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Set everything up, build, and serve the playground on this machine
    Serve(serve::Options),
    /// Run every tier of tests, cheapest first
    Test(test::Options),
    /// Measure how fast it is
    Bench(bench::Options),
    /// Write the playground as static files for any web host
    Bundle(bundle::Options),
    /// Draw the pictures of link previews anew, after a change to what labs ask
    Cards,
    /// Download and convert data sets
    Data {
        /// Which ones; all if none is named
        #[arg(value_parser = PossibleValuesParser::new(data::ids()))]
        sets: Vec<String>,
    },
    /// Try inputs by the million on everything that reads what a stranger wrote
    Fuzz(fuzz::Options),
    /// Find or install the WebAssembly standard library
    Toolchain,
    /// Build the WebAssembly modules
    Wasm {
        /// Which ones; all if none is named
        #[arg(value_enum)]
        modules: Vec<wasm::Module>,
        /// Say what the code weighs, by crate
        #[arg(long)]
        sizes: bool,
    },
    /// Print where things are kept
    Where,
    /// Make the Python package for notebooks
    Widget(widget::Options),
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nError: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let project = Project::find()?;
    let host = Host::this();
    match command {
        Command::Serve(options) => serve::run(&project, &host, &options)?,
        Command::Test(options) => return Ok(test::run(&project, &host, &options)),
        Command::Bench(options) => bench::run(&project, &host, options)?,
        Command::Bundle(options) => bundle::run(&project, &host, &options)?,
        Command::Cards => cards::run(&project, &host)?,
        Command::Data { sets } => data::prepare(&project, &host, &sets)?,
        Command::Fuzz(options) => fuzz::run(&project, &host, &options)?,
        Command::Toolchain => {
            let toolchain = toolchain::Toolchain::find(&host)?;
            println!("WebAssembly builds use {toolchain}.");
        }
        Command::Wasm { modules, sizes } => {
            let toolchain = toolchain::Toolchain::find(&host)?;
            let modules = if modules.is_empty() {
                wasm::Module::ALL.to_vec()
            } else {
                modules
            };
            if modules.contains(&wasm::Module::Threads) {
                toolchain.add_source(&host)?;
            }
            for module in modules {
                wasm::build(&project, toolchain, module)?;
                if sizes {
                    wasm::print_sizes(&project, module)?;
                }
            }
        }
        Command::Widget(options) => widget::run(&project, &host, &options)?,
        Command::Where => {
            let line = |what: &str, path: &PathBuf| println!("{what:8} {}", path.display());
            line("project", &project.root);
            line("cache", &project.cache);
            line("target", &project.target);
        }
    }
    Ok(ExitCode::SUCCESS)
}
