//! Ours against burn's: results and gradients, for shapes with nothing round about them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod depthwise;
mod exponential;

use burn::tensor::{Device, Tensor, TensorData};

use super::{AdamStep, Tail, Walk, reference};
use crate::base::Window;
use crate::base::rng::Stream;

fn device() -> Device {
    Device::flex().autodiff()
}

fn numbers<const D: usize>(name: &str, shape: [usize; D]) -> Tensor<D> {
    let mut stream = Stream::new(1, name);
    let values: Vec<f32> = (0..shape.iter().product())
        .map(|_| stream.symmetric())
        .collect();
    Tensor::from_data(TensorData::new(values, shape), &device()).require_grad()
}

fn host<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

fn walk(stride: usize, padding: usize) -> Walk {
    Walk {
        stride,
        padding,
        dilation: 1,
        groups: 1,
    }
}

/// The largest difference, as a part of the largest number.
fn difference(ours: &[f32], theirs: &[f32]) -> f32 {
    assert_eq!(ours.len(), theirs.len());
    let largest = theirs
        .iter()
        .fold(1e-6_f32, |most, value| most.max(value.abs()));
    let pairs = ours.iter().zip(theirs);
    pairs.fold(0.0_f32, |most, (a, b)| most.max((a - b).abs())) / largest
}

/// Both ways' outputs, and the gradients of their inputs when each output counts differently.
fn compare<const D: usize>(
    what: &str,
    inputs: &[(&str, usize)],
    ours: impl Fn(&[Tensor<1>]) -> Tensor<D>,
    theirs: impl Fn(&[Tensor<1>]) -> Tensor<D>,
) {
    let run = |way: &dyn Fn(&[Tensor<1>]) -> Tensor<D>| {
        let of = |(name, count): &(&str, usize)| numbers(name, [*count]);
        let inputs: Vec<_> = inputs.iter().map(of).collect();
        let output = way(&inputs);
        let factors = numbers("factors", output.dims()).detach();
        let gradients = (output.clone() * factors).sum().backward();
        let of = |input: &Tensor<1>| host(input.grad(&gradients).unwrap());
        (
            output.dims(),
            host(output),
            inputs.iter().map(of).collect::<Vec<_>>(),
        )
    };
    let (ours, theirs) = (run(&ours), run(&theirs));
    assert_eq!(ours.0, theirs.0, "{what}");
    let off = difference(&ours.1, &theirs.1);
    assert!(off < 2e-5, "{what}: the results differ by {off}");
    for ((own, burns), (name, _)) in ours.2.iter().zip(&theirs.2).zip(inputs) {
        let off = difference(own, burns);
        assert!(
            off < 5e-5,
            "{what}: the gradient of {name} differs by {off}"
        );
    }
}

#[test]
fn convolutions_are_burns() {
    // batch, channels, height, width, filters, kernel, stride, padding
    for [
        batch,
        channels,
        height,
        width,
        filters,
        kernel,
        stride,
        padding,
    ] in [
        [2, 1, 28, 28, 16, 3, 1, 1],
        [3, 16, 14, 14, 32, 3, 1, 1],
        [1, 3, 32, 32, 16, 3, 1, 1],
        [2, 16, 32, 32, 16, 3, 1, 1],
        [1, 64, 8, 8, 64, 3, 1, 1],
        [1, 9, 12, 6, 11, 3, 1, 0],
        [1, 8, 2, 34, 13, 3, 1, 2],
        [1, 10, 13, 12, 8, 3, 1, 1],
        [2, 16, 32, 32, 32, 3, 2, 1],
        [2, 32, 16, 16, 64, 1, 2, 0],
        [2, 7, 9, 11, 5, 3, 2, 1],
        [2, 5, 10, 7, 9, 1, 1, 0],
        [1, 2, 13, 8, 3, 5, 1, 2],
        [2, 3, 12, 12, 6, 5, 1, 0],
        [1, 4, 11, 14, 7, 5, 2, 2],
        [1, 2, 15, 17, 3, 5, 3, 1],
        [2, 1, 4, 4, 1, 3, 1, 1],
        [1, 3, 3, 3, 2, 3, 1, 0],
        [1, 2, 2, 5, 3, 3, 2, 1],
        [1, 2, 9, 9, 3, 2, 2, 0],
        [1, 2, 8, 8, 3, 2, 3, 0],
        [1, 3, 6, 5, 4, 1, 1, 1],
        [1, 3, 7, 7, 4, 7, 1, 3],
    ] {
        let walk = walk(stride, padding);
        let side = |size: usize| (size + 2 * padding - kernel) / stride + 1;
        let of = |inputs: &[Tensor<1>]| {
            let x = inputs[0].clone().reshape([batch, channels, height, width]);
            let w = inputs[1]
                .clone()
                .reshape([filters, channels, kernel, kernel]);
            (x, w, inputs.get(2).cloned())
        };
        for (tail, biased) in [
            (Tail::Linear, false),
            (Tail::Linear, true),
            (Tail::Relu, false),
            (Tail::Relu, true),
            (Tail::ReluPool, true),
        ] {
            if tail == Tail::ReluPool && side(height).min(side(width)) < 2 {
                continue;
            }
            let what = format!(
                "{batch}×{channels}×{height}×{width}, {filters} of {kernel}, {walk:?}, {tail:?}"
            );
            let inputs = [
                ("images", batch * channels * height * width),
                ("weights", filters * channels * kernel * kernel),
                ("bias", filters),
            ];
            let ours = |inputs: &[Tensor<1>]| {
                let (x, w, b) = of(inputs);
                super::flex::convolve(&x, &w, b.as_ref(), walk, tail).unwrap()
            };
            let theirs = |inputs: &[Tensor<1>]| {
                let (x, w, b) = of(inputs);
                reference::convolve(x, w, b, walk, tail)
            };
            compare(&what, &inputs[..2 + usize::from(biased)], ours, theirs);
        }
    }
}

