//! Operations one by one against PyTorch's: results, and the gradients of the input and of all weights. The numbers are made by
//! `fixtures/operations.py`.

use burn::tensor::{Device, Tensor, TensorData};
use cnn_playground::arch::{Layer, Shaped};
use cnn_playground::base::{ImageShape, Window};
use cnn_playground::experiment::Activation;
use cnn_playground::nn::Network;
use cnn_playground::operation::{
    AdaptiveAveragePool2d, AveragePool2d, BatchNorm, Conv2d, ConvTranspose2d, Draw, Flatten,
    GroupNorm, LayerNorm, LearnedScale, Linear, Mode, Operation, Shape,
};
use serde::Deserialize;

use crate::numbers::{noise, norm, read, single, state};

/// The largest difference, as a share of the array's norm.
const TOLERANCE: f64 = 1e-4;

/// What PyTorch computed.
#[derive(Deserialize)]
pub(crate) struct Case {
    /// As in [`operation`].
    pub(crate) name: String,
    /// What made the module.
    expression: String,
    /// The class that it needs beside PyTorch's.
    class: Option<String>,
    /// `[batch, channels, height, width]`, or `[batch, features]`.
    input: Vec<usize>,
    output: Array,
    /// In a test, after that output.
    tested: Array,
    /// Of the input, then of each array of weights.
    gradients: Vec<Array>,
}

/// An array's sizes, its norm, and some of its numbers from the first on.
#[derive(Deserialize)]
struct Array {
    sizes: Vec<usize>,
    norm: f64,
    some: Vec<f64>,
}

#[derive(Deserialize)]
struct Fixtures {
    cases: Vec<Case>,
}

pub(crate) fn cases() -> Vec<Case> {
    let text = include_str!("../fixtures/operations.json");
    serde_json::from_str::<Fixtures>(text).unwrap().cases
}

/// The operation of a case.
fn operation(name: &str) -> Operation {
    let conv = Conv2d::new(4, 3);
    let pool = AveragePool2d::new(Window {
        size: 3,
        stride: 2,
        padding: 1,
    });
    let transposed = ConvTranspose2d {
        stride: 2,
        ..ConvTranspose2d::tiles(3, 3)
    };
    match name {
        "2 by 3" => Conv2d {
            kernel: [2, 3],
            ..conv
        }
        .into(),
        "1 by 7" => Conv2d {
            kernel: [1, 7],
            padding: [0, 3],
            bias: false,
            ..conv
        }
        .into(),
        "5 by 1, strided" => Conv2d {
            kernel: [5, 1],
            padding: [3, 1],
            stride: 2,
            ..conv
        }
        .into(),
        "15 wide" => Conv2d {
            padding: [7; 2],
            stride: 3,
            ..Conv2d::new(2, 15)
        }
        .into(),
        "dilated" => Conv2d {
            dilation: 2,
            padding: [2; 2],
            ..conv
        }
        .into(),
        "dilated, strided" => Conv2d {
            dilation: 3,
            stride: 2,
            kernel: [3, 2],
            padding: [1, 4],
            ..conv
        }
        .into(),
        "in groups" => Conv2d {
            groups: 2,
            padding: [1; 2],
            ..conv
        }
        .into(),
        "in groups, dilated" => Conv2d {
            groups: 3,
            dilation: 2,
            ..Conv2d::new(6, 3)
        }
        .into(),
        "depthwise" => Conv2d {
            groups: 4,
            stride: 2,
            padding: [1; 2],
            ..conv
        }
        .into(),
        "depthwise, 3 by 1" => Conv2d {
            groups: 4,
            kernel: [3, 1],
            padding: [1, 0],
            ..conv
        }
        .into(),
        "depthwise, dilated" => Conv2d {
            groups: 4,
            dilation: 2,
            padding: [2; 2],
            ..conv
        }
        .into(),
        "depthwise, two filters a channel" => Conv2d {
            groups: 3,
            ..Conv2d::new(6, 3)
        }
        .into(),
        "transposed, side by side" => ConvTranspose2d::tiles(3, 2).into(),
        "transposed, overlapping" => transposed.into(),
        "transposed, GAN" => ConvTranspose2d {
            kernel: 4,
            padding: 1,
            bias: false,
            ..transposed
        }
        .into(),
        "transposed, output padding" => ConvTranspose2d {
            padding: 1,
            output_padding: 1,
            ..transposed
        }
        .into(),
        "transposed, more output padding" => ConvTranspose2d {
            stride: 3,
            output_padding: 2,
            ..transposed
        }
        .into(),
        "transposed, stride 1" => ConvTranspose2d {
            stride: 1,
            padding: 1,
            ..transposed
        }
        .into(),
        "transposed, apart" => ConvTranspose2d {
            kernel: 2,
            stride: 3,
            ..transposed
        }
        .into(),
        "average" => pool.into(),
        "average without padding" => AveragePool2d {
            count_padding: false,
            ..pool
        }
        .into(),
        "adaptive, even" => AdaptiveAveragePool2d { size: [2, 3] }.into(),
        "adaptive, overlapping" => AdaptiveAveragePool2d { size: [3, 4] }.into(),
        "adaptive, larger" => AdaptiveAveragePool2d { size: [5, 2] }.into(),
        "dense without a bias" => Linear {
            bias: false,
            ..Linear::new(5)
        }
        .into(),
        "batch norm" | "batch norm of a vector" => BatchNorm.into(),
        "layer norm" | "layer norm of a vector" => LayerNorm.into(),
        "group norm" | "group norm of a vector" => GroupNorm { groups: 2 }.into(),
        "instance norm" => GroupNorm { groups: 4 }.into(),
        "scale" => LearnedScale {
            per_channel: false,
            start: 0.0,
        }
        .into(),
        "scale of channels" | "scale of features" => LearnedScale {
            per_channel: true,
            start: 1e-6,
        }
        .into(),
        word => Activation::parse(word).unwrap().into(),
    }
}

