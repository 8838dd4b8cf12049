//! Challenges: what a run must come to, and which of the runs that are here do. Whoever meets one hands in the run's link
//! with its claim, which another person's device can check.

use std::cmp::Ordering;

use serde::Serialize;

use crate::experiment::claim::Took;
use crate::experiment::{Choices, DataSet, ExperimentSpec, Family, Joining, Shortcut, Stop, link};
use crate::runs::{Run, RunState};

/// What a run must come to.
struct Challenge {
    /// Its words are `challenge.<id>` and `challenge.<id>.about`.
    id: &'static str,
    /// The experiment to begin with, which does not meet it.
    start: &'static str,
    /// Which experiments are about it.
    admits: fn(&ExperimentSpec) -> bool,
    limits: Limits,
    prize: Prize,
}

/// Which of two runs that meet a challenge is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Prize {
    /// The more accurate one.
    Accuracy,
    /// The one that was there sooner.
    Time,
}

/// The bounds that a run must keep.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Limits {
    /// The least test accuracy at the end, 0 to 1.
    pub accuracy: f64,
    /// The fewest test images that it is measured on.
    pub tested: u32,
    /// The most trainable numbers.
    pub parameters: Option<u64>,
    /// The most seconds of training, without testing.
    pub seconds: Option<f64>,
}

const CHALLENGES: &[Challenge] = &[
    Challenge {
        id: "small",
        start: "train=20000&test=2000&epochs=2",
        admits: |spec| spec.data == DataSet::Mnist,
        limits: Limits {
            accuracy: 0.95,
            tested: 2_000,
            parameters: Some(10_000),
            seconds: None,
        },
        prize: Prize::Accuracy,
    },
    // He et al. 2015, <https://arxiv.org/abs/1512.03385>, section 3.2: an identity needs equal shapes.
    Challenge {
        id: "identity",
        start: "net=resnet&blocks=1&width=8&shortcut=identity&train=4000&test=1000&epochs=1",
        admits: |spec| {
            let added = spec.residual && spec.join == Joining::Add;
            spec.net == Family::ResNet && added && spec.shortcut == Shortcut::Identity
        },
        limits: Limits {
            accuracy: 0.5,
            tested: 1_000,
            parameters: None,
            seconds: None,
        },
        prize: Prize::Accuracy,
    },
    Challenge {
        id: "fast",
        start: "data=cifar10&train=10000&test=2000&epochs=2",
        admits: |spec| spec.data == DataSet::Cifar10,
        limits: Limits {
            accuracy: 0.6,
            tested: 2_000,
            parameters: None,
            seconds: Some(60.0),
        },
        prize: Prize::Accuracy,
    },
    Challenge {
        id: "speedrun",
        start: "train=60000&test=10000&stop=accuracy&until=0.98&epochs=20",
        admits: |spec| spec.data == DataSet::Mnist && spec.stop == Stop::Accuracy,
        limits: Limits {
            accuracy: 0.98,
            tested: 10_000,
            parameters: None,
            seconds: None,
        },
        prize: Prize::Time,
    },
];

/// How far a run came.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Attempt {
    /// The run's id.
    pub run: u64,
    /// Whether it meets the challenge.
    pub met: bool,
    /// Its test accuracy at the end, 0 to 1.
    pub accuracy: f64,
    /// Its trainable numbers.
    pub parameters: u64,
    /// Its seconds of training, without testing.
    pub seconds: f64,
    /// How long it took with testing, and on how many threads, as its link says; where that is known.
    pub took: Option<Took>,
}

/// A challenge, as the page shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct ChallengeView {
    /// Its words are `challenge.<id>` and `challenge.<id>.about`.
    pub id: &'static str,
    /// The experiment to begin with.
    pub start: Choices,
    /// What a run must keep.
    pub limits: Limits,
    /// What the best of them is best at.
    pub prize: Prize,
    /// The best of the runs: one that meets it before any that does not, then the most accurate.
    pub best: Option<Attempt>,
}

impl Challenge {
    /// How far a run came; none if it is about something else, or not over.
    fn attempt(&self, run: &Run) -> Option<Attempt> {
        let Limits {
            accuracy,
            tested,
            parameters,
            seconds,
        } = self.limits;
        let test = run
            .tests
            .last()
            .filter(|_| run.state == RunState::Done && !run.is_touched())?;
        let reached = f64::from(test.accuracy);
        let counts = (self.admits)(&run.spec) && test.count >= tested && reached.is_finite();
        counts.then(|| Attempt {
            run: run.place.id,
            // An accuracy is kept in 32 bits: 0.95 as such a number is a little less.
            met: test.accuracy >= accuracy as f32
                && parameters.is_none_or(|most| run.parameters <= most)
                && seconds.is_none_or(|most| run.training <= most),
            accuracy: reached,
            parameters: run.parameters,
            seconds: run.training,
            took: Took::of(run),
        })
    }
}

impl Attempt {
    /// Whether it comes before another one: one that meets the challenge before any that does not.
    fn rank(&self, other: &Self, prize: Prize) -> Ordering {
        let time = |attempt: &Self| attempt.took.map_or(f64::INFINITY, |took| took.seconds);
        let won = match prize {
            Prize::Time if self.met => time(other).total_cmp(&time(self)),
            _ => self.accuracy.total_cmp(&other.accuracy),
        };
        self.met.cmp(&other.met).then(won)
    }
}

