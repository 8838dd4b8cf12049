//! What a teacher asks for, as a link says it: `goal=predict,run:2,accuracy:0.95`.
//!
//! A goal is a kind, and how much of it. The same text stands in a frame's link, in a package for a course system and in
//! the builder; [`GoalProgress::of`] is the one rule that says how far a person came.

use serde::{Deserialize, Serialize};

use super::choice::choice;
use crate::base::error::{Code, Problem, Result, shown};

/// The parameter of a link that holds goals.
pub(super) const KEY: &str = "goal";

choice! {
    /// What can be asked for.
    GoalKind {
        /// The open lab's prediction is made.
        Predict = "predict",
        /// Runs are done.
        Run = "run",
        /// The person has written an explanation of their own.
        Explain = "explain",
        /// Questions of the open lab are answered right.
        Answer = "answer",
        /// A run that is done has a test accuracy.
        Accuracy = "accuracy",
        /// The result that the link claims has come out again.
        Reproduce = "reproduce",
    }
}

/// One thing that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Goal {
    /// What.
    pub kind: GoalKind,
    /// How much of it: runs, answers, or an accuracy from 0 to 1; 1 where there is nothing to count.
    pub amount: f64,
}

/// How much may be asked for, for controls that offer it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct GoalOffer {
    /// What.
    pub kind: GoalKind,
    /// How much, unless somebody says otherwise.
    pub usual: f64,
    /// The least and the most; the same where there is nothing to count.
    pub range: [f64; 2],
}

/// What a person has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(default, deny_unknown_fields)]
pub struct Reached {
    /// Whether the prediction is made.
    pub predicted: bool,
    /// Runs that are done.
    pub runs: u32,
    /// Whether there is an explanation.
    pub explained: bool,
    /// Questions that were answered right.
    pub answered: u32,
    /// The best test accuracy of a run that is done, 0 to 1; 0 without one.
    pub accuracy: f64,
    /// Whether the claimed result came out again.
    pub reproduced: bool,
}

/// How far a person came with one goal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct GoalState {
    /// What was asked for.
    pub goal: Goal,
    /// What there is of it.
    pub reached: f64,
    /// Whether that is enough.
    pub met: bool,
}

/// How far a person came with all of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct GoalProgress {
    /// In the order of the link.
    pub goals: Vec<GoalState>,
    /// Whether all are met, and there are any.
    pub done: bool,
    /// The share of the goals that are met, 0 to 1.
    pub score: f64,
    /// What the person has done, of whatever kind.
    pub reached: Reached,
}

impl GoalKind {
    /// All of them, in order.
    fn all() -> impl Iterator<Item = Self> {
        Self::WORDS.iter().filter_map(|word| Self::parse(word))
    }

    /// What may be asked for of this kind.
    fn offer(self) -> GoalOffer {
        let (usual, range) = match self {
            Self::Run => (1.0, [1.0, 100.0]),
            Self::Answer => (1.0, [1.0, 10.0]),
            Self::Accuracy => (0.9, [0.01, 1.0]),
            Self::Predict | Self::Explain | Self::Reproduce => (1.0, [1.0, 1.0]),
        };
        GoalOffer {
            kind: self,
            usual,
            range,
        }
    }
}

/// What may be asked for, in order.
pub fn offers() -> Vec<GoalOffer> {
    GoalKind::all().map(GoalKind::offer).collect()
}

impl Goal {
    /// Reads `run:2`; without an amount it is the usual one. The problem is without the text.
    fn read(text: &str) -> Result<Self> {
        let (word, amount) = match text.split_once(':') {
            Some((word, amount)) => (word, Some(amount)),
            None => (text, None),
        };
        let unknown = || Problem::new(Code::UnknownGoal);
        let kind = GoalKind::parse(word).ok_or_else(unknown)?;
        let GoalOffer {
            usual,
            range: [least, most],
            ..
        } = kind.offer();
        let is_count = kind != GoalKind::Accuracy;
        let fits = |amount: &f64| {
            (least..=most).contains(amount) && (!is_count || f64::fract(*amount) == 0.0)
        };
        let amount = match amount {
            Some(amount) => amount.trim().parse().ok().filter(fits),
            None => Some(usual),
        };
        let problem = || match is_count {
            _ if least >= most => unknown(),
            true => Problem::new(Code::GoalCount),
            false => Problem::new(Code::GoalAmount),
        };
        let amount = amount.ok_or_else(|| problem().with("least", least).with("most", most))?;
        Ok(Self { kind, amount })
    }

    fn text(self) -> String {
        let Self { kind, amount } = self;
        if amount == kind.offer().usual {
            kind.word().to_owned()
        } else {
            format!("{}:{amount}", kind.word())
        }
    }

    fn state(self, reached: &Reached) -> GoalState {
        let flag = |is: bool| f64::from(u8::from(is));
        let found = match self.kind {
            GoalKind::Predict => flag(reached.predicted),
            GoalKind::Run => f64::from(reached.runs),
            GoalKind::Explain => flag(reached.explained),
            GoalKind::Answer => f64::from(reached.answered),
            GoalKind::Accuracy => reached.accuracy,
            GoalKind::Reproduce => flag(reached.reproduced),
        };
        GoalState {
            goal: self,
            reached: found,
            // An accuracy is kept in 32 bits: 0.95 as such a number is a little less.
            met: found as f32 >= self.amount as f32,
        }
    }
}

/// The goals that a link's text names, one of each kind.
pub fn goals(text: &str) -> Vec<Goal> {
    let mut goals: Vec<Goal> = Vec::new();
    for goal in text.split(',').flat_map(Goal::read) {
        if goals.iter().all(|other| other.kind != goal.kind) {
            goals.push(goal);
        }
    }
    goals
}

