//! From runs to what a chart draws: the range of the batches, their running mean, test points, and where axes end.

use serde::Deserialize;

use super::Run;
use super::measure::{mean_around, spread};
use crate::experiment::{ExperimentSpec, Task};

/// More columns than this would only cover each other.
pub(super) const COLUMNS: usize = 400;

/// Neighbours on each side that the running mean takes in: at most this many in a short run …
const NEIGHBOURS: f64 = 6.0;
/// … nor more than this share of its steps, …
const SHORT: f64 = 0.05;
/// … but at least this share of the steps of a long one.
const LONG: f64 = 0.01;

/// Classes of a data set of which nothing is known yet.
const CLASSES: usize = 10;

/// Where the axis of seconds ends before there is a curve.
const SECONDS: f64 = 10.0;

/// The share of a curve at its beginning that does not count for the height of the loss axis: what the first few
/// batches cost must not flatten all that follows.
const BEGINNING: f64 = 0.03;

/// What a curve runs along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Axis {
    /// Training images seen.
    Samples,
    /// Seconds of work.
    Seconds,
}

/// What a curve is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// The loss.
    Loss,
    /// The accuracy.
    Accuracy,
}

/// What is drawn for a run; for several that repeat each other, their mean, and from `low` to `high` one standard
/// deviation on either side. Steps stand in columns, so that a long run has no more points than a chart can show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    /// Where the columns are: at their last step.
    pub x: Vec<f64>,
    /// The lowest value of a single batch in each column; none for repeats.
    pub least: Vec<f64>,
    /// The highest one.
    pub most: Vec<f64>,
    /// The running mean.
    pub mean: Vec<f64>,
    /// The lower edge of the band; none for a single run.
    pub low: Vec<f64>,
    /// Its upper edge.
    pub high: Vec<f64>,
    /// Where the tests are.
    pub test_x: Vec<f64>,
    /// What they came to.
    pub test: Vec<f64>,
    /// One standard deviation of it.
    pub test_spread: Vec<f64>,
}

impl Curve {
    /// Of runs that repeat each other, one at least.
    pub fn of(runs: &[&Run], measure: Measure, axis: Axis, columns: usize) -> Self {
        let values: Vec<&[f32]> = runs.iter().map(|run| of_steps(run, measure)).collect();
        let steps = values.iter().map(|all| all.len()).max().unwrap_or(0);
        let every = steps.div_ceil(columns).max(1);
        let reach = (NEIGHBOURS.min(steps as f64 * SHORT)).max(steps as f64 * LONG);
        let reach = reach.round() as usize;
        let mut curve = Self::default();
        let mut from = 0;
        for step in
            (0..steps).filter(|step| (step + 1) % every == 0 || [0, steps - 1].contains(step))
        {
            let there: Vec<usize> = (0..runs.len())
                .filter(|&at| step < values[at].len())
                .collect();
            let over = |of: &dyn Fn(usize) -> f64| {
                spread(&there.iter().map(|&at| of(at)).collect::<Vec<_>>())
            };
            curve.x.push(over(&|at| along(runs[at], axis, step)).mean);
            let mean = over(&|at| mean_around(values[at], step, reach));
            curve.mean.push(mean.mean);
            if let [single] = values[..] {
                let column = single[from..=step].iter().copied().map(f64::from);
                curve.least.push(column.clone().fold(f64::NAN, f64::min));
                curve.most.push(column.fold(f64::NAN, f64::max));
            } else {
                curve.low.push(mean.mean - mean.deviation);
                curve.high.push(mean.mean + mean.deviation);
            }
            from = step + 1;
        }
        curve.add_tests(runs, measure, axis);
        curve
    }

    fn add_tests(&mut self, runs: &[&Run], measure: Measure, axis: Axis) {
        let mut tests: Vec<_> = runs.iter().flat_map(|run| &run.tests).collect();
        tests.sort_by_key(|test| test.step);
        for same in tests.chunk_by(|a, b| a.step == b.step) {
            let over = |of: &dyn Fn(&super::Test) -> f64| {
                spread(&same.iter().map(|test| of(test)).collect::<Vec<_>>())
            };
            self.test_x.push(
                over(&|test| match axis {
                    Axis::Samples => f64::from(test.samples),
                    Axis::Seconds => test.seconds,
                })
                .mean,
            );
            let found = over(&|test| {
                f64::from(match measure {
                    Measure::Loss => test.loss,
                    Measure::Accuracy => test.accuracy,
                })
            });
            self.test.push(found.mean);
            self.test_spread.push(found.deviation);
        }
    }

