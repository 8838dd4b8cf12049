//! A run as it is kept, in a browser or in a file: what is read is checked, and what an earlier version did not have
//! yet is filled in.

use serde_json::{Map, Value};

use super::{Place, Run, RunState, Steps};
use crate::arch::MOST_WEIGHTS;
use crate::arch::touch::{MOST_TOUCHES, Touched};
use crate::base::error::{Code, Problem};
use crate::experiment::{ExperimentSpec, resolve};

/// Characters of a run's name: longer ones would push the figures of the table aside.
pub const LONGEST_NAME: usize = 60;

/// Seconds that nobody trains for: three years.
const LONGEST: f64 = 1e8;

/// Bytes of a layer's path that no network has.
const LONGEST_PATH: usize = 1000;

/// Multiplications that no network here has.
const MOST_MULTIPLY_ADDS: u64 = 1 << 50;

impl Run {
    /// Puts a run together that was kept in parts. `spec` is the experiment as it was written down: a field that it
    /// lacks follows from the choices, one that is not known is left out.
    ///
    /// # Errors
    /// [`Code::BadRun`] with what does not belong together, or lies outside of what can be.
    pub fn from_parts(
        mut self,
        place: Place,
        steps: Steps,
        spec: Option<&Map<String, Value>>,
    ) -> crate::base::error::Result<Self> {
        let bad = |detail: String| Problem::new(Code::BadRun).with("detail", detail);
        (self.place, self.steps) = (place, steps);
        self.spec = whole(resolve(&self.choices).spec, spec).map_err(bad)?;
        // As it was checked when the run began.
        self.spec.validate().map_err(|problem| {
            let field = problem.field.as_deref().unwrap_or("spec");
            bad(format!("{field}: {}", problem.code.text()))
        })?;
        self.label = self.label.as_deref().and_then(name);
        self.check().map_err(bad)?;
        Ok(self)
    }

    /// A run that was on when it was kept is stopped: whoever made it went away meanwhile.
    pub fn stopped(mut self) -> Self {
        if self.state.is_active() {
            self.state = RunState::Stopped;
        }
        self
    }

    /// Whether its parts belong together and can be; else which does not.
    fn check(&self) -> Result<(), String> {
        let steps = self.steps.losses.len();
        for (name, found) in [
            ("accuracies", self.steps.accuracies.len()),
            ("samples", self.steps.samples.len()),
            ("seconds", self.steps.seconds.len()),
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
        let within = |name: &str, step: u32| match step as usize <= steps {
            true => Ok(()),
            false => Err(format!("{name}: step {step} of {steps}")),
        };
        for test in &self.tests {
            within("tests", test.step)?;
            share("tests", test.accuracy)?;
            time("tests", test.seconds)?;
        }
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
        let accuracies = self.steps.accuracies.iter();
        accuracies
            .into_iter()
            .try_for_each(|value| share("accuracies", *value))?;
        let seconds = self.steps.seconds.iter();
        seconds
            .into_iter()
            .try_for_each(|value| time("seconds", *value))?;
        time("elapsed", self.elapsed)?;
        time("training", self.training)?;
        if self.touches.len() > MOST_TOUCHES {
            return Err(format!("touches: {}", self.touches.len()));
        }
        let long = |touched: &Touched| touched.layer.len() > LONGEST_PATH;
        if self.touches.iter().any(long) {
            return Err("touches: layer".to_owned());
        }
        if self.parameters > MOST_WEIGHTS as u64 {
            return Err(format!("parameters: {}", self.parameters));
        }
        if self.multiply_adds > MOST_MULTIPLY_ADDS {
            return Err(format!("multiplyAdds: {}", self.multiply_adds));
        }
        Ok(())
    }
}

/// A name as it may stand in the table; none if there is nothing in it.
pub(super) fn name(text: &str) -> Option<String> {
    let cut: String = text.trim().chars().take(LONGEST_NAME).collect();
    (!cut.is_empty()).then_some(cut)
}

/// An accuracy from 0 to 1; one that is not a number is kept as what it is.
fn share(name: &str, value: f32) -> Result<(), String> {
    match value.is_nan() || (0.0..=1.0).contains(&value) {
        true => Ok(()),
        false => Err(format!("{name}: accuracy {value}")),
    }
}

fn time(name: &str, seconds: f64) -> Result<(), String> {
    match (0.0..=LONGEST).contains(&seconds) {
        true => Ok(()),
        false => Err(format!("{name}: {seconds} s")),
    }
}

/// The experiment that was written down, over the one that follows from the choices.
fn whole(
    resolved: ExperimentSpec,
    written: Option<&Map<String, Value>>,
) -> Result<ExperimentSpec, String> {
    let Some(written) = written else {
        return Ok(resolved);
    };
    let Ok(Value::Object(mut known)) = serde_json::to_value(&resolved) else {
        return Ok(resolved);
    };
    for (key, value) in &mut known {
        if let Some(found) = written.get(key) {
            value.clone_from(found);
        }
    }
    serde_json::from_value(Value::Object(known)).map_err(|error| format!("spec: {error}"))
}
