//! Optimizers: SGD with momentum, Adam, AdamW.

use std::collections::BTreeMap;

use burn::tensor::{Device, Gradients, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::arch::touch::Held;
use crate::experiment::{ExperimentSpec, Optimizer as Choice};
use crate::kernels::{AdamStep, SgdStep, adam, pack, sgd};
use crate::nn::Network;

/// As in PyTorch's `Adam` and `AdamW`.
const EPSILON: f64 = 1e-8;
const BETAS: [f64; 2] = [0.9, 0.999];

/// An optimizer with its moments.
pub(super) struct Optimizer {
    rule: Rule,
    /// Steps begun.
    time: usize,
    /// For each moment an array a weight: one moment for SGD, two for Adam, none before the first step.
    moments: Vec<Vec<Tensor<1>>>,
    /// The arrays of which something stays as it is: numbers that are zero, as 0 for those and 1 for all others; or, where there
    /// is nothing, all of it, with its moments.
    holds: BTreeMap<usize, Option<Tensor<1>>>,
}

/// Not burn's optimizers: its SGD gives no access to the velocity, which a checkpoint needs.
#[derive(Debug, Clone, Copy)]
enum Rule {
    /// Stochastic gradient descent with momentum, as in PyTorch: `v ← µ·v + g`, `w ← w − rate·v`.
    /// Sutskever et al. 2013, <https://proceedings.mlr.press/v28/sutskever13.html>. With Nesterov's momentum
    /// `w ← w − rate·(g + µ·v)`.
    Sgd {
        momentum: f64,
        decay: f64,
        nesterov: bool,
    },
    /// Kingma and Ba 2014, <https://arxiv.org/abs/1412.6980>; the weight decay is part of the gradient.
    Adam { decay: f64 },
    /// Loshchilov and Hutter 2017, <https://arxiv.org/abs/1711.05101>; the weight decay is separate from the gradient.
    AdamW { decay: f64 },
}

impl Rule {
    /// Moments of each weight.
    const fn moments(self) -> usize {
        match self {
            Self::Sgd { .. } => 1,
            Self::Adam { .. } | Self::AdamW { .. } => 2,
        }
    }
}

/// An optimizer's steps and moments, on the host.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Memory {
    /// Steps made.
    pub(super) time: usize,
    /// For each moment an array a weight: one moment for SGD, two for Adam, none before the first step.
    pub(super) moments: Vec<Vec<Vec<f32>>>,
}

impl Memory {
    /// What is and stays zero moves no more.
    pub(super) fn still(&mut self, held: &BTreeMap<usize, Held>) {
        for moment in &mut self.moments {
            for (&at, held) in held {
                if held.off {
                    moment[at].fill(0.0);
                }
                for &zero in &held.zeros {
                    moment[at][zero] = 0.0;
                }
            }
        }
    }

    /// Whether each moment has a number for each of these weights.
    pub(super) fn fits(&self, weights: &[Vec<f32>]) -> bool {
        let sizes = |arrays: &[Vec<f32>]| arrays.iter().map(Vec::len).collect::<Vec<_>>();
        let wanted = sizes(weights);
        self.moments.iter().all(|moment| sizes(moment) == wanted)
    }
}

impl Optimizer {
    /// The optimizer of this spec.
    pub(super) fn new(spec: &ExperimentSpec) -> Self {
        let decay = spec.decay;
        let rule = match spec.optimizer {
            Choice::Sgd => Rule::Sgd {
                momentum: spec.momentum,
                decay,
                nesterov: spec.nesterov,
            },
            Choice::Adam => Rule::Adam { decay },
            Choice::AdamW => Rule::AdamW { decay },
        };
        Self {
            rule,
            time: 0,
            moments: Vec::new(),
            holds: BTreeMap::new(),
        }
    }

    /// Leaves from now on what is held of these arrays, by their places in the network, as it is.
    pub(super) fn hold(&mut self, network: &Network, held: &BTreeMap<usize, Held>) {
        let hold = |(&at, held): (&usize, &Held)| {
            let weight = network.weights().get(at)?;
            if held.whole || held.off {
                return Some((at, None));
            }
            let size = weight.dims()[0];
            let free = (0..size).map(|at| f32::from(u8::from(!held.zeros.contains(&at))));
            let data = TensorData::new(free.collect::<Vec<_>>(), [size]);
            let free = Tensor::from_data(data, &weight.clone().inner().device());
            Some((at, Some(free)))
        };
        self.holds = held.iter().filter_map(hold).collect();
    }