    /// The highest value that the axis should hold.
    fn top(&self) -> f64 {
        let later = |line: &[f64]| {
            let from = (line.len() as f64 * BEGINNING) as usize;
            highest(line.get(from..).unwrap_or_default())
        };
        later(&self.mean)
            .max(later(&self.high))
            .max(highest(&self.test))
    }
}

fn highest(values: &[f64]) -> f64 {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    finite.fold(0.0, f64::max)
}

fn of_steps(run: &Run, measure: Measure) -> &[f32] {
    match measure {
        Measure::Loss => &run.steps.losses,
        Measure::Accuracy => &run.steps.accuracies,
    }
}

fn along(run: &Run, axis: Axis, step: usize) -> f64 {
    match axis {
        Axis::Samples => f64::from(run.steps.samples[step]),
        Axis::Seconds => run.steps.seconds[step],
    }
}

/// A chart of some curves: where its axes end, and the level of chance.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// A curve for each bundle of repeats.
    pub curves: Vec<Curve>,
    /// Where the x axis ends.
    pub end: f64,
    /// Where the y axis ends; it begins at 0. Single batches that cost more are at the edge.
    pub top: f64,
    /// The accuracy of guessing a class, where that makes sense.
    pub chance: Option<f64>,
}

impl Chart {
    /// Of bundles of runs that repeat each other. `next` is the experiment that is run next, `classes` how many its
    /// data set has, as soon as that is known.
    pub fn of(
        bundles: &[Vec<&Run>],
        measure: Measure,
        axis: Axis,
        next: &ExperimentSpec,
        classes: Option<usize>,
    ) -> Self {
        let mut curves: Vec<Curve> = bundles
            .iter()
            .map(|runs| Curve::of(runs, measure, axis, COLUMNS))
            .collect();
        let tasks = bundles.iter().flatten().map(|run| run.task());
        let classify = match bundles.is_empty() {
            true => next.task() == Task::Classify,
            false => tasks.into_iter().all(|task| task == Task::Classify),
        };
        // Before there is a curve, guessing among the classes costs the logarithm of their number.
        let guess = (classes.unwrap_or(CLASSES).max(2) as f64).ln();
        let costs = curves.iter().map(Curve::top).reduce(f64::max);
        let top = match measure {
            Measure::Accuracy => 1.0,
            Measure::Loss => costs.unwrap_or(guess).max(0.1) * 1.08,
        };
        for curve in &mut curves {
            for value in curve.least.iter_mut().chain(&mut curve.most) {
                // Not `min`, which would make a number of what is none.
                if *value > top {
                    *value = top;
                }
            }
        }
        let runs: Vec<&Run> = bundles.iter().flatten().copied().collect();
        Self {
            curves,
            end: end(&runs, axis, next),
            top,
            chance: classes
                .filter(|_| measure == Measure::Accuracy && classify)
                .map(|classes| 1.0 / classes as f64),
        }
    }
}

