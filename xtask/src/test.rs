//! `cargo xtask test`: every tier of tests, cheapest first.

use std::cell::OnceCell;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;

use crate::browser::{self, Browser};
use crate::data;
use crate::host::Host;
use crate::npm;
use crate::playwright::{Engine, Page};
use crate::process;
use crate::project::Project;
use crate::site;
use crate::supply::{self, NotChecked};
use crate::toolchain::{TARGET, Toolchain};
use crate::wasm::{self, Module};

#[derive(Args)]
pub(crate) struct Options {
    /// Leave out what needs the module for GPUs, whose first build takes 5 to 15 minutes
    #[arg(long)]
    fast: bool,
    /// Run only the tiers whose name contains this
    #[arg(long, value_name = "WORD")]
    only: Option<String>,
}

/// What the tiers work with.
struct Bench<'a> {
    project: &'a Project,
    host: &'a Host,
    /// The modules that are part of this run.
    modules: &'static [Module],
    /// Made for the first tier that needs it.
    page: OnceCell<Page>,
}

impl Bench<'_> {
    fn page(&self) -> Result<&Page> {
        if let Some(page) = self.page.get() {
            return Ok(page);
        }
        let page = Page::serve(self.project, self.host, self.modules)?;
        Ok(self.page.get_or_init(|| page))
    }
}

/// Tests that stand or fall together.
struct Tier {
    name: &'static str,
    run: fn(&Bench) -> Result<()>,
    /// What to do when it fails.
    remedy: &'static str,
    /// Whether it needs the module for GPUs.
    long: bool,
}

const TIERS: [Tier; 17] = [
    Tier {
        name: "format",
        run: format,
        remedy: "type: cargo fmt --all",
        long: false,
    },
    Tier {
        name: "lints, native",
        run: native_lints,
        remedy: "mend what Clippy names",
        long: false,
    },
    Tier {
        name: "licences, sources",
        run: |bench| supply::licences(bench.project),
        remedy: "choose another package, or say in deny.toml why this one may stay",
        long: false,
    },
    Tier {
        name: "advisories",
        run: |bench| supply::advisories(bench.project),
        remedy: "take a version that the advisory names",
        long: false,
    },
    Tier {
        name: "data sets",
        run: data_sets,
        remedy: "see `cargo xtask data --help`",
        long: false,
    },
    Tier {
        name: "tests, native",
        run: native_tests,
        remedy: "again alone: cargo test --workspace TEST",
        long: false,
    },
    Tier {
        name: "modules",
        run: modules,
        remedy: "again alone: cargo xtask wasm core cpu threads",
        long: false,
    },
    Tier {
        name: "types of the page",
        run: page_types,
        remedy: "mend what tsc names",
        long: false,
    },
    Tier {
        name: "rules of the page",
        run: page_rules,
        remedy: "move it to Rust, or name it with its reason in tests/house/exceptions.json",
        long: false,
    },
    Tier {
        name: "lints, wasm",
        run: wasm_lints,
        remedy: "mend what Clippy names",
        long: false,
    },
    Tier {
        name: "browser, CPU",
        run: browser_cpu,
        remedy: "again alone: --only 'browser, CPU'",
        long: false,
    },
    Tier {
        name: "browser, WebGPU",
        run: browser_webgpu,
        remedy: "again alone: --only WebGPU",
        long: true,
    },
    Tier {
        name: "module webgpu",
        run: webgpu_module,
        remedy: "again alone: cargo xtask wasm webgpu",
        long: true,
    },
    Tier {
        name: "end to end",
        run: |bench| bench.page()?.end_to_end(bench.project, bench.host),
        remedy: "again alone: --only 'end to end'",
        long: false,
    },
    Tier {
        name: "Chromium",
        run: |bench| in_engine(Engine::Chromium, bench),
        remedy: "again alone: --only Chromium",
        long: false,
    },
    Tier {
        name: "Firefox",
        run: |bench| in_engine(Engine::Firefox, bench),
        remedy: "again alone: --only Firefox",
        long: false,
    },
    Tier {
        name: "WebKit",
        run: |bench| in_engine(Engine::Webkit, bench),
        remedy: "again alone: --only WebKit",
        long: false,
    },
];

