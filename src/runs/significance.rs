//! Whether a difference between accuracies is more than chance explains: one rule for the page, the labs and the
//! terminal.
//!
//! Two results differ beyond chance if their difference is more than two standard errors of it. There are two sources
//! of chance, and the larger one counts:
//!
//! - **the test images**: an accuracy p of n images has the variance p̃·(1 − p̃)/(n + 2), where p̃ counts one more right
//!   and one more wrong image (Agresti and Caffo 2000, <https://doi.org/10.1080/00031305.2000.10474560>). Without those
//!   two, an accuracy of exactly 0 or 1 would have no variance, and any other result would be beyond chance. A mean of
//!   overlaps varies less than a share does, so for masks the rule asks for a little more than it must.
//! - **the seeds**: the standard deviation over the seeds, over the root of how many they are.
//!
//! Results with the same seeds are compared seed by seed, because the same seed draws the same first weights and the
//! same batches for both; others as two independent means.
//!
//! Whoever picks the best of several results and then tests it must say so ([`Difference::among`]): among many,
//! something is far ahead by chance alone. The limit is then that of Bonferroni's correction, the number of standard
//! errors that chance exceeds in 1/m of the cases in which it exceeds two.

use std::cmp::Ordering;

use super::Run;
use super::measure::{deviation, mean};

/// Standard errors that chance exceeds with probability 0.0455/m, for m = 1, 2, …, 10 comparisons.
const LIMITS: [f64; 10] = [
    2.0, 2.2776, 2.4284, 2.531, 2.6083, 2.6701, 2.7214, 2.7653, 2.8035, 2.8373,
];

/// What a test of one run came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TestResult {
    /// From which the run's random choices follow.
    pub seed: u32,
    /// Share that is right, 0 to 1.
    pub accuracy: f64,
    /// Of how many images.
    pub images: u32,
}

impl TestResult {
    /// The last test of a run.
    pub fn of(run: &Run) -> Option<Self> {
        run.tests.last().map(|test| Self {
            seed: run.spec.seed,
            accuracy: f64::from(test.accuracy),
            images: test.count,
        })
    }

    fn variance(self) -> f64 {
        variance(self.accuracy, self.images)
    }
}

/// The variance of a share of `images` images.
pub fn variance(share: f64, images: u32) -> f64 {
    let n = f64::from(images);
    let share = (share * n + 1.0) / (n + 2.0);
    share * (1.0 - share) / (n + 2.0)
}

/// How two results differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The second's mean less the first's.
    pub mean: f64,
    /// Its standard error, from the number of test images or from the seeds, whichever is larger.
    pub error: f64,
    /// The standard deviation of the difference over the seeds, if there are several and both have the same.
    pub spread: Option<f64>,
    /// Of how many comparisons it was picked.
    comparisons: usize,
}

impl Difference {
    /// How `b` differs from `a`; each has a result for each of its seeds, one at least.
    pub fn between(a: &[TestResult], b: &[TestResult]) -> Self {
        let same = |one: &TestResult| b.iter().find(|other| other.seed == one.seed);
        let pairs: Vec<_> = a.iter().filter_map(|one| Some((one, same(one)?))).collect();
        if pairs.len() == a.len() && a.len() == b.len() {
            let each: Vec<f64> = pairs.iter().map(|(a, b)| b.accuracy - a.accuracy).collect();
            let of = |(a, b): &(&TestResult, &TestResult)| a.variance() + b.variance();
            return Self::over_seeds(&each, &pairs.iter().map(of).collect::<Vec<_>>());
        }
        let alone = |results: &[TestResult]| {
            let each: Vec<f64> = results.iter().map(|result| result.accuracy).collect();
            let variances: Vec<f64> = results.iter().map(|result| result.variance()).collect();
            Self::over_seeds(&each, &variances)
        };
        alone(b).less(alone(a))
    }

    /// From the differences of each seed and the variances that the test images alone give them.
    pub fn over_seeds(each: &[f64], variances: &[f64]) -> Self {
        let count = each.len().max(1) as f64;
        let counting = (mean(variances) / count).sqrt();
        let spread = deviation(each);
        Self {
            mean: mean(each),
            error: spread.map_or(counting, |spread| counting.max(spread / count.sqrt())),
            spread,
            comparisons: 1,
        }
    }

    /// The same difference, picked as the largest of several that might have been.
    pub fn among(self, comparisons: usize) -> Self {
        Self {
            comparisons,
            ..self
        }
    }

