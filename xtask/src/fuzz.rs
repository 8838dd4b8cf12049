//! `cargo xtask fuzz`: the long run of the fuzz targets, under libFuzzer.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

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

/// What keeps memory that was given back: without it, every input has the system clear the pages of its large arrays anew,
/// which takes up to half of the time. Only the GNU C library reads it.
const MEMORY: [(&str, &str); 2] = [
    ("MALLOC_MMAP_THRESHOLD_", "1000000000"),
    ("MALLOC_TRIM_THRESHOLD_", "1000000000"),
];

/// The targets that need what trains, whose first build takes ten minutes.
const TRAINING: [&str; 2] = ["checkpoints", "weights"];

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
    target: String,
    executions: String,
    seconds: u64,
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
    let known = targets(project)?;
    if let Some(name) = options.targets.iter().find(|name| !known.contains(name)) {
        bail!("there is no target {name}: {}", known.join(", "));
    }
    let asked = match options.targets.is_empty() {
        true => &known,
        false => &options.targets,
    };
    let (training, others): (Vec<&String>, Vec<&String>) = asked
        .iter()
        .partition(|name| TRAINING.contains(&name.as_str()));
    let mut outcomes = Vec::new();
    for (features, names) in [("guided", others), ("guided,train", training)] {
        if names.is_empty() {
            continue;
        }
        let program = build(project, features)?;
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

/// Every target: a file each.
fn targets(project: &Project) -> Result<Vec<String>> {
    let files = fs::read_dir(project.root.join("fuzz/src/target"))?;
    let paths: Vec<PathBuf> = files.map(|file| Ok(file?.path())).collect::<Result<_>>()?;
    let stems = paths.iter().filter_map(|path| path.file_stem()?.to_str());
    let mut names: Vec<String> = stems
        .filter(|stem| *stem != "mod")
        .map(str::to_owned)
        .collect();
    names.sort();
    Ok(names)
}

/// Builds the program with coverage, in a folder of its own, and says where it is.
fn build(project: &Project, features: &str) -> Result<PathBuf> {
    let version = process::output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc does not say for what it builds")?;
    let target = project.target.join("fuzz");
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

fn fuzz(project: &Project, program: &Path, target: &str, options: &Options) -> Result<Outcome> {
    let folder = project.target.join("fuzz").join(target);
    let [corpus, seeds, found] = ["corpus", "seeds", "found"].map(|name| folder.join(name));
    for folder in [&corpus, &seeds, &found] {
        fs::create_dir_all(folder)?;
    }
    let known = project.root.join("fuzz/found").join(target);
    let log = folder.join("log.txt");
    let begun = Instant::now();
    let status = Command::new(program)
        .args([&corpus, &seeds])
        .args(Some(&known).filter(|folder| folder.is_dir()))
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
        .envs(MEMORY)
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
        target: target.to_owned(),
        executions: statistic("number_of_executed_units"),
        seconds: begun.elapsed().as_secs(),
        per_second: statistic("average_exec_per_sec"),
        memory: statistic("peak_rss_mb"),
        found: (!status.success()).then_some(found),
    })
}

fn print_table(outcomes: &[Outcome]) {
    println!(
        "\n{:12} {:>11} {:>8} {:>9} {:>8}",
        "target", "executions", "seconds", "a second", "peak MB"
    );
    for outcome in outcomes {
        let Outcome {
            target,
            executions,
            seconds,
            per_second,
            memory,
            found,
        } = outcome;
        let verdict = if found.is_some() { "  FOUND" } else { "" };
        println!("{target:12} {executions:>11} {seconds:>8} {per_second:>9} {memory:>8}{verdict}");
    }
}