/// How a tier ended.
#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    Passed,
    Failed,
    /// What it would have looked at could not be had.
    NotChecked,
}

/// How a tier ended, and after how long; nothing if it was not run.
type Outcome = Option<(Verdict, Duration)>;

pub(crate) fn run(project: &Project, host: &Host, options: &Options) -> ExitCode {
    let modules: &[Module] = if options.fast {
        &[Module::Core, Module::Cpu, Module::Threads]
    } else {
        &Module::ALL
    };
    let bench = Bench {
        project,
        host,
        modules,
        page: OnceCell::new(),
    };
    let asked = |tier: &&Tier| {
        !(options.fast && tier.long)
            && options
                .only
                .as_ref()
                .is_none_or(|word| tier.name.contains(word.as_str()))
    };
    let mut outcomes: Vec<(&Tier, Outcome)> = Vec::new();
    let mut failed = false;
    for tier in TIERS.iter().filter(asked) {
        if failed {
            outcomes.push((tier, None));
            continue;
        }
        println!("\n== {} ==", tier.name);
        let started = Instant::now();
        let result = (tier.run)(&bench);
        let verdict = verdict(&result);
        failed = verdict == Verdict::Failed;
        match result {
            Err(error) if failed => println!("\nFailed: {error:#}\nTo do: {}", tier.remedy),
            Err(why) => println!("\nNot checked: {why:#}"),
            Ok(()) => {}
        }
        outcomes.push((tier, Some((verdict, started.elapsed()))));
    }
    print_table(&outcomes);
    if outcomes.is_empty() {
        let names: Vec<_> = TIERS.iter().map(|tier| tier.name).collect();
        println!(
            "Failed: no tier to be run has that in its name.\nTo do: choose one of these: {}",
            names.join("; ")
        );
    }
    if failed || outcomes.is_empty() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn verdict(result: &Result<()>) -> Verdict {
    match result {
        Ok(()) => Verdict::Passed,
        Err(error) if error.is::<NotChecked>() => Verdict::NotChecked,
        Err(_) => Verdict::Failed,
    }
}

fn print_table(outcomes: &[(&Tier, Outcome)]) {
    println!();
    for (tier, outcome) in outcomes {
        match outcome {
            Some((verdict, time)) => {
                let verdict = match verdict {
                    Verdict::Passed => "passed",
                    Verdict::Failed => "failed",
                    Verdict::NotChecked => "not checked",
                };
                println!("{:20} {verdict:11} {:7.1} s", tier.name, time.as_secs_f32());
            }
            None => println!("{:20} not run", tier.name),
        }
    }
    let count = |wanted| {
        outcomes
            .iter()
            .filter(|(_, outcome)| outcome.is_some_and(|(found, _)| found == wanted))
            .count()
    };
    let [passed, failed, not_checked] =
        [Verdict::Passed, Verdict::Failed, Verdict::NotChecked].map(count);
    println!("\n{passed} passed, {failed} failed, {not_checked} not checked");
}

fn native(bench: &Bench, arguments: &[&str]) -> Command {
    let mut cargo = Command::new("cargo");
    cargo
        .args(arguments)
        .current_dir(&bench.project.root)
        .env("CARGO_TARGET_DIR", &bench.project.target);
    cargo
}

fn format(bench: &Bench) -> Result<()> {
    process::run(&mut native(bench, &["fmt", "--all", "--check"]))
}

fn native_lints(bench: &Bench) -> Result<()> {
    process::run(&mut native(
        bench,
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
    ))
}

fn data_sets(bench: &Bench) -> Result<()> {
    data::prepare(bench.project, bench.host, &[])
}

fn native_tests(bench: &Bench) -> Result<()> {
    let mut cargo = native(bench, &["test", "--workspace"]);
    process::run(cargo.env("CNN_PLAYGROUND_CACHE", &bench.project.cache))?;
    let kernels = ["test", "--package", "cnn-playground-kernels"];
    process::run(native(bench, &kernels).args(["--features", "threads"]))
}

fn modules(bench: &Bench) -> Result<()> {
    let toolchain = Toolchain::find(bench.host)?;
    toolchain.add_source(bench.host)?;
    [Module::Core, Module::Cpu, Module::Threads]
        .into_iter()
        .try_for_each(|module| wasm::build(bench.project, toolchain, module))
}

fn page_types(bench: &Bench) -> Result<()> {
    site::prepare(bench.project, bench.host, &[])?;
    wasm::share_types(bench.project)?;
    process::run(
        npm::exec(bench.host, "tsc")?
            .args(["--noEmit", "-p", "."])
            .current_dir(&bench.project.root),
    )
}

/// JavaScript has no mathematics, no default and no rule of its own.
fn page_rules(bench: &Bench) -> Result<()> {
    npm::packages(&bench.project.root, bench.host)?;
    let node = bench.host.provide(&["node"], &["nodejs"])?;
    process::run(
        Command::new(node)
            .arg("tests/house/page.mjs")
            .current_dir(&bench.project.root),
    )
}

fn wasm_lints(bench: &Bench) -> Result<()> {
    let toolchain = Toolchain::find(bench.host)?;
    for module in bench.modules {
        println!("Clippy on the module `{}`", module.name());
        let mut cargo = toolchain.cargo(bench.project, "clippy");
        cargo
            .arg("--lib")
            .args(module.features())
            .env("CNN_PLAYGROUND_CACHE", &bench.project.cache);
        let test = match module {
            Module::Core | Module::Threads => &[][..],
            Module::Cpu => &["--test", "browser_cpu"],
            Module::Webgpu => &["--features", "cpu,trial", "--test", "browser_webgpu"],
        };
        process::run(cargo.args(test).args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

fn browser_cpu(bench: &Bench) -> Result<()> {
    in_browser(bench, "browser_cpu", "cpu")
}

/// Both devices are in one module here, so that a test can compare them.
fn browser_webgpu(bench: &Bench) -> Result<()> {
    in_browser(bench, "browser_webgpu", "cpu,webgpu,trial")
        .context("the browser needs a WebGPU adapter; webdriver.json switches on the software one")
}

/// Runs one file of tests in headless Chrome. Its switches are in `webdriver.json`.
fn in_browser(bench: &Bench, test: &str, features: &str) -> Result<()> {
    /// Seconds. Networks are trained and shaders compiled on whatever machine this is.
    const TIMEOUT: &str = "900";
    let toolchain = Toolchain::find(bench.host)?;
    let browser = Browser::find(bench.host)?;
    let runner = browser::test_runner(bench.project)?;
    let runner_variable = format!(
        "CARGO_TARGET_{}_RUNNER",
        TARGET.to_uppercase().replace('-', "_")
    );
    let mut cargo = toolchain.cargo(bench.project, "test");
    cargo.args(["--features", features, "--test", test]);
    cargo
        .env("CNN_PLAYGROUND_CACHE", &bench.project.cache)
        .env(runner_variable, runner)
        .env("CHROMEDRIVER", browser.driver);
    process::run(cargo.env("WASM_BINDGEN_TEST_TIMEOUT", TIMEOUT))
}

fn webgpu_module(bench: &Bench) -> Result<()> {
    wasm::build(bench.project, Toolchain::find(bench.host)?, Module::Webgpu)
}

fn in_engine(engine: Engine, bench: &Bench) -> Result<()> {
    bench.page()?.in_engine(engine, bench.project, bench.host)
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn what_could_not_be_looked_at_neither_passes_nor_fails() {
        assert!(verdict(&Ok(())) == Verdict::Passed);
        assert!(verdict(&Err(anyhow!("wrong"))) == Verdict::Failed);
        assert!(verdict(&Err(NotChecked("no network").into())) == Verdict::NotChecked);
    }
}
