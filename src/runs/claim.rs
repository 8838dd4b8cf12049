//! What may be claimed of a run, and whether another run comes to the same. A link carries it as a [`Claim`].

use serde::{Deserialize, Serialize};

use super::{Run, RunState};
use crate::base::digest::DIGITS;
use crate::base::sha256;
use crate::experiment::claim::{Claim, Hardware, Took, engine};
use crate::experiment::goal::Reached;
use crate::experiment::{ExperimentSpec, Stop};

/// Whether a run came to what was claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every loss and the test are the same.
    Bits,
    /// The accuracies are as close as can be expected.
    Within,
    /// They are not.
    Apart,
    /// They are not, and need not be: another version of the engine made the claim.
    Other,
}

/// How a run compares with what was claimed of its experiment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Reproduction {
    /// Whether it came to the same.
    pub outcome: Outcome,
    /// Its accuracy less the claimed one.
    pub accuracy: f64,
    /// Its test loss less the claimed one.
    pub loss: f64,
    /// How far apart the accuracies may be; 0 where every bit should be the same.
    pub tolerance: f64,
    /// Which sentence says it, of those under `claim.` in the locale files.
    pub said: &'static str,
}

impl Reached {
    /// What these runs came to, where this experiment is said to come to this claim.
    ///
    /// Those of these ids were there before anything was asked for.
    pub fn by(runs: &[Run], before: &[u64], spec: &ExperimentSpec, claim: Option<&Claim>) -> Self {
        let done = || {
            let over = runs
                .iter()
                .filter(|run| run.state == RunState::Done && !before.contains(&run.place.id));
            over.filter_map(|run| Some((run, run.tests.last()?)))
        };
        let again = |run: &Run, claim: &Claim| {
            let made = Claim::of(run)?;
            let tested = run.tests.last()?.count;
            let outcome = claim.compare(&made, tested).outcome;
            Some(matches!(outcome, Outcome::Bits | Outcome::Within))
        };
        let accuracies = done().map(|(_, test)| f64::from(test.accuracy));
        Self {
            runs: u32::try_from(done().count()).unwrap_or(u32::MAX),
            accuracy: accuracies
                .filter(|share| share.is_finite())
                .fold(0.0, f64::max),
            reproduced: claim.is_some_and(|claim| {
                let mut same = done().filter(|(run, _)| run.spec == *spec);
                same.any(|(run, _)| again(run, claim) == Some(true))
            }),
            ..Self::default()
        }
    }
}

impl Took {
    /// Nothing where the threads of a run on the CPU are not known, or where it changed its device.
    pub fn of(run: &Run) -> Option<Self> {
        let on = match run.devices.as_slice() {
            [only] => Hardware::parse(only)?,
            _ => return None,
        };
        let threads = (on == Hardware::Cpu).then_some(run.threads);
        (run.elapsed > 0.0 && threads != Some(0)).then(|| Self::new(run.elapsed, threads))
    }
}

impl Claim {
    /// What may be claimed of a run; nothing if it was never tested, or if its network was changed by hand.
    pub fn of(run: &Run) -> Option<Self> {
        let last = run.tests.last().filter(|_| !run.is_touched())?;
        let bytes: Vec<u8> = run
            .steps
            .losses
            .iter()
            .flat_map(|x| x.to_le_bytes())
            .collect();
        let device = match run.devices.as_slice() {
            [only] => Hardware::parse(only)?,
            _ => Hardware::Mixed,
        };
        Some(Self {
            accuracy: last.accuracy,
            loss: last.loss,
            steps: run.step(),
            digest: sha256(&bytes).get(..DIGITS)?.to_owned(),
            engine: engine().to_owned(),
            device,
            took: (run.spec.stop == Stop::Accuracy)
                .then(|| Took::of(run))
                .flatten(),
        })
    }