/// The goals of a list as a link writes them, and a problem for each part that is none.
pub(super) fn known_goals(key: &str, text: &str) -> (String, Vec<Problem>) {
    let (mut known, mut problems) = (Vec::<Goal>::new(), Vec::new());
    let said = text.split(',').map(str::trim);
    for said in said.filter(|said| !said.is_empty()) {
        let read = Goal::read(&said.to_ascii_lowercase());
        let problem = match read.map(|goal| (goal, known.iter().find(|one| one.kind == goal.kind)))
        {
            Ok((goal, None)) => {
                known.push(goal);
                continue;
            }
            Ok((goal, Some(other))) if goal == *other => continue,
            Ok(_) => Problem::new(Code::GoalRepeated),
            Err(problem) => problem,
        };
        problems.push(problem.about(key).with("value", shown(said)));
    }
    (written(&known), problems)
}

fn written(goals: &[Goal]) -> String {
    let all: Vec<_> = goals.iter().map(|goal| goal.text()).collect();
    all.join(",")
}

/// The problem of goals in a link without a result that ask for it to come out again: nobody could be done. A link that was shared
/// opens all the same; whoever makes something of it asks.
pub fn without_result(text: &str) -> Option<Problem> {
    let asks = goals(text)
        .iter()
        .any(|goal| goal.kind == GoalKind::Reproduce);
    asks.then(|| Problem::new(Code::GoalWithoutResult).about(KEY))
}

impl Reached {
    /// The most of both: what was done once stays done.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            predicted: self.predicted || other.predicted,
            runs: self.runs.max(other.runs),
            explained: self.explained || other.explained,
            answered: self.answered.max(other.answered),
            accuracy: self.accuracy.max(other.accuracy),
            reproduced: self.reproduced || other.reproduced,
        }
    }
}

impl GoalProgress {
    /// How far somebody came who has done this, where a link's text asks for these goals.
    pub fn of(text: &str, reached: Reached) -> Self {
        let goals: Vec<_> = goals(text)
            .into_iter()
            .map(|goal| goal.state(&reached))
            .collect();
        let met = goals.iter().filter(|state| state.met).count();
        Self {
            done: !goals.is_empty() && met == goals.len(),
            score: met as f64 / goals.len().max(1) as f64,
            goals,
            reached,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_written_as_it_is_read() {
        for text in [
            "predict,run,explain,answer,accuracy,reproduce",
            "run:2,answer:3,accuracy:0.95",
        ] {
            assert_eq!(known_goals("goal", text), (text.to_owned(), vec![]));
        }
        for offer in offers() {
            for amount in offer.range {
                let text = format!("{}:{amount}", offer.kind.word());
                assert_eq!(Goal::read(&text).map(|goal| goal.amount), Ok(amount));
            }
        }
    }

    #[test]
    fn what_is_no_goal_is_dropped_with_a_problem_each() {
        let (known, problems) = known_goals(
            "goal",
            " Predict,run:0,run:1.5,run:nan,accuracy:1.1,win,run:2,run:3",
        );
        assert_eq!(known, "predict,run:2");
        let found: Vec<_> = problems
            .iter()
            .map(|problem| (problem.params["value"].as_str(), problem.code))
            .collect();
        assert_eq!(
            found,
            [
                ("run:0", Code::GoalCount),
                ("run:1.5", Code::GoalCount),
                ("run:nan", Code::GoalCount),
                ("accuracy:1.1", Code::GoalAmount),
                ("win", Code::UnknownGoal),
                ("run:3", Code::GoalRepeated),
            ]
        );
        let limits = &problems[0].params;
        assert_eq!([&*limits["least"], &*limits["most"]], ["1", "100"]);
        for odd in [
            "run:two",
            "run:",
            "run:1e9",
            "accuracy:95",
            "accuracy:90%",
            "accuracy:-0",
            "predict:2",
            "answer:11",
        ] {
            let (known, problems) = known_goals("goal", odd);
            assert_eq!((&*known, problems.len()), ("", 1), "{odd}");
        }
        // Said twice in the same way it is asked for once.
        assert_eq!(known_goals("goal", "run:1,run"), ("run".to_owned(), vec![]));
    }

    #[test]
    fn a_result_that_a_link_has_not_is_nothing_to_ask_for() {
        for (text, asks) in [
            ("reproduce", true),
            ("run:2,reproduce", true),
            ("run:2", false),
            ("", false),
        ] {
            assert_eq!(without_result(text).is_some(), asks, "{text}");
        }
    }

    #[test]
    fn done_is_when_every_goal_is_met_and_the_score_is_their_share() {
        let text = "predict,run:2,accuracy:0.95,explain";
        let none = GoalProgress::of(text, Reached::default());
        assert_eq!((none.done, none.score), (false, 0.0));
        let some = Reached {
            predicted: true,
            runs: 1,
            // As a test's accuracy is kept.
            accuracy: f64::from(0.95_f32),
            ..Reached::default()
        };
        let half = GoalProgress::of(text, some);
        assert_eq!((half.done, half.score), (false, 0.5));
        let more = Reached {
            runs: 2,
            explained: true,
            ..Reached::default()
        };
        let all = GoalProgress::of(text, some.with(more));
        assert_eq!((all.done, all.score), (true, 1.0));
        // What was done once stays done.
        assert_eq!(all.reached.with(Reached::default()), all.reached);
        assert!(
            !GoalProgress::of("", all.reached).done,
            "nothing was asked for"
        );
    }
}
