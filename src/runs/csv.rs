//! Runs as tables for a spreadsheet: comma-separated values (RFC 4180).

use super::{Figures, Run, Test};
use crate::experiment::sheet::{FORMULA, GUARD};
use crate::experiment::{Task, differences, link};

/// Where a program may see the beginning of a cell within a text: in many countries it takes these for what stands between
/// two cells, and quotes for what stands around one.
const BETWEEN: [char; 5] = [';', '\t', '"', '\n', '\r'];

/// A text of which nothing is a formula, however the table is taken apart.
fn guarded(text: &str) -> String {
    let mut safe = String::new();
    let mut begins = true;
    for letter in text.chars() {
        if begins && FORMULA.contains(&letter) {
            safe.push(GUARD);
        }
        begins = BETWEEN.contains(&letter) || (begins && letter.is_whitespace());
        safe.push(letter);
    }
    safe
}

/// Says that a file is UTF-8. Excel takes a file without it for the system's own code page and shows Chinese names as
/// something else; where all is ASCII nothing can be mistaken, and it would only be in the way of other programs.
const MARK: char = '\u{feff}';

pub(super) enum Cell {
    Text(String),
    Number(f64),
    None,
}

impl Cell {
    pub(super) fn of(value: Option<f64>) -> Self {
        value.map_or(Self::None, Self::Number)
    }

    fn text(&self) -> String {
        let text = match self {
            Self::None => return String::new(),
            // A single precision number has no more digits than it needs.
            Self::Number(value) => return value.to_string(),
            Self::Text(text) => text,
        };
        let text = guarded(text);
        match text.contains(BETWEEN) || text.contains(',') {
            true => format!("\"{}\"", text.replace('"', "\"\"")),
            false => text,
        }
    }
}

pub(super) fn table(lines: impl Iterator<Item = Vec<Cell>>) -> String {
    let mut all = String::new();
    for line in lines {
        let cells: Vec<String> = line.iter().map(Cell::text).collect();
        all.push_str(&cells.join(","));
        all.push('\n');
    }
    if !all.is_ascii() {
        all.insert(0, MARK);
    }
    all
}

pub(super) fn words(words: &[&str]) -> Vec<Cell> {
    words
        .iter()
        .map(|word| Cell::Text((*word).to_owned()))
        .collect()
}

