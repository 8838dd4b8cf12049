//! The runs of a page: numbered, told apart by colours, grouped where they repeat each other, and limited.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::kept::name;
use super::{Run, RunState, Separated};
use crate::base::error::Problem;
use crate::experiment::{Choices, ExperimentSpec};

/// More that are not pinned are not kept; the oldest goes first.
pub const MOST_RUNS: usize = 30;
/// Pinned runs beside which a file brings no more of them.
const MOST_PINNED: usize = 30;

/// The runs of a page, oldest first.
#[derive(Debug, Default)]
pub struct Runs {
    list: Vec<Run>,
}

/// What a plan says of a run beside its experiment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts", optional_fields = nullable))]
#[serde(default)]
pub struct About {
    /// What it is called.
    pub label: Option<String>,
    /// Of the runs that are planned together.
    pub group: Option<String>,
    /// The frame that it is of, by its link.
    pub home: Option<String>,
}

/// What a person, or the page for them, changes about a run; what is not named stays.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts", optional_fields = nullable))]
#[serde(default)]
pub struct Change {
    /// What it is called; an empty text gives it its number back.
    pub label: Option<String>,
    /// Of the runs that belong together.
    pub group: Option<String>,
    /// Whether it stays on top.
    pub pinned: Option<bool>,
    /// Whether it is on the charts.
    pub visible: Option<bool>,
    /// How far it is.
    pub state: Option<RunState>,
    /// On which it runs from now on.
    pub device: Option<String>,
    /// How many threads of the CPU it has there.
    pub threads: Option<u32>,
    /// Why it broke down.
    pub problem: Option<Problem>,
    /// How well the classes are apart in its layers.
    pub separable: Option<Separated>,
}

/// What became of the runs of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Adopted {
    /// Those that came to the others.
    pub added: Vec<u64>,
    /// How many were here already.
    pub here: usize,
    /// How many found no room.
    pub over: usize,
}

impl Runs {
    /// All of them, oldest first.
    pub fn all(&self) -> &[Run] {
        &self.list
    }

    /// The run with this id.
    pub fn get(&self, id: u64) -> Option<&Run> {
        self.list.iter().find(|run| run.place.id == id)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, id: u64) -> Option<&mut Run> {
        self.list.iter_mut().find(|run| run.place.id == id)
    }

    /// Those with these ids that are here, in the ids' order.
    pub fn some(&self, ids: &[u64]) -> Vec<&Run> {
        ids.iter().filter_map(|id| self.get(*id)).collect()
    }

    /// Begins a run at `now`, in milliseconds since 1970. Gives its id, and the ids of older ones that gave way to it.
    pub fn begin(
        &mut self,
        now: u64,
        spec: ExperimentSpec,
        choices: Choices,
        device: &str,
        about: About,
    ) -> (u64, Vec<u64>) {
        let mut run = Run::new(spec, choices, device);
        run.number = self.next_number();
        run.label = about.label.as_deref().and_then(name);
        run.group = about.group;
        run.place.home = about.home;
        run.place.fresh = true;
        run.place.id = self.free_id(now);
        run.place.slot = self.free_slot(&run);
        let id = run.place.id;
        self.insert(run);
        let loose = self.list.iter().filter(|run| !run.pinned);
        let over = loose.clone().count().saturating_sub(MOST_RUNS);
        let gone: Vec<u64> = loose.take(over).map(|run| run.place.id).collect();
        self.list.retain(|run| !gone.contains(&run.place.id));
        (id, gone)
    }

    /// Takes runs back that were kept, with their numbers and colours. Where two have the same, one that began in this
    /// visit, before they came back, gives way, else the later one.
    pub fn restore(&mut self, kept: Vec<Run>) {
        for run in kept {
            self.remove(run.place.id);
            self.insert(run);
        }
        self.tell_apart();
    }