    /// Updates every weight of a network that is not held, at this learning rate.
    pub(super) fn step(&mut self, network: &mut Network, gradients: &mut Gradients, rate: f64) {
        self.time += 1;
        let mut slopes = Vec::new();
        for weight in network.weights() {
            let Some(gradient) = weight.grad_remove(gradients) else {
                unreachable!("every weight takes part in the loss")
            };
            slopes.push(gradient);
        }
        let weights = network.weights().iter();
        let weights: Vec<_> = weights.map(|weight| weight.clone().inner()).collect();
        if self.holds.is_empty() {
            let (weights, moments) = self.moved(weights, slopes, rate);
            self.moments = moments;
            return network.set_weights(weights);
        }
        // What is held as a whole stays out of it.
        if self.moments.is_empty() {
            let moment = zeros(&weights);
            self.moments = vec![moment; self.rule.moments()];
        }
        let is_whole = |at: &usize| matches!(self.holds.get(at), Some(None));
        let free: Vec<usize> = (0..weights.len()).filter(|at| !is_whole(at)).collect();
        let pick = |arrays: &[Tensor<1>]| -> Vec<_> {
            free.iter().map(|&at| arrays[at].clone()).collect()
        };
        for (&at, hold) in &self.holds {
            if let Some(free) = hold {
                slopes[at] = slopes[at].clone() * free.clone();
            }
        }
        let (mut all, mut kept) = (weights, std::mem::take(&mut self.moments));
        self.moments = kept.iter().map(|moment| pick(moment)).collect();
        let (weights, moments) = self.moved(pick(&all), pick(&slopes), rate);
        let put = |all: &mut [Tensor<1>], new: Vec<Tensor<1>>| {
            for (&at, array) in free.iter().zip(new) {
                all[at] = array;
            }
        };
        put(&mut all, weights);
        for (all, new) in kept.iter_mut().zip(moments) {
            put(all, new);
        }
        self.moments = kept;
        network.set_weights(all);
    }

    /// These weights after a step, and their moments; takes those from before.
    fn moved(
        &mut self,
        weights: Vec<Tensor<1>>,
        slopes: Vec<Tensor<1>>,
        rate: f64,
    ) -> (Vec<Tensor<1>>, Vec<Vec<Tensor<1>>>) {
        if weights.is_empty() {
            return (weights, std::mem::take(&mut self.moments));
        }
        let mut moments = std::mem::take(&mut self.moments).into_iter();
        let mut next = || moments.next().unwrap_or_else(|| zeros(&weights));
        match self.rule {
            Rule::Sgd {
                momentum,
                decay,
                nesterov,
            } => {
                let velocities = next();
                let step = SgdStep {
                    rate,
                    momentum,
                    decay,
                    nesterov,
                };
                let (weights, moments) = sgd(weights, slopes, velocities, step);
                (weights, moments.into())
            }
            Rule::Adam { decay } => {
                let moments = [next(), next()];
                let step = self.adam_step(rate, [decay, 0.0]);
                let (weights, moments) = adam(weights, slopes, moments, step);
                (weights, moments.into())
            }
            Rule::AdamW { decay } => {
                let moments = [next(), next()];
                let step = self.adam_step(rate, [0.0, decay]);
                let (weights, moments) = adam(weights, slopes, moments, step);
                (weights, moments.into())
            }
        }
    }

    fn adam_step(&self, rate: f64, [penalty, decay]: [f64; 2]) -> AdamStep {
        let time = self.time as f64;
        let [first, second] = BETAS.map(|beta| 1.0 - libm::pow(beta, time));
        AdamStep {
            betas: BETAS,
            rate: rate * second.sqrt() / first,
            epsilon: EPSILON * second.sqrt(),
            penalty,
            shrink: 1.0 - rate * decay,
        }
    }

    /// Steps made, and the moments: for each an array a weight.
    pub(super) fn moments(&self) -> (usize, &[Vec<Tensor<1>>]) {
        (self.time, &self.moments)
    }

    /// Continues from these moments.
    pub(super) fn remember(&mut self, memory: &Memory, device: &Device) {
        self.time = memory.time;
        let on_device = |arrays: &Vec<Vec<f32>>| pack(arrays, device);
        self.moments = memory.moments.iter().map(on_device).collect();
    }
}

/// The moments before the first step: zeros.
fn zeros(weights: &[Tensor<1>]) -> Vec<Tensor<1>> {
    let Some(first) = weights.first() else {
        return Vec::new();
    };
    let arrays: Vec<_> = weights
        .iter()
        .map(|weight| vec![0.0; weight.dims()[0]])
        .collect();
    pack(&arrays, &first.device())
}