/// What is not as in PyTorch, in words.
pub(crate) async fn differences(case: &Case, device: &Device) -> Vec<String> {
    let mut found = Vec::new();
    let operation = operation(&case.name);
    let batch = case.input[0];
    // The engine's inputs are images: a vector is made of one.
    let (image, layer): (ImageShape, Layer) = match case.input[1..] {
        [channels, height, width] => (
            ImageShape {
                channels,
                height,
                width,
            },
            operation.into(),
        ),
        [channels] => {
            let image = ImageShape {
                channels,
                height: 1,
                width: 1,
            };
            let parts = [("flatten", Flatten.into()), ("it", operation.into())];
            let parts = parts.map(|(name, layer)| (name.to_owned(), layer));
            (image, Layer::Sequential(parts.into()))
        }
        ref other => panic!("{}: {other:?}", case.name),
    };
    let plan = Shaped::infer(&layer, Shape::Image(image)).unwrap();
    let (at, _) = plan.operations().pop().unwrap();
    let source = operation.about().source(at.input);
    let source = (source.expression, source.class.map(str::to_owned));
    if source != (case.expression.clone(), case.class.clone()) {
        found.push(format!("PyTorch ran another source than {source:?}"));
    }
    if at.output.sizes() != case.output.sizes[1..] {
        found.push(format!("its output has the shape {}", at.output));
    }

    let mut network = Network::new(plan.clone(), &state(&plan), device);
    let pixels = noise(1000, batch * image.len()).into_iter();
    let pixels: Vec<f32> = single(pixels.map(|value| 4.0 * value).collect());
    let sizes = [batch, image.channels, image.height, image.width];
    let images = Tensor::<4>::from_data(TensorData::new(pixels, sizes), device).require_grad();
    let draw = Draw { seed: 1, step: 0 };
    let output = network.forward(images.clone(), Mode::Training { draw });
    let tested = network.forward(images.clone().inner(), Mode::Testing);
    let [_, count] = output.dims();
    let factors = single(noise(1001, batch * count));
    let factors = Tensor::<2>::from_data(TensorData::new(factors, [batch, count]), device);
    let gradients = (output.clone() * factors).sum().backward();

    let mut compare = |what: &str, ours: Vec<f64>, theirs: &Array| {
        let every = (ours.len() / 20).max(1);
        let some: Vec<_> = ours.iter().copied().step_by(every).collect();
        let scale = theirs.norm.max(1e-6);
        // What is not a number is close to nothing.
        let close = |a: f64, b: f64| (a - b).abs() <= TOLERANCE * scale;
        let mut pairs = some.iter().zip(&theirs.some);
        let alike = some.len() == theirs.some.len() && pairs.all(|(a, b)| close(*a, *b));
        if !alike || !close(norm(&ours), theirs.norm) {
            let (first, expected) = (some.first(), theirs.some.first());
            found.push(format!(
                "{what} begins with {first:?}, in PyTorch with {expected:?}"
            ));
        }
    };
    compare("the output", read(output).await, &case.output);
    compare("the output in a test", read(tested).await, &case.tested);
    let of_input = read(images.grad(&gradients).unwrap()).await;
    let mut all = vec![of_input];
    for weight in network.weights() {
        all.push(read(weight.grad(&gradients).unwrap()).await);
    }
    let count = all.len();
    for (number, (ours, theirs)) in all.into_iter().zip(&case.gradients).enumerate() {
        compare(&format!("gradient {number}"), ours, theirs);
    }
    if count != case.gradients.len() {
        found.push(format!("{count} gradients"));
    }
    found
}
