//! Runs as a file: what a person downloads, and opens again in this or another browser.

use serde::{Deserialize, Serialize};

use crate::base::error::{Code, Problem, Result};
use crate::experiment::{Choices, ExperimentSpec, Task, resolve};
use crate::lab::results::{GradientNorms, Separated};

/// The version of files that this code writes.
pub const FORMAT: u32 = 1;

/// A file of runs.
#[derive(Serialize, Deserialize)]
struct File<Runs> {
    format: u32,
    runs: Runs,
}

/// A run with all that came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "camelCase")]
pub struct SavedRun {
    /// When it began: date and time as in ISO 8601.
    pub begun: String,
    /// The address of the page with its experiment.
    pub link: String,
    /// What it is called by.
    pub number: u32,
    /// What it is called by instead, if somebody gave it a name.
    #[serde(default)]
    pub label: Option<String>,
    /// Of the runs that were planned together.
    #[serde(default)]
    pub group: Option<String>,
    /// Whether it stays on top.
    #[serde(default)]
    pub pinned: bool,
    /// The experiment, as it was chosen.
    pub choices: Choices,
    /// On which it ran.
    pub devices: Vec<String>,
    /// How far it came.
    pub state: SavedState,
    /// Trainable numbers.
    pub parameters: usize,
    /// Multiplications with an addition, for one image; 0 where that is not known.
    #[serde(default)]
    pub multiply_adds: u64,
    /// Batches in a pass over the training images.
    pub steps_per_epoch: u32,
    /// Batches in all, if it goes on to its end.
    pub total_steps: u32,
    /// The loss of each step's batch.
    pub losses: Vec<f64>,
    /// Its accuracy.
    pub accuracies: Vec<f64>,
    /// Training images seen up to each step.
    pub samples: Vec<u32>,
    /// Seconds of work up to each step.
    pub seconds: Vec<f64>,
    /// The tests, in order.
    pub tests: Vec<SavedTest>,
    /// Paths of the layers with weights.
    #[serde(default)]
    pub layers: Vec<String>,
    /// Their gradients' L2 norms, at some steps.
    #[serde(default)]
    pub gradients: Vec<GradientNorms>,
    /// What was behind each nonlinearity, whenever somebody looked.
    #[serde(default)]
    pub activations: Vec<SavedLook>,
    /// Seconds of work.
    pub elapsed: f64,
    /// Seconds of it without testing.
    pub training: f64,
    /// How well the classes are apart in its layers, if it was looked inside for a lab.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub separable: Option<Separated>,
    /// Why it broke down, if it did.
    #[serde(default)]
    pub problem: Option<Problem>,
}

/// A run with what follows from its choices, so that files stay good when experiments get new fields.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct WholeRun {
    /// What was saved.
    #[serde(flatten)]
    pub saved: SavedRun,
    /// The whole experiment.
    pub spec: ExperimentSpec,
    /// What its accuracies mean.
    pub task: Task,
}

/// How far a run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum SavedState {
    /// It has not made a step.
    Starting,
    /// It was on.
    Training,
    /// Somebody paused it.
    Paused,
    /// It came to its end.
    Done,
    /// It was given up.
    Stopped,
    /// It broke down.
    Failed,
}

/// The outcome of one test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct SavedTest {
    /// After how many steps.
    pub step: u32,
    /// After how many training images.
    pub samples: u32,
    /// After how many seconds.
    pub seconds: f64,
    /// Mean loss.
    pub loss: f64,
    /// Share that is right, or mean intersection over union: 0 to 1.
    pub accuracy: f64,
    /// How many images there are.
    pub count: u32,
}

/// What was behind each nonlinearity after some steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct SavedLook {
    /// After how many.
    pub step: u32,
    /// Each nonlinearity.
    pub layers: Vec<SavedStatistics>,
}

/// What the outputs of one layer were like: as `inside::Statistics`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct SavedStatistics {
    /// Which layer.
    pub row: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation.
    pub deviation: f64,
    /// The share of channels that are dead.
    pub dead: Option<f64>,
}