#[test]
fn without_gradients_the_results_are_the_same() {
    let images = numbers("images", [2, 8, 6, 6]);
    let (weights, bias) = (numbers("weights", [8, 8, 3, 3]), numbers("bias", [8]));
    let walk = walk(1, 1);
    for tail in [Tail::Linear, Tail::Relu, Tail::ReluPool] {
        let inner = super::flex::convolve(
            &images.clone().inner(),
            &weights.clone().inner(),
            Some(&bias.clone().inner()),
            walk,
            tail,
        );
        let outer = super::flex::convolve(&images, &weights, Some(&bias), walk, tail);
        assert_eq!(host(inner.unwrap()), host(outer.unwrap()));
    }
}

#[test]
fn max_poolings_are_burns() {
    for ([batch, channels, height, width], [size, stride, padding]) in [
        ([2, 3, 8, 8], [3, 1, 1]),
        ([2, 16, 28, 28], [2, 2, 0]),
        ([1, 4, 9, 7], [3, 2, 1]),
        ([1, 2, 6, 11], [3, 2, 0]),
        ([3, 1, 5, 5], [2, 3, 1]),
        ([1, 2, 4, 3], [3, 3, 2]),
        ([1, 1, 1, 1], [1, 1, 0]),
        ([1, 1, 2, 2], [3, 1, 1]),
    ] {
        let window = Window {
            size,
            stride,
            padding,
        };
        let images = numbers("images", [batch, channels, height, width]);
        compare(
            &format!("{batch}×{channels}×{height}×{width}, {window:?}"),
            &[("images", batch * channels * height * width)],
            |inputs| {
                let images = inputs[0].clone().reshape(images.dims());
                super::flex::max_pool(&images, window).unwrap()
            },
            |inputs| reference::max_pool(inputs[0].clone().reshape(images.dims()), window),
        );
        let inner = images.clone().inner();
        let outer = super::flex::max_pool(&images, window).unwrap();
        assert_eq!(
            host(super::flex::max_pool(&inner, window).unwrap()),
            host(outer)
        );
    }
}

#[test]
fn batch_normalizations_are_burns() {
    for [batch, channels, height, width] in [
        [4, 16, 8, 8],
        [3, 5, 7, 9],
        [2, 1, 1, 3],
        [64, 3, 1, 1],
        [1, 2, 32, 31],
    ] {
        for relu in [false, true] {
            let what = format!("{batch}×{channels}×{height}×{width}, relu: {relu}");
            // Off center, where a sum of squares would lose digits.
            let of = |inputs: &[Tensor<1>]| {
                let x = inputs[0].clone().reshape([batch, channels, height, width]) + 3.0;
                (x, inputs[1].clone(), inputs[2].clone())
            };
            let ours = |inputs: &[Tensor<1>]| {
                let (x, gamma, beta) = of(inputs);
                super::flex::normalize(&x, &gamma, &beta, 1e-5, relu).unwrap()
            };
            let theirs = |inputs: &[Tensor<1>]| {
                let (x, gamma, beta) = of(inputs);
                reference::normalize(x, gamma, beta, 1e-5, relu)
            };
            let inputs = [
                ("images", batch * channels * height * width),
                ("gamma", channels),
                ("beta", channels),
            ];
            let tensors = inputs.map(|(name, count)| numbers(name, [count]));
            let (own, burns) = (ours(&tensors), theirs(&tensors));
            for (own, burns) in [(own.mean, burns.mean), (own.variance, burns.variance)] {
                assert!(difference(&host(own), &host(burns)) < 1e-5, "{what}");
            }
            compare(
                &what,
                &inputs,
                |inputs| ours(inputs).output,
                |inputs| theirs(inputs).output,
            );
        }
    }
}