    /// Compares a run of the same experiment, of which `made` may be claimed, with this claim.
    ///
    /// On the CPU the same engine must give the same bits. Elsewhere sums are rounded in another
    /// order, and training amplifies that until the two are like runs with other seeds: they may be
    /// apart by two standard errors of the difference of two shares of `tested` images,
    /// 2·√(2·p·(1 − p)/n), and by one image at least. What another version of the engine claimed and
    /// this one does not come to is neither confirmed nor refuted.
    pub fn compare(&self, made: &Self, tested: u32) -> Reproduction {
        let same = self.accuracy.to_bits() == made.accuracy.to_bits()
            && self.loss.to_bits() == made.loss.to_bits()
            && (self.steps, &self.digest) == (made.steps, &made.digest);
        let same_engine = self.engine == made.engine;
        let exact = same_engine && (self.device, made.device) == (Hardware::Cpu, Hardware::Cpu);
        let (p, n) = (f64::from(self.accuracy), f64::from(tested.max(1)));
        let chance = 2.0 * (2.0 * p * (1.0 - p) / n).sqrt();
        let tolerance = if exact { 0.0 } else { chance.max(1.0 / n) };
        let accuracy = f64::from(made.accuracy) - p;
        // One image more or less must not fall out by a rounding.
        let close = accuracy.abs() <= tolerance + f64::from(f32::EPSILON);
        let loss = f64::from(made.loss) - f64::from(self.loss);
        let outcome = match (same, exact) {
            (true, _) => Outcome::Bits,
            (false, false) if close && self.steps == made.steps => Outcome::Within,
            _ if same_engine => Outcome::Apart,
            _ => Outcome::Other,
        };
        Reproduction {
            outcome,
            accuracy,
            loss,
            tolerance,
            said: match outcome {
                Outcome::Bits => "bits",
                Outcome::Within => "within",
                Outcome::Apart if accuracy == 0.0 && loss == 0.0 => "apart.curve",
                Outcome::Apart if exact => "apart.exact",
                Outcome::Apart => "apart.chance",
                Outcome::Other => "version",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Choices, ExperimentSpec};
    use crate::runs::Test;

    fn ended(device: &str) -> Run {
        let mut run = Run::new(ExperimentSpec::default(), Choices::new(), device);
        run.steps.losses = vec![2.25, 1.5, 0.1];
        run.tests = vec![Test {
            step: 3,
            samples: 192,
            seconds: 1.0,
            accuracy: 0.974_5,
            loss: 0.083_2,
            count: 2_000,
        }];
        run
    }

    fn claim(device: &str) -> Claim {
        Claim::of(&ended(device)).unwrap()
    }

    #[test]
    fn a_claim_is_what_the_run_came_to() {
        let text = claim("cpu").to_string();
        assert!(text.starts_with("0.9745,0.0832,3,"), "{text}");
        assert_eq!(Claim::parse(&text).unwrap(), claim("cpu"));
    }

    #[test]
    fn one_other_loss_gives_another_digest() {
        let mut other = ended("cpu");
        other.steps.losses[1] = f32::from_bits(1.5_f32.to_bits() + 1);
        assert_ne!(Claim::of(&other).unwrap().digest, claim("cpu").digest);
        other.tests.clear();
        assert_eq!(Claim::of(&other), None);
    }

    #[test]
    fn on_the_cpu_only_the_same_bits_are_the_same() {
        let claimed = claim("cpu");
        assert_eq!(claimed.compare(&claimed, 2_000).outcome, Outcome::Bits);
        let near = Claim {
            loss: 0.083_3,
            ..claimed.clone()
        };
        let found = claimed.compare(&near, 2_000);
        assert_eq!((found.outcome, found.tolerance), (Outcome::Apart, 0.0));
        assert!((found.loss - 1e-4).abs() < 1e-6);
        assert_eq!(found.said, "apart.exact");
        let other_way = Claim {
            digest: "0".repeat(DIGITS),
            ..claimed.clone()
        };
        assert_eq!(claimed.compare(&other_way, 2_000).said, "apart.curve");
    }

    #[test]
    fn elsewhere_the_accuracy_may_differ_by_what_chance_explains() {
        let claimed = claim("webgpu");
        let at = |accuracy| Claim {
            accuracy,
            digest: "0".repeat(DIGITS),
            ..claim("cpu")
        };
        // 2·√(2·0.9745·0.0255/2000) = 0.00997.
        let found = claimed.compare(&at(0.965), 2_000);
        assert_eq!(found.outcome, Outcome::Within);
        assert!((found.tolerance - 0.009_97).abs() < 1e-5, "{found:?}");
        assert_eq!(claimed.compare(&at(0.964), 2_000).said, "apart.chance");
        let later = Claim {
            engine: "9.0.0".into(),
            ..claim("cpu")
        };
        assert_eq!(later.compare(&at(0.98), 2_000).outcome, Outcome::Within);
    }

    #[test]
    fn one_image_is_never_too_far() {
        let all = Claim {
            accuracy: 1.0,
            ..claim("webgpu")
        };
        let one_less = Claim {
            accuracy: 0.99,
            ..all.clone()
        };
        assert_eq!(all.compare(&one_less, 100).outcome, Outcome::Within);
        assert_eq!(all.compare(&one_less, 1_000).outcome, Outcome::Apart);
    }

    #[test]
    fn the_engines_name_follows_from_what_it_computes() {
        let (version, digest) = engine().split_once('-').unwrap();
        assert_eq!((version, digest.len()), (env!("CARGO_PKG_VERSION"), 8));
        let text = claim("cpu").to_string();
        assert_eq!(Claim::parse(&text).unwrap().engine, engine(), "{text}");
    }

    #[test]
    fn what_another_version_claimed_is_not_refuted() {
        let made = claim("cpu");
        let older = Claim::parse("0.5,0.1,3,0123456789abcdef,0.1.0,cpu").unwrap();
        let found = older.compare(&made, 2_000);
        assert_eq!((found.outcome, found.said), (Outcome::Other, "version"));
        let near = Claim {
            accuracy: 0.97,
            ..older
        };
        assert_eq!(near.compare(&made, 2_000).outcome, Outcome::Within);
        let now = Claim {
            engine: engine().into(),
            ..near
        };
        assert_eq!(now.compare(&made, 2_000).outcome, Outcome::Apart);
    }
}
