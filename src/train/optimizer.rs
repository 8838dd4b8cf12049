//! From gradients to new weights, one flat array at a time.

use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use crate::nn::{AdamStep, adam, flat};
use crate::spec::{ExperimentSpec, Optimizer as Choice};

/// As in PyTorch's `Adam` and `AdamW`.
const EPSILON: f64 = 1e-8;
const BETAS: [f64; 2] = [0.9, 0.999];

/// An optimizer with its memory of each weight.
pub(super) struct Optimizer {
    rule: Rule,
    /// Steps begun.
    time: usize,
    /// For each weight its moments: one for SGD, two for Adam, none before the first step.
    moments: Vec<Vec<Tensor<1>>>,
}

/// Ours and not burn's, whose SGD keeps the velocity from a checkpoint.
#[derive(Debug, Clone, Copy)]
enum Rule {
    /// Stochastic gradient descent with momentum, as in PyTorch: `v ← µ·v + g`, `w ← w − rate·v`.
    /// Sutskever et al. 2013, <https://proceedings.mlr.press/v28/sutskever13.html>.
    Sgd { momentum: f64, decay: f64 },
    /// Kingma and Ba 2014, <https://arxiv.org/abs/1412.6980>; the weight decay is part of the gradient.
    Adam { decay: f64 },
    /// Loshchilov and Hutter 2017, <https://arxiv.org/abs/1711.05101>; the weights shrink by themselves.
    AdamW { decay: f64 },
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
        let decay = spec.decay;
        let rule = match spec.optimizer {
            Choice::Sgd => Rule::Sgd {
                momentum: spec.momentum,
                decay,
            },
            Choice::Adam => Rule::Adam { decay },
            Choice::AdamW => Rule::AdamW { decay },
        };
        Self {
            rule,
            time: 0,
            moments: vec![Vec::new(); weights],
        }
    }

    /// Begins a step; [`Optimizer::step`] makes it, weight by weight.
    pub(super) fn begin(&mut self) {
        self.time += 1;
    }

    /// The new value of weight `index`; neither tensor has gradients.
    pub(super) fn step(
        &mut self,
        index: usize,
        rate: f64,
        weight: Tensor<1>,
        gradient: Tensor<1>,
    ) -> Tensor<1> {
        let moments = std::mem::take(&mut self.moments[index]);
        let (weight, moments) = match self.rule {
            Rule::Sgd { momentum, decay } => {
                let velocity = moments.into_iter().next();
                let (weight, velocity) = sgd(weight, gradient, velocity, [rate, momentum, decay]);
                (weight, vec![velocity])
            }
            Rule::Adam { decay } => self.adam(weight, gradient, moments, rate, [decay, 0.0]),
            Rule::AdamW { decay } => self.adam(weight, gradient, moments, rate, [0.0, decay]),
        };
        self.moments[index] = moments;
        weight
    }

    fn adam(
        &self,
        weight: Tensor<1>,
        gradient: Tensor<1>,
        moments: Vec<Tensor<1>>,
        rate: f64,
        [penalty, decay]: [f64; 2],
    ) -> (Tensor<1>, Vec<Tensor<1>>) {
        let time = self.time as i32;
        let [first, second] = BETAS.map(|beta| 1.0 - beta.powi(time));
        let step = AdamStep {
            betas: BETAS,
            rate: rate * second.sqrt() / first,
            epsilon: EPSILON * second.sqrt(),
            penalty,
            shrink: 1.0 - rate * decay,
        };
        let moments = moments.try_into().unwrap_or_else(|_| {
            let zeros = gradient.zeros_like();
            [zeros.clone(), zeros]
        });
        let (weight, moments) = adam(weight, gradient, moments, step);
        (weight, moments.into())
    }

    /// Steps made, and the moments of each weight.
    pub(super) fn moments(&self) -> (usize, &[Vec<Tensor<1>>]) {
        (self.time, &self.moments)
    }

    /// Takes up a memory from elsewhere.
    pub(super) fn remember(&mut self, memory: &Memory, device: &Device) {
        self.time = memory.time;
        let on_device = |values: &Vec<f32>| flat(values, device);
        self.moments = memory
            .moments
            .iter()
            .map(|moments| moments.iter().map(on_device).collect())
            .collect();
    }
}

fn sgd(
    weight: Tensor<1>,
    gradient: Tensor<1>,
    velocity: Option<Tensor<1>>,
    [rate, momentum, decay]: [f64; 3],
) -> (Tensor<1>, Tensor<1>) {
    let mut moved = gradient;
    if decay > 0.0 {
        moved = moved + weight.clone().mul_scalar(decay);
    }
    if let Some(velocity) = velocity.filter(|_| momentum > 0.0) {
        moved = moved + velocity.mul_scalar(momentum);
    }
    (weight - moved.clone().mul_scalar(rate), moved)
}
