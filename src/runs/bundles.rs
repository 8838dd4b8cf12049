//! Runs that belong together: repeats of one experiment, what sets bundles of them apart, and how much of what was
//! planned together is done.

use serde::{Deserialize, Serialize};

use super::{Run, Runs};
use crate::experiment::{Choices, Value, differences};

/// A run that is planned, or made: one of several that wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct PlannedRun {
    /// The run, as soon as there is one.
    pub run: Option<u64>,
    /// Seconds that it should take, if somebody knows.
    pub seconds: Option<f64>,
}

/// How much of planned work is done.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Progress {
    /// 0 to 1.
    pub share: f64,
    /// Seconds that are left, as soon as that can be told.
    pub left: Option<f64>,
}

impl Run {
    /// A text that is the same for runs that repeat each other: those of one group whose specs differ in nothing but
    /// the seed. A run of no group stands alone, and so does one whose network was changed by hand.
    pub fn bundle(&self) -> String {
        let Some(group) = self.group.as_ref().filter(|_| !self.is_touched()) else {
            return self.place.id.to_string();
        };
        let mut choices = self.spec.choices();
        choices.remove("seed");
        let said: Vec<String> = choices
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        format!("{group} {}", said.join("&"))
    }
}

impl Runs {
    /// Those that `counts`, the repeats of each other together, in the order of their first ones.
    pub fn bundles(&self, counts: impl Fn(&&Run) -> bool) -> Vec<Vec<&Run>> {
        let mut bundles: Vec<(String, Vec<&Run>)> = Vec::new();
        for run in self.all().iter().filter(counts) {
            let key = run.bundle();
            match bundles.iter_mut().find(|(other, _)| *other == key) {
                Some((_, runs)) => runs.push(run),
                None => bundles.push((key, vec![run])),
            }
        }
        bundles.into_iter().map(|(_, runs)| runs).collect()
    }

    /// For each bundle, given by its ids, the settings in which not all agree, each with its value there.
    pub fn facts(&self, bundles: &[Vec<u64>]) -> Vec<Vec<(&'static str, Value)>> {
        let firsts: Vec<&Run> = bundles
            .iter()
            .filter_map(|ids| self.get(*ids.first()?))
            .collect();
        if firsts.len() < 2 || firsts.len() < bundles.len() {
            return vec![Vec::new(); bundles.len()];
        }
        let differences = chosen_differences(&firsts);
        let of = |(at, ids): (usize, &Vec<u64>)| {
            // Repeats over several seeds have no seed of their own.
            let told = differences
                .iter()
                .filter(|(field, _)| *field != "seed" || ids.len() == 1);
            told.filter_map(|(field, values)| Some((*field, values[at].clone()?)))
                .collect()
        };
        bundles.iter().enumerate().map(of).collect()
    }

    /// How much of these runs is done. Where nobody knows how long each takes, each counts the same.
    pub fn progress(&self, planned: &[PlannedRun]) -> Progress {
        let (mut done, mut all, mut elapsed) = (0.0, 0.0, 0.0);
        for PlannedRun { run, seconds } in planned {
            let weight = seconds.unwrap_or(1.0);
            let run = run.and_then(|id| self.get(id));
            all += weight;
            done += weight * run.map_or(0.0, Run::share);
            elapsed += run.map_or(0.0, |run| run.elapsed);
        }
        let share = if all > 0.0 { done / all } else { 0.0 };
        let left = (share > 0.0).then(|| elapsed / share * (1.0 - share));
        Progress { share, left }
    }

    /// The experiments that repeat these runs, which repeat each other, with other seeds, so that there are `count` in
    /// all.
    pub fn repeats(&self, ids: &[u64], count: usize) -> Vec<Choices> {
        let runs = self.some(ids);
        let Some(first) = runs.first() else {
            return Vec::new();
        };
        let taken: Vec<u32> = runs.iter().map(|run| run.spec.seed).collect();
        let mut seeds = (0..=u32::MAX).map(|more| first.spec.seed.wrapping_add(more));
        let free = seeds.by_ref().filter(|seed| !taken.contains(seed));
        let with = |seed: u32| {
            let mut choices = first.choices.clone();
            choices.insert("seed".to_owned(), Value::Number(f64::from(seed)));
            choices
        };
        free.take(count.saturating_sub(runs.len()))
            .map(with)
            .collect()
    }
}

/// The settings in which these runs differ by somebody's choice, each with its value in every run.
pub(super) fn chosen_differences(runs: &[&Run]) -> Vec<(&'static str, Vec<Option<Value>>)> {
    let specs: Vec<_> = runs.iter().map(|run| run.spec.clone()).collect();
    let mut found = differences(&specs);
    found.retain(|(field, _)| runs.iter().any(|run| run.choices.contains_key(*field)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{link, resolve};
    use crate::runs::About;

    fn begin(runs: &mut Runs, now: u64, link: &str, about: About) -> u64 {
        let choices = link::open(link).choices;
        let spec = resolve(&choices).spec;
        runs.begin(now, spec, choices, "cpu", about).0
    }

    #[test]
    fn repeats_share_a_colour_and_a_bundle() {
        let mut runs = Runs::default();
        let group = || About {
            group: Some("seeds".to_owned()),
            ..About::default()
        };
        let a = begin(&mut runs, 1, "seed=1", group());
        let b = begin(&mut runs, 2, "seed=2", group());
        let c = begin(&mut runs, 3, "seed=1&net=mlp", group());
        let d = begin(&mut runs, 4, "seed=3", About::default());
        assert_eq!(
            [a, b, c, d].map(|id| runs.get(id).unwrap().place.slot),
            [0, 0, 1, 2]
        );
        let bundles = runs.bundles(|_| true);
        assert_eq!(bundles.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1, 1]);
        let seeds: Vec<_> = runs
            .repeats(&[a, b], 4)
            .iter()
            .map(|choices| resolve(choices).spec.seed)
            .collect();
        assert_eq!(seeds, [3, 4]);
    }

    #[test]
    fn progress_weighs_runs_by_their_time() {
        let mut runs = Runs::default();
        let id = begin(&mut runs, 1, "", About::default());
        let run = runs.get_mut(id).unwrap();
        (run.steps.losses, run.total_steps, run.elapsed) = (vec![1.0; 5], 10, 6.0);
        let work = |run, seconds| PlannedRun { run, seconds };
        let found = runs.progress(&[work(Some(id), Some(10.0)), work(None, Some(30.0))]);
        // A half of ten seconds of forty: an eighth of the work took six seconds.
        assert_eq!((found.share, found.left), (0.125, Some(42.0)));
        assert_eq!(
            runs.progress(&[]),
            Progress {
                share: 0.0,
                left: None
            }
        );
        assert_eq!(
            runs.progress(&[work(Some(id), None), work(None, None)])
                .share,
            0.25
        );
    }
}
