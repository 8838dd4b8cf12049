//! What a finished run came to, as a link carries it, and whether another run comes to the same.
//!
//! `result=0.9745,0.0832,626,9f86d081884c7d65,0.1.0-1f2e3d4c,cpu`: test accuracy, test loss, steps, the
//! digest of the loss curve, the engine's version, what it ran on.

use std::fmt;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::ExperimentSpec;
use super::choice::choice;
use crate::base::error::{Code, Problem, Result, shown};
use crate::base::sha256;

choice! {
    /// What a run was made on.
    Hardware {
        /// The CPU, on which the same engine gives the same losses to the last bit.
        Cpu = "cpu",
        /// A GPU, each kind of which rounds in its own way.
        Webgpu = "webgpu",
        /// One after the other: the GPU went away.
        Mixed = "mixed",
    }
}

choice! {
    /// Whether a run came to what was claimed.
    Outcome {
        /// Every loss and the test are the same.
        Bits = "bits",
        /// The accuracies are as close as can be expected.
        Within = "within",
        /// They are not.
        Apart = "apart",
        /// They are not, and need not be: another version of the engine made the claim.
        Other = "other",
    }
}

/// Hexadecimal digits of the digest: 64 bits tell curves apart that nobody forges.
const DIGITS: usize = 16;

/// The longest version that is read, in bytes.
const LONGEST_VERSION: usize = 20;

/// The version of the engine: the package's, and the start of the digest of what it computes, so that a
/// change of the numbers is another version by itself.
pub fn engine() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let golden = sha256(include_bytes!("../../tests/fixtures/golden.txt"));
        format!("{}-{}", env!("CARGO_PKG_VERSION"), &golden[..8])
    })
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Claim {
    /// Accuracy of the last test, 0 to 1.
    pub accuracy: f32,
    /// Its mean loss, in nats.
    pub loss: f32,
    /// Steps made.
    pub steps: u32,
    /// The first 64 bits of the SHA-256 of every step's loss, as little-endian 32-bit floats, in
    /// hexadecimal digits.
    pub digest: String,
    /// The version of the engine, as [`engine`] gives it; older ones are a package's version alone.
    pub engine: String,
    /// What it ran on.
    pub device: Hardware,
}

/// A run that is over.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Ended {
    /// The loss of each step's batch.
    pub losses: Vec<f32>,
    /// The tests, in order.
    pub tests: Vec<Score>,
    /// Words of the devices on which it ran.
    pub devices: Vec<String>,
}

/// The outcome of a test, in full precision.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Score {
    /// Share that is right, 0 to 1.
    pub accuracy: f32,
    /// Mean loss.
    pub loss: f32,
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

impl Claim {
    /// What may be claimed of a run; nothing if it was never tested.
    pub fn of(run: &Ended) -> Option<Self> {
        let last = run.tests.last()?;
        let bytes: Vec<u8> = run.losses.iter().flat_map(|x| x.to_le_bytes()).collect();
        let device = match run.devices.as_slice() {
            [only] => Hardware::parse(only)?,
            _ => Hardware::Mixed,
        };
        Some(Self {
            accuracy: last.accuracy,
            loss: last.loss,
            steps: u32::try_from(run.losses.len()).ok()?,
            digest: sha256(&bytes).get(..DIGITS)?.to_owned(),
            engine: engine().to_owned(),
            device,
        })
    }