    fn tell_apart(&mut self) {
        let mut order: Vec<(bool, u64)> = Vec::new();
        order.extend(self.list.iter().map(|run| (run.place.fresh, run.place.id)));
        order.sort_unstable();
        let (mut numbers, mut slots) = (BTreeSet::new(), BTreeMap::new());
        for (_, id) in order {
            let (next, unused) = (self.next_number(), self.unused_slot());
            let Some(run) = self.get_mut(id) else {
                continue;
            };
            if !numbers.insert(run.number) {
                run.number = next;
                numbers.insert(next);
            }
            let bundle = run.bundle();
            if slots
                .get(&run.place.slot)
                .is_some_and(|other| *other != bundle)
            {
                run.place.slot = unused;
            }
            slots.insert(run.place.slot, bundle);
        }
    }

    /// Takes in runs of a file, each with when it began. Those that are here already stay as they are, and none that is
    /// here gives way to them.
    pub fn adopt(&mut self, found: Vec<(u64, Run)>) -> Adopted {
        let mut adopted = Adopted {
            added: Vec::new(),
            here: 0,
            over: 0,
        };
        for (began, mut run) in found {
            if self
                .get(began)
                .is_some_and(|here| here.steps.losses == run.steps.losses)
            {
                adopted.here += 1;
                continue;
            }
            let most = if run.pinned { MOST_PINNED } else { MOST_RUNS };
            let alike = self.list.iter().filter(|here| here.pinned == run.pinned);
            if alike.count() >= most {
                adopted.over += 1;
                continue;
            }
            run.number = self.next_number();
            run.place.id = self.free_id(began);
            run.place.slot = self.free_slot(&run);
            adopted.added.push(run.place.id);
            self.insert(run);
        }
        adopted
    }

    /// Forgets a run.
    pub fn remove(&mut self, id: u64) {
        self.take(id);
    }

    /// Changes something about these runs.
    pub fn change(&mut self, ids: &[u64], change: &Change) {
        for run in self
            .list
            .iter_mut()
            .filter(|run| ids.contains(&run.place.id))
        {
            if let Some(label) = &change.label {
                run.label = name(label);
            }
            if let Some(group) = &change.group {
                run.group = Some(group.clone());
            }
            run.pinned = change.pinned.unwrap_or(run.pinned);
            run.place.visible = change.visible.unwrap_or(run.place.visible);
            if let Some(state) = change.state {
                run.turn(state);
            }
            if let Some(device) = &change.device {
                run.run_on(device, change.threads.unwrap_or_default());
            }
            if change.problem.is_some() {
                run.problem.clone_from(&change.problem);
            }
            if change.separable.is_some() {
                run.separable.clone_from(&change.separable);
            }
        }
    }

    fn take(&mut self, id: u64) -> Option<Run> {
        let at = self.list.iter().position(|run| run.place.id == id)?;
        Some(self.list.remove(at))
    }

    fn insert(&mut self, run: Run) {
        let at = self
            .list
            .partition_point(|other| other.place.id <= run.place.id);
        self.list.insert(at, run);
    }

    /// One more than the highest.
    fn next_number(&self) -> u32 {
        self.list
            .iter()
            .map(|run| run.number)
            .max()
            .unwrap_or(0)
            .saturating_add(1)
    }

    fn free_id(&self, from: u64) -> u64 {
        let taken = |id: &u64| self.get(*id).is_some();
        (from..).find(|id| !taken(id)).unwrap_or(from)
    }

    /// The first colour and dash that are free, or those of the runs that this one repeats.
    fn free_slot(&self, run: &Run) -> u32 {
        let bundle = run.bundle();
        let others = || self.list.iter();
        if let Some(repeated) =
            others().find(|other| run.group.is_some() && other.bundle() == bundle)
        {
            return repeated.place.slot;
        }
        self.unused_slot()
    }

