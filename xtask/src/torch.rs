//! What PyTorch itself says of the networks and weights that the playground writes for it.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::host::Host;
use crate::process;
use crate::project::Project;

/// What is installed, each with its version.
const NEEDED: &str = "tests/fixtures/requirements.txt";

/// Python with PyTorch: the one that `TORCH_PYTHON` names, else one in an environment beside the other tools, installed from the
/// package index where it is not there yet.
fn python(project: &Project, host: &Host) -> Result<PathBuf> {
    if let Some(named) = env::var_os("TORCH_PYTHON") {
        return Ok(named.into());
    }
    let needed = fs::read_to_string(project.root.join(NEEDED)).context(NEEDED)?;
    let folder = project.cache.join("tools/pytorch");
    let (python, done) = (folder.join("bin/python"), folder.join("installed.txt"));
    if fs::read_to_string(&done).is_ok_and(|installed| installed == needed) {
        return Ok(python);
    }
    println!("Installing PyTorch into {}", folder.display());
    let system = host.provide(&["python3"], &["python3", "python3-venv"])?;
    process::run(Command::new(system).args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--requirement", NEEDED]);
    process::run(pip.current_dir(&project.root))?;
    fs::write(&done, needed)?;
    Ok(python)
}

/// Whether PyTorch takes every network's weights, and comes to the same; and the playground with those that PyTorch saves.
pub(crate) fn compare(project: &Project, host: &Host) -> Result<()> {
    let python = python(project, host)?;
    let folder = tempfile::tempdir()?;
    let of = |test: &str| {
        let mut cargo = Command::new("cargo");
        cargo.args(["test", "--test", "exported", "--", "--ignored", test]);
        cargo
            .current_dir(&project.root)
            .env("CARGO_TARGET_DIR", &project.target)
            .env("CNN_PLAYGROUND_CACHE", &project.cache)
            .env("EXPORTED", folder.path());
        process::run(&mut cargo)
    };
    of("for_pytorch")?;
    let mut check = Command::new(python);
    check.arg("tests/fixtures/exported.py").arg(folder.path());
    process::run(check.current_dir(&project.root))?;
    of("from_pytorch")
}
