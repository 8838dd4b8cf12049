//! What happened, as facts: the last run beside the one before it that differs in a single setting.

use std::cmp::Ordering;

use serde::Serialize;

use super::bundles::chosen_differences;
use super::measure::{Spread, spread};
use super::significance::{Difference, TestResult};
use super::{Run, RunState, Runs};
use crate::experiment::{Task, Value};

/// How sure a difference is, and why. Its words are `finding.<word>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Both have several seeds, and it may be chance.
    WithinSeeds,
    /// Both have several seeds, and it is more than chance.
    BeyondSeeds,
    /// It may be chance, with so few test images.
    WithinChance,
    /// It is more than the test images explain, but one of the two has a single seed.
    OneSeed,
    /// Nothing but the seed differs.
    Seed,
    /// It is more than the test images explain, and both have the same seed.
    SameSeed,
}

/// What can be said of the runs that are done.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Finding {
    /// There is only one.
    First {
        /// The run, or those that repeat it.
        b: Vec<u64>,
        /// What its accuracy means.
        task: Task,
        /// Its accuracy.
        after: Spread,
    },
    /// Two differ in one setting.
    Change {
        /// The earlier one.
        a: Vec<u64>,
        /// The later one.
        b: Vec<u64>,
        /// What their accuracies mean.
        task: Task,
        /// The setting.
        field: &'static str,
        /// What it was; `None` where it has no effect.
        from: Option<Value>,
        /// What it is.
        to: Option<Value>,
        /// The earlier one's accuracy.
        before: Spread,
        /// The later one's.
        after: Spread,
        /// How much higher that is.
        change: f64,
        /// How sure that is.
        certainty: Certainty,
        /// Test images of the one with fewer.
        images: u32,
    },
    /// Two have the same settings.
    Repeat {
        /// The earlier one.
        a: Vec<u64>,
        /// The later one.
        b: Vec<u64>,
        /// What their accuracies mean.
        task: Task,
        /// The earlier one's accuracy.
        before: Spread,
        /// The later one's.
        after: Spread,
    },
    /// The last two differ in too many settings to say what did what.
    Many {
        /// The earlier one.
        a: Vec<u64>,
        /// The later one.
        b: Vec<u64>,
        /// In how many.
        count: usize,
    },
}

/// What came of a run or of its repeats.
struct Compared<'a> {
    runs: Vec<&'a Run>,
    results: Vec<TestResult>,
}

impl Compared<'_> {
    fn ids(&self) -> Vec<u64> {
        self.runs.iter().map(|run| run.place.id).collect()
    }

    fn accuracy(&self) -> Spread {
        spread(
            &self
                .results
                .iter()
                .map(|of| of.accuracy)
                .collect::<Vec<_>>(),
        )
    }

    fn newest(&self) -> u64 {
        self.ids().into_iter().max().unwrap_or(0)
    }

    fn repeated(&self) -> bool {
        self.runs.len() > 1
    }

    fn images(&self) -> u32 {
        self.results.iter().map(|of| of.images).min().unwrap_or(0)
    }

    fn task(&self) -> Task {
        self.runs[0].task()
    }

    /// The settings in which another one differs by somebody's choice. What nobody chose follows from another one, and
    /// repeats over several seeds stand for no seed of their own.
    fn differences(&self, other: &Self) -> Vec<(&'static str, Vec<Option<Value>>)> {
        let repeated = self.repeated() || other.repeated();
        let mut found = chosen_differences(&[self.runs[0], other.runs[0]]);
        found.retain(|(field, _)| *field != "seed" || !repeated);
        found
    }
}

impl Runs {
    /// The runs that are done and that [`Runs::finding`] leaves out, since their networks were changed by hand.
    pub fn left_out(&self) -> Vec<u64> {
        let done = self.all().iter().filter(|run| is_judged(run));
        let touched = done.filter(|run| run.is_touched());
        touched.map(|run| run.place.id).collect()
    }

    /// Compares the last run that is done with the latest one before it that differs in a single setting.
    pub fn finding(&self) -> Option<Finding> {
        let done = |run: &&Run| is_judged(run) && !run.is_touched();
        let mut all: Vec<Compared> = self
            .bundles(done)
            .into_iter()
            .map(|runs| Compared {
                results: runs.iter().copied().filter_map(TestResult::of).collect(),
                runs,
            })
            .collect();
        // The one that was added to last.
        all.sort_by_key(Compared::newest);
        let last = all.pop()?;
        // The accuracies of two tasks are not the same thing.
        all.retain(|before| before.task() == last.task());
        let (b, task, after) = (last.ids(), last.task(), last.accuracy());
        let compared: Vec<_> = all
            .iter()
            .rev()
            .map(|before| (before, before.differences(&last)))
            .collect();
        if let Some((before, changes)) = compared.iter().find(|(_, changes)| changes.len() == 1) {
            let (field, values) = &changes[0];
            return Some(changed(before, &last, field, values));
        }
        Some(match compared.first() {
            None => Finding::First { b, task, after },
            Some((before, changes)) if changes.is_empty() => Finding::Repeat {
                a: before.ids(),
                b,
                task,
                before: before.accuracy(),
                after,
            },
            Some((before, changes)) => Finding::Many {
                a: before.ids(),
                b,
                count: changes.len(),
            },
        })
    }
}

