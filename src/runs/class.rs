//! A class's results side by side: the accuracies of each experiment as one distribution, whatever their seeds.

use serde::Serialize;

use super::csv::{Cell, table, words};
use super::measure::{deviation, mean};
use crate::base::error::plain;
use crate::experiment::pasted::{Pasted, PastedLink};
use crate::experiment::{Choices, ExperimentSpec, Value, link, resolve};

/// The results of one experiment, with whatever seed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Variant {
    /// The experiment, but for its seed: what differs from the usual.
    pub choices: Choices,
    /// Each result, the lowest accuracy first.
    pub results: Vec<VariantResult>,
    /// The mean accuracy, 0 to 1.
    pub mean: f64,
    /// The standard deviation of the accuracies, of the sample; none of one.
    pub deviation: Option<f64>,
}

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct VariantResult {
    /// The index of its link.
    pub link: usize,
    /// Its seed.
    pub seed: u32,
    /// The claimed accuracy, 0 to 1.
    pub accuracy: f64,
}

/// A class's results.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct ClassResults {
    /// The experiments, the one with the most results first.
    pub variants: Vec<Variant>,
    /// Where an axis for all of the accuracies begins and ends, 0 to 1.
    pub range: [f64; 2],
    /// Results that were checked and are not what the experiment gives: they are left out.
    pub refuted: usize,
}

/// The word for [`Outcome::Apart`](super::claim::Outcome::Apart).
const APART: &str = "apart";

/// Whether a link's result counts: it is sound, and nobody has handed in the same one before.
fn counts(link: &PastedLink) -> bool {
    link.opened.claim.is_some() && link.opened.problems.is_empty() && link.same_as.is_none()
}

fn seedless(spec: &ExperimentSpec) -> ExperimentSpec {
    ExperimentSpec {
        seed: ExperimentSpec::default().seed,
        ..spec.clone()
    }
}

impl ClassResults {
    /// The results that these links claim; `outcomes` are the words for what came of checking them.
    pub fn of(pasted: &Pasted, outcomes: &[String]) -> Self {
        let apart = |at: usize| outcomes.get(at).is_some_and(|word| word == APART);
        let mut refuted = 0;
        let mut groups: Vec<(ExperimentSpec, Vec<VariantResult>)> = Vec::new();
        let sound = pasted.links.iter().enumerate();
        for (at, link) in sound.filter(|(_, link)| counts(link)) {
            let Some(claim) = &link.opened.claim else {
                continue;
            };
            if apart(at) {
                refuted += 1;
                continue;
            }
            let result = VariantResult {
                link: at,
                seed: link.spec.seed,
                accuracy: f64::from(claim.accuracy),
            };
            let spec = seedless(&link.spec);
            match groups.iter_mut().find(|(other, _)| *other == spec) {
                Some((_, results)) => results.push(result),
                None => groups.push((spec, vec![result])),
            }
        }
        // One order for equal numbers of results: that of their links.
        groups.sort_by_key(|(_, results)| std::cmp::Reverse(results.len()));
        let variants: Vec<_> = groups.into_iter().map(Variant::of).collect();
        let all = || {
            let each = variants.iter().flat_map(|variant| &variant.results);
            each.map(|result| result.accuracy)
        };
        // Whole tenths, so that an axis has room for every point.
        let low = (all().fold(1.0, f64::min) * 10.0).floor() / 10.0;
        let high = (all().fold(0.0, f64::max) * 10.0).ceil() / 10.0;
        Self {
            range: if low < high { [low, high] } else { [0.0, 1.0] },
            variants,
            refuted,
        }
    }
}

impl Variant {
    fn of((spec, mut results): (ExperimentSpec, Vec<VariantResult>)) -> Self {
        results.sort_by(|one, other| one.accuracy.total_cmp(&other.accuracy));
        let accuracies: Vec<_> = results.iter().map(|result| result.accuracy).collect();
        Self {
            choices: spec.choices(),
            mean: mean(&accuracies),
            deviation: deviation(&accuracies),
            results,
        }
    }
}

