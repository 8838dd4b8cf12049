//! What a link claims of its experiment, and whether the run came to the same: in the page's words.

use cnn_playground::base::error::{Problem, Result};
use cnn_playground::event::Event;
use cnn_playground::experiment::claim::{Claim, Took};
use cnn_playground::experiment::{ExperimentSpec, Task};
use cnn_playground::runs::{Outcome, Reproduction, Run};

use crate::words::{self, Words};

/// A claim that is being checked, and the run so far.
pub(crate) struct Check {
    claim: Claim,
    run: Run,
}

impl Check {
    /// `device` is the word of what the run is made on.
    pub(crate) fn new(claim: Claim, spec: &ExperimentSpec, device: &str) -> Self {
        let run = Run::new(spec.clone(), spec.choices(), device);
        Self { claim, run }
    }

    /// Takes down what happened in the run.
    pub(crate) fn hear(&mut self, event: &Event) {
        self.run.apply(std::slice::from_ref(event), 0.0, 0.0);
    }

    /// How the run, which is over, compares.
    fn found(&self) -> Result<Reproduction> {
        let untested = || Problem::internal("the run was never tested");
        let made = Claim::of(&self.run).ok_or_else(untested)?;
        let tested = self.run.tests.last().ok_or_else(untested)?.count;
        Ok(self.claim.compare(&made, tested))
    }

    /// Whether it came to what was claimed, as far as that can be told.
    pub(crate) fn is_reproduced(&self) -> Result<bool> {
        Ok(self.found()?.outcome != Outcome::Apart)
    }

    /// What the link says.
    pub(crate) fn says(&self, words: &Words, task: Task) -> String {
        let Claim {
            accuracy,
            loss,
            steps,
            engine,
            device,
            took,
            ..
        } = &self.claim;
        let device = words::filled(words, &format!("choice.device.{}", device.word()), &[]);
        let params = [
            ("score", words::score(words, task)),
            ("accuracy", format!("{:.1}%", 100.0 * accuracy)),
            ("loss", format!("{loss:.3}")),
            ("steps", steps.to_string()),
            ("device", device),
            ("engine", engine.clone()),
        ];
        let said = words::filled(words, "claim.says", &params);
        match took {
            Some(took) => {
                let took = [("took", took_text(words, *took))];
                format!("{said} {}", words::filled(words, "claim.took", &took))
            }
            None => said,
        }
    }

    /// Whether the run came to the same, and by how much not.
    pub(crate) fn verdict(&self, words: &Words, task: Task) -> Result<String> {
        let Reproduction {
            accuracy,
            loss,
            tolerance,
            said,
            ..
        } = self.found()?;
        let params = [
            ("run", words::filled(words, "claim.run", &[])),
            ("score", words::score(words, task)),
            ("steps", self.claim.steps.to_string()),
            ("accuracy", format!("{:+.1}", 100.0 * accuracy)),
            ("loss", signed(loss)),
            ("tolerance", format!("{:.1}", 100.0 * tolerance)),
            ("engine", self.claim.engine.clone()),
        ];
        Ok(words::filled(words, &format!("claim.{said}"), &params))
    }

    /// The same as a line of JSON.
    pub(crate) fn json(&self) -> Result<String> {
        let line = serde_json::json!({
            "type": "claim", "claimed": self.claim, "reproduction": self.found()?,
        });
        Ok(line.to_string())
    }
}

/// How long a run took, and on what.
fn took_text(words: &Words, Took { seconds, threads }: Took) -> String {
    let seconds = [("value", format!("{seconds:.1}"))];
    let time = ("time", words::filled(words, "unit.seconds", &seconds));
    match threads {
        Some(threads) => {
            let params = [time, ("threads", threads.to_string())];
            words::filled(words, "took.cpu", &params)
        }
        None => words::filled(words, "took.gpu", &[time]),
    }
}

/// A difference with its sign and two digits that matter.
fn signed(difference: f64) -> String {
    if difference == 0.0 {
        return "0".to_owned();
    }
    let decimals = (1.0 - difference.abs().log10().floor()).max(0.0) as usize;
    format!("{difference:+.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of two steps, and what is claimed of it.
    fn check(change: impl Fn(&mut Claim)) -> Check {
        let events = [
            Event::Steps {
                first: 1,
                losses: vec![2.25, 1.5],
                accuracies: vec![0.1, 0.2],
                learning_rate: 0.001,
                samples: 32,
            },
            Event::Evaluated {
                step: 2,
                samples: 100,
                loss: 1.25,
                accuracy: 0.75,
            },
        ];
        let claim = Claim::parse("0.75,1.25,2,0123456789abcdef,0,cpu").unwrap();
        let mut check = Check::new(claim, &ExperimentSpec::default(), "cpu");
        events.iter().for_each(|event| check.hear(event));
        check.claim = Claim::of(&check.run).unwrap();
        change(&mut check.claim);
        check
    }

    #[test]
    fn says_what_is_claimed_and_what_came_of_it() {
        let words = words::english();
        let same = check(|_| {});
        let says = same.says(words, Task::Classify);
        assert!(
            says.starts_with("The link claims accuracy 75.0% and loss 1.250 after 2 steps on CPU"),
            "{says}"
        );
        let verdict = same.verdict(words, Task::Classify).unwrap();
        assert!(
            verdict.contains("reproduces it to the last bit"),
            "{verdict}"
        );
        assert!(same.is_reproduced().unwrap());

        let other = check(|claim| (claim.accuracy, claim.loss) = (0.25, 1.2512));
        let verdict = other.verdict(words, Task::Classify).unwrap();
        assert!(
            verdict.contains("does not reproduce it: accuracy +50.0 points, loss -0.0012."),
            "{verdict}"
        );
        assert!(!verdict.contains('{'), "{verdict}");
        assert!(!other.is_reproduced().unwrap());
        let json: serde_json::Value = serde_json::from_str(&other.json().unwrap()).unwrap();
        assert_eq!(json["reproduction"]["outcome"], "apart");
    }
}