/// The text of a file with these runs.
///
/// # Errors
/// [`Code::Internal`] if a number has no JSON.
pub fn write(runs: Vec<SavedRun>) -> Result<String> {
    let runs = runs.into_iter().map(WholeRun::from);
    let file = File {
        format: FORMAT,
        runs: runs.collect::<Vec<_>>(),
    };
    serde_json::to_string(&file).map_err(Problem::internal)
}

/// The runs of a file's text.
///
/// # Errors
/// [`Code::NotRuns`] if it is no such file; [`Code::LaterFile`] if a later version wrote it;
/// [`Code::BadRun`] if one of its runs contradicts itself.
pub fn read(text: &str) -> Result<Vec<WholeRun>> {
    let not_runs = |error: serde_json::Error| Problem::new(Code::NotRuns).with("detail", error);
    let File { format, .. } =
        serde_json::from_str::<File<serde::de::IgnoredAny>>(text).map_err(not_runs)?;
    if format > FORMAT {
        let problem = Problem::new(Code::LaterFile).with("version", format);
        return Err(problem.with("known", FORMAT));
    }
    let File { runs, .. } = serde_json::from_str::<File<Vec<SavedRun>>>(text).map_err(not_runs)?;
    let checked = (1..).zip(runs).map(|(number, run)| {
        let bad = |detail| {
            Problem::new(Code::BadRun)
                .with("run", number)
                .with("detail", detail)
        };
        run.check().map_err(bad)?;
        Ok(WholeRun::from(run.exact()))
    });
    checked.collect()
}

impl From<SavedRun> for WholeRun {
    fn from(saved: SavedRun) -> Self {
        let spec = resolve(&saved.choices).spec;
        Self {
            task: spec.task(),
            spec,
            saved,
        }
    }
}

impl SavedRun {
    /// Losses and accuracies have single precision: what reading has rounded in the last place of a
    /// double is put back.
    fn exact(mut self) -> Self {
        let single = |value: &mut f64| *value = f64::from(*value as f32);
        self.losses.iter_mut().for_each(single);
        self.accuracies.iter_mut().for_each(single);
        for test in &mut self.tests {
            single(&mut test.loss);
            single(&mut test.accuracy);
        }
        self
    }

