//! The machine: which programs it has, and how to give it more.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process;

/// The machine that the commands run on. Tests put folders of fake programs in its place.
#[derive(Debug, Clone)]
pub(crate) struct Host {
    /// Where programs are looked for, as in `PATH`.
    pub(crate) path: OsString,
    /// How long to wait for an answer from a server that may be unreachable.
    pub(crate) patience: Duration,
}

impl Host {
    /// This machine.
    pub(crate) fn this() -> Self {
        Self {
            path: env::var_os("PATH").unwrap_or_default(),
            patience: Duration::from_secs(60),
        }
    }

    /// Where the first of these programs is that the machine has.
    pub(crate) fn find(&self, programs: &[&str]) -> Option<PathBuf> {
        programs
            .iter()
            .find_map(|program| which::which_in(program, Some(&self.path), ".").ok())
    }

    /// A command for a program, if the machine has it.
    pub(crate) fn command(&self, program: &str) -> Option<Command> {
        self.find(&[program]).map(Command::new)
    }

    /// Where the first of these programs is, after installing the Debian packages that bring one.
    pub(crate) fn provide(&self, programs: &[&str], packages: &[&str]) -> Result<PathBuf> {
        if let Some(found) = self.find(programs) {
            return Ok(found);
        }
        let missing = || format!("{} is missing", programs.join(" or "));
        self.install(packages).with_context(missing)?;
        self.find(programs)
            .with_context(|| format!("{}, even after installing it", missing()))
    }

    /// Whether all these Debian packages are installed.
    pub(crate) fn has_packages(&self, packages: &[&str]) -> bool {
        let Some(mut query) = self.command("dpkg-query") else {
            return false;
        };
        let answer = process::output(
            query
                .args(["--show", "--showformat=${db:Status-Status}\\n"])
                .args(packages),
        );
        answer.is_ok_and(|answer| {
            answer.lines().filter(|line| *line == "installed").count() == packages.len()
        })
    }

    /// Installs Debian packages, or says what to type.
    pub(crate) fn install(&self, packages: &[&str]) -> Result<()> {
        let packages = packages.join(" ");
        let Some(apt) = self.find(&["apt-get"]) else {
            bail!(
                "install it with this system's package manager (on Debian: {packages}), then try again"
            );
        };
        if !self.is_root() {
            bail!("type: sudo apt-get update && sudo apt-get install {packages}   then try again");
        }
        println!("Installing Debian packages: {packages}");
        process::run(Command::new(&apt).args(["update", "-qq"]))?;
        process::run(
            Command::new(&apt)
                .env("DEBIAN_FRONTEND", "noninteractive")
                .args(["install", "-qq", "--yes", "--no-install-recommends"])
                .args(packages.split(' ')),
        )
    }

    fn is_root(&self) -> bool {
        self.command("id")
            .is_some_and(|mut id| process::output(id.arg("-u")).is_ok_and(|id| id.trim() == "0"))
    }
}
