//! What came of a lab, as text.

use std::collections::BTreeMap;

use cnn_playground::base::error::Result;
use cnn_playground::lab::budget::Planned;
use cnn_playground::lab::conclusion::{Figure, Param, Table, Unit};
use cnn_playground::lab::results::RunFacts;
use cnn_playground::lab::{Conclusion, Plan, Size};

use crate::out::say;

pub(crate) fn plan(plan: &Plan) -> Result<()> {
    let Size {
        train,
        test,
        epochs,
    } = plan.size;
    if plan.runs.is_empty() {
        return Ok(());
    }
    let seconds = plan
        .seconds
        .map_or_else(String::new, |seconds| format!(", {seconds:.0} s planned"));
    say!(
        "{train} training images, {test} test images, {epochs} epochs, {} runs: {:?}{seconds}",
        plan.runs.len(),
        plan.fit
    );
    Ok(())
}

pub(crate) fn run(planned: &Planned, facts: &RunFacts, name: &str) -> Result<()> {
    let accuracy = facts.test.map_or_else(
        || "broke down".to_owned(),
        |test| format!("{:.1} %", 100.0 * test.accuracy),
    );
    let planned_seconds = planned
        .seconds
        .map_or_else(String::new, |seconds| format!(" ({seconds:.0} s planned)"));
    say!(
        "  seed {}  {name}: {accuracy}, {:.1} s{planned_seconds}",
        facts.seed,
        facts.training
    );
    Ok(())
}

/// The sentence that the page shows, and its tables.
pub(crate) fn conclusion(
    conclusion: &Conclusion,
    words: &BTreeMap<String, String>,
    lab: &str,
) -> Result<()> {
    let word = |key: String| words.get(&key).cloned().unwrap_or(key);
    let keys = [Some(conclusion.key), conclusion.also]
        .into_iter()
        .flatten();
    let sentences: Vec<_> = keys
        .map(|key| word(format!("lab.{lab}.said.{key}")))
        .collect();
    let mut said = sentences.join(" ");
    for (name, param) in &conclusion.params {
        let text = match param {
            Param::Figure(figure) => shown(*figure),
            Param::Run(label) => word(format!("lab.{lab}.run.{label}")),
            Param::Text(text) => text.clone(),
        };
        said = said.replace(&format!("{{{name}}}"), &text);
    }
    say!("{:?}: {said}", conclusion.verdict);
    if let Some(chance) = conclusion.chance {
        say!(
            "Chance explains up to {} ({:?})",
            shown(chance.margin),
            chance.cause
        );
    }
    if let Some(hint) = conclusion.hint {
        say!("{hint:?}");
    }
    for Table {
        name,
        columns,
        rows,
    } in &conclusion.tables
    {
        let columns = columns
            .iter()
            .map(|column| word(format!("lab.column.{column}")));
        say!("{name} | {}", columns.collect::<Vec<_>>().join(" | "));
        for row in rows {
            let figures = row.figures.iter();
            let figures = figures.map(|figure| figure.map_or_else(|| "–".to_owned(), shown));
            say!(
                "  {} | {}",
                word(format!("lab.{lab}.run.{}", row.label)),
                figures.collect::<Vec<_>>().join(" | ")
            );
        }
    }
    Ok(())
}

/// A figure in the way of the page, in English.
fn shown(figure: Figure) -> String {
    let number = |value: f64| match figure.unit {
        Unit::Share => format!("{:.1} %", 100.0 * value),
        Unit::Points | Unit::Margin => format!("{:.1}", 100.0 * value),
        Unit::Count | Unit::Speed => format!("{value:.0}"),
        Unit::Seconds => format!("{value:.1} s"),
        Unit::Loss | Unit::Ratio => format!("{value:.3}"),
        Unit::Number => format!("{value:.4}"),
    };
    let spread = figure
        .spread
        .map_or_else(String::new, |spread| format!(" ± {}", number(spread)));
    let unit = match figure.unit {
        Unit::Points | Unit::Margin => " points",
        _ => "",
    };
    format!("{}{spread}{unit}", number(figure.value))
}