    fn unused_slot(&self) -> u32 {
        let taken = |slot: &u32| self.list.iter().any(|run| run.place.slot == *slot);
        (0..).find(|slot| !taken(slot)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{link, resolve};

    fn begin(runs: &mut Runs, now: u64, link: &str, about: About) -> (u64, Vec<u64>) {
        let choices = link::open(link).choices;
        runs.begin(now, resolve(&choices).spec, choices, "cpu", about)
    }

    fn plain(runs: &mut Runs, now: u64) -> u64 {
        begin(runs, now, "", About::default()).0
    }

    fn kept(id: u64, number: u32, slot: u32) -> Run {
        let mut run = Run::new(ExperimentSpec::default(), Choices::new(), "cpu");
        (run.place.id, run.number, run.place.slot) = (id, number, slot);
        run
    }

    fn of(runs: &Runs, id: u64) -> (u32, u32) {
        let run = runs.get(id).unwrap();
        (run.number, run.place.slot)
    }

    #[test]
    fn no_two_runs_have_the_same_id_number_or_colour() {
        let mut runs = Runs::default();
        let ids = [
            plain(&mut runs, 7),
            plain(&mut runs, 7),
            plain(&mut runs, 9),
        ];
        assert_eq!(ids, [7, 8, 9]);
        assert_eq!(ids.map(|id| of(&runs, id)), [(1, 0), (2, 1), (3, 2)]);
        runs.remove(8);
        let again = plain(&mut runs, 20);
        assert_eq!(of(&runs, again), (4, 1), "a free colour, but no old number");
    }

    #[test]
    fn the_oldest_gives_way_unless_it_is_pinned() {
        let mut runs = Runs::default();
        let first = plain(&mut runs, 1);
        let pinned = Change {
            pinned: Some(true),
            ..Change::default()
        };
        runs.change(&[first], &pinned);
        let mut gone = Vec::new();
        for seed in 1..=MOST_RUNS as u64 + 5 {
            gone.extend(begin(&mut runs, 1 + seed, "", About::default()).1);
        }
        assert_eq!(gone, [2, 3, 4, 5, 6]);
        assert_eq!(runs.all().len(), MOST_RUNS + 1);
        assert_eq!(runs.all()[0].place.id, first);
    }

    #[test]
    fn a_run_begun_before_the_kept_ones_came_back_gives_them_its_number_and_colour() {
        let mut runs = Runs::default();
        let begun = plain(&mut runs, 100);
        runs.restore(vec![kept(10, 1, 0), kept(11, 2, 1)]);
        assert_eq!((of(&runs, 10), of(&runs, 11)), ((1, 0), (2, 1)));
        assert_eq!(of(&runs, begun), (3, 2));
        assert!(runs.all().is_sorted_by_key(|run| run.place.id));
    }

    #[test]
    fn of_two_kept_runs_with_one_number_the_later_one_gets_another() {
        let mut runs = Runs::default();
        runs.restore(vec![kept(12, 1, 0), kept(10, 1, 0), kept(11, 2, 1)]);
        assert_eq!(
            [10, 11, 12].map(|id| of(&runs, id)),
            [(1, 0), (2, 1), (3, 2)]
        );
    }

    #[test]
    fn a_file_brings_no_run_twice_and_pushes_none_out() {
        let mut runs = Runs::default();
        let here = plain(&mut runs, 5);
        runs.get_mut(here).unwrap().steps.losses = vec![1.0];
        let mut same = kept(0, 9, 9);
        same.steps.losses = vec![1.0];
        let other = kept(0, 9, 9);
        let adopted = runs.adopt(vec![(5, same), (5, other)]);
        assert_eq!(
            (adopted.added.as_slice(), adopted.here),
            ([6].as_slice(), 1)
        );
        assert_eq!(of(&runs, 6), (2, 1));
        let many = (0..33).map(|at| (1_000 + at, kept(0, 1, 0)));
        let adopted = runs.adopt(many.collect());
        assert_eq!((adopted.added.len(), adopted.over), (28, 5));
        assert!(runs.get(here).is_some());
        let pinned = (0..200).map(|at| {
            let mut run = kept(0, 1, 0);
            run.pinned = true;
            (5_000 + at, run)
        });
        let adopted = runs.adopt(pinned.collect());
        assert_eq!((adopted.added.len(), adopted.over), (MOST_PINNED, 170));
    }

    #[test]
    fn a_name_has_an_end() {
        let mut runs = Runs::default();
        let id = plain(&mut runs, 1);
        let mut rename = |label: &str| {
            runs.change(
                &[id],
                &Change {
                    label: Some(label.to_owned()),
                    ..Change::default()
                },
            );
            runs.get(id).unwrap().label.clone()
        };
        assert_eq!(rename(&"长".repeat(1_000_000)).unwrap().chars().count(), 60);
        assert_eq!(rename("  mine "), Some("mine".to_owned()));
        assert_eq!(rename(" "), None);
    }
}
