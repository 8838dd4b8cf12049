//! A network that trains on given batches from given weights, so that other libraries can be measured on the
//! same work.

use super::Device;
use super::feed::Given;
use super::learner::{Learner, Measured, read};
use crate::arch;
use crate::base::ImageShape;
use crate::base::error::{Problem, Result};
use crate::data::Batch;
use crate::experiment::ExperimentSpec;
use crate::nn::State;
use crate::operation::Draw;

/// See the module.
pub struct Stepper {
    spec: ExperimentSpec,
    image: ImageShape,
    learner: Learner,
    device: Device,
    /// Steps made.
    step: u32,
    last: Option<Measured>,
}

impl Stepper {
    /// The network of a spec for images of this shape, with these weights (all arrays concatenated, in the
    /// network's order) or with the initial ones of the spec's seed.
    ///
    /// # Errors
    /// As [`arch::build`]; [`crate::base::error::Code::Internal`] if the network has another number of weights.
    pub fn new(
        spec: ExperimentSpec,
        image: ImageShape,
        classes: usize,
        weights: Option<&[f32]>,
        device: &Device,
    ) -> Result<Self> {
        let plan = arch::build(&spec, image, classes)?;
        let mut state = State::draw(&plan, spec.init, spec.seed);
        if let Some(weights) = weights {
            fill(&mut state.weights, weights)?;
        }
        Ok(Self {
            learner: Learner::with(&spec, plan, &state, device),
            spec,
            image,
            device: device.clone(),
            step: 0,
            last: None,
        })
    }

    /// One training step.
    pub fn step(&mut self, batch: Batch) {
        let draw = Draw {
            seed: self.spec.seed,
            step: self.step,
        };
        let rate = self.spec.learning_rate(self.step);
        self.last = Some(self.learner.step(self.given(batch), rate, draw, false));
        self.step += 1;
    }

    fn given(&self, batch: Batch) -> Given {
        Given::upload(batch, self.image, &self.device)
    }

    /// The loss of the last step, as soon as the device has done it; `None` if it was asked for before.
    ///
    /// # Errors
    /// [`crate::base::error::Code::Internal`] if the device does not answer.
    pub async fn loss(&mut self) -> Result<Option<f32>> {
        let outcomes = read(self.last.take().into_iter().collect()).await?;
        Ok(outcomes.first().map(|outcome| outcome.loss))
    }

    /// The number of right predictions in a test batch.
    ///
    /// # Errors
    /// [`crate::base::error::Code::Internal`] if the device does not answer.
    pub async fn right(&mut self, batch: Batch) -> Result<u32> {
        let outcomes = read(vec![self.learner.judge(self.given(batch))]).await?;
        Ok(outcomes.iter().map(|outcome| outcome.score as u32).sum())
    }
}

/// Overwrites these arrays with concatenated numbers.
fn fill(arrays: &mut [Vec<f32>], mut numbers: &[f32]) -> Result<()> {
    for array in arrays {
        let Some((values, behind)) = numbers.split_at_checked(array.len()) else {
            return Err(Problem::internal("there are too few weights"));
        };
        array.copy_from_slice(values);
        numbers = behind;
    }
    if !numbers.is_empty() {
        return Err(Problem::internal("there are too many weights"));
    }
    Ok(())
}