/// A line for each link: whose, which experiment, what it claims, and the word for what came of checking it.
pub fn class_csv(pasted: &Pasted, outcomes: &[String], page: &str) -> String {
    let heads = words(&[
        "name",
        "experiment",
        "seed",
        "accuracy",
        "loss",
        "steps",
        "device",
        "engine",
        "outcome",
        "lab",
        "predicted",
        "link",
    ]);
    let line = |(at, one): (usize, &PastedLink)| {
        let claim = one.opened.claim.as_ref();
        let predicted = one.opened.predicted.as_ref().map(Value::to_string);
        let number = Cell::of;
        let text =
            |value: Option<&str>| value.map_or(Cell::None, |text| Cell::Text(text.to_owned()));
        vec![
            Cell::Text(one.name.clone()),
            Cell::Text(link::text(&seedless(&one.spec))),
            Cell::Number(f64::from(one.spec.seed)),
            number(claim.map(|claim| super::csv::exact(claim.accuracy))),
            number(claim.map(|claim| super::csv::exact(claim.loss))),
            number(claim.map(|claim| f64::from(claim.steps))),
            text(claim.map(|claim| claim.device.word())),
            text(claim.map(|claim| claim.engine.as_str())),
            text(outcomes.get(at).map(String::as_str)),
            text(one.opened.view.get("lab").map(String::as_str)),
            text(predicted.as_deref()),
            Cell::Text(format!("{page}#{}", link_of(one))),
        ]
    };
    table(std::iter::once(heads).chain(pasted.links.iter().enumerate().map(line)))
}

/// A link as it is written now.
fn link_of(PastedLink { opened, spec, .. }: &PastedLink) -> String {
    let claim = opened.claim.as_ref();
    let text = link::whole(spec, &opened.view, claim, link::Length::Short);
    match &opened.predicted {
        Some(said) => format!("{text}&{}={said}", link::PREDICTED),
        None => text,
    }
}

/// A link for each of many people.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Seeded {
    /// Their names and what stands behind `#`.
    pub links: Vec<(String, String)>,
    /// How many people get none, since there are too many.
    pub more: usize,
    /// How many get one at most.
    pub most: usize,
}

/// A link for each of these people, one a line, each with a seed of its own from 1 on.
pub fn seeded(text: &str, names: &str) -> Seeded {
    let opened = link::open(text);
    let spec = resolve(&opened.choices).spec;
    let names = names.lines().map(|name| plain(name).trim().to_owned());
    let mut names = names.filter(|name| !name.is_empty());
    let one = |(seed, name): (u32, String)| {
        let spec = ExperimentSpec {
            seed,
            ..spec.clone()
        };
        let link = link::whole(&spec, &opened.view, None, link::Length::Short);
        (name, link)
    };
    Seeded {
        links: (1..)
            .zip(names.by_ref().take(MOST_PEOPLE))
            .map(one)
            .collect(),
        more: names.count(),
        most: MOST_PEOPLE,
    }
}

