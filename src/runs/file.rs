//! Runs as a file: what a person downloads, and opens again in this or another browser.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Place, Run, Steps};
use crate::base::error::{Code, Problem, Result};
use crate::experiment::{ExperimentSpec, Task, resolve};

/// The version of files that this code writes.
pub const FORMAT: u32 = 1;

/// The largest file that is read, in bytes: more than thirty runs of a hundred thousand steps each.
pub const MOST_BYTES: u64 = 128_000_000;

/// A file of runs.
#[derive(Serialize, Deserialize)]
struct File<Runs> {
    format: u32,
    runs: Runs,
}

/// A run as it is written.
#[derive(Serialize)]
struct Written<'a> {
    begun: &'a str,
    link: &'a str,
    #[serde(flatten)]
    run: &'a Run,
    #[serde(flatten)]
    steps: &'a Steps,
    /// For whoever reads the file elsewhere: all of it follows from the choices.
    spec: &'a ExperimentSpec,
    task: Task,
}

/// What is read of a run beside its record and its curve, which are read from the same text on their own.
#[derive(Deserialize)]
struct Beside {
    begun: String,
    #[serde(default)]
    spec: Option<Map<String, Value>>,
}

/// A run with when it began and the address of the page with its experiment, as a file has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// Date and time as in ISO 8601.
    pub begun: String,
    /// The address; empty where a file was read.
    pub link: String,
    /// The run.
    pub run: Run,
}

/// Whether a file of `bytes` bytes is read.
///
/// # Errors
/// [`Code::FileTooLarge`].
pub fn check_size(bytes: u64) -> Result<()> {
    let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
    match bytes > MOST_BYTES {
        true => Err(Problem::new(Code::FileTooLarge)
            .with("found", megabytes(bytes))
            .with("limit", megabytes(MOST_BYTES))),
        false => Ok(()),
    }
}

/// The text of a file with these runs.
///
/// # Errors
/// [`Code::Internal`] if it cannot be written.
pub fn write(runs: &[Saved]) -> Result<String> {
    let written = runs.iter().map(|Saved { begun, link, run }| Written {
        begun,
        link,
        run,
        steps: &run.steps,
        spec: &run.spec,
        task: run.task(),
    });
    let file = File {
        format: FORMAT,
        runs: written.collect::<Vec<_>>(),
    };
    serde_json::to_string(&file).map_err(Problem::internal)
}

/// The runs of a file's text.
///
/// # Errors
/// [`Code::FileTooLarge`]; [`Code::NotRuns`] if it is no such file; [`Code::LaterFile`] if a later version wrote it;
/// [`Code::BadRun`] if one of its runs contradicts itself.
pub fn read(text: &str) -> Result<Vec<Saved>> {
    check_size(text.len() as u64)?;
    let File { format, .. } = parse::<serde::de::IgnoredAny>(text)?;
    if format > FORMAT {
        let problem = Problem::new(Code::LaterFile).with("version", format);
        return Err(problem.with("known", FORMAT));
    }
    // One text, read three times: a record, a curve and the rest each take what is theirs. Flattened into one type,
    // every number of a curve would first be copied into a tree.
    let runs: Vec<Run> = parse(text)?.runs;
    let curves: Vec<Steps> = parse(text)?.runs;
    let rest: Vec<Beside> = parse(text)?.runs;
    let parts = runs.into_iter().zip(curves).zip(rest);
    (1..)
        .zip(parts)
        .map(|(number, ((run, steps), beside))| {
            let problems = resolve(&run.choices).problems;
            if let Some(problem) = problems.first() {
                let field = problem.field.as_deref().unwrap_or("choices");
                return Err(Problem::new(Code::BadRun)
                    .with("run", number)
                    .with("detail", format!("{field}: {}", problem.code.text())));
            }
            let run = run.from_parts(Place::default(), steps, beside.spec.as_ref());
            Ok(Saved {
                begun: beside.begun,
                link: String::new(),
                run: run
                    .map_err(|problem| problem.with("run", number))?
                    .stopped(),
            })
        })
        .collect()
}

fn parse<'a, Runs: Deserialize<'a>>(text: &'a str) -> Result<File<Runs>> {
    serde_json::from_str(text).map_err(|error| Problem::new(Code::NotRuns).with("detail", error))
}