/// Whether it is done, with a result.
fn is_judged(run: &Run) -> bool {
    run.state == RunState::Done && !run.tests.is_empty()
}

fn changed(a: &Compared, b: &Compared, field: &'static str, values: &[Option<Value>]) -> Finding {
    let difference = Difference::between(&a.results, &b.results);
    let chance = difference.sign() == Ordering::Equal;
    let certainty = match (a.repeated() && b.repeated(), chance) {
        (true, true) => Certainty::WithinSeeds,
        (true, false) => Certainty::BeyondSeeds,
        (false, true) => Certainty::WithinChance,
        (false, false) if a.repeated() || b.repeated() => Certainty::OneSeed,
        (false, false) if field == "seed" => Certainty::Seed,
        (false, false) => Certainty::SameSeed,
    };
    Finding::Change {
        a: a.ids(),
        b: b.ids(),
        task: b.task(),
        field,
        from: values[0].clone(),
        to: values[1].clone(),
        before: a.accuracy(),
        after: b.accuracy(),
        change: b.accuracy().mean - a.accuracy().mean,
        certainty,
        images: a.images().min(b.images()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{link, resolve};
    use crate::runs::{About, Test};

    /// Runs that are done, each with its link, group and accuracy of a thousand images.
    fn found(all: &[(&str, Option<&str>, f32)]) -> Option<Finding> {
        let mut runs = Runs::default();
        for (now, (link, group, accuracy)) in (1..).zip(all) {
            let choices = link::open(link).choices;
            let about = About {
                group: group.map(str::to_owned),
                ..About::default()
            };
            let id = runs
                .begin(now, resolve(&choices).spec, choices, "cpu", about)
                .0;
            let run = runs.get_mut(id)?;
            run.state = RunState::Done;
            run.tests.push(Test {
                step: 1,
                samples: 1,
                seconds: 1.0,
                loss: 1.0,
                accuracy: *accuracy,
                count: 1_000,
            });
        }
        runs.finding()
    }

    fn certainty(all: &[(&str, Option<&str>, f32)]) -> Certainty {
        match found(all) {
            Some(Finding::Change { certainty, .. }) => certainty,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_last_run_is_compared_with_the_one_that_differs_in_one_setting() {
        assert_eq!(found(&[]), None);
        assert!(matches!(
            found(&[("", None, 0.9)]),
            Some(Finding::First { .. })
        ));
        assert!(matches!(
            found(&[("", None, 0.9), ("", None, 0.9)]),
            Some(Finding::Repeat { .. })
        ));
        let Some(Finding::Change {
            a,
            b,
            field,
            from,
            to,
            change,
            ..
        }) = found(&[
            ("", None, 0.9),
            ("net=mlp&lr=0.1", None, 0.5),
            ("permute=fixed", None, 0.8),
        ])
        else {
            panic!()
        };
        assert_eq!((a, b, field), (vec![1], vec![3], "permute"));
        assert_eq!(
            [from, to].map(|value| value.unwrap().to_string()),
            ["off", "fixed"]
        );
        assert!((change + 0.1).abs() < 1e-6);
        let many = found(&[("", None, 0.9), ("net=mlp&lr=0.1", None, 0.5)]);
        assert!(
            matches!(many, Some(Finding::Many { count: 2, .. })),
            "{many:?}"
        );
        // Masks and classes are not the same thing.
        assert!(matches!(
            found(&[("", None, 0.9), ("net=unet", None, 0.5)]),
            Some(Finding::First { .. })
        ));
    }

    #[test]
    fn how_sure_a_change_is_follows_the_one_rule() {
        let one = |b: f32| certainty(&[("", None, 0.9), ("permute=fixed", None, b)]);
        assert_eq!(one(0.89), Certainty::WithinChance);
        assert_eq!(one(0.8), Certainty::SameSeed);
        // None right twice is no difference, however many images there are.
        assert_eq!(
            certainty(&[("", None, 0.0), ("permute=fixed", None, 0.0)]),
            Certainty::WithinChance
        );
        assert_eq!(
            certainty(&[("", None, 1.0), ("permute=fixed", None, 1.0)]),
            Certainty::WithinChance
        );
        assert_eq!(
            certainty(&[("", None, 0.9), ("seed=2", None, 0.8)]),
            Certainty::Seed
        );
        let seeds = |b: f32| {
            certainty(&[
                ("seed=1", Some("a"), 0.9),
                ("seed=2", Some("a"), 0.91),
                ("seed=1&permute=fixed", Some("b"), b),
                ("seed=2&permute=fixed", Some("b"), b + 0.01),
            ])
        };
        assert_eq!(seeds(0.89), Certainty::WithinSeeds);
        assert_eq!(seeds(0.8), Certainty::BeyondSeeds);
        let half = [
            ("seed=1", Some("a"), 0.9),
            ("seed=2", Some("a"), 0.91),
            ("permute=fixed", None, 0.7),
        ];
        assert_eq!(certainty(&half), Certainty::OneSeed);
    }
}
