//! The browser that the tests run in, and the programs that drive it.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::host::Host;
use crate::process;
use crate::project::Project;

/// A Chrome or Chromium with its driver.
pub(crate) struct Browser {
    /// The browser itself.
    pub(crate) program: PathBuf,
    /// The ChromeDriver that belongs to it.
    pub(crate) driver: PathBuf,
}

impl Browser {
    /// Finds both, or installs them where that is possible. `CHROME` and `CHROMEDRIVER` name others.
    pub(crate) fn find(host: &Host) -> Result<Self> {
        const PROGRAMS: [&str; 5] = [
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        ];
        let named = |variable| {
            env::var_os(variable)
                .filter(|path| !path.is_empty())
                .map(PathBuf::from)
        };
        let program = named("CHROME").map_or_else(|| host.provide(&PROGRAMS, &["chromium"]), Ok)?;
        let driver = named("CHROMEDRIVER")
            .map_or_else(|| host.provide(&["chromedriver"], &["chromium-driver"]), Ok)
            .context("the browser's driver, of the browser's own version, is needed")?;
        Ok(Self { program, driver })
    }
}

/// wasm-bindgen's test runner, in the version of the crate; compiled once and kept in the cache.
pub(crate) fn test_runner(project: &Project) -> Result<PathBuf> {
    let version = project.locked_version("wasm-bindgen")?;
    let folder = project
        .cache
        .join("tools")
        .join(format!("wasm-bindgen-{version}"));
    let runner = folder.join("bin").join(format!(
        "wasm-bindgen-test-runner{}",
        env::consts::EXE_SUFFIX
    ));
    if !runner.exists() {
        println!("Compiling wasm-bindgen-cli {version}, once (about 3 minutes)");
        fs::create_dir_all(&folder)?;
        let mut cargo = Command::new("cargo");
        cargo
            .args([
                "install",
                "wasm-bindgen-cli",
                "--version",
                &version,
                "--root",
            ])
            .arg(&folder);
        process::run(cargo.env("CARGO_TARGET_DIR", project.target.join("tools")))
            .context("wasm-bindgen-cli is not here yet, and fetching it needs the network")?;
    }
    Ok(runner)
}
