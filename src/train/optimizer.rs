//! From gradients to new weights: burn's optimizers, one flat array at a time.

use burn::optim::momentum::{MomentumConfig, MomentumState};
use burn::optim::{
    Adam, AdamConfig, AdamState, AdamW, AdamWConfig, AdamWState, AdaptiveMomentumState, Optimizer as Rule, Sgd,
    SgdConfig, SgdState, decay::WeightDecayConfig,
};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::nn::flat;
use crate::spec::{ExperimentSpec, Optimizer as Choice};

/// As in PyTorch's `Adam` and `AdamW`.
const EPSILON: f32 = 1e-8;

/// An optimizer with its memory of each weight.
pub(super) enum Optimizer {
    Sgd(Sgd, Vec<Option<SgdState<1>>>),
    Adam(Adam, Vec<Option<AdamState<1>>>),
    AdamW(AdamW, Vec<Option<AdamWState<1>>>),
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
        let penalty = (spec.decay > 0.0).then(|| WeightDecayConfig::new(spec.decay as f32));
        match spec.optimizer {
            Choice::Sgd => {
                let momentum = MomentumConfig { momentum: spec.momentum, dampening: 0.0, nesterov: false };
                let config = SgdConfig::new().with_momentum(Some(momentum)).with_weight_decay(penalty);
                Self::Sgd(config.build(), vec![None; weights])
            }
            Choice::Adam => {
                let config = AdamConfig::new().with_epsilon(EPSILON).with_weight_decay(penalty);
                Self::Adam(config.build(), vec![None; weights])
            }
            Choice::AdamW => {
                let config = AdamWConfig::new().with_epsilon(EPSILON).with_weight_decay(spec.decay as f32);
                Self::AdamW(config.build(), vec![None; weights])
            }
        }
    }

    /// The new value of weight `index`; neither tensor has gradients.
    pub(super) fn step(&mut self, index: usize, rate: f64, weight: Tensor<1>, gradient: Tensor<1>) -> Tensor<1> {
        match self {
            Self::Sgd(rule, states) => step(rule, &mut states[index], rate, weight, gradient),
            Self::Adam(rule, states) => step(rule, &mut states[index], rate, weight, gradient),
            Self::AdamW(rule, states) => step(rule, &mut states[index], rate, weight, gradient),
        }
    }

    /// Steps made, and the moments of each weight.
    pub(super) fn moments(&self) -> (usize, Vec<Vec<Tensor<1>>>) {
        let adaptive = |state: &AdaptiveMomentumState<1>| {
            (state.time, vec![state.moment_1.clone(), state.moment_2.clone()])
        };
        let each: Vec<_> = match self {
            Self::Sgd(_, states) => {
                let velocity = |state: &SgdState<1>| state.momentum.as_ref().map(|momentum| momentum.velocity.clone());
                states.iter().map(|state| (1, state.iter().filter_map(velocity).collect())).collect()
            }
            Self::Adam(_, states) => {
                states.iter().map(|s| s.as_ref().map(|s| adaptive(&s.momentum)).unwrap_or_default()).collect()
            }
            Self::AdamW(_, states) => {
                states.iter().map(|s| s.as_ref().map(|s| adaptive(&s.momentum)).unwrap_or_default()).collect()
            }
        };
        let time = each.iter().map(|(time, _)| *time).max().unwrap_or_default();
        (time, each.into_iter().map(|(_, moments)| moments).collect())
    }

    /// Takes up a memory from elsewhere.
    pub(super) fn remember(&mut self, memory: &Memory, device: &Device) {
        let adaptive = |moments: &Vec<Vec<f32>>| match moments.as_slice() {
            [first, second] => {
                Some(AdaptiveMomentumState::new(memory.time, flat(first, device), flat(second, device)))
            }
            _ => None,
        };
        match self {
            Self::Sgd(_, states) => {
                for (state, moments) in states.iter_mut().zip(&memory.moments) {
                    let velocity = moments.first().map(|values| MomentumState::new(flat(values, device)));
                    *state = velocity.map(|velocity| SgdState::new(Some(velocity)));
                }
            }
            Self::Adam(_, states) => {
                for (state, moments) in states.iter_mut().zip(&memory.moments) {
                    *state = adaptive(moments).map(AdamState::new);
                }
            }
            Self::AdamW(_, states) => {
                for (state, moments) in states.iter_mut().zip(&memory.moments) {
                    *state = adaptive(moments).map(AdamWState::new);
                }
            }
        }
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
