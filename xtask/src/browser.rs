//! The browser that the tests run in, and the programs that drive it.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::host::Host;
use crate::project::Project;
use crate::tools;

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

/// wasm-bindgen's test runner, in the version of the crate.
pub(crate) fn test_runner(project: &Project) -> Result<PathBuf> {
    let version = project.locked_version("wasm-bindgen")?;
    tools::find(
        project,
        "wasm-bindgen-cli",
        &version,
        "wasm-bindgen-test-runner",
    )
}
