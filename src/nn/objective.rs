//! The objective of a task: its loss, and the score that people read.

use burn::tensor::{Device, Int, Tensor, TensorData};

use crate::data::Targets;
use crate::kernels::{Activation, activate, classify};

/// The targets of one batch, on a device and without gradients.
pub(crate) enum Objective {
    /// Labels `[batch, 1]`.
    Classes(Tensor<2, Int>),
    /// Masks of zeros and ones, `[batch, pixels]`.
    Masks(Tensor<2>),
}

impl Objective {
    /// Puts the targets of a batch on a device without gradients.
    pub(crate) fn upload(targets: Targets, count: usize, device: &Device) -> Self {
        match targets {
            Targets::Labels(labels) => {
                let labels: Vec<i32> = labels.into_iter().map(i32::from).collect();
                Self::Classes(Tensor::from_data(
                    TensorData::new(labels, [count, 1]),
                    device,
                ))
            }
            Targets::Masks(masks) => {
                let pixels = masks.len() / count;
                let masks = TensorData::new(masks, [count, pixels]);
                Self::Masks(Tensor::from_data(masks, device))
            }
        }
    }

    /// The mean cross-entropy in nats, over samples, or binary and over all their pixels; and the sum of
    /// the scores: `[2]`. The first has a gradient if the logits, `[batch, outputs]`, have. `smoothing` is the share of a
    /// class's target that is spread evenly over all classes.
    pub(crate) fn measure(&self, logits: Tensor<2>, smoothing: f64) -> Tensor<1> {
        match self {
            Self::Classes(labels) if smoothing > 0.0 => {
                let more = spread(logits.clone(), labels).mul_scalar(smoothing);
                let nothing = Tensor::zeros([1], &labels.device());
                classify(logits, labels) + Tensor::cat(vec![more, nothing], 0)
            }
            Self::Classes(labels) => classify(logits, labels),
            Self::Masks(masks) => {
                let scores = self.scores(logits.clone().inner()).sum();
                let loss = binary_cross_entropy(logits, masks.clone()).mean();
                Tensor::cat(vec![loss, scores], 0)
            }
        }
    }

    /// Each sample's score, `[batch, 1]`: 1 for the right class and 0 for any other, or the mask's
    /// intersection over union. Logits `[batch, outputs]` without gradients.
    pub(crate) fn scores(&self, logits: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Classes(labels) => logits.argmax(1).equal(labels.clone()).float(),
            Self::Masks(masks) => intersection_over_union(logits, masks.clone()),
        }
    }
}

/// How much more the cross-entropy with evenly spread targets is than with labels, `[batch, 1]`, as the mean of a batch: `[1]`.
///
/// `−ln p` of class k is the logarithm of the sum of exponentials less x_k, so with the targets (1−ε)·[k = label] + ε/K of
/// label smoothing (Szegedy et al. 2015, <https://arxiv.org/abs/1512.00567>, section 7) the loss is the plain one and
/// ε·(x_label − mean of all x_k).
fn spread(logits: Tensor<2>, labels: &Tensor<2, Int>) -> Tensor<1> {
    let [batch, classes] = logits.dims();
    let numbers = Tensor::<1, Int>::arange(0..classes as i64, &labels.device());
    let numbers = numbers.reshape([1, classes]).expand([batch, classes]);
    let is_label = numbers.equal(labels.clone().expand([batch, classes]));
    let weights = is_label.float().sub_scalar(1.0 / classes as f64);
    (weights * logits).sum().div_scalar(batch as f64)
}