/// A single precision number as the double that is written with the same digits.
pub(super) fn exact(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

/// Milliseconds are enough.
fn milliseconds(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

/// The mark of a run whose network was changed by hand: after which step first. Where there is such a run, each line has it.
fn mark(run: &Run) -> Cell {
    let first = run.touches.first();
    Cell::of(first.map(|touched| f64::from(touched.step)))
}

/// The head of the column of marks.
const TOUCHED: &str = "changed by hand after step";

/// Every step and every test of these runs.
pub fn curves_csv(runs: &[&Run]) -> String {
    let marked = runs.iter().any(|run| run.is_touched());
    let mut heads = vec![
        "run", "split", "step", "samples", "seconds", "loss", "accuracy",
    ];
    heads.extend(marked.then_some(TOUCHED));
    let line = |run: &Run,
                split: &str,
                step: u32,
                samples: u32,
                seconds: f64,
                loss: f32,
                accuracy: f32| {
        let number = |value: u32| Cell::Number(f64::from(value));
        let mut cells = vec![
            number(run.number),
            Cell::Text(split.to_owned()),
            number(step),
            number(samples),
            Cell::Number(milliseconds(seconds)),
            Cell::Number(exact(loss)),
            Cell::Number(exact(accuracy)),
        ];
        cells.extend(marked.then(|| mark(run)));
        cells
    };
    let of = |run: &Run| {
        let steps = &run.steps;
        let train = (0..run.step()).map(|step| {
            let at = step as usize;
            line(
                run,
                "train",
                step + 1,
                steps.samples[at],
                steps.seconds[at],
                steps.losses[at],
                steps.accuracies[at],
            )
        });
        let tests = run.tests.iter().map(|test| {
            line(
                run,
                "test",
                test.step,
                test.samples,
                test.seconds,
                test.loss,
                test.accuracy,
            )
        });
        train.chain(tests).collect::<Vec<_>>()
    };
    table(std::iter::once(words(&heads)).chain(runs.iter().flat_map(|run| of(run))))
}

/// A line for each step of a run and a column for each of its curves, as programs expect it that read tables of metrics: pandas,
/// or trackio's `import_csv`. A test stands in the line of the step before.
pub fn wide_csv(run: &Run) -> String {
    let score = match run.task() {
        Task::Classify => "accuracy",
        Task::Segment => "IoU",
    };
    let heads = ["loss", score].map(|of| [format!("train/{of}"), format!("test/{of}")]);
    let [[loss, test_loss], [accuracy, test_accuracy]] = &heads;
    let heads = words(&["step", "samples", loss, accuracy, test_loss, test_accuracy]);
    let (steps, mut tests) = (&run.steps, run.tests.iter().peekable());
    let lines = (0..run.step()).map(|step| {
        let at = step as usize;
        let test = tests.next_if(|test| test.step == step + 1);
        let tested = |of: fn(&Test) -> f32| Cell::of(test.map(|test| exact(of(test))));
        vec![
            Cell::Number(f64::from(step + 1)),
            Cell::Number(f64::from(steps.samples[at])),
            Cell::Number(exact(steps.losses[at])),
            Cell::Number(exact(steps.accuracies[at])),
            tested(|test| test.loss),
            tested(|test| test.accuracy),
        ]
    });
    table(std::iter::once(heads).chain(lines))
}

/// A line for each run: what differs, what came of it, and its link. `names` are what the page calls them, `page` its
/// address, `goal` the accuracy to reach.
pub fn table_csv(runs: &[&Run], names: &[String], page: &str, goal: f64) -> String {
    let specs: Vec<_> = runs.iter().map(|run| run.spec.clone()).collect();
    let differences = differences(&specs);
    let mut heads = vec!["run", "name"];
    heads.extend(differences.iter().map(|(field, _)| *field));
    heads.extend([
        "best",
        "last",
        "reached",
        "parameters",
        "multiply-adds",
        "time",
        "speed",
    ]);
    heads.extend(["device", "state", "link"]);
    let marked = runs.iter().any(|run| run.is_touched());
    heads.extend(marked.then_some(TOUCHED));
    let line = |(at, run): (usize, &&Run)| {
        let Figures {
            best,
            last,
            reached,
            parameters,
            multiply_adds,
            time,
            speed,
        } = Figures::of(&[run], goal);
        let shares = [best, last].map(|of| of.map(|of| exact(of.mean as f32)));
        let others = [reached, parameters, multiply_adds, time, speed]
            .map(|of| of.map(|of| milliseconds(of.mean)));
        let mut cells = vec![
            Cell::Number(f64::from(run.number)),
            Cell::Text(names.get(at).cloned().unwrap_or_default()),
        ];
        cells.extend(differences.iter().map(|(_, values)| match &values[at] {
            None => Cell::None,
            Some(crate::experiment::Value::Number(value)) => Cell::Number(*value),
            Some(value) => Cell::Text(value.to_string()),
        }));
        cells.extend(shares.into_iter().chain(others).map(Cell::of));
        cells.push(Cell::Text(run.devices.join(" ")));
        cells.push(Cell::Text(run.state.word().to_owned()));
        cells.push(Cell::Text(format!("{page}#{}", link::text(&run.spec))));
        cells.extend(marked.then(|| mark(run)));
        cells
    };
    table(std::iter::once(words(&heads)).chain(runs.iter().enumerate().map(line)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arch::touch::{Touch, Touched};
    use crate::experiment::{Choices, ExperimentSpec};

    fn run() -> Run {
        let mut run = Run::new(ExperimentSpec::default(), Choices::new(), "cpu");
        run.steps.losses = vec![2.125, f32::NAN];
        run.steps.accuracies = vec![0.1, 0.2];
        run.steps.samples = vec![64, 128];
        run.steps.seconds = vec![0.012_345, 0.5];
        run.tests.push(Test {
            step: 2,
            samples: 128,
            seconds: 1.0,
            loss: f32::INFINITY,
            accuracy: 0.25,
            count: 100,
        });
        run
    }

    #[test]
    fn every_step_and_test_has_a_line_with_numbers_as_they_are() {
        assert_eq!(
            curves_csv(&[&run()]),
            "run,split,step,samples,seconds,loss,accuracy\n\
             1,train,1,64,0.012,2.125,0.1\n\
             1,train,2,128,0.5,NaN,0.2\n\
             1,test,2,128,1,inf,0.25\n"
        );
    }

    #[test]
    fn a_wide_table_has_a_line_for_each_step_and_a_test_in_that_of_the_step_before() {
        assert_eq!(
            wide_csv(&run()),
            "step,samples,train/loss,train/accuracy,test/loss,test/accuracy\n\
             1,64,2.125,0.1,,\n\
             2,128,NaN,0.2,inf,0.25\n"
        );
    }

    #[test]
    fn a_run_that_was_changed_by_hand_is_marked_in_each_line() {
        let mut touched = run();
        touched.touches.push(Touched {
            step: 1,
            layer: "conv1".to_owned(),
            touch: Touch::Freeze { row: 0 },
        });
        let curves = curves_csv(&[&run(), &touched]);
        let ends: Vec<_> = curves.lines().map(|line| line.rsplit(',').next()).collect();
        let (none, one) = (Some(""), Some("1"));
        assert_eq!(ends, [Some(TOUCHED), none, none, none, one, one, one]);
        let names = ["a".to_owned(), "b".to_owned()];
        let table = table_csv(&[&run(), &touched], &names, "", 0.9);
        let ends: Vec<_> = table.lines().map(|line| line.rsplit(',').next()).collect();
        assert_eq!(ends, [Some(TOUCHED), none, one]);
    }

    #[test]
    fn no_name_becomes_a_formula() {
        for name in [
            "a;=1",
            "a;  +1",
            "a\t@b",
            "a\"-1",
            "\"=1",
            "a\n=1",
            "；＝1;＝1",
            "=;=1",
        ] {
            let table = table_csv(&[&run()], &[name.to_owned()], "https://example.org/", 0.9);
            // As a program takes it apart that knows nothing of quotes.
            let line = table.split_once('\n').unwrap().1;
            let line = line.strip_prefix("1,").unwrap();
            for cell in line.split([';', '\t', '"', '\n']) {
                let cell = cell.trim_start_matches(' ');
                assert!(!cell.starts_with(FORMULA), "{line}");
            }
        }
        for name in [
            "=HYPERLINK(\"https://example.org\")",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "a,=1",
        ] {
            let table = table_csv(&[&run()], &[name.to_owned()], "https://example.org/", 0.9);
            let line = table.split_once('\n').unwrap().1;
            let cell = line.strip_prefix("1,").unwrap();
            let cell = cell.strip_prefix('"').unwrap_or(cell);
            assert!(!cell.starts_with(FORMULA), "{line}");
        }
        assert!(
            table_csv(&[&run()], &["a \"b\"".to_owned()], "", 0.9).contains(",\"a \"\"b\"\"\",")
        );
    }

    #[test]
    fn only_a_table_that_is_not_ascii_says_that_it_is_utf_8() {
        let table = |name: &str| table_csv(&[&run()], &[name.to_owned()], "", 0.9);
        assert!(!table("Run 1").starts_with(MARK));
        assert!(table("运行 1").starts_with(MARK));
    }
}
