//! The tables of the teacher's notes, made from what was measured and from what the core counts.

mod languages;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cnn_playground::arch::{self, Summary};
use cnn_playground::experiment::{Choices, ExperimentSpec, Task, link, resolve};
use cnn_playground::lab::budget::{Budget, plan};
use cnn_playground::lab::{self, Ask, Lab};
pub(crate) use languages::{LANGUAGES, Notes};
use serde_json::Value as Json;

/// What stands in all documents for the address of a playground.
pub(crate) const ADDRESS: &str = "https://your.host/playground/";

pub(crate) fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(at(path)).unwrap()
}

/// A file of measurements; none where nothing was measured yet.
fn measured(path: &str) -> Json {
    let text = fs::read_to_string(at(path));
    text.map_or(Json::Null, |text| serde_json::from_str(&text).unwrap())
}

/// 105866 as 105,866.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|part| std::str::from_utf8(part).unwrap())
        .collect();
    parts.join(",")
}

/// A text with its `{names}` filled in.
fn filled(text: &str, params: &[(&str, String)]) -> String {
    let fill =
        |text: String, (name, value): &(&str, String)| text.replace(&format!("{{{name}}}"), value);
    params.iter().fold(text.to_owned(), fill)
}

/// Whole numbers that follow one another: 1–5.
fn span(seeds: &BTreeSet<u64>) -> String {
    match (seeds.first(), seeds.last()) {
        (Some(first), Some(last)) if last > first => format!("{first}–{last}"),
        (first, _) => first.map(u64::to_string).unwrap_or_default(),
    }
}

fn spec_of(choices: &Choices) -> ExperimentSpec {
    resolve(choices).spec
}

fn counted(spec: &ExperimentSpec) -> Option<Summary> {
    let network = arch::build(spec, spec.data.shape()?, 10).ok()?;
    Some(Summary::of(&network))
}

/// A row of a table: what was run, and what it came to with each seed.
struct Run {
    name: String,
    spec: ExperimentSpec,
    scores: Vec<f64>,
}

impl Notes {
    pub(crate) fn words(&self) -> BTreeMap<String, String> {
        serde_json::from_str(&read(&format!("www/locales/{}.json", self.tag))).unwrap()
    }