#[test]
fn the_end_of_a_residual_block_is_burns() {
    for shape in [[2, 3, 5, 7], [1, 1, 1, 1]] {
        let count = shape.iter().product();
        let of = |inputs: &[Tensor<1>]| {
            let pair = [inputs[0].clone(), inputs[1].clone()];
            pair.map(|each| each.reshape(shape))
        };
        compare(
            &format!("{shape:?}"),
            &[("left", count), ("right", count)],
            |inputs| {
                let [left, right] = of(inputs);
                super::flex::add_relu(&left, &right).unwrap()
            },
            |inputs| {
                let [left, right] = of(inputs);
                reference::add_relu(left, right)
            },
        );
    }
}

#[test]
fn dense_layers_are_burns() {
    for [batch, inputs, outputs] in [
        [64, 49, 10],
        [1, 1, 1],
        [3, 7, 128],
        [5, 33, 8],
        [2, 784, 9],
    ] {
        let of = |tensors: &[Tensor<1>]| {
            let x = tensors[0].clone().reshape([batch, inputs]);
            let w = tensors[1].clone().reshape([inputs, outputs]);
            (x, w, tensors[2].clone())
        };
        let ours = |tensors: &[Tensor<1>]| {
            let (x, w, b) = of(tensors);
            super::flex::connect(&x, &w, &b).unwrap()
        };
        let theirs = |tensors: &[Tensor<1>]| {
            let (x, w, b) = of(tensors);
            reference::connect(x, w, b, false)
        };
        let sizes = [
            ("inputs", batch * inputs),
            ("weights", inputs * outputs),
            ("bias", outputs),
        ];
        compare(&format!("{batch}×{inputs}×{outputs}"), &sizes, ours, theirs);
        let tensors = sizes.map(|(name, count)| numbers(name, [count]));
        let inner = tensors.clone().map(Tensor::inner);
        assert_eq!(host(ours(&inner)), host(ours(&tensors)));
    }
}

#[test]
fn adam_is_plain_arithmetic() {
    for (count, penalty, shrink) in [(1, 0.0, 1.0), (37, 0.1, 1.0), (64, 0.0, 0.9)] {
        let step = AdamStep {
            betas: [0.9, 0.999],
            rate: 0.01,
            epsilon: 1e-8,
            penalty,
            shrink,
        };
        let of = |name| numbers(name, [count]).inner();
        let moments = || [of("first"), of("second").abs()];
        let before = of("weights");
        let ours = super::adam_array(before.clone(), of("gradient"), moments(), step);
        assert_eq!(
            host(before.clone()),
            host(of("weights")),
            "what others hold stays"
        );
        let theirs = reference::adam(before, of("gradient"), moments(), step);
        let pairs = std::iter::once((ours.0, theirs.0)).chain(ours.1.into_iter().zip(theirs.1));
        for (ours, theirs) in pairs {
            assert!(
                difference(&host(ours), &host(theirs)) < 1e-6,
                "{count} {step:?}"
            );
        }
    }
}

/// Five steps with each of burn's own, weight decay included.
#[test]
fn adam_is_burns() {
    use burn::optim::{AdamConfig, AdamWConfig, Optimizer as _, decay::WeightDecayConfig};
    const RATE: f64 = 0.02;
    const DECAY: f64 = 0.05;
    let gradient = |time: i32| numbers(&format!("gradient {time}"), [9]).inner();
    let run = |penalty: f64, decay: f64| {
        let mut weights = numbers("weights", [9]).inner();
        let mut moments = [weights.zeros_like(), weights.zeros_like()];
        for time in 1..=5 {
            let [first, second] = [0.9_f64, 0.999].map(|beta| 1.0 - beta.powi(time));
            let step = AdamStep {
                betas: [0.9, 0.999],
                rate: RATE * second.sqrt() / first,
                epsilon: 1e-8 * second.sqrt(),
                penalty,
                shrink: 1.0 - RATE * decay,
            };
            (weights, moments) = super::adam_array(weights, gradient(time), moments, step);
        }
        host(weights)
    };
    let decay = Some(WeightDecayConfig::new(DECAY as f32));
    let adam = AdamConfig::new()
        .with_epsilon(1e-8)
        .with_weight_decay(decay)
        .build();
    let adamw = AdamWConfig::new()
        .with_epsilon(1e-8)
        .with_weight_decay(DECAY as f32)
        .build();
    let (mut a, mut b) = (
        numbers("weights", [9]).inner(),
        numbers("weights", [9]).inner(),
    );
    let (mut of_a, mut of_b) = (None, None);
    for time in 1..=5 {
        (a, of_a) = adam.step(RATE, a, gradient(time), of_a);
        (b, of_b) = adamw.step(RATE, b, gradient(time), of_b);
    }
    assert!(difference(&run(DECAY, 0.0), &host(a)) < 1e-4);
    assert!(difference(&run(0.0, DECAY), &host(b)) < 1e-4);
}
