//! What one batch does: to a network that learns, and to one that is judged.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::Device;
use super::feed::Given;
use super::gradients;
use super::optimizer::{Memory, Optimizer};
use crate::arch::Shaped;
use crate::base::error::{Problem, Result};
use crate::experiment::ExperimentSpec;
use crate::nn::{Draw, Mode, Network, State, numbers};

/// A network, and the optimizer that moves its weights.
pub(super) struct Learner {
    network: Network,
    optimizer: Optimizer,
}

/// Everything that a learner knows, on the host: enough to go on elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Snapshot {
    state: State,
    memory: Memory,
}

/// What one batch gave, still on the device: its mean loss, the sum of its scores, and the norm of
/// each layer's gradient if that was asked for.
///
/// Reading it waits for the device, so several are read together, with [`read`].
pub(super) struct Measured(Tensor<1>);

/// What one batch gave.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    /// Mean cross-entropy, in nats.
    pub(super) loss: f32,
    /// The sum of the samples' scores, each 0 to 1: how many were right, or their masks' overlap.
    pub(super) score: f32,
    /// The L2 norm of each layer's gradient; nothing if it was not asked for.
    pub(super) norms: Vec<f32>,
}

/// Reads what some batches gave, in their order, in one transfer.
///
/// # Errors
/// [`crate::base::error::Code::Internal`] if the device does not answer.
pub(super) async fn read(measured: Vec<Measured>) -> Result<Vec<Outcome>> {
    if measured.is_empty() {
        return Ok(Vec::new());
    }
    let lengths: Vec<usize> = measured.iter().map(|each| each.0.dims()[0]).collect();
    let all = Tensor::cat(measured.into_iter().map(|each| each.0).collect(), 0);
    let mut values = numbers(all).await?.into_iter();
    let outcomes = lengths.into_iter().filter_map(|length| {
        let (loss, score) = (values.next()?, values.next()?);
        Some(Outcome {
            loss,
            score,
            norms: values.by_ref().take(length - 2).collect(),
        })
    });
    Ok(outcomes.collect())
}

impl Learner {
    /// The network of this plan with its first weights, which follow from the spec's seed.
    pub(super) fn new(spec: &ExperimentSpec, plan: Shaped, device: &Device) -> Self {
        let state = State::draw(&plan, spec.seed);
        Self::with(spec, plan, &state, device)
    }

    /// The network of this plan with these numbers.
    pub(super) fn with(
        spec: &ExperimentSpec,
        plan: Shaped,
        state: &State,
        device: &Device,
    ) -> Self {
        let network = Network::new(plan, state, &device.with_gradients());
        Self {
            network,
            optimizer: Optimizer::new(spec),
        }
    }

    /// A learner that continues from a snapshot of the same network.
    ///
    /// # Errors
    /// [`crate::base::error::Code::Internal`] if the snapshot is another network's.
    pub(super) fn restore(
        spec: &ExperimentSpec,
        plan: Shaped,
        snapshot: &Snapshot,
        device: &Device,
    ) -> Result<Self> {
        if !snapshot.state.fits(&plan) {
            return Err(Problem::internal(
                "the checkpoint belongs to another network",
            ));
        }
        let mut learner = Self::with(spec, plan, &snapshot.state, device);
        learner
            .optimizer
            .remember(&snapshot.memory, &device.inner());
        Ok(learner)
    }

    /// The network as it is.
    pub(super) fn network(&self) -> &Network {
        &self.network
    }

    /// One step of learning: forward, backward, and every weight moved at this learning rate.
    /// The result was measured before the weights changed; `watched` asks for gradient norms too.
    pub(super) fn step(&mut self, given: Given, rate: f64, draw: Draw, watched: bool) -> Measured {
        let images = Tensor::from_inner(given.images);
        let logits = self.network.forward(images, Mode::Training { draw });
        let outcome = given.objective.measure(logits);
        let mut measured = outcome.clone().inner();
        let mut gradients = outcome.backward();
        if watched {
            let norms = gradients::norms(&self.network, &gradients);
            measured = Tensor::cat(vec![measured, norms], 0);
        }
        self.optimizer.step(&mut self.network, &mut gradients, rate);
        Measured(measured)
    }

    /// What the network makes of a batch, without learning from it.
    pub(super) fn judge(&mut self, given: Given) -> Measured {
        let logits = self.network.forward(given.images, Mode::Testing);
        Measured(given.objective.measure(logits))
    }

    /// What the network makes of a small batch: `[batch, outputs]` logits and `[batch]` scores.
    ///
    /// # Errors
    /// [`crate::base::error::Code::Internal`] if the device does not answer.
    pub(super) async fn answer(&mut self, given: Given) -> Result<(Vec<f32>, Vec<f32>)> {
        let logits = self.network.forward(given.images, Mode::Testing);
        let scores = given.objective.scores(logits.clone());
        Ok((numbers(logits).await?, numbers(scores).await?))
    }

    /// Copies the network's numbers to the host.
    ///
    /// # Errors
    /// [`crate::base::error::Code::Internal`] if the device does not answer.
    pub(super) async fn state(&self) -> Result<State> {
        let mut weights = Vec::new();
        for array in self.network.weights() {
            weights.push(numbers(array.clone().inner()).await?);
        }
        let mut statistics = Vec::new();
        for [mean, variance] in self.network.statistics() {
            statistics.push([
                numbers(mean.clone()).await?,
                numbers(variance.clone()).await?,
            ]);
        }
        Ok(State {
            weights,
            statistics,
        })
    }

    /// Copies everything to the host.
    ///
    /// # Errors
    /// As [`Learner::state`].
    pub(super) async fn snapshot(&self) -> Result<Snapshot> {
        let (time, tensors) = self.optimizer.moments();
        let mut moments = Vec::new();
        for each in tensors {
            let mut arrays = Vec::new();
            for array in each {
                arrays.push(numbers(array.clone()).await?);
            }
            moments.push(arrays);
        }
        Ok(Snapshot {
            state: self.state().await?,
            memory: Memory { time, moments },
        })
    }
}
