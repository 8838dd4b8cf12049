//! The figures of the runs table, of one run or of several that repeat each other, and the ends of curves.

use serde::Serialize;

use super::Run;
use super::measure::{Spread, spread, steps_to};

/// What came of a run or of its repeats, with the spread over them. Nothing as soon as one of them has none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub struct Figures {
    /// The highest accuracy of a test.
    pub best: Option<Spread>,
    /// The last accuracy of a test.
    pub last: Option<Spread>,
    /// Steps until the goal was reached in training.
    pub reached: Option<Spread>,
    /// Trainable numbers.
    pub parameters: Option<Spread>,
    /// Multiplications with an addition, for one image.
    pub multiply_adds: Option<Spread>,
    /// Seconds of work.
    pub time: Option<Spread>,
    /// Training images a second.
    pub speed: Option<Spread>,
}

impl Figures {
    /// Of these runs; `goal` is an accuracy from 0 to 1.
    pub fn of(runs: &[&Run], goal: f64) -> Self {
        let over = |figure: &dyn Fn(&Run) -> Option<f64>| {
            let all: Option<Vec<f64>> = runs.iter().map(|run| figure(run)).collect();
            all.filter(|all| !all.is_empty()).map(|all| spread(&all))
        };
        let some = |count: u64| (count > 0).then_some(count as f64);
        Self {
            best: over(&Run::best),
            last: over(&|run| run.tests.last().map(|test| f64::from(test.accuracy))),
            reached: over(&|run| run.reached(goal).map(f64::from)),
            parameters: over(&|run| some(run.parameters)),
            multiply_adds: over(&|run| some(run.multiply_adds)),
            time: over(&|run| (run.step() > 0).then_some(run.elapsed)),
            speed: over(&Run::speed),
        }
    }
}

impl Run {
    /// The highest accuracy of a test; one that is not a number is none.
    pub fn best(&self) -> Option<f64> {
        let all = self.tests.iter().map(|test| f64::from(test.accuracy));
        all.filter(|accuracy| !accuracy.is_nan()).reduce(f64::max)
    }

    /// Steps until the goal was reached in training.
    pub fn reached(&self, goal: f64) -> Option<u32> {
        steps_to(&self.steps.accuracies, &self.steps.samples, goal)
    }

    /// Training images a second, testing left out.
    pub fn speed(&self) -> Option<f64> {
        let speed = f64::from(self.samples()) / self.training;
        (self.training > 0.0 && speed > 0.0).then_some(speed)
    }

    /// How much of its work is done, 0 to 1.
    pub fn share(&self) -> f64 {
        match (self.is_over(), self.total_steps) {
            (true, _) => 1.0,
            (_, 0) => 0.0,
            (_, total) => f64::from(self.step()) / f64::from(total),
        }
    }

    /// Seconds that are left if it goes on as until now.
    pub fn left(&self) -> Option<f64> {
        let share = self.share();
        (share > 0.0 && !self.is_over()).then(|| self.elapsed / share * (1.0 - share))
    }
}

/// The best of a curve's values and the last one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Ends {
    /// The lowest loss, or the highest accuracy.
    pub best: f64,
    /// The last one.
    pub last: f64,
}

/// The ends of a run's four curves.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub struct Values {
    /// Of the training loss.
    pub train_loss: Option<Ends>,
    /// Of the test loss.
    pub test_loss: Option<Ends>,
    /// Of the accuracy in training.
    pub train_score: Option<Ends>,
    /// Of the accuracy of the tests.
    pub test_score: Option<Ends>,
}

impl Values {
    /// Of this run.
    pub fn of(run: &Run) -> Self {
        let ends = |values: &mut dyn Iterator<Item = f32>, best: fn(f32, f32) -> f32| {
            let all: Vec<f32> = values.collect();
            let best = all.iter().copied().reduce(best)?;
            let (best, last) = (f64::from(best), f64::from(*all.last()?));
            Some(Ends { best, last })
        };
        let steps = &run.steps;
        Self {
            train_loss: ends(&mut steps.losses.iter().copied(), f32::min),
            test_loss: ends(&mut run.tests.iter().map(|test| test.loss), f32::min),
            train_score: ends(&mut steps.accuracies.iter().copied(), f32::max),
            test_score: ends(&mut run.tests.iter().map(|test| test.accuracy), f32::max),
        }
    }
}
