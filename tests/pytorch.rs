//! Forward values and gradients of every family and every block, against PyTorch's: see
//! `fixtures/pytorch.py`, which runs the source that the playground writes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod numbers;

use burn::tensor::loss::cross_entropy_with_logits;
use burn::tensor::{Device, Tensor, TensorData, activation};
use cnn_playground::arch;
use cnn_playground::experiment::{Family, link, resolve};
use cnn_playground::nn::Network;
use cnn_playground::operation::{Draw, Mode};
use pollster::block_on;
use serde::Deserialize;

use numbers::{noise, norm, single, state};

const BATCH: usize = 4;
const CLASSES: usize = 10;

/// The largest difference, as a share of the array's norm.
const TOLERANCE: f64 = 1e-4;

#[derive(Deserialize)]
struct Fixtures {
    cases: Vec<Case>,
}

/// What PyTorch computed.
#[derive(Deserialize)]
struct Case {
    link: String,
    /// Which noise its images are: such for which no rounding decides a ReLU or a maximum.
    images: usize,
    loss: f64,
    /// The distance between two that are compared, from the first on.
    logits: Vec<f64>,
    /// Of each array: its norm; its first, middle and last number.
    gradients: Vec<[f64; 4]>,
}

/// The mean over the pixels of how surprised the network is by what each of them is.
fn binary_cross_entropy(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    let surprise = (-logits.clone().abs()).exp().log1p();
    (activation::relu(logits.clone()) - logits * targets + surprise).mean()
}

/// What is in a tensor.
fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    block_on(numbers::read(tensor))
}

fn compare(case: &Case, device: &Device) {
    let opened = link::open(&case.link);
    assert_eq!(opened.problems, [], "{}", case.link);
    let spec = resolve(&opened.choices).spec;
    let shape = spec.data.shape().unwrap();
    let plan = arch::build(&spec, shape, CLASSES).unwrap();
    let mut network = Network::new(plan.clone(), &state(&plan), device);

    let images = single(noise(case.images, BATCH * shape.len()));
    let size = [BATCH, shape.channels, shape.height, shape.width];
    let images = Tensor::from_data(TensorData::new(images, size), device);
    let draw = Draw { seed: 1, step: 0 };
    let logits = network.forward(images, Mode::Training { draw });
    let outputs = logits.dims()[1];
    let target = |values: Vec<f32>| {
        Tensor::<2>::from_data(TensorData::new(values, [BATCH, outputs]), device)
    };
    let loss = if spec.net == Family::UNet {
        let is_object = |value: f64| f32::from(u8::from(value > 0.0));
        let mask = noise(1001, BATCH * outputs).into_iter().map(is_object);
        binary_cross_entropy(logits.clone(), target(mask.collect()))
    } else {
        let is_label = |at: usize| f32::from(u8::from(at % outputs == at / outputs));
        let labels = (0..BATCH * outputs).map(is_label).collect();
        cross_entropy_with_logits(logits.clone(), target(labels))
    };
    let gradients = loss.backward();

    let close = |what: &str, ours: f64, theirs: f64, scale: f64| {
        let apart = (ours - theirs).abs();
        let place = &case.link;
        assert!(
            apart <= TOLERANCE * scale,
            "{place}: {what}: {ours}, PyTorch {theirs} ({scale})"
        );
    };
    close("loss", read(loss)[0], case.loss, case.loss.abs());
    let logits = read(logits);
    let every = (logits.len() / 20).max(1);
    let some: Vec<_> = logits.into_iter().step_by(every).collect();
    assert_eq!(some.len(), case.logits.len(), "{}", case.link);
    let scale = norm(&case.logits);
    for (&ours, &theirs) in some.iter().zip(&case.logits) {
        close("logit", ours, theirs, scale);
    }
    assert_eq!(
        network.weights().len(),
        case.gradients.len(),
        "{}",
        case.link
    );
    let whole = norm(
        &case
            .gradients
            .iter()
            .map(|each| each[0])
            .collect::<Vec<_>>(),
    );
    for (array, (weight, theirs)) in network.weights().iter().zip(&case.gradients).enumerate() {
        let ours = read(weight.grad(&gradients).unwrap());
        // Where a gradient is next to nothing, only its size beside the others can be compared.
        let scale = theirs[0].max(1e-3 * whole);
        let picked = [ours[0], ours[ours.len() / 2], ours[ours.len() - 1]];
        close(
            &format!("norm of array {array}"),
            norm(&ours),
            theirs[0],
            scale,
        );
        for (ours, &theirs) in picked.into_iter().zip(&theirs[1..]) {
            close(&format!("gradient of array {array}"), ours, theirs, scale);
        }
    }
}

#[test]
fn forward_values_and_gradients_agree_with_pytorch() {
    let fixtures: Fixtures = serde_json::from_str(include_str!("fixtures/pytorch.json")).unwrap();
    assert!(fixtures.cases.len() >= 25);
    let cpu = Device::flex().autodiff();
    for case in &fixtures.cases {
        compare(case, &cpu);
    }
}
