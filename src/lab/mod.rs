//! The labs: a question of the course each, with the paired runs that answer it.
//!
//! A lab is data: the runs it makes ([`Entry`]), what a person predicts before them, and a pure
//! function from the runs' results ([`Results`]) to a [`Conclusion`]. Sizes that fit the device
//! are picked in [`budget`]. The words stand in the locale files under `lab.<id>.*`.

pub mod budget;
mod challenges;
pub mod conclusion;
mod course;
pub mod diagram;
mod exercises;
mod first;
pub mod kept;
mod options;
pub mod package;
pub mod predicted;
pub mod results;
mod sources;
mod timeline;

use serde::Serialize;

pub use budget::{Ask, Plan, Size};
pub use challenges::{Attempt, ChallengeView, Limits, challenges};
pub use conclusion::{Conclusion, Figure, Hint, Verdict};
pub use diagram::{Diagram, Drawing};
pub use exercises::{Exercise, ExerciseRun, exercises};
pub use first::{FirstStep, first_steps};
pub use options::{LabOption, Options, Takes};
pub use results::{Made, Results};
pub use sources::{Passage, Publication, Reference, Sourced, WORKS, sources};
pub use timeline::{Milestone, Published, timeline};

use crate::base::error::{Code, Problem, Result};
use crate::experiment::link::Opened;
use crate::experiment::{Choices, ExperimentSpec, Kind, Value, link};

/// One of the runs that a lab makes, but for its sizes and its seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its name within the lab: its words are `lab.<id>.run.<label>`.
    pub label: &'static str,
    /// What it runs, as a link without version, sizes and seed.
    pub link: String,
    /// Whether the lab came to its conclusion without it once: records of then stand without it.
    pub later: bool,
}

impl Entry {
    fn new(label: &'static str, link: impl Into<String>) -> Self {
        Self {
            label,
            link: link.into(),
            later: false,
        }
    }

    /// The same, made known as one that came later.
    fn later(self) -> Self {
        Self {
            later: true,
            ..self
        }
    }
}

/// What a person commits to before anything runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Prediction {
    /// One of these: their words are `lab.<id>.answer.<word>`.
    Choice {
        /// The words, in order.
        words: &'static [&'static str],
    },
    /// A whole number.
    Number,
}

/// A question about what the explanation says. Each wrong answer is one misconception, with a reply of its own that
/// corrects it. Its words are `lab.<id>.check.<n>.question`, `….answer.<word>` and `….reply.<word>`, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Check {
    /// The words of its answers, in order.
    pub answers: &'static [&'static str],
    /// The word of the one that is right.
    pub right: &'static str,
}

impl Check {
    const fn of(answers: &'static [&'static str], right: &'static str) -> Self {
        Self { answers, right }
    }
}

/// A question of the course, as a row of its table.
pub struct Lab {
    /// Its name in links.
    pub id: &'static str,
    /// Its number in the course's order.
    pub row: u32,
    /// What a person may choose about it.
    pub options: &'static [LabOption],
    /// The prediction that a person commits to.
    pub prediction: Prediction,
    /// The runs, in order; none where the core alone knows the answer.
    pub entries: fn(&Options) -> Vec<Entry>,
    /// How much the runs may see, the most first. Below the last the effect does not show.
    pub sizes: &'static [Size],
    /// What is shown of each run.
    pub columns: &'static [results::Column],
    /// Over how many test images it is measured, in every layer of a finished run, how well the
    /// classes are apart; `None` if the lab asks nothing of the kind.
    pub separable: Option<usize>,
    /// The conclusion, from the runs' results.
    pub conclude: fn(&Options, &Results) -> Conclusion,
    /// What stands drawn beside the explanation, if a drawing says more than a formula.
    pub diagram: Option<fn(&Options) -> Option<Diagram>>,
    /// The link that sets the playground up for one question further. It names no size: that of the lab's runs stays,
    /// so that the new run can be compared with them.
    pub further: &'static str,
    /// What a person may check their understanding with, below the explanation.
    pub checks: &'static [Check],
}

