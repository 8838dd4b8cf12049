//! `cargo xtask widget`: the playground as a Python package for notebooks, with all of it inside.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::browser::Browser;
use crate::bundle;
use crate::host::Host;
use crate::npm;
use crate::process;
use crate::project::Project;

/// The package, in the checkout.
const FOLDER: &str = "python-widget";
/// What makes the wheel, and what it is tried with; pinned, since what is said to be tried is that.
const BUILDER: [&str; 1] = ["build==1.6.1"];
const TRIED: [&str; 3] = ["jupyterlab==4.6.6", "marimo==0.25.2", "pytest==9.2.0"];

#[derive(Args)]
pub(crate) struct Options {
    /// Where the playground is on the web, which its links then lead to
    #[arg(long)]
    url: Option<String>,
    /// Seconds instead of minutes: code as the compiler made it. For tests
    #[arg(long)]
    fast: bool,
    /// Also install it beside JupyterLab and marimo, apart from the system, and try it there in a browser
    #[arg(long)]
    test: bool,
}

pub(crate) fn run(project: &Project, host: &Host, options: &Options) -> Result<()> {
    let folder = project.root.join(FOLDER);
    let site = folder.join("src/cnn_playground/site");
    let page = site.join("playground.html");
    let made = bundle::Options::small(page.clone(), options.fast).one_file();
    bundle::run(project, host, &made.at(options.url.clone()))?;
    fs::copy(project.www().join("embed.js"), site.join("embed.js"))?;
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(project.root.join(name), folder.join(name))?;
    }
    let python = environment(project, host)?;
    install(&python, &BUILDER)?;
    let dist = folder.join("dist");
    let _ = fs::remove_dir_all(&dist);
    let mut build = Command::new(&python);
    build
        .args(["-m", "build", "--wheel", "--outdir"])
        .arg(&dist)
        .arg(&folder);
    process::run(&mut build)?;
    let wheel = wheel(&dist)?;
    let bytes = fs::metadata(&wheel)?.len();
    println!("\nThe package is {} ({bytes} bytes).", wheel.display());
    if options.test {
        test(project, host, &python, &wheel)?;
    }
    Ok(())
}

/// An environment of its own for Python, in the cache: its interpreter.
fn environment(project: &Project, host: &Host) -> Result<PathBuf> {
    let place = project.cache.join("notebooks");
    let python = ["bin/python", "Scripts/python.exe"].map(|path| place.join(path));
    if !python.iter().any(|path| path.exists()) {
        let system = host.provide(&["python3", "python"], &["python3", "python3-venv"])?;
        process::run(Command::new(system).args(["-m", "venv"]).arg(&place))?;
    }
    let found = python.into_iter().find(|path| path.exists());
    found.context("Python made no environment")
}

fn install(python: &Path, packages: &[&str]) -> Result<()> {
    let mut pip = Command::new(python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    process::run(pip.args(packages))
}

fn wheel(dist: &Path) -> Result<PathBuf> {
    let mut files = fs::read_dir(dist)?.filter_map(|entry| Some(entry.ok()?.path()));
    let wheel = files.find(|path| path.extension().is_some_and(|end| end == "whl"));
    wheel.context("Python made no wheel")
}

/// Tries the wheel as somebody has it who installs it.
fn test(project: &Project, host: &Host, python: &Path, wheel: &Path) -> Result<()> {
    install(python, &TRIED)?;
    let again = ["--force-reinstall", "--no-deps"];
    let wheel = wheel.to_string_lossy();
    install(python, &[wheel.as_ref()])?;
    install(python, &[again[0], again[1], wheel.as_ref()])?;
    let folder = project.root.join(FOLDER);
    process::run(
        Command::new(python)
            .args(["-m", "pytest", "-q", "tests"])
            .current_dir(&folder),
    )?;
    let browser = Browser::find(host)?;
    let mut tests = npm::exec(host, "playwright")?;
    tests.args(["test", "--config", "python-widget/tests/config.mjs"]);
    tests.current_dir(&project.root);
    process::run(tests.env("CHROME", browser.program).env("PYTHON", python))
}