    /// How much more this one is than another.
    pub fn less(self, other: Self) -> Self {
        Self {
            mean: self.mean - other.mean,
            error: self.error.hypot(other.error),
            spread: None,
            comparisons: 1,
        }
    }

    /// Whether the second is higher or lower beyond chance; equal if chance may explain it.
    pub fn sign(self) -> Ordering {
        let limit = LIMITS[self.comparisons.clamp(1, LIMITS.len()) - 1];
        if self.mean.abs() <= limit * self.error {
            Ordering::Equal
        } else {
            self.mean.total_cmp(&0.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(seeds: &[(u32, f64)], images: u32) -> Vec<TestResult> {
        let of = |&(seed, accuracy)| TestResult {
            seed,
            accuracy,
            images,
        };
        seeds.iter().map(of).collect()
    }

    fn sign(a: &[(u32, f64)], b: &[(u32, f64)], images: u32) -> Ordering {
        Difference::between(&results(a, images), &results(b, images)).sign()
    }

    #[test]
    fn equal_accuracies_are_never_beyond_chance() {
        for share in [0.0, 0.5, 1.0] {
            assert_eq!(sign(&[(1, share)], &[(1, share)], 1_000), Ordering::Equal);
            assert_eq!(sign(&[(1, share)], &[(2, share)], 1), Ordering::Equal);
        }
    }

    #[test]
    fn none_right_or_all_right_is_no_certainty() {
        assert_eq!(sign(&[(1, 0.0)], &[(1, 0.3)], 10), Ordering::Equal);
        assert_eq!(sign(&[(1, 0.99)], &[(1, 1.0)], 100), Ordering::Equal);
        assert_eq!(sign(&[(1, 0.0)], &[(1, 1.0)], 100), Ordering::Greater);
    }

    #[test]
    fn one_seed_is_judged_by_the_number_of_test_images() {
        // Two standard errors of the difference: 2·√(2·0.9·0.1/1000) = 0.0268.
        assert_eq!(sign(&[(1, 0.9)], &[(1, 0.925)], 1_000), Ordering::Equal);
        assert_eq!(sign(&[(1, 0.9)], &[(1, 0.93)], 1_000), Ordering::Greater);
        assert_eq!(sign(&[(1, 0.93)], &[(1, 0.9)], 1_000), Ordering::Less);
    }

    #[test]
    fn several_seeds_are_judged_by_their_spread_too() {
        let apart = [(1, 0.80), (2, 0.90), (3, 0.85)];
        // Seed by seed the second is 5 points ahead each time: only counting is left.
        let ahead = apart.map(|(seed, accuracy)| (seed, accuracy + 0.05));
        assert_eq!(sign(&apart, &ahead, 10_000), Ordering::Greater);
        // With other seeds the spread counts.
        let other = ahead.map(|(seed, accuracy)| (seed + 10, accuracy));
        assert_eq!(sign(&apart, &other, 10_000), Ordering::Equal);
        // And so it does where the seeds do not agree on the difference.
        let crossed = [(1, 0.95), (2, 0.85), (3, 0.90)];
        assert_eq!(sign(&apart, &crossed, 10_000), Ordering::Equal);
    }

    #[test]
    fn the_order_of_the_seeds_does_not_matter() {
        let a = results(&[(1, 0.80), (2, 0.90)], 1_000);
        let b = results(&[(2, 0.95), (1, 0.85)], 1_000);
        let found = Difference::between(&a, &b);
        assert!(found.spread.unwrap() < 1e-12, "{found:?}");
    }

    #[test]
    fn the_best_of_several_must_be_further_ahead() {
        let gain = Difference {
            mean: 0.022,
            error: 0.01,
            spread: None,
            comparisons: 1,
        };
        assert_eq!(gain.sign(), Ordering::Greater);
        assert_eq!(gain.among(3).sign(), Ordering::Equal);
    }

    /// The probability that chance exceeds this many standard errors, by Simpson's rule.
    fn beyond(limit: f64) -> f64 {
        let density = |x: f64| (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
        let (steps, width) = (2_000, 10.0 - limit);
        let weight = |at: usize| match at {
            0 | 2_000 => 1.0,
            at if at % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let sum: f64 = (0..=steps)
            .map(|at| weight(at) * density(limit + width * at as f64 / steps as f64))
            .sum();
        2.0 * sum * width / steps as f64 / 3.0
    }

    #[test]
    fn the_limits_are_those_of_bonferroni() {
        for (at, limit) in LIMITS.iter().enumerate() {
            let expected = beyond(2.0) / (at + 1) as f64;
            assert!((beyond(*limit) / expected - 1.0).abs() < 1e-3, "{limit}");
        }
    }
}