/// `−t·ln σ(x) − (1−t)·ln(1−σ(x))` of each logit x and target t. Since `ln(1−σ(x)) = ln σ(x) − x`,
/// that is `(1−t)·x − ln σ(x)`, which needs no logarithm of a number that is rounded to zero.
fn binary_cross_entropy(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<2> {
    let missing = targets.neg().add_scalar(1.0);
    missing * logits.clone() - activate(Activation::LogSigmoid, logits)
}

/// The intersection over union of each mask with the pixels whose logit is above 0, which is a
/// probability above one half: `[batch, 1]`. Where both are empty they agree, and it is 1.
fn intersection_over_union(logits: Tensor<2>, masks: Tensor<2>) -> Tensor<2> {
    let marked = logits.greater_scalar(0.0).float();
    let both = (marked.clone() * masks.clone()).sum_dim(1);
    let either = (marked + masks).sum_dim(1) - both.clone();
    let empty = either.clone().equal_scalar(0.0).float();
    (both + empty.clone()) / (either + empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(values: [[f32; 4]; 2]) -> Tensor<2> {
        Tensor::from_data(values, &Device::flex())
    }

    fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
        tensor.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn cross_entropy_of_pixels_against_values_worked_out_by_hand() {
        let logits = rows([[0.0, 0.0, 2.0, 2.0], [-2.0, 100.0, 100.0, -100.0]]);
        let masks = rows([[0.0, 1.0, 0.0, 1.0], [1.0, 1.0, 0.0, 0.0]]);
        // ln 2 where nothing is known; ln(1 + e²) = 2.126928 and ln(1 + e⁻²) = 0.126928;
        // sure and right costs nothing, sure and wrong as much as the logit.
        use std::f32::consts::LN_2;
        let expected = [LN_2, LN_2, 2.126_928, 0.126_928, 2.126_928, 0.0, 100.0, 0.0];
        for (found, expected) in numbers(binary_cross_entropy(logits, masks))
            .into_iter()
            .zip(expected)
        {
            assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
        }
    }

    #[test]
    fn its_gradient_is_the_probability_less_the_target() {
        let device = Device::flex().autodiff();
        let logits = Tensor::<2>::from_data([[0.0, 2.0, -100.0, 100.0]], &device).require_grad();
        let masks = Tensor::from_data([[1.0, 0.0, 1.0, 1.0]], &device);
        let gradients = binary_cross_entropy(logits.clone(), masks).sum().backward();
        let found = numbers(logits.grad(&gradients).unwrap());
        for (found, expected) in found.into_iter().zip([-0.5, 0.880_797, -1.0, 0.0]) {
            assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
        }
    }

    /// What `tests/fixtures/training.py` has from PyTorch.
    #[derive(serde::Deserialize)]
    struct Fixtures {
        smoothing: Vec<Smoothed>,
    }

    #[derive(serde::Deserialize)]
    struct Smoothed {
        smoothing: f64,
        logits: Vec<f32>,
        labels: Vec<u8>,
        loss: f32,
        gradient: Vec<f32>,
    }

    #[test]
    fn a_loss_with_smoothed_labels_and_its_gradient_are_pytorchs() {
        let fixtures = include_str!("../../tests/fixtures/training.json");
        let fixtures: Fixtures = serde_json::from_str(fixtures).unwrap();
        let with_gradients = Device::flex().autodiff();
        for case in fixtures.smoothing {
            let (batch, classes) = (case.labels.len(), case.logits.len() / case.labels.len());
            let targets = Targets::Labels(case.labels);
            let objective = Objective::upload(targets, batch, &Device::flex());
            let logits = TensorData::new(case.logits, [batch, classes]);
            let plain = Tensor::<2>::from_data(logits.clone(), &Device::flex());
            let logits = Tensor::<2>::from_data(logits, &with_gradients).require_grad();
            let measured = objective.measure(logits.clone(), case.smoothing);
            let gradients = measured.backward();
            let found = numbers(measured);
            let close = |ours: f32, theirs: f32| {
                let least = 2e-6 * theirs.abs().max(1.0);
                assert!((ours - theirs).abs() < least, "{ours}, PyTorch {theirs}");
            };
            close(found[0], case.loss);
            let found_gradient = numbers(logits.grad(&gradients).unwrap());
            for (ours, theirs) in found_gradient.into_iter().zip(case.gradient) {
                close(ours, theirs);
            }
            // What is right is counted as without, and nothing is smoothed unless it is asked for.
            let unsmoothed = numbers(objective.measure(plain, 0.0));
            assert_eq!(found[1], unsmoothed[1]);
            assert_eq!(found[0] == unsmoothed[0], case.smoothing == 0.0);
        }
    }

    #[test]
    fn intersection_over_union_against_values_worked_out_by_hand() {
        // Two of three marked pixels are right and one is missing: 2 of 4. Nothing marked: 0 of 1.
        let logits = rows([[3.0, 0.1, 5.0, -1.0], [-1.0, -2.0, 0.0, -9.0]]);
        let masks = rows([[1.0, 1.0, 0.0, 1.0], [0.0, 0.0, 1.0, 0.0]]);
        assert_eq!(numbers(intersection_over_union(logits, masks)), [0.5, 0.0]);
        // All right: 1. Nothing there and nothing marked: 1.
        let logits = rows([[3.0, -0.1, 5.0, -1.0], [-1.0, -2.0, -0.5, -9.0]]);
        let masks = rows([[1.0, 0.0, 1.0, 0.0], [0.0; 4]]);
        assert_eq!(numbers(intersection_over_union(logits, masks)), [1.0, 1.0]);
    }
}
