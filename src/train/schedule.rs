//! The learning rate over a run.

use crate::experiment::{ExperimentSpec, Schedule};

impl ExperimentSpec {
    /// The learning rate of step `step`, the first of which is 0.
    ///
    /// Cosine: Loshchilov and Hutter 2017, <https://arxiv.org/abs/1608.03983>, without restarts.
    pub fn learning_rate(&self, step: u32) -> f64 {
        let progress = f64::from(step) / f64::from(self.total_steps());
        let factor = match self.schedule {
            Schedule::Constant => 1.0,
            Schedule::Cosine => 0.5 * (1.0 + libm::cos(std::f64::consts::PI * progress)),
            Schedule::Step if progress < 0.5 => 1.0,
            Schedule::Step if progress < 0.75 => 0.1,
            Schedule::Step => 0.01,
        };
        self.lr * factor
    }
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
    }
}
