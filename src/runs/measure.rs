//! Figures from a run's numbers alone.

use serde::Serialize;

use crate::base::error::Result;
use crate::experiment::{Kind, Value};

/// Training images over which accuracy is averaged before it counts as reached: a single batch can be lucky.
const REACHED_OVER: u32 = 500;

/// The accuracy that runs should reach until a person says otherwise, in percent: a small CNN gets there within an epoch of
/// digits.
pub const GOAL: f64 = 90.0;

/// Such an accuracy as a person writes it, in percent.
///
/// # Errors
/// If that is no number, or one that no run can reach.
pub fn read_goal(text: &str) -> Result<f64> {
    let kind = Kind::Number {
        min: 1.0,
        max: 100.0,
    };
    let percent = text.trim_end().trim_end_matches(['%', '％', '٪']);
    let value = kind.read(&Value::Word(percent.to_owned()));
    kind.check(&value)?;
    match value {
        Value::Number(percent) => Ok(percent),
        _ => Ok(GOAL),
    }
}

/// The mean of several values and how far they are apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Spread {
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation as a sample (over n − 1); 0 for a single one.
    pub deviation: f64,
    /// How many they are.
    pub count: usize,
}

/// Of at least one value.
pub fn spread(values: &[f64]) -> Spread {
    Spread {
        mean: mean(values),
        deviation: deviation(values).unwrap_or(0.0),
        count: values.len(),
    }
}

/// The mean of at least one value.
pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The standard deviation of a sample (over n − 1), if there is more than one value.
pub fn deviation(values: &[f64]) -> Option<f64> {
    let middle = mean(values);
    let squares: f64 = values.iter().map(|value| (value - middle).powi(2)).sum();
    (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt())
}

/// The first step after which the mean accuracy over the last 500 training images, as they were seen, is at least
/// `target`; nothing if that never happened. `accuracies` are of each step's batch, `samples` seen up to each step.
pub fn steps_to(accuracies: &[f32], samples: &[u32], target: f64) -> Option<u32> {
    let seen = |steps: usize| match steps {
        0 => 0,
        steps => samples.get(steps - 1).copied().unwrap_or(0),
    };
    let right = |step: usize| {
        let images = seen(step + 1).saturating_sub(seen(step));
        f64::from(accuracies[step]) * f64::from(images)
    };
    let (mut first, mut sum) = (0, 0.0);
    for step in 0..accuracies.len() {
        sum += right(step);
        // As few whole batches as hold that many images.
        while seen(step + 1).saturating_sub(seen(first + 1)) >= REACHED_OVER {
            sum -= right(first);
            first += 1;
        }
        let images = seen(step + 1).saturating_sub(seen(first));
        // Sums of shares are not exact; a thousandth of an image is not what keeps a run from its goal.
        if images >= REACHED_OVER && sum + 1e-3 >= target * f64::from(images) {
            return Some(step as u32 + 1);
        }
    }
    None
}

/// The mean of the values around a step, counted from 0: of up to `reach` neighbours on both sides, so that it neither
/// lags nor leads. What is not finite does not count; where nothing does, it is not a number.
///
/// It is summed anew for each step that is asked for: a difference of two running sums would lose every later value
/// behind a single huge one.
pub(super) fn mean_around(values: &[f32], step: usize, reach: usize) -> f64 {
    let end = values.len().min(step + reach + 1);
    let near = values
        .get(step.saturating_sub(reach)..end)
        .unwrap_or_default();
    let finite = near.iter().filter(|value| value.is_finite());
    let (sum, count) = finite.fold((0.0, 0_u32), |(sum, count), value| {
        (sum + f64::from(*value), count + 1)
    });
    sum / f64::from(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::error::Code;

    #[test]
    fn an_accuracy_to_reach_is_read_as_it_is_written() {
        for (text, percent) in [
            ("95", 95.0),
            ("95,5", 95.5),
            ("95 %", 95.0),
            ("９５％", 95.0),
        ] {
            assert_eq!(read_goal(text), Ok(percent), "{text}");
        }
        for (text, code) in [
            ("101%", Code::OutOfRange),
            ("1e400", Code::OutOfRange),
            ("inf", Code::NotANumber),
            ("", Code::NotANumber),
            ("%", Code::NotANumber),
            ("much", Code::NotANumber),
        ] {
            assert_eq!(read_goal(text).unwrap_err().code, code, "{text}");
        }
    }

    #[test]
    fn mean_and_deviation_are_those_of_a_sample() {
        let found = spread(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert_eq!((found.mean, found.count), (5.0, 8));
        assert!((found.deviation - (32.0_f64 / 7.0).sqrt()).abs() < 1e-12);
        assert_eq!(spread(&[3.0]).deviation, 0.0);
        assert_eq!(deviation(&[3.0]), None);
    }

    #[test]
    fn an_accuracy_counts_as_reached_over_five_hundred_images() {
        let samples: Vec<u32> = (1..=20).map(|step| 100 * step).collect();
        // Five batches of a hundred must be over: 0.5 from the sixth on reaches a mean of 0.3 with the eighth.
        let late: Vec<f32> = (0..20).map(|at| if at < 5 { 0.0 } else { 0.5 }).collect();
        assert_eq!(steps_to(&late, &samples, 0.3), Some(8));
        assert_eq!(steps_to(&[1.0; 20], &samples, 1.0), Some(5));
        assert_eq!(steps_to(&[0.5; 20], &samples, 0.51), None);
        // A batch larger than the window is a window of its own.
        assert_eq!(steps_to(&[0.2, 0.9], &[600, 1200], 0.9), Some(2));
        assert_eq!(steps_to(&[], &[], 0.5), None);
    }

    #[test]
    fn a_running_mean_passes_over_what_is_not_finite() {
        let values = [1.0, f32::NAN, 3.0, f32::INFINITY, 8.0];
        let found = [0, 1, 2, 4].map(|step| mean_around(&values, step, 1));
        assert_eq!(found, [1.0, 2.0, 3.0, 8.0]);
        assert!(mean_around(&[f32::NAN], 0, 6).is_nan());
    }

    #[test]
    fn one_huge_value_does_not_swallow_those_behind_it() {
        let mut values = [0.5; 100];
        values[10] = 1e25;
        assert_eq!(mean_around(&values, 50, 6), 0.5);
    }
}
