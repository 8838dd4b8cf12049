//! Whether a difference between accuracies is more than chance explains: one rule for the page, the labs and the
//! terminal.
//!
//! Two results differ beyond chance if their difference is larger than chance makes it in 95 of 100 cases. There are two
//! sources of chance, and the one that allows more counts:
//!
//! - **the test images**: an accuracy p of n images has the variance p̃·(1 − p̃)/(n + 2), where p̃ counts one more right
//!   and one more wrong image (Agresti and Caffo 2000, <https://doi.org/10.1080/00031305.2000.10474560>). Without those
//!   two, an accuracy of exactly 0 or 1 would have no variance, and any other result would be beyond chance. A mean of
//!   overlaps varies less than a share does, so for masks the rule asks for a little more than it must. The limit is
//!   that of the normal distribution.
//! - **the seeds**: the standard deviation over n seeds, over √n. Few seeds say little of their own spread, so the limit
//!   is that of Student's t with n − 1 degrees of freedom (Student 1908, <https://doi.org/10.1093/biomet/6.1.1>): 4.30
//!   standard errors with three seeds, where the normal distribution has 1.96. **With one seed this source is not seen
//!   at all**, and whoever shows the result must say so.
//!
//! Results with the same seeds are compared seed by seed, because the same seed draws the same first weights and the
//! same batches for both; others as two independent means.
//!
//! Whoever picks the best of several results and then tests it must say so ([`Difference::among`]): among many,
//! something is far ahead by chance alone. Each of m comparisons then gets an m-th of the 5 % (Bonferroni's correction).

use std::cmp::Ordering;

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use super::Run;
use super::measure::{deviation, mean};

/// How often chance alone may be taken for a difference.
const LEVEL: f64 = 0.05;

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

/// Where chance comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// From the choice of the test images.
    Images,
    /// From the seeds, which do not agree.
    Seeds,
}

/// The standard error that the seeds give, and of how many degrees of freedom it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
struct OverSeeds {
    error: f64,
    freedom: f64,
}

/// How two results differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The second's mean less the first's.
    pub mean: f64,
    /// The standard deviation of the difference over the seeds, if there are several and both have the same.
    pub spread: Option<f64>,
    /// The standard error that the number of test images gives.
    images: f64,
    /// That of the seeds, if there are several.
    seeds: Option<OverSeeds>,
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
        let spread = deviation(each);
        Self {
            mean: mean(each),
            spread,
            images: (mean(variances) / count).sqrt(),
            seeds: spread.map(|spread| OverSeeds {
                error: spread / count.sqrt(),
                freedom: count - 1.0,
            }),
            comparisons: 1,
        }
    }

    /// The same difference, picked as the largest of several that might have been.
    pub fn among(self, comparisons: usize) -> Self {
        Self {
            comparisons: comparisons.max(1),
            ..self
        }
    }

    /// How much more this one is than another.
    pub fn less(self, other: Self) -> Self {
        // Of two the lower number of degrees of freedom is on the safe side.
        let both = self.seeds.zip(other.seeds).map(|(one, two)| OverSeeds {
            error: one.error.hypot(two.error),
            freedom: one.freedom.min(two.freedom),
        });
        Self {
            mean: self.mean - other.mean,
            spread: None,
            images: self.images.hypot(other.images),
            seeds: both.or(self.seeds).or(other.seeds),
            comparisons: 1,
        }
    }

    /// The largest difference, without its sign, that chance explains, and where that chance is from.
    pub fn margin(self) -> (f64, Cause) {
        let tail = 1.0 - LEVEL / self.comparisons as f64 / 2.0;
        let images = self.images * Normal::standard().inverse_cdf(tail);
        let seeds = self.seeds.map_or(0.0, |OverSeeds { error, freedom }| {
            let limit = StudentsT::new(0.0, 1.0, freedom).map(|of| of.inverse_cdf(tail));
            error * limit.unwrap_or(f64::INFINITY)
        });
        if seeds > images {
            (seeds, Cause::Seeds)
        } else {
            (images, Cause::Images)
        }
    }

    /// Whether the second is higher or lower beyond chance; equal if chance may explain it.
    pub fn sign(self) -> Ordering {
        if self.mean.abs() <= self.margin().0 {
            Ordering::Equal
        } else {
            self.mean.total_cmp(&0.0)
        }
    }

    /// Whether the second is lower by less than this share, chance included: that no difference was seen is not enough.
    pub fn is_no_worse_than(self, share: f64) -> bool {
        self.mean - self.margin().0 > -share
    }

    /// Whether the two are closer together than this share, chance included.
    pub fn is_within(self, share: f64) -> bool {
        self.mean.abs() + self.margin().0 < share
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
        // 1.96 standard errors of the difference: 1.96·√(2·0.9·0.1/1000) = 0.0263.
        assert_eq!(sign(&[(1, 0.9)], &[(1, 0.924)], 1_000), Ordering::Equal);
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
        let gain = Difference::over_seeds(&[0.022], &[0.0001]);
        assert_eq!(gain.sign(), Ordering::Greater);
        assert_eq!(gain.among(3).sign(), Ordering::Equal);
    }

    /// Of tables of the two distributions, two-sided.
    #[test]
    fn the_limits_are_those_of_the_tables() {
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 5e-4, "{found}");
        let images = |comparisons| {
            let one = Difference::over_seeds(&[0.0], &[1.0]);
            one.among(comparisons).margin()
        };
        assert_eq!(images(1).1, Cause::Images);
        near(images(1).0, 1.9600);
        near(images(3).0, 2.3940);
        // Standard deviation 1 over n seeds: t with n − 1 degrees of freedom, times 1/√n.
        let seeds = |each: &[f64]| {
            let (margin, cause) = Difference::over_seeds(each, &[0.0]).margin();
            assert_eq!(cause, Cause::Seeds);
            margin * (each.len() as f64).sqrt()
        };
        near(seeds(&[-1.0, 0.0, 1.0]), 4.3027);
        let half = 0.5_f64.sqrt();
        near(seeds(&[-half, half]), 12.7062);
    }

    #[test]
    fn three_seeds_that_do_not_agree_are_no_proof() {
        // 2.5 points on average, with a standard error of 0.9: beyond two of them, and within 4.3.
        let base = results(&[(1, 0.5), (2, 0.5), (3, 0.5)], 1_000_000);
        let ahead = results(&[(1, 0.51), (2, 0.525), (3, 0.54)], 1_000_000);
        let gain = Difference::between(&base, &ahead);
        assert_eq!(
            (gain.sign(), gain.margin().1),
            (Ordering::Equal, Cause::Seeds)
        );
    }

    #[test]
    fn what_was_not_seen_is_not_taken_for_equal() {
        // A margin of 4.4 points.
        let of = |mean: f64, images: u32| {
            Difference::between(
                &results(&[(1, 0.5)], images),
                &results(&[(1, 0.5 + mean)], images),
            )
        };
        assert!(of(0.0, 1_000).is_no_worse_than(0.05));
        assert!(of(0.0, 1_000).is_within(0.05));
        assert!(of(0.03, 1_000).is_no_worse_than(0.05));
        assert!(!of(0.03, 1_000).is_within(0.05));
        // No difference beyond chance, but five points would not be seen either.
        assert_eq!(of(0.0, 100).sign(), Ordering::Equal);
        assert!(!of(0.0, 100).is_no_worse_than(0.05));
    }
}