/// The most people that get a link at once.
const MOST_PEOPLE: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::handed_in::handed_in;
    use crate::experiment::pasted::pasted;
    use crate::experiment::sheet::cells;

    fn text() -> String {
        let link = |name: &str, seed: u32, more: &str, accuracy: &str| {
            let digest = format!("{seed:016x}");
            format!(
                "{name} https://a.test/#v=1{more}&train=640&test=100&batch=16&epochs=1&seed={seed}&result={accuracy},0.5,40,{digest},0.1.0,cpu\n"
            )
        };
        [
            link("Ann", 1, "", "0.8"),
            link("=Bob", 2, "", "0.6"),
            link("Eve", 2, "", "0.6"),
            link("Li", 3, "", "0.7"),
            link("Mo", 1, "&permute=fixed", "0.35"),
            "Jo https://a.test/#v=1&train=640\n".to_owned(),
        ]
        .concat()
    }

    #[test]
    fn results_that_differ_in_the_seed_are_one_distribution_and_a_copy_counts_once() {
        let class = ClassResults::of(&pasted(&text()), &[]);
        let [first, other] = &class.variants[..] else {
            panic!("{class:?}");
        };
        let accuracies: Vec<_> = first
            .results
            .iter()
            .map(|result| (result.link, result.seed))
            .collect();
        assert_eq!(accuracies, [(1, 2), (3, 3), (0, 1)]);
        // By hand: the mean of 0.6, 0.7 and 0.8, and the root of 0.02 / 2.
        assert!((first.mean - 0.7).abs() < 1e-6 && (first.deviation.unwrap() - 0.1).abs() < 1e-6);
        assert_eq!((other.results.len(), other.deviation), (1, None));
        assert!((class.range[0] - 0.3).abs() < 1e-9 && class.range[1] >= 0.8);
        assert_eq!(ClassResults::of(&pasted(""), &[]).range, [0.0, 1.0]);
        // The first one was trained again, and is not so.
        let class = ClassResults::of(&pasted(&text()), &["apart".to_owned()]);
        assert_eq!((class.refuted, class.variants[0].results.len()), (1, 2));
        assert!((class.variants[0].mean - 0.65).abs() < 1e-6);
    }

    #[test]
    fn a_table_of_a_class_has_a_line_for_each_link_and_no_formula() {
        let outcomes: Vec<String> = ["bits", "apart"].map(str::to_owned).into();
        let csv = class_csv(&pasted(&text()), &outcomes, "https://a.test/");
        let lines: Vec<_> = csv.lines().collect();
        assert_eq!(lines.len(), 7);
        assert!(lines[1].starts_with("Ann,v=1&train=640"), "{csv}");
        assert!(lines[1].contains(",1,0.8,0.5,40,cpu,0.1.0,bits,"), "{csv}");
        // Of the name, marks at its ends are no part.
        assert!(lines.iter().all(|line| !line.starts_with('=')), "{csv}");
        assert!(lines[6].contains(",,,,,,"), "{csv}");
    }

    #[test]
    fn each_name_gets_a_seed_of_its_own() {
        let Seeded { links, more, .. } = seeded(
            "#v=1&permute=fixed&lab=residual&seed=9",
            "Ann\n\n 李明 \n\u{202e}Bo\tb\n\u{7}",
        );
        assert_eq!(more, 0);
        let names: Vec<_> = links.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Ann", "李明", "Bob"]);
        for (seed, (_, text)) in (1..).zip(&links) {
            let opened = link::open(text);
            assert_eq!(resolve(&opened.choices).spec.seed, seed);
            assert!(
                text.contains("permute=fixed") && text.contains("lab=residual"),
                "{text}"
            );
        }
        let many = seeded("#v=1", &"Ann\n".repeat(MOST_PEOPLE + 7));
        assert_eq!((many.links.len(), many.more), (MOST_PEOPLE, 7));
    }

    #[test]
    fn what_a_class_saved_is_read_again_also_as_a_spreadsheet_saved_it() {
        let first = pasted(&text());
        let csv = class_csv(&first, &[], "https://a.test/");
        // Excel saves with semicolons where a comma stands in numbers, and copies with tabs.
        let saved = |between: char| {
            let line = |line: &str| cells(line, ',').join(&between.to_string());
            csv.lines().map(line).collect::<Vec<_>>().join("\r\n")
        };
        let said = |text: &str| {
            let links = pasted(text).links;
            links
                .iter()
                .map(|one| (one.name.clone(), one.spec.clone(), one.opened.claim.clone()))
                .collect::<Vec<_>>()
        };
        let expected = said(&text());
        assert_eq!(said(&csv), expected);
        assert_eq!(said(&format!("Class of today\n\n{csv}\n")), expected);
        assert_eq!(said(&saved(';')), expected);
        assert_eq!(said(&saved('\t')), expected);
        assert_eq!(handed_in("class", &csv), csv);
    }
}