/// A lab, as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct LabView {
    /// Its name in links.
    pub id: &'static str,
    /// Its number in the course's order.
    pub row: u32,
    /// The options that a person has, with their present values.
    pub options: Vec<OptionView>,
    /// The prediction that a person commits to.
    pub prediction: Prediction,
    /// The names of its runs; their words are `lab.<id>.run.<label>`.
    pub runs: Vec<&'static str>,
    /// What these runs are, where they differ in the values that the network gets; else none. The values are shown with
    /// the question.
    pub values: Vec<ExperimentSpec>,
    /// Over how many test images each run's layers are to be looked into when it is over.
    pub separable: Option<usize>,
    /// What stands drawn beside the explanation.
    pub diagram: Option<Diagram>,
    /// What sets the playground up for one question further.
    pub further: Choices,
    /// The concept checks below the explanation.
    pub checks: &'static [Check],
}

/// An option of a lab, as a control shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct OptionView {
    /// Its name: its words are `field.<key>` and `choice.<key>.<word>`.
    pub key: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What it is.
    pub value: Value,
}

/// Every lab, in the course's order.
pub fn all() -> &'static [Lab] {
    course::LABS
}

impl Lab {
    /// The lab of this name.
    ///
    /// # Errors
    /// [`Code::UnknownChoice`] if there is none.
    pub fn of(id: &str) -> Result<&'static Lab> {
        let found = all().iter().find(|lab| lab.id == id);
        found.ok_or_else(|| {
            let known: Vec<_> = all().iter().map(|lab| lab.id).collect();
            Problem::new(Code::UnknownChoice)
                .about("lab")
                .with("value", id)
                .with("choices", known.join(", "))
        })
    }

    /// The lab with these options; whatever it does not know or cannot take is its default.
    pub fn view(&self, chosen: &Choices) -> LabView {
        let options = Options::of(self, chosen);
        let shown = self.options.iter().map(|option| OptionView {
            key: option.key,
            kind: option.takes.kind(),
            value: options.value(option.key),
        });
        let entries = (self.entries)(&options);
        let specs = entries.iter().map(|entry| link::known_spec(&entry.link));
        let mut values: Vec<_> = specs.collect();
        if values
            .windows(2)
            .all(|two| two[0].normalize == two[1].normalize)
        {
            values.clear();
        }
        LabView {
            id: self.id,
            row: self.row,
            options: shown.collect(),
            prediction: self.prediction,
            runs: entries.iter().map(|entry| entry.label).collect(),
            values,
            separable: self.separable,
            diagram: self.diagram.and_then(|make| make(&options)),
            further: link::known(self.further),
            checks: self.checks,
        }
    }

    /// What happened, and whether the prediction was right; `None` before every run is there.
    pub fn conclude(
        &self,
        chosen: &Choices,
        made: &[Made],
        predicted: Option<&Value>,
    ) -> Option<Conclusion> {
        let options = Options::of(self, chosen);
        let entries = (self.entries)(&options);
        let results = Results::of(made);
        if !entries
            .iter()
            .all(|entry| entry.later || results.has(entry.label))
        {
            return None;
        }
        let mut conclusion = (self.conclude)(&options, &results);
        if !entries.is_empty() {
            let labels = entries.iter().map(|entry| entry.label);
            conclusion.show_runs(results.table(labels, self.columns));
        }
        conclusion.judge(predicted, results.seeds(), results.images());
        conclusion.further = results.size();
        conclusion.further.extend(link::known(self.further));
        Some(conclusion)
    }
}

/// Leaves a lab that does not exist out of a link, and what is no prediction in it, with a problem that names it.
pub fn check(mut opened: Opened) -> Opened {
    if let Some(Err(problem)) = opened.view.get("lab").map(|id| Lab::of(id).map(|_| ())) {
        opened.view.remove("lab");
        opened.problems.push(problem);
    }
    predicted::check(&mut opened);
    opened
}
