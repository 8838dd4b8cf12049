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
use crate::base::{digest, sha256};

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

impl Claim {
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
        let [accuracy, loss, steps, losses, engine, device] = parts[..] else {
            return Err(bad());
        };
        let number = |text: &str| text.parse::<f32>().ok().filter(|number| *number >= 0.0);
        let is_version = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
        let sound = digest::is_short(losses)
            && (1..=LONGEST_VERSION).contains(&engine.len())
            && engine.bytes().all(is_version);
        if !sound {
            return Err(bad());
        }
        Ok(Self {
            accuracy: number(accuracy).filter(|x| *x <= 1.0).ok_or_else(bad)?,
            loss: number(loss).filter(|x| x.is_finite()).ok_or_else(bad)?,
            steps: steps.parse().ok().filter(|x| *x > 0).ok_or_else(bad)?,
            digest: losses.to_owned(),
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
        if spec.can_end_after(steps) || (bounded && steps < planned) {
            return Ok(());
        }
        let problem = Problem::new(Code::ResultDiffers).about("result");
        Err(problem.with("steps", steps).with("expected", planned))
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

    fn claim(device: &str) -> Claim {
        Claim::parse(&format!("0.9745,0.0832,3,0123456789abcdef,0.1.0,{device}")).unwrap()
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
}