/// The challenges, in order, with the best of these runs.
pub fn challenges(runs: &[Run]) -> Vec<ChallengeView> {
    let view = |challenge: &Challenge| ChallengeView {
        id: challenge.id,
        start: link::known(challenge.start),
        limits: challenge.limits,
        prize: challenge.prize,
        best: runs
            .iter()
            .filter_map(|run| challenge.attempt(run))
            .max_by(|a, b| a.rank(b, challenge.prize)),
    };
    CHALLENGES.iter().map(view).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arch;
    use crate::experiment::resolve;
    use crate::runs::Test;

    /// A run that is over.
    fn done(link: &str, accuracy: f32, parameters: u64, seconds: f64) -> Run {
        let choices = link::known(link);
        let mut run = Run::new(resolve(&choices).spec, choices, "cpu");
        run.state = RunState::Done;
        run.parameters = parameters;
        run.training = seconds;
        run.tests = vec![Test {
            step: 100,
            samples: 6_400,
            seconds,
            accuracy,
            loss: 0.1,
            count: 2_000,
        }];
        run
    }

    /// The best of these runs at a challenge: its accuracy, and whether it meets it.
    fn best(id: &str, runs: &[Run]) -> Option<(f64, bool)> {
        let all = challenges(runs);
        let found = all.into_iter().find(|challenge| challenge.id == id)?;
        found.best.map(|best| (best.accuracy, best.met))
    }

    #[test]
    fn one_image_or_one_weight_decides() {
        let small = |accuracy, parameters| {
            best("small", &[done("", accuracy, parameters, 900.0)])
                .unwrap()
                .1
        };
        assert!(small(0.95, 10_000));
        assert!(!small(0.949_5, 10_000));
        assert!(!small(0.95, 10_001));
        let fast = |accuracy, seconds| {
            best("fast", &[done("data=cifar10", accuracy, 1 << 40, seconds)])
                .unwrap()
                .1
        };
        assert!(fast(0.6, 60.0));
        assert!(!fast(0.599_5, 60.0));
        assert!(!fast(0.6, 60.1));
    }

    #[test]
    fn an_identity_that_is_added_fits_where_nothing_changes_its_shape() {
        let identity = |link: &str| {
            let run = done(&format!("net=resnet&{link}"), 0.5, 1, 1.0);
            best("identity", &[run])
        };
        let solution = "shortcut=identity&stages=1";
        assert_eq!(identity(solution), Some((0.5, true)));
        for other in [
            "shortcut=zero-pad",
            "residual=off",
            "shortcut=identity&join=concat",
        ] {
            assert_eq!(identity(other), None, "{other}");
        }
        // What it begins with cannot run, and what solves it can.
        let runs = |choices: &Choices| {
            let spec = resolve(choices).spec;
            let shape = spec.data.shape();
            shape.is_some_and(|shape| arch::build(&spec, shape, 10).is_ok())
        };
        for challenge in challenges(&[]) {
            assert_eq!(runs(&challenge.start), challenge.id != "identity");
        }
        assert!(runs(&link::known(&format!("net=resnet&{solution}"))));
    }

    #[test]
    fn what_is_not_over_or_tested_on_too_few_does_not_count() {
        let with = |change: fn(&mut Run)| {
            let mut run = done("", 0.99, 100, 1.0);
            change(&mut run);
            best("small", &[run])
        };
        assert!(with(|_| {}).unwrap().1);
        assert_eq!(with(|run| run.state = RunState::Stopped), None);
        assert_eq!(with(|run| run.tests[0].count = 1_999), None);
        assert_eq!(with(|run| run.tests.clear()), None);
        assert_eq!(with(|run| run.tests[0].accuracy = f32::NAN), None);
        assert_eq!(best("small", &[done("data=cifar10", 0.99, 100, 1.0)]), None);
    }

    #[test]
    fn a_run_that_meets_it_is_better_than_one_that_is_more_accurate() {
        let runs = [
            done("", 0.99, 20_000, 1.0),
            done("", 0.96, 9_000, 1.0),
            done("", 0.955, 9_000, 1.0),
        ];
        assert_eq!(best("small", &runs), Some((f64::from(0.96_f32), true)));
        assert_eq!(
            best("small", &runs[..1]),
            Some((f64::from(0.99_f32), false))
        );
        assert_eq!(best("small", &[]), None);
    }

    #[test]
    fn the_speedrun_goes_to_the_shortest_time_of_those_that_get_there() {
        let timed = |accuracy, seconds| {
            let mut run = done("stop=accuracy&until=0.98", accuracy, 1, 1.0);
            (run.tests[0].count, run.elapsed, run.threads) = (10_000, seconds, 2);
            run
        };
        let fastest = |runs: &[Run]| {
            let all = challenges(runs);
            let speedrun = all.into_iter().find(|all| all.id == "speedrun").unwrap();
            speedrun.best.map(|best| (best.met, best.took.unwrap()))
        };
        let took = |seconds, threads| Took::new(seconds, Some(threads));
        let runs = [timed(0.99, 30.0), timed(0.98, 17.44), timed(0.979, 5.0)];
        assert_eq!(fastest(&runs), Some((true, took(17.4, 2))));
        assert_eq!(fastest(&runs[2..]), Some((false, took(5.0, 2))));
        let mut other = timed(0.99, 1.0);
        other.spec.stop = Stop::Epochs;
        assert_eq!(fastest(&[other]), None, "its link would say no time");
    }
}
