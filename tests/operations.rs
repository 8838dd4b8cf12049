//! Every operation that no network of a link has, and every activation function: results and gradients are PyTorch's on the CPU; the same is
//! asked in a browser (`browser_cpu.rs`, `browser_webgpu.rs`). And what is known of them before they run.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod numbers;
mod single;

use burn::tensor::{Device, Tensor, TensorData};
use cnn_playground::arch::{Shaped, Summary};
use cnn_playground::base::error::Problem;
use cnn_playground::base::{ImageShape, Window};
use cnn_playground::experiment::Init;
use cnn_playground::inside::window;
use cnn_playground::nn::{Network, State};
use cnn_playground::operation::{
    AdaptiveAveragePool2d, AveragePool2d, Conv2d, ConvTranspose2d, GroupNorm, LayerNorm,
    LearnedScale, Linear, MaxPool2d, Mode, Operation, Shape,
};
use pollster::block_on;

const fn image(channels: usize, height: usize, width: usize) -> Shape {
    Shape::Image(ImageShape {
        channels,
        height,
        width,
    })
}

fn shaped(operation: impl Into<Operation>, input: Shape) -> Result<Shaped, Problem> {
    let operation: Operation = operation.into();
    Shaped::infer(&operation.into(), input)
}

#[test]
fn results_and_gradients_of_each_operation_are_pytorchs() {
    let cpu = Device::flex().autodiff();
    let cases = single::cases();
    assert!(cases.len() >= 30, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let found = block_on(single::differences(&case, &cpu));
        wrong.extend(found.iter().map(|each| format!("{}: {each}", case.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_each_counts_worked_out_by_hand() {
    let told = |operation: Operation, input| {
        let summary = Summary::of(&shaped(operation, input).unwrap());
        let [row] = &summary.rows[..] else {
            panic!("{operation:?}")
        };
        let product: usize = row.factors.iter().product();
        assert!(row.weights == 0 || row.weights == product, "{operation:?}");
        (
            row.output.clone(),
            row.weights,
            row.biases,
            row.multiply_adds,
        )
    };
    let image = image(4, 8, 10);
    let conv = Conv2d {
        kernel: [1, 7],
        padding: [0, 3],
        groups: 2,
        ..Conv2d::new(6, 1)
    };
    // Each of 6 filters sees 2 of 4 channels through 7 weights, at 80 places.
    assert_eq!(told(conv.into(), image), (vec![6, 8, 10], 84, 6, 84 * 80));
    let dilated = Conv2d {
        dilation: 3,
        ..Conv2d::new(6, 3)
    };
    // A kernel of 3 that spans 7: 8 − 6 and 10 − 6 places.
    assert_eq!(
        told(dilated.into(), image),
        (vec![6, 2, 4], 216, 6, 216 * 8)
    );
    let transposed = ConvTranspose2d {
        kernel: 3,
        padding: 1,
        output_padding: 1,
        ..ConvTranspose2d::tiles(6, 2)
    };
    // 7·2 + 3 + 1 − 2, and 9·2 + 2; each weight meets each pixel of the input.
    assert_eq!(
        told(transposed.into(), image),
        (vec![6, 16, 20], 216, 6, 216 * 80)
    );
    assert_eq!(told(LayerNorm.into(), image), (vec![4, 8, 10], 320, 320, 0));
    assert_eq!(
        told(GroupNorm { groups: 2 }.into(), image),
        (vec![4, 8, 10], 4, 4, 0)
    );
    let scale = |per_channel| LearnedScale {
        per_channel,
        start: 0.5,
    };
    assert_eq!(told(scale(true).into(), image), (vec![4, 8, 10], 4, 0, 0));
    assert_eq!(told(scale(false).into(), image), (vec![4, 8, 10], 1, 0, 0));
    let adaptive = AdaptiveAveragePool2d { size: [3, 5] };
    assert_eq!(told(adaptive.into(), image), (vec![4, 3, 5], 0, 0, 0));
}

#[test]
fn what_does_not_fit_is_refused_with_what_would() {
    let refused = |operation: Operation, input| {
        let problem = shaped(operation, input).unwrap_err();
        let told = |name: &str| problem.params.get(name).cloned().unwrap_or_default();
        (problem.code.text(), told("most"), told("kernel"))
    };
    let image = image(6, 4, 5);
    let told = |code, most: &str, kernel: &str| (code, most.to_owned(), kernel.to_owned());
    let long = Conv2d {
        kernel: [2, 7],
        ..Conv2d::new(1, 1)
    };
    assert_eq!(
        refused(long.into(), image),
        told("kernel-too-large", "", "2×7")
    );
    let window = Window {
        size: 3,
        stride: 2,
        padding: 2,
    };
    for pool in [AveragePool2d::new(window).into(), MaxPool2d(window).into()] {
        assert_eq!(refused(pool, image), told("padding-too-large", "1", ""));
    }
    // Of 3·1 + 2 = 5 rows, two may go on each side.
    let cut = ConvTranspose2d {
        stride: 1,
        padding: 3,
        ..ConvTranspose2d::tiles(1, 2)
    };
    assert_eq!(
        refused(cut.into(), image),
        told("padding-too-large", "2", "")
    );
    let kept = ConvTranspose2d { padding: 2, ..cut };
    assert_eq!(shaped(kept, image).unwrap().output.sizes(), [1, 1, 2]);
    let more = ConvTranspose2d {
        output_padding: 1,
        ..kept
    };
    assert_eq!(
        refused(more.into(), image),
        told("output-padding-too-large", "", "")
    );
    let groups = GroupNorm { groups: 4 };
    assert_eq!(
        refused(groups.into(), image),
        told("channels-do-not-divide", "", "")
    );
    let pooled = AdaptiveAveragePool2d { size: [1, 1] };
    assert_eq!(
        refused(pooled.into(), Shape::Vector(6)),
        told("layer-needs-image", "", "")
    );
}

#[test]
fn normalizations_begin_with_one_and_zero_and_a_factor_with_what_it_is_told() {
    for init in [Init::PyTorch, Init::He] {
        let first = |operation: Operation| {
            let plan = shaped(operation, Shape::Vector(2)).unwrap();
            State::draw(&plan, init, 1).weights
        };
        for norm in [LayerNorm.into(), GroupNorm { groups: 1 }.into()] {
            assert_eq!(first(norm), [[1.0; 2], [0.0; 2]]);
        }
        let scale = LearnedScale {
            per_channel: true,
            start: 0.25,
        };
        assert_eq!(first(scale.into()), [[0.25; 2]]);
        // Something else begins at random.
        assert_ne!(first(Linear::new(2).into())[0], [0.0; 4]);
    }
}

/// Which pixels an output depends on is tried out, one pixel after the other.
#[test]
fn receptive_fields_are_the_pixels_that_matter() {
    let (height, width) = (7, 9);
    let input = image(2, height, width);
    let conv = Conv2d::new(2, 3);
    let transposed = ConvTranspose2d {
        kernel: 4,
        padding: 1,
        ..ConvTranspose2d::tiles(2, 2)
    };
    let cases: [(Operation, bool); 8] = [
        (
            Conv2d {
                kernel: [2, 5],
                padding: [1, 0],
                ..conv
            }
            .into(),
            true,
        ),
        (
            Conv2d {
                dilation: 2,
                padding: [2; 2],
                groups: 2,
                ..conv
            }
            .into(),
            false,
        ),
        (transposed.into(), true),
        (
            ConvTranspose2d {
                kernel: 3,
                ..transposed
            }
            .into(),
            true,
        ),
        (ConvTranspose2d::tiles(2, 3).into(), true),
        (AdaptiveAveragePool2d { size: [3, 4] }.into(), true),
        (AdaptiveAveragePool2d { size: [8, 2] }.into(), true),
        (AveragePool2d::new(Window::tiles(2)).into(), true),
    ];
    let device = Device::flex().autodiff();
    for (operation, whole) in cases {
        let plan = shaped(operation, input).unwrap();
        let state = State::draw(&plan, Init::PyTorch, 3);
        let mut network = Network::new(plan.clone(), &state, &device);
        let mut outputs = |pixels: Vec<f32>| {
            let data = TensorData::new(pixels, [1, 2, height, width]);
            let images = Tensor::<4>::from_data(data, &device).inner();
            block_on(numbers::read(network.forward(images, Mode::Testing)))
        };
        let dark = outputs(vec![0.0; 2 * height * width]);
        let lit: Vec<Vec<f64>> = (0..height * width)
            .map(|at| {
                let mut pixels = vec![0.0; 2 * height * width];
                // In both channels, of which a group sees one.
                pixels[at] = 1.0;
                pixels[height * width + at] = 2.0;
                outputs(pixels)
            })
            .collect();
        let Shape::Image(output) = plan.output else {
            panic!("{operation:?}")
        };
        for (y, x) in (0..output.height).flat_map(|y| (0..output.width).map(move |x| (y, x))) {
            let place = y * output.width + x;
            let seen = window(&plan, 0, y, x);
            for (at, lit) in lit.iter().enumerate() {
                let inside = (seen.top..seen.top + seen.height).contains(&(at / width))
                    && (seen.left..seen.left + seen.width).contains(&(at % width));
                let matters = lit[place] != dark[place];
                // Between the taps of a dilated kernel nothing matters.
                let right = if whole {
                    matters == inside
                } else {
                    !matters || inside
                };
                assert!(right, "{operation:?} ({y}, {x}): pixel {at} of {seen:?}");
            }
        }
        // The layer table has the longer edge of the largest of them.
        let places = (0..output.height).flat_map(|y| (0..output.width).map(move |x| (y, x)));
        let edges = places.map(|(y, x)| window(&plan, 0, y, x));
        let longest = edges.map(|seen| seen.height.max(seen.width)).max();
        assert_eq!(Summary::of(&plan).rows[0].receptive_field, longest);
    }
}
