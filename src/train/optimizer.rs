//! From gradients to new weights, one flat array at a time.

use burn::optim::{
    Adam, AdamConfig, AdamState, AdamW, AdamWConfig, AdamWState, AdaptiveMomentumState,
    Optimizer as Rule, decay::WeightDecayConfig,
};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::nn::flat;
use crate::spec::{ExperimentSpec, Optimizer as Choice};

/// As in PyTorch's `Adam` and `AdamW`.
const EPSILON: f32 = 1e-8;

/// An optimizer with its memory of each weight.
pub(super) enum Optimizer {
    Sgd(Sgd, Vec<Option<Tensor<1>>>),
    Adam(Adam, Vec<Option<AdamState<1>>>),
    AdamW(AdamW, Vec<Option<AdamWState<1>>>),
}

/// Stochastic gradient descent with momentum, as in PyTorch: `v ← µ·v + g`, `w ← w − rate·v`.
/// Sutskever et al. 2013, <https://proceedings.mlr.press/v28/sutskever13.html>. Ours, since a
/// checkpoint needs the velocity, which burn's keeps to itself.
pub(super) struct Sgd {
    momentum: f64,
    decay: f64,
}

/// An optimizer's memory, on the host.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Memory {
    /// Steps made.
    pub(super) time: usize,
    /// For each weight its moments: one array for SGD, two for Adam, none before the first step.
    pub(super) moments: Vec<Vec<Vec<f32>>>,
}

impl Optimizer {
    /// The optimizer of this spec for so many weights.
    pub(super) fn new(spec: &ExperimentSpec, weights: usize) -> Self {
        match spec.optimizer {
            Choice::Sgd => {
                let rule = Sgd {
                    momentum: spec.momentum,
                    decay: spec.decay,
                };
                Self::Sgd(rule, vec![None; weights])
            }
            Choice::Adam => {
                let penalty = (spec.decay > 0.0).then(|| WeightDecayConfig::new(spec.decay as f32));
                let config = AdamConfig::new()
                    .with_epsilon(EPSILON)
                    .with_weight_decay(penalty);
                Self::Adam(config.build(), vec![None; weights])
            }
            Choice::AdamW => {
                let config = AdamWConfig::new()
                    .with_epsilon(EPSILON)
                    .with_weight_decay(spec.decay as f32);
                Self::AdamW(config.build(), vec![None; weights])
            }
        }
    }

    /// The new value of weight `index`; neither tensor has gradients.
    pub(super) fn step(
        &mut self,
        index: usize,
        rate: f64,
        weight: Tensor<1>,
        gradient: Tensor<1>,
    ) -> Tensor<1> {
        match self {
            Self::Sgd(rule, velocities) => {
                rule.step(&mut velocities[index], rate, weight, gradient)
            }
            Self::Adam(rule, states) => step(rule, &mut states[index], rate, weight, gradient),
            Self::AdamW(rule, states) => step(rule, &mut states[index], rate, weight, gradient),
        }
    }

    /// Steps made, and the moments of each weight.
    pub(super) fn moments(&self) -> (usize, Vec<Vec<Tensor<1>>>) {
        let adaptive = |state: &AdaptiveMomentumState<1>| {
            (
                state.time,
                vec![state.moment_1.clone(), state.moment_2.clone()],
            )
        };
        let each: Vec<_> = match self {
            Self::Sgd(_, velocities) => velocities
                .iter()
                .map(|velocity| (1, velocity.iter().cloned().collect()))
                .collect(),
            Self::Adam(_, states) => states
                .iter()
                .map(|state| state.as_ref().map(|state| adaptive(&state.momentum)))
                .map(Option::unwrap_or_default)
                .collect(),
            Self::AdamW(_, states) => states
                .iter()
                .map(|state| state.as_ref().map(|state| adaptive(&state.momentum)))
                .map(Option::unwrap_or_default)
                .collect(),
        };
        let time = each.iter().map(|(time, _)| *time).max().unwrap_or_default();
        (time, each.into_iter().map(|(_, moments)| moments).collect())
    }

    /// Takes up a memory from elsewhere.
    pub(super) fn remember(&mut self, memory: &Memory, device: &Device) {
        let adaptive = |moments: &Vec<Vec<f32>>| match moments.as_slice() {
            [first, second] => Some(AdaptiveMomentumState::new(
                memory.time,
                flat(first, device),
                flat(second, device),
            )),
            _ => None,
        };
        let moments = memory.moments.iter();
        match self {
            Self::Sgd(_, velocities) => {
                for (velocity, moments) in velocities.iter_mut().zip(moments) {
                    *velocity = moments.first().map(|values| flat(values, device));
                }
            }
            Self::Adam(_, states) => {
                for (state, moments) in states.iter_mut().zip(moments) {
                    *state = adaptive(moments).map(AdamState::new);
                }
            }
            Self::AdamW(_, states) => {
                for (state, moments) in states.iter_mut().zip(moments) {
                    *state = adaptive(moments).map(AdamWState::new);
                }
            }
        }
    }
}

impl Sgd {
    fn step(
        &self,
        velocity: &mut Option<Tensor<1>>,
        rate: f64,
        weight: Tensor<1>,
        gradient: Tensor<1>,
    ) -> Tensor<1> {
        let mut moved = gradient;
        if self.decay > 0.0 {
            moved = moved + weight.clone().mul_scalar(self.decay);
        }
        if let Some(velocity) = velocity.take().filter(|_| self.momentum > 0.0) {
            moved = moved + velocity.mul_scalar(self.momentum);
        }
        *velocity = Some(moved.clone());
        weight - moved.mul_scalar(rate)
    }
}

fn step<R: Rule>(
    rule: &R,
    state: &mut Option<R::State<1>>,
    rate: f64,
    weight: Tensor<1>,
    gradient: Tensor<1>,
) -> Tensor<1> {
    let (weight, after) = rule.step(rate, weight, gradient, state.take());
    *state = after;
    weight
}
