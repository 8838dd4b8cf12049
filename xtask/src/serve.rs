//! `cargo xtask serve`: everything from nothing to a page in a browser.

use std::env;
use std::io;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use anyhow::Result;
use clap::Args;

use crate::data;
use crate::host::Host;
use crate::project::Project;
use crate::site;
use crate::toolchain::Toolchain;
use crate::wasm::{self, Module};

#[derive(Args)]
pub(crate) struct Options {
    /// The port on 127.0.0.1; if it is taken, the next free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Open no browser
    #[arg(long)]
    no_open: bool,
    /// Leave out the module for GPUs, whose first build takes 5 to 15 minutes
    #[arg(long)]
    no_webgpu: bool,
}

/// The modules that the page needs.
const AT_ONCE: [Module; 2] = [Module::Core, Module::Cpu];

/// The data set that the page starts with.
const FIRST: &str = "mnist";

pub(crate) fn run(project: &Project, host: &Host, options: &Options) -> Result<()> {
    let toolchain = Toolchain::find(host)?;
    build(project, toolchain, &AT_ONCE)?;
    site::prepare(project, host, &AT_ONCE)?;
    data::prepare(project, host, &[FIRST.to_owned()])?;

    let address = site::serve(project, site::listen(options.port)?)?;
    println!("\n  The playground is at {address}\n");
    if !options.no_open && has_screen() && open::that_detached(&address).is_err() {
        println!("No browser could be opened: open the address yourself.");
    }
    let enter = watch_enter();

    // The page works from here on; the other modules are built in the background.
    report(data::prepare(project, host, &[]));
    let mut later = wasm::possible(host, toolchain, &Module::ALL);
    later.retain(|module| {
        !AT_ONCE.contains(module) && (!options.no_webgpu || *module != Module::Webgpu)
    });
    build_behind(project, toolchain, &later)?;
    println!("\nEverything is ready at {address}\nEnter rebuilds, Ctrl-C ends.");
    for () in enter {
        if report(build(project, toolchain, &AT_ONCE)) {
            wasm::write_list(project, toolchain)?;
            println!("Reload the page at {address}");
            build_behind(project, toolchain, &later)?;
        }
    }
    // No terminal to read from: serve until ended.
    loop {
        thread::park();
    }
}

fn build(project: &Project, toolchain: Toolchain, modules: &[Module]) -> Result<()> {
    modules
        .iter()
        .try_for_each(|module| wasm::build(project, toolchain, *module))
}

/// Builds what the page can do without, and lists each module as soon as it is there: until then the page
/// does not take an older one.
fn build_behind(project: &Project, toolchain: Toolchain, modules: &[Module]) -> Result<()> {
    for module in modules {
        if report(wasm::build(project, toolchain, *module)) {
            wasm::write_list(project, toolchain)?;
        }
    }
    Ok(())
}

/// Prints what went wrong, if anything did; the page that is served goes on.
fn report(outcome: Result<()>) -> bool {
    if let Err(error) = &outcome {
        eprintln!(
            "\nError: {error:#}\nWhat was ready before is still served. Enter tries again to build."
        );
    }
    outcome.is_ok()
}

/// Sends a message for every line that is typed.
fn watch_enter() -> Receiver<()> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let lines = io::stdin().lines().map_while(|line| line.ok());
        lines
            .map(drop)
            .take_while(|()| sender.send(()).is_ok())
            .for_each(drop);
    });
    receiver
}

/// Whether a browser window could appear.
fn has_screen() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !set("CI")
        && (cfg!(any(target_os = "macos", windows)) || set("DISPLAY") || set("WAYLAND_DISPLAY"))
}
