//! The tests that Playwright runs: the page end to end in Chromium, and what it must do in every engine.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::ValueEnum;

use crate::browser::Browser;
use crate::bundle;
use crate::host::Host;
use crate::npm;
use crate::process;
use crate::project::Project;
use crate::site;
use crate::tools;
use crate::wasm::Module;

/// Firefox's driver, which Debian has not.
const GECKODRIVER: &str = "0.37.1";

/// What the tests open: the page as it is served, and as a bundle.
pub(crate) struct Page {
    address: String,
    bundle: PathBuf,
}

impl Page {
    /// Packs it, and serves it until the command ends.
    pub(crate) fn serve(project: &Project, host: &Host, modules: &[Module]) -> Result<Self> {
        let bundle = project.target.join("e2e-bundle");
        let small = || bundle::Options::small(bundle.clone(), true);
        bundle::run(project, host, &small().one_file())?;
        bundle::run(project, host, &small())?;
        site::prepare(project, host, modules)?;
        let address = site::serve(project, site::listen(0)?)?;
        Ok(Self { address, bundle })
    }

    /// Runs `tests/e2e`.
    pub(crate) fn end_to_end(&self, project: &Project, host: &Host) -> Result<()> {
        // React, Vue and Svelte, which the page has nothing of.
        npm::packages(&project.root.join("tests/embeds"), host)?;
        let browser = Browser::find(host)?;
        let mut tests = npm::exec(host, "playwright")?;
        tests.arg("test").env("CHROME", browser.program);
        self.run(tests, project)
    }

    /// Runs `tests/engines` in one of them.
    pub(crate) fn in_engine(&self, engine: Engine, project: &Project, host: &Host) -> Result<()> {
        self.run(engine.checks(project, host)?, project)
    }

    fn run(&self, mut tests: Command, project: &Project) -> Result<()> {
        tests
            .current_dir(&project.root)
            .env("PLAYGROUND_URL", &self.address)
            .env("BUNDLE", &self.bundle)
            .env("SINGLE", self.bundle.with_extension("html"));
        // Playwright would print colour codes for a terminal that is not there.
        if env::var_os("CI").is_some() {
            tests.env("NO_COLOR", "1").env_remove("FORCE_COLOR");
        }
        process::run(&mut tests)
    }
}

/// An engine that the checks of `tests/engines` are run in, and some benchmarks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    /// WebKitGTK, which is Safari's engine as Linux has it
    Webkit,
}

impl Engine {
    /// The word of the command line.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }

    /// The command that runs the checks in this engine.
    fn checks(self, project: &Project, host: &Host) -> Result<Command> {
        let mut checks = npm::exec(host, "playwright")?;
        checks.args(["test", "--config", "tests/engines/config.mjs"]);
        checks.args(["--project", self.word()]);
        self.driven(&checks, project, host)
    }

    /// A command with this program, these arguments and this folder, and with the engine's browser and driver in its environment. What is
    /// missing of them is installed where that is possible.
    pub(crate) fn driven(
        self,
        command: &Command,
        project: &Project,
        host: &Host,
    ) -> Result<Command> {
        let mut driven = Command::new(command.get_program());
        match self {
            Self::Chromium => {
                let Browser { program, driver } = Browser::find(host)?;
                driven.env("BROWSER", program).env("DRIVER", driver);
            }
            Self::Firefox => {
                let browser = host.provide(&["firefox-esr", "firefox"], &["firefox-esr"])?;
                let driver = tools::find(project, "geckodriver", GECKODRIVER, "geckodriver")?;
                driven.env("BROWSER", browser).env("DRIVER", driver);
            }
            Self::Webkit => {
                let driver = host.provide(&["WebKitWebDriver"], &["webkit2gtk-driver"])?;
                driven = on_a_screen(host)?;
                driven.arg(command.get_program()).env("DRIVER", driver);
            }
        }
        driven.args(command.get_args());
        if let Some(folder) = command.get_current_dir() {
            driven.current_dir(folder);
        }
        Ok(driven)
    }
}

/// What gives the command behind it a screen that nobody sees: WebKit's browser has no way to do without.
fn on_a_screen(host: &Host) -> Result<Command> {
    let mut screen = Command::new(host.provide(&["xvfb-run"], &["xvfb", "xauth"])?);
    screen.args(["--auto-servernum", "--server-args=-screen 0 1600x1200x24"]);
    Ok(screen)
}