    /// Whether its parts belong together; else which does not.
    fn check(&self) -> std::result::Result<(), String> {
        let steps = self.losses.len();
        let within = |name: &str, step: u32| match step as usize <= steps {
            true => Ok(()),
            false => Err(format!("{name}: step {step} of {steps}")),
        };
        if let Some(problem) = resolve(&self.choices).problems.first() {
            let field = problem.field.as_deref().unwrap_or("choices");
            return Err(format!("{field}: {}", problem.code.text()));
        }
        for (name, found) in [
            ("accuracies", self.accuracies.len()),
            ("samples", self.samples.len()),
            ("seconds", self.seconds.len()),
        ] {
            if found != steps {
                return Err(format!("{name}: {found} of {steps}"));
            }
        }
        if self.devices.is_empty() {
            return Err("devices".to_owned());
        }
        if steps > self.total_steps as usize {
            return Err(format!("totalSteps: {steps} of {}", self.total_steps));
        }
        self.tests
            .iter()
            .try_for_each(|test| within("tests", test.step))?;
        for gradients in &self.gradients {
            within("gradients", gradients.step)?;
            if gradients.norms.len() != self.layers.len() {
                return Err("gradients".to_owned());
            }
        }
        for look in &self.activations {
            within("activations", look.step)?;
            if look.layers.len() != self.activations[0].layers.len() {
                return Err("activations".to_owned());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Value;

    fn run() -> SavedRun {
        SavedRun {
            begun: "2026-11-24T12:00:00.000Z".to_owned(),
            link: "https://example.org/#v=1&net=mlp".to_owned(),
            number: 3,
            label: Some("mine".to_owned()),
            group: None,
            pinned: true,
            choices: Choices::from([("net".to_owned(), Value::Word("mlp".to_owned()))]),
            devices: vec!["cpu".to_owned()],
            state: SavedState::Failed,
            parameters: 10,
            multiply_adds: 20,
            steps_per_epoch: 2,
            total_steps: 4,
            losses: vec![1.864_623_665_809_631_3, 1.938_430_547_714_233_4],
            accuracies: vec![0.125, 0.25],
            samples: vec![16, 32],
            seconds: vec![0.5, 1.0],
            tests: vec![SavedTest {
                step: 2,
                samples: 32,
                seconds: 1.5,
                loss: 1.987_555_265_426_635_7,
                accuracy: 0.270_000_010_728_836_06,
                count: 100,
            }],
            layers: vec!["fc1".to_owned()],
            gradients: vec![GradientNorms {
                step: 1,
                norms: vec![0.25],
            }],
            activations: vec![SavedLook {
                step: 2,
                layers: vec![SavedStatistics {
                    row: 2,
                    mean: 0.5,
                    deviation: 0.25,
                    dead: Some(0.0),
                }],
            }],
            elapsed: 2.0,
            training: 1.0,
            separable: None,
            problem: Some(
                Problem::new(Code::NotFinite)
                    .with("step", 3)
                    .with("last", 0.5),
            ),
        }
    }

    /// The code and the detail with which a changed run is refused.
    fn refused(change: impl Fn(&mut SavedRun)) -> (Code, String) {
        let mut run = run();
        change(&mut run);
        let problem = read(&write(vec![run]).unwrap()).unwrap_err();
        assert_eq!(problem.params["run"], "1");
        (problem.code, problem.params["detail"].clone())
    }

    #[test]
    fn runs_come_back_as_they_went() {
        let back = read(&write(vec![run(), run()]).unwrap()).unwrap();
        assert_eq!(back[0].saved, run());
        assert_eq!(back[0], back[1]);
        assert_eq!(back[0].spec.net, crate::experiment::Family::Mlp);
    }

    #[test]
    fn what_a_file_of_earlier_days_lacks_has_its_default() {
        let text = write(vec![run()]).unwrap();
        let mut file: serde_json::Value = serde_json::from_str(&text).unwrap();
        let old = file["runs"][0].as_object_mut().unwrap();
        for key in ["activations", "label", "spec", "multiplyAdds", "task"] {
            assert!(old.remove(key).is_some(), "{key}");
        }
        old.insert("masks".to_owned(), serde_json::Value::Null);
        let [back] = &read(&file.to_string()).unwrap()[..] else {
            panic!()
        };
        assert_eq!(back.saved.label, None);
        assert_eq!(back.saved.losses, run().losses);
        assert_eq!(back.spec, WholeRun::from(run()).spec);
    }

    #[test]
    fn what_is_no_file_of_runs_is_refused() {
        for text in [
            "",
            "[]",
            "{\"format\": 1}",
            "{\"runs\": []}",
            "{\"format\": 1, \"runs\": [{}]}",
        ] {
            assert_eq!(read(text).unwrap_err().code, Code::NotRuns, "{text}");
        }
        let later = read("{\"format\": 2, \"runs\": {}}").unwrap_err();
        assert_eq!(
            (later.code, later.params["version"].as_str()),
            (Code::LaterFile, "2")
        );
    }

    #[test]
    fn a_run_that_contradicts_itself_is_refused() {
        let of = |detail: &str| (Code::BadRun, detail.to_owned());
        assert_eq!(
            refused(|run| run.samples.truncate(1)),
            of("samples: 1 of 2")
        );
        assert_eq!(
            refused(|run| run.tests[0].step = 9),
            of("tests: step 9 of 2")
        );
        assert_eq!(
            refused(|run| run.gradients[0].norms.clear()),
            of("gradients")
        );
        assert_eq!(refused(|run| run.total_steps = 1), of("totalSteps: 2 of 1"));
        let absurd = |run: &mut SavedRun| {
            run.choices.insert("lr".to_owned(), Value::Number(-1.0));
        };
        assert_eq!(refused(absurd), of("lr: out-of-range"));
    }
}