    pub(crate) fn section<'a>(&self, text: &'a str, heading: &str) -> &'a str {
        let begin = format!("\n## {heading}\n");
        let (_, rest) = text
            .split_once(&begin)
            .unwrap_or_else(|| panic!("{}: no {heading}", self.file));
        rest.split("\n## ").next().unwrap()
    }

    pub(crate) fn heading(&self, lab: &Lab) -> String {
        format!(
            "{}. {}",
            lab.row,
            self.words()[&format!("lab.{}.title", lab.id)]
        )
    }

    /// Runs with their parameters and scores.
    fn table(&self, runs: &[Run]) -> String {
        let words = self.words();
        let of = |spec: &ExperimentSpec| match spec.task() {
            Task::Classify => "accuracy",
            Task::Segment => "iou",
        };
        let score = |spec: &ExperimentSpec, value: f64| match spec.task() {
            Task::Classify => format!("{:.1}%", 100.0 * value),
            Task::Segment => format!("{value:.3}"),
        };
        let column = |key: &str| &words[&format!("lab.column.{key}")];
        let row = |Run { name, spec, scores }: &Run| {
            let parameters = counted(spec).map(|found| grouped(found.parameters as u64));
            let mean = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
            let least = scores.iter().copied().fold(f64::INFINITY, f64::min);
            let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let (mean, range) = if scores.is_empty() {
                (self.unmeasured.to_owned(), "–".to_owned())
            } else {
                let [mean, least, most] = [mean, least, most].map(|value| score(spec, value));
                let range = format!("{}–{most}", least.trim_end_matches('%'));
                (
                    mean,
                    if scores.len() > 1 {
                        range
                    } else {
                        "–".to_owned()
                    },
                )
            };
            format!(
                "| {name} | {} | {mean} | {range} |\n",
                parameters.unwrap_or_default()
            )
        };
        let head = format!(
            "| {} | {} | {} | {} |\n|---|---|---|---|\n",
            self.run,
            column("parameters"),
            filled(self.mean, &[("score", column(of(&runs[0].spec)).clone())]),
            self.range
        );
        head + &runs.iter().map(row).collect::<String>()
    }

    /// What all seeds of a lab came to.
    fn numbers(&self, lab: &Lab) -> String {
        let found = &measured("docs/labs.json")["labs"][lab.id];
        let ask = Ask {
            budget: Budget::Full,
            speeds: Vec::new(),
            memory: None,
            seeds: vec![1],
            level: None,
        };
        let planned = plan(lab, &Choices::new(), &ask).unwrap().runs;
        if planned.is_empty() {
            return format!("{}\n", self.no_runs);
        }
        let words = self.words();
        let made = found["runs"].as_array().map_or(&[][..], Vec::as_slice);
        let runs: Vec<Run> = planned
            .iter()
            .map(|run| {
                let own = made.iter().filter(|made| made["label"] == run.label);
                Run {
                    name: words[&format!("lab.{}.run.{}", lab.id, run.label)].clone(),
                    spec: spec_of(&run.choices),
                    scores: own.filter_map(|made| made["accuracy"].as_f64()).collect(),
                }
            })
            .collect();
        format!("{}\n{}\n", self.table(&runs), self.said(found, made))
    }

    /// Size and verdicts of a lab that was measured, in a line.
    fn said(&self, found: &Json, made: &[Json]) -> String {
        let Some(alone) = found["seeds"].as_object() else {
            return String::new();
        };
        let words = self.words();
        let named = |verdict: &str| words[&format!("lab.verdict.{verdict}")].clone();
        let verdicts = ["textbook", "contradicts", "unclear"].map(|verdict| {
            let count = alone.values().filter(|one| *one == verdict).count();
            let params = [("verdict", named(verdict)), ("count", count.to_string())];
            (count > 0).then(|| filled(self.verdict, &params))
        });
        let verdicts: Vec<String> = verdicts.into_iter().flatten().collect();
        let size = |key: &str| found["size"][key].as_u64().unwrap();
        let seeds = made.iter().filter_map(|run| run["seed"].as_u64()).collect();
        let parts = [
            self.sized(&seeds, size("train"), size("test"), size("epochs")),
            filled(self.one, &[("verdicts", verdicts.join(", "))]),
            filled(
                self.all,
                &[("verdict", named(found["all"].as_str().unwrap()))],
            ),
        ];
        parts.join(" · ")
    }

    /// Which seeds, and what each run sees.
    fn sized(&self, seeds: &BTreeSet<u64>, train: u64, test: u64, epochs: u64) -> String {
        let size = [
            ("train", grouped(train)),
            ("test", grouped(test)),
            ("epochs", epochs.to_string()),
        ];
        let seeds = filled(self.seeds, &[("seeds", span(seeds))]);
        format!("{seeds} · {}", filled(self.size, &size))
    }

    /// What the last question of a lab comes to: counted where it can be, else measured.
    fn further(&self, lab: &Lab) -> String {
        let words = self.words();
        let spec = spec_of(&link::known(lab.further));
        if lab.id == "parameters" {
            let summary = counted(&spec).unwrap();
            let most = summary
                .rows
                .iter()
                .max_by_key(|row| row.weights + row.biases)
                .unwrap();
            let params = [
                ("layer", format!("`{}`", most.path)),
                ("weights", grouped((most.weights + most.biases) as u64)),
                ("all", grouped(summary.parameters as u64)),
            ];
            return format!("{}\n", filled(self.weights, &params));
        }
        if let Err(problem) = arch::build(&spec, spec.data.shape().unwrap(), 10) {
            let text = &words[&format!("problem.{}", problem.code.text())];
            let params: Vec<(&str, String)> = problem
                .params
                .iter()
                .map(|(name, value)| (name.as_str(), value.clone()))
                .collect();
            return format!("> {}\n", filled(text, &params));
        }
        let file = measured("docs/further.json");
        let all = file.as_array().map_or(&[][..], Vec::as_slice);
        let found: Vec<&Json> = all.iter().filter(|one| one["lab"] == lab.id).collect();
        let mut runs: Vec<(&str, Run)> = Vec::new();
        for one in &found {
            let label = one["run"].as_str().unwrap();
            let score = one["accuracy"].as_f64().unwrap();
            if let Some((_, run)) = runs.iter_mut().find(|(known, _)| *known == label) {
                run.scores.push(score);
                continue;
            }
            let name = match label {
                "further" => self.further.to_owned(),
                "further-off" => self.further_off.to_owned(),
                label => words[&format!("lab.{}.run.{label}", lab.id)].clone(),
            };
            let text = one["link"].as_str().unwrap();
            let name = format!("[{name}]({ADDRESS}#{text}{})", self.said_of_language());
            let spec = spec_of(&link::open(text).choices);
            runs.push((
                label,
                Run {
                    name,
                    spec,
                    scores: vec![score],
                },
            ));
        }
        let Some((_, first)) = runs.first() else {
            return format!("{}\n", self.unmeasured);
        };
        let seeds = found
            .iter()
            .filter_map(|one| one["seed"].as_u64())
            .collect();
        let ExperimentSpec {
            train,
            test,
            epochs,
            ..
        } = first.spec;
        let said = self.sized(&seeds, train.into(), test.into(), epochs.into());
        let runs: Vec<Run> = runs.into_iter().map(|(_, run)| run).collect();
        format!("{}\n{}\n", self.table(&runs), said)
    }

    /// What a link says so that it opens in the language of these notes.
    fn said_of_language(&self) -> String {
        match self.tag {
            "en" => String::new(),
            tag => format!("&lang={tag}"),
        }
    }

    /// The document with its tables made anew.
    pub(crate) fn made(&self, text: &str) -> String {
        let mut made = text.to_owned();
        for lab in lab::all() {
            for (name, table) in [
                ("numbers", self.numbers(lab)),
                ("further", self.further(lab)),
            ] {
                let (from, to) = (
                    format!("<!-- {name} {} -->\n", lab.id),
                    format!("<!-- /{name} {} -->\n", lab.id),
                );
                let (before, rest) = made
                    .split_once(&from)
                    .unwrap_or_else(|| panic!("{}: no {from}", self.file));
                let (_, after) = rest.split_once(&to).unwrap();
                made = format!("{before}{from}\n{}\n\n{to}{after}", table.trim_end());
            }
        }
        made
    }
}
