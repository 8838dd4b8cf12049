//! One batch, in training and in testing.

use std::collections::BTreeSet;

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::Device;
use super::feed::Given;
use super::gradients;
use super::optimizer::{Memory, Optimizer};
use crate::arch::touch::{self, Touch, Touched};
use crate::arch::{AUXILIARY_WEIGHT, Shaped};
use crate::base::error::{Problem, Result};
use crate::experiment::ExperimentSpec;
use crate::kernels::numbers;
use crate::nn::{Network, State};
use crate::operation::{Draw, Mode};

/// A network and its optimizer.
pub(super) struct Learner {
    network: Network,
    optimizer: Optimizer,
    /// Label smoothing, while learning only.
    smoothing: f64,
    /// Running statistics that stay as they are, by their place in the network.
    still: BTreeSet<usize>,
}

/// The whole state of a learner, on the host: enough to continue on another device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Snapshot {
    state: State,
    memory: Memory,
}

impl Snapshot {
    /// A network's first numbers, before a step.
    pub(super) fn first(state: State) -> Self {
        Self {
            state,
            memory: Memory::default(),
        }
    }

    /// Changes the network as a person does, `past` being the changes before. An optimizer's moments stay, but for those of what
    /// is switched off.
    ///
    /// # Errors
    /// As [`touch::touch`]; [`crate::base::error::Code::Internal`] if it is another network's.
    pub(super) fn touch(
        &mut self,
        (spec, plan): (&ExperimentSpec, &Shaped),
        past: &[Touched],
        touches: &[Touch],
    ) -> Result<()> {
        if !self.state.fits(plan) || !self.memory.fits(&self.state.weights) {
            return Err(Problem::internal("the weights belong to another network"));
        }
        let past: Vec<Touch> = past.iter().map(|touched| touched.touch).collect();
        let first = || State::draw(plan, spec.init, spec.seed).weights;
        let holds = touch::touch(plan, (&past, touches), &mut self.state.weights, first)?;
        self.memory.still(&holds.arrays);
        Ok(())
    }
}

/// The result of one batch, still on the device: its mean loss, the sum of its scores, and the norm of
/// each layer's gradient if that was asked for.
///
/// Reading it waits for the device, so several are read together, with [`read`].
pub(super) struct Measured(Tensor<1>);

/// The result of one batch.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    /// Mean cross-entropy, in nats; in training, with smoothed labels, and without what auxiliary classifiers add.
    pub(super) loss: f32,
    /// The sum of the samples' scores, each 0 to 1: right or wrong, or the intersection over union of masks.
    pub(super) score: f32,
    /// The L2 norm of each layer's gradient; nothing if it was not asked for.
    pub(super) norms: Vec<f32>,
}

/// Reads the results of some batches, in order, in one transfer.
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
    /// A network of this plan with its initial weights, which follow from the spec's seed.
    pub(super) fn new(spec: &ExperimentSpec, plan: Shaped, device: &Device) -> Self {
        let state = State::draw(&plan, spec.init, spec.seed);
        Self::with(spec, plan, &state, device)
    }

    /// A network of this plan with this state.
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
            smoothing: spec.smoothing,
            still: BTreeSet::new(),
        }
    }

    /// Leaves from now on as it is what these touches hold.
    ///
    /// # Errors
    /// As [`touch::holds`], for touches that the network does not take.
    pub(super) fn hold(&mut self, touches: &[Touched]) -> Result<()> {
        let touches: Vec<Touch> = touches.iter().map(|touched| touched.touch).collect();
        let holds = touch::holds(self.network.plan(), &touches)?;
        self.optimizer.hold(&self.network, &holds.arrays);
        self.still = holds.statistics;
        self.network.cut(holds.cut);
        Ok(())
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
        if !snapshot.state.fits(&plan) || !snapshot.memory.fits(&snapshot.state.weights) {
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

    /// One training step: forward, backward, and an update of every weight at this learning rate.
    /// The result was measured before the weights changed; `watched` asks for gradient norms too.
    pub(super) fn step(&mut self, given: Given, rate: f64, draw: Draw, watched: bool) -> Measured {
        let images = Tensor::from_inner(given.images);
        let mode = Mode::Training { draw };
        let before = self.still.iter();
        let before = before.map(|&at| (at, self.network.statistics()[at].clone()));
        let before: Vec<_> = before.collect();
        let (logits, auxiliary) = self.network.forward_with_auxiliary(images, mode);
        for (at, pair) in before {
            self.network.set_statistics(at, pair);
        }
        let measure = |logits| given.objective.measure(logits, self.smoothing);
        let outcome = measure(logits);
        let mut measured = outcome.clone().inner();
        let learned = auxiliary.into_iter().fold(outcome, |learned, logits| {
            learned + measure(logits).mul_scalar(AUXILIARY_WEIGHT)
        });
        let mut gradients = learned.backward();
        if watched {
            let norms = gradients::norms(&self.network, &gradients);
            measured = Tensor::cat(vec![measured, norms], 0);
        }
        self.optimizer.step(&mut self.network, &mut gradients, rate);
        Measured(measured)
    }

    /// The result of a test batch.
    pub(super) fn judge(&mut self, given: Given) -> Measured {
        let logits = self.network.forward(given.images, Mode::Testing);
        Measured(given.objective.measure(logits, 0.0))
    }

    /// The logits `[batch, outputs]` and scores `[batch]` of a small batch.
    ///
    /// # Errors
    /// [`crate::base::error::Code::Internal`] if the device does not answer.
    pub(super) async fn answer(&mut self, given: Given) -> Result<(Vec<f32>, Vec<f32>)> {
        let logits = self.network.forward(given.images, Mode::Testing);
        let scores = given.objective.scores(logits.clone());
        Ok((numbers(logits).await?, numbers(scores).await?))
    }

    /// The network's state, copied to the host.
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

    /// The whole state, copied to the host.
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