/// Where the x axis ends: at the run's planned end, so that it stands still, and a little room behind the last point.
fn end(runs: &[&Run], axis: Axis, next: &ExperimentSpec) -> f64 {
    let planned = |spec: &ExperimentSpec| f64::from(spec.samples_after(spec.total_steps()));
    let ends = runs.iter().map(|run| match axis {
        Axis::Seconds => run.elapsed,
        Axis::Samples if run.state.is_active() => planned(&run.spec).max(f64::from(run.samples())),
        Axis::Samples => f64::from(run.samples()),
    });
    let end = ends.reduce(f64::max).unwrap_or(match axis {
        Axis::Seconds => SECONDS,
        Axis::Samples => planned(next),
    });
    end.max(1.0) * 1.02
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Choices, link, resolve};
    use crate::runs::{Run, RunState, Test};

    fn run(losses: &[f32]) -> Run {
        let mut run = Run::new(ExperimentSpec::default(), Choices::new(), "cpu");
        run.state = RunState::Done;
        run.steps.losses = losses.to_vec();
        run.steps.accuracies = losses.to_vec();
        run.steps.samples = (1..=losses.len() as u32).collect();
        run.steps.seconds = losses.iter().map(|loss| f64::from(*loss)).collect();
        run
    }

    fn curve(runs: &[&Run]) -> Curve {
        Curve::of(runs, Measure::Loss, Axis::Samples, COLUMNS)
    }

    #[test]
    fn the_band_is_as_wide_as_the_runs_are_apart() {
        let found = curve(&[&run(&[1.0, 1.0, 1.0]), &run(&[3.0, 3.0])]);
        assert_eq!(found.x, [1.0, 2.0, 3.0]);
        assert_eq!(found.mean, [2.0, 2.0, 1.0]);
        let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(near(found.low[0], 2.0 - 2_f64.sqrt()));
        assert!(near(found.high[1], 2.0 + 2_f64.sqrt()));
        assert_eq!(found.high[2], 1.0);
        assert!(found.least.is_empty() && found.most.is_empty());
    }

    #[test]
    fn no_single_batch_is_lost_in_a_long_run() {
        for spike in [0, 1, 777, 25_001, 49_998, 49_999] {
            let mut losses = vec![1.0; 50_000];
            losses[spike] = 9.0;
            losses[(spike + 100) % 50_000] = 0.25;
            let found = curve(&[&run(&losses)]);
            assert!(found.x.len() <= COLUMNS + 2, "{}", found.x.len());
            let highest = |values: &[f64]| values.iter().copied().fold(f64::MIN, f64::max);
            let lowest = |values: &[f64]| values.iter().copied().fold(f64::MAX, f64::min);
            assert_eq!(
                (highest(&found.most), lowest(&found.least)),
                (9.0, 0.25),
                "{spike}"
            );
            // It stands where it happened, to the column.
            let at = found.most.iter().position(|most| *most == 9.0).unwrap();
            let reach = 50_000.0 / COLUMNS as f64;
            assert!((found.x[at] - (spike + 1) as f64).abs() <= reach, "{spike}");
        }
    }

    #[test]
    fn a_short_run_has_a_column_for_each_step() {
        let found = curve(&[&run(&[3.0, 2.0, 1.0])]);
        assert_eq!(
            (&found.least, &found.most),
            (&vec![3.0, 2.0, 1.0], &vec![3.0, 2.0, 1.0])
        );
        assert_eq!(curve(&[&run(&[])]), Curve::default());
    }

    fn chart(runs: &[&Run], measure: Measure, axis: Axis) -> Chart {
        let bundles: Vec<_> = runs.iter().map(|run| vec![*run]).collect();
        Chart::of(
            &bundles,
            measure,
            axis,
            &ExperimentSpec::default(),
            Some(10),
        )
    }

    #[test]
    fn what_is_not_finite_is_no_part_of_the_range_and_a_spike_is_at_its_edge() {
        let mut losses = vec![2.0; 1_000];
        (losses[500], losses[600]) = (1e25, f32::NAN);
        let mut run = run(&losses);
        for loss in [f32::INFINITY, f32::NAN, 1.5] {
            run.tests.push(Test {
                step: 1,
                samples: 1,
                seconds: 0.0,
                loss,
                accuracy: 0.5,
                count: 10,
            });
        }
        // Ten neighbours on each side share the spike.
        let top = chart(&[&run], Measure::Loss, Axis::Samples).top;
        assert!(top.is_finite());
        run.steps.losses[500] = 90.0;
        let found = chart(&[&run], Measure::Loss, Axis::Samples);
        assert!(found.top > 2.0 && found.top < 10.0, "{}", found.top);
        assert!(
            found.curves[0].most.contains(&found.top),
            "the spike is drawn at the edge"
        );
    }

    #[test]
    fn axes_stand_still_while_a_run_goes_on() {
        let link = link::open("train=1000&batch=100&epochs=3").choices;
        let mut going = run(&[2.0, 1.0]);
        going.spec = resolve(&link).spec;
        going.state = RunState::Training;
        going.elapsed = 4.0;
        assert_eq!(
            chart(&[&going], Measure::Loss, Axis::Samples).end,
            3_000.0 * 1.02
        );
        assert_eq!(
            chart(&[&going], Measure::Loss, Axis::Seconds).end,
            4.0 * 1.02
        );
        going.state = RunState::Stopped;
        assert_eq!(
            chart(&[&going], Measure::Loss, Axis::Samples).end,
            2.0 * 1.02
        );
    }

    #[test]
    fn an_empty_chart_ends_where_the_next_run_and_guessing_do() {
        let next = ExperimentSpec::default();
        let empty = |measure, classes| Chart::of(&[], measure, Axis::Samples, &next, classes);
        let planned = f64::from(next.samples_after(next.total_steps()));
        assert_eq!(empty(Measure::Loss, None).end, planned * 1.02);
        assert!((empty(Measure::Loss, Some(10)).top - 10_f64.ln() * 1.08).abs() < 1e-12);
        assert_eq!(empty(Measure::Accuracy, Some(4)).chance, Some(0.25));
        assert_eq!(empty(Measure::Accuracy, None).chance, None);
    }

    #[test]
    fn a_run_that_marks_pixels_has_no_level_of_guessing() {
        let mut masks = run(&[0.5]);
        masks.spec = resolve(&link::open("net=unet").choices).spec;
        assert_eq!(
            chart(&[&masks], Measure::Accuracy, Axis::Samples).chance,
            None
        );
        assert_eq!(
            chart(&[&run(&[0.5])], Measure::Accuracy, Axis::Samples).chance,
            Some(0.1)
        );
    }
}
