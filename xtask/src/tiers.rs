//! The tiers of tests, cheapest first, and what each of them runs.

use std::cell::OnceCell;
use std::process::Command;

use anyhow::{Context, Result};

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
use crate::torch;
use crate::wasm::{self, Module};

/// What the tiers work with.
pub(crate) struct Bench<'a> {
    project: &'a Project,
    host: &'a Host,
    /// The modules that are part of this run.
    modules: &'static [Module],
    /// Whether PyTorch is not to be asked, whose installation takes gigabytes.
    without_torch: bool,
    /// Made for the first tier that needs it.
    page: OnceCell<Page>,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(
        project: &'a Project,
        host: &'a Host,
        modules: &'static [Module],
        without_torch: bool,
    ) -> Self {
        Self {
            project,
            host,
            modules,
            without_torch,
            page: OnceCell::new(),
        }
    }

    fn page(&self) -> Result<&Page> {
        if let Some(page) = self.page.get() {
            return Ok(page);
        }
        let page = Page::serve(self.project, self.host, self.modules)?;
        Ok(self.page.get_or_init(|| page))
    }
}

/// Tests that stand or fall together.
pub(crate) struct Tier {
    pub name: &'static str,
    pub run: fn(&Bench) -> Result<()>,
    /// What to do when it fails.
    pub remedy: &'static str,
    /// Whether it needs the module for GPUs.
    pub long: bool,
}

pub(crate) const TIERS: [Tier; 18] = [
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
        name: "PyTorch",
        run: pytorch,
        remedy: "again alone: --only PyTorch; without it: --without-torch",
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
    // The commands are built as they run here already.
    let all = ["test", "--workspace", "--exclude", "xtask"];
    let commands = ["test", "--package", "xtask", "--profile", "commands"];
    for arguments in [&all[..], &commands] {
        let mut cargo = native(bench, arguments);
        process::run(cargo.env("CNN_PLAYGROUND_CACHE", &bench.project.cache))?;
    }
    let kernels = ["test", "--package", "cnn-playground-kernels"];
    process::run(native(bench, &kernels).args(["--features", "threads"]))
}

/// Whether PyTorch takes the weights of every network strictly, and comes to the same.
fn pytorch(bench: &Bench) -> Result<()> {
    match bench.without_torch {
        true => Err(NotChecked("--without-torch leaves PyTorch out").into()),
        false => torch::compare(bench.project, bench.host),
    }
}

fn modules(bench: &Bench) -> Result<()> {
    let toolchain = Toolchain::find(bench.host)?;
    toolchain.add_source(bench.host)?;
    Module::QUICK
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

/// JavaScript has no mathematics, no default and no rule of its own, the page uses nothing that the oldest browsers lack
/// which the README names, what catalogues read of the element is what it is, and the tables of what was checked in each engine
/// and of faults have the checks that there are.
fn page_rules(bench: &Bench) -> Result<()> {
    npm::packages(&bench.project.root, bench.host)?;
    let node = bench.host.provide(&["node"], &["nodejs"])?;
    ["page", "browsers", "elements", "engines", "faults"]
        .into_iter()
        .try_for_each(|rules| {
            process::run(
                Command::new(&node)
                    .arg(format!("tests/house/{rules}.mjs"))
                    .current_dir(&bench.project.root),
            )
        })
}

fn wasm_lints(bench: &Bench) -> Result<()> {
    let toolchain = Toolchain::find(bench.host)?;
    for module in bench.modules {
        println!("Clippy on the module `{}`", module.name());
        let mut cargo = toolchain.cargo(bench.project, "clippy");
        cargo
            .args(["--lib", "--package", module.package()])
            .args(module.features())
            .env("CNN_PLAYGROUND_CACHE", &bench.project.cache);
        let test = match module {
            Module::Core | Module::Python | Module::Threads => &[][..],
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
