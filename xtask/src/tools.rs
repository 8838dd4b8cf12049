//! Programs from crates.io that the commands use: compiled once, and kept in the cache.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::project::Project;

/// Where a program is that a crate brings, in this version; compiled if it is not here yet.
pub(crate) fn find(
    project: &Project,
    package: &str,
    version: &str,
    program: &str,
) -> Result<PathBuf> {
    let folder = project
        .cache
        .join("tools")
        .join(format!("{package}-{version}"));
    let path = folder
        .join("bin")
        .join(format!("{program}{}", env::consts::EXE_SUFFIX));
    if !path.exists() {
        println!("Compiling {package} {version}, once (some minutes)");
        fs::create_dir_all(&folder)?;
        let install = |locked: &[&str]| {
            let mut cargo = Command::new("cargo");
            cargo
                .args(["install", package, "--version"])
                .arg(format!("={version}"))
                .arg("--root")
                .arg(&folder)
                .args(locked)
                .env("CARGO_TARGET_DIR", project.target.join("tools"));
            process::run(&mut cargo)
        };
        // A version that its own list names may be gone: webpki-roots 1.0.11 was.
        if let Err(why) = install(&["--locked"]) {
            println!("{why:#}; again with the newest versions that it can stand on");
            install(&[]).with_context(|| {
                format!("{package} is not here yet, and fetching it needs the network")
            })?;
        }
    }
    Ok(path)
}
