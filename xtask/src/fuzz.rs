//! `cargo xtask fuzz`: the long run of the fuzz targets, under libFuzzer.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::host::Host;
use crate::process;
use crate::project::Project;

/// What lets libFuzzer see which ways the code went: counters at every edge, and what is compared.
const COVERAGE: &str = "-Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1";

/// Every target, and whether it needs what trains, whose first build takes ten minutes.
const TARGETS: [(&str, bool); 10] = [
    ("links", false),
    ("specs", false),
    ("runs", false),
    ("idx", false),
    ("archives", false),
    ("dropped", false),
    ("manifests", false),
    ("shards", false),
    ("weights", true),
    ("checkpoints", true),
];

#[derive(Args)]
pub(crate) struct Options {
    /// Which ones; all if none is named
    targets: Vec<String>,
    /// Inputs to try with each
    #[arg(long, default_value_t = 1_000_000)]
    executions: u64,
    /// From which every random choice follows
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

/// What a run came to.
struct Outcome {
    target: &'static str,
    executions: String,
    per_second: String,
    memory: String,
    found: Option<PathBuf>,
}

pub(crate) fn run(project: &Project, host: &Host, options: &Options) -> Result<()> {
    // Visual Studio's compiler is not in the path; the build finds it.
    if cfg!(not(windows)) {
        host.provide(&["c++"], &["g++"])
            .context("libFuzzer needs a compiler for C++")?;
    }
    let unknown = |name: &&String| !TARGETS.iter().any(|(known, _)| known == name);
    if let Some(name) = options.targets.iter().find(unknown) {
        let known = TARGETS.map(|(known, _)| known).join(", ");
        bail!("there is no target {name}: {known}");
    }
    let asked =
        |name: &str| options.targets.is_empty() || options.targets.iter().any(|t| t == name);
    let mut outcomes = Vec::new();
    for trains in [false, true] {
        let targets = TARGETS
            .iter()
            .filter(|(name, of)| *of == trains && asked(name));
        let names: Vec<&str> = targets.map(|(name, _)| *name).collect();
        if names.is_empty() {
            continue;
        }
        let program = build(project, trains)?;
        for name in names {
            println!("\n== {name} ==");
            outcomes.push(fuzz(project, &program, name, options)?);
        }
    }
    print_table(&outcomes);
    match outcomes.iter().find_map(|outcome| outcome.found.as_ref()) {
        Some(found) => bail!("an input breaks a promise: {}", found.display()),
        None => Ok(()),
    }
}

/// Builds the program with coverage, in a folder of its own, and says where it is.
fn build(project: &Project, trains: bool) -> Result<PathBuf> {
    let version = process::output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc does not say for what it builds")?;
    let target = project.target.join("fuzz");
    let features = if trains { "guided,train" } else { "guided" };
    // With a target named, programs that only take part in the build are spared the coverage.
    process::run(
        Command::new("cargo")
            .args(["build", "--package", "cnn-playground-fuzz", "--bin", "fuzz"])
            .args([
                "--no-default-features",
                "--features",
                features,
                "--target",
                host,
            ])
            .current_dir(&project.root)
            .env("CARGO_TARGET_DIR", &target)
            .env("RUSTFLAGS", COVERAGE),
    )?;
    let name = format!("fuzz{}", std::env::consts::EXE_SUFFIX);
    Ok(target.join(host).join("debug").join(name))
}

fn fuzz(
    project: &Project,
    program: &Path,
    target: &'static str,
    options: &Options,
) -> Result<Outcome> {
    let folder = project.target.join("fuzz").join(target);
    let [corpus, seeds, found] = ["corpus", "seeds", "found"].map(|name| folder.join(name));
    for folder in [&corpus, &seeds, &found] {
        fs::create_dir_all(folder)?;
    }
    let log = folder.join("log.txt");
    let status = Command::new(program)
        .args([&corpus, &seeds])
        .arg(format!("-runs={}", options.executions))
        .arg(format!("-seed={}", options.seed))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .args([
            "-timeout=10",
            "-rss_limit_mb=2048",
            "-print_final_stats=1",
            "-verbosity=1",
        ])
        .env("FUZZ_TARGET", target)
        .env("FUZZ_SEEDS", &seeds)
        .stderr(Stdio::from(fs::File::create(&log)?))
        .status()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    let said = fs::read_to_string(&log)?;
    let statistic = |name: &str| {
        let prefix = format!("stat::{name}:");
        let value = said
            .lines()
            .find_map(|line| line.strip_prefix(prefix.as_str()));
        value.map_or_else(|| "–".to_owned(), |value| value.trim().to_owned())
    };
    if !status.success() {
        let last: Vec<&str> = said.lines().rev().take(40).collect();
        last.iter().rev().for_each(|line| eprintln!("{line}"));
    }
    Ok(Outcome {
        target,
        executions: statistic("number_of_executed_units"),
        per_second: statistic("average_exec_per_sec"),
        memory: statistic("peak_rss_mb"),
        found: (!status.success()).then_some(found),
    })
}

fn print_table(outcomes: &[Outcome]) {
    println!(
        "\n{:12} {:>11} {:>9} {:>8}",
        "target", "executions", "a second", "peak MB"
    );
    for outcome in outcomes {
        let Outcome {
            target,
            executions,
            per_second,
            memory,
            found,
        } = outcome;
        let verdict = if found.is_some() { "  FOUND" } else { "" };
        println!("{target:12} {executions:>11} {per_second:>9} {memory:>8}{verdict}");
    }
}