    /// Reads what a link says.
    ///
    /// # Errors
    /// [`Code::BadResult`] where that is nothing that [`Claim`]'s text form can be.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = || {
            let problem = Problem::new(Code::BadResult).about("result");
            problem.with("value", shown(text))
        };
        let parts: Vec<&str> = text.split(',').collect();
        let [accuracy, loss, steps, digest, engine, device] = parts[..] else {
            return Err(bad());
        };
        let number = |text: &str| text.parse::<f32>().ok().filter(|number| *number >= 0.0);
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let is_version = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
        let sound = digest.len() == DIGITS
            && digest.bytes().all(is_digit)
            && (1..=LONGEST_VERSION).contains(&engine.len())
            && engine.bytes().all(is_version);
        if !sound {
            return Err(bad());
        }
        Ok(Self {
            accuracy: number(accuracy).filter(|x| *x <= 1.0).ok_or_else(bad)?,
            loss: number(loss).filter(|x| x.is_finite()).ok_or_else(bad)?,
            steps: steps.parse().ok().filter(|x| *x > 0).ok_or_else(bad)?,
            digest: digest.to_owned(),
            engine: engine.to_owned(),
            device: Hardware::parse(device).ok_or_else(bad)?,
        })
    }

    /// Whether this can be the result of that experiment.
    ///
    /// # Errors
    /// [`Code::ResultDiffers`] where the steps are others. A data set of one's own may be smaller
    /// than the experiment asks for, so that anything fewer is possible there.
    pub fn check(&self, spec: &ExperimentSpec) -> Result<()> {
        let (steps, planned) = (self.steps, spec.total_steps());
        let bounded = spec.data.shape().is_none();
        if steps == planned || (bounded && steps < planned) {
            return Ok(());
        }
        let problem = Problem::new(Code::ResultDiffers).about("result");
        Err(problem.with("steps", steps).with("expected", planned))
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

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let device = self.device.word();
        write!(
            f,
            "{},{},{},{},{},{device}",
            self.accuracy, self.loss, self.steps, self.digest, self.engine
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(device: &str) -> Ended {
        Ended {
            losses: vec![2.25, 1.5, 0.1],
            tests: vec![Score {
                accuracy: 0.974_5,
                loss: 0.083_2,
            }],
            devices: vec![device.to_owned()],
        }
    }

    fn claim(device: &str) -> Claim {
        Claim::of(&ended(device)).unwrap()
    }

    #[test]
    fn a_claim_comes_back_from_its_text_bit_by_bit() {
        let text = claim("cpu").to_string();
        assert!(text.starts_with("0.9745,0.0832,3,"), "{text}");
        assert_eq!(Claim::parse(&text).unwrap(), claim("cpu"));
        let tiny = Claim {
            loss: f32::from_bits(1),
            accuracy: 1.0 / 3.0,
            ..claim("webgpu")
        };
        assert_eq!(Claim::parse(&tiny.to_string()).unwrap(), tiny);
    }

    #[test]
    fn what_is_no_claim_is_refused() {
        let good = "0.5,0.1,3,0123456789abcdef,0.1.0,cpu";
        assert!(Claim::parse(good).is_ok());
        for (from, to) in [
            ("0.5", "1.5"),
            ("0.5", "-0.5"),
            ("0.5", "NaN"),
            ("0.1,3", "inf,3"),
            (",3,", ",0,"),
            (",3,", ",3.5,"),
            ("abcdef", "ABCDEF"),
            ("abcdef", "abc"),
            ("0.1.0", "<b>"),
            ("0.1.0", ""),
            ("cpu", "tpu"),
            ("cpu", "cpu,more"),
        ] {
            let text = good.replacen(from, to, 1);
            assert_eq!(
                Claim::parse(&text).unwrap_err().code,
                Code::BadResult,
                "{text}"
            );
        }
    }

    #[test]
    fn one_other_loss_gives_another_digest() {
        let mut other = ended("cpu");
        other.losses[1] = f32::from_bits(1.5_f32.to_bits() + 1);
        assert_ne!(Claim::of(&other).unwrap().digest, claim("cpu").digest);
        other.tests.clear();
        assert_eq!(Claim::of(&other), None);
    }

    #[test]
    fn the_steps_must_be_those_of_the_experiment() {
        let spec = ExperimentSpec {
            stop: super::super::Stop::Steps,
            steps: 3,
            ..Default::default()
        };
        assert!(claim("cpu").check(&spec).is_ok());
        let longer = ExperimentSpec { steps: 4, ..spec };
        let problem = claim("cpu").check(&longer).unwrap_err();
        assert_eq!(problem.code, Code::ResultDiffers);
        let own = ExperimentSpec {
            data: super::super::DataSet::File,
            ..longer
        };
        assert!(claim("cpu").check(&own).is_ok());
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
}
