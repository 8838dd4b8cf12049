//! The learning rate over a run.

use std::f64::consts::PI;

use crate::experiment::{ExperimentSpec, Schedule};

impl ExperimentSpec {
    /// The learning rate of step `step`, the first of which is 0.
    ///
    /// Cosine: Loshchilov and Hutter 2017, <https://arxiv.org/abs/1608.03983>, without restarts.
    pub fn learning_rate(&self, step: u32) -> f64 {
        let progress = f64::from(step) / f64::from(self.total_steps());
        let factor = match self.schedule {
            Schedule::Constant => 1.0,
            Schedule::Cosine => 0.5 * (1.0 + libm::cos(PI * progress)),
            Schedule::OneCycle => one_cycle(step, self.total_steps()),
            Schedule::Step if progress < 0.5 => 1.0,
            Schedule::Step if progress < 0.75 => 0.1,
            Schedule::Step => 0.01,
        };
        self.lr * factor
    }
}

/// The share of the highest rate in a step of one cycle, as in PyTorch's `OneCycleLR` with its defaults: half a cosine up
/// over three tenths of the steps, and half a cosine down over the others. The momentum stays as it is.
///
/// Smith and Topin 2017, <https://arxiv.org/abs/1708.07120>.
fn one_cycle(step: u32, total: u32) -> f64 {
    /// The part of the steps in which the rate grows.
    const RISING: f64 = 0.3;
    /// Where it begins.
    const FIRST: f64 = 1.0 / 25.0;
    /// Where it ends.
    const LAST: f64 = FIRST / 1e4;
    let (step, last) = (f64::from(step), f64::from(total) - 1.0);
    let top = RISING * f64::from(total) - 1.0;
    let (from, to, progress) = if step <= top {
        (FIRST, 1.0, step / top)
    } else {
        (1.0, LAST, (step - top) / (last - top))
    };
    to + (from - to) / 2.0 * (1.0 + libm::cos(PI * progress))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Stop;

    #[test]
    fn schedules_against_values_worked_out_by_hand() {
        let rates = |schedule| {
            let spec = ExperimentSpec {
                schedule,
                lr: 2.0,
                stop: Stop::Steps,
                steps: 100,
                ..Default::default()
            };
            [0, 25, 50, 75, 99].map(|step| (spec.learning_rate(step) * 1000.0).round() / 1000.0)
        };
        assert_eq!(rates(Schedule::Constant), [2.0; 5]);
        assert_eq!(rates(Schedule::Cosine), [2.0, 1.707, 1.0, 0.293, 0.0]);
        assert_eq!(rates(Schedule::Step), [2.0, 2.0, 0.2, 0.02, 0.02]);
        // Up from 2/25 in 29 steps, then 70 steps down: after 25 of 29, 0.08 + 1.92·(1 − cos(25π/29))/2.
        assert_eq!(rates(Schedule::OneCycle), [0.08, 1.911, 1.588, 0.526, 0.0]);
    }

    #[test]
    fn one_cycle_has_an_end_however_short_it_is() {
        for total in 1..40 {
            let rates: Vec<f64> = (0..total).map(|step| one_cycle(step, total)).collect();
            assert!(
                rates.iter().all(|rate| (4e-6..=1.0).contains(rate)),
                "{rates:?}"
            );
            let last = rates.last().copied().unwrap();
            assert!((last - 4e-6).abs() < 1e-12, "{last}");
        }
    }
}
