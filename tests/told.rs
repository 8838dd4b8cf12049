//! Figures that explanations tell of networks: counted from their layers, or worked out by hand where the page has not
//! that network.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod languages;

use cnn_playground::arch::resnet::BlockStyle;
use cnn_playground::arch::{self, Shaped, Summary};
use cnn_playground::base::ImageShape;
use cnn_playground::experiment::{Activation, Attention, Block, Joining, Shortcut, link, resolve};
use cnn_playground::operation::{Conv2d, Operation, Shape};
use languages::{tags, words, written};

/// That the words of this key have this in each language.
fn says(key: &str, figure: &str) {
    for tag in tags() {
        let own = written(&tag, figure);
        assert!(words(&tag)[key].contains(&own), "{tag}: {key}: {own}");
    }
}

#[test]
fn the_two_networks_of_the_first_lab_are_of_one_size() {
    for (link, told) in [("net=mlp", "109,386"), ("net=cnn", "105,866")] {
        let spec = resolve(&link::open(link).choices).spec;
        let network = arch::build(&spec, spec.data.shape().unwrap(), 10).unwrap();
        let count = Summary::of(&network).parameters.to_string();
        assert_eq!(count, told.replace(',', ""));
        says("lab.pixel-shuffle.why.1", told);
    }
}

#[test]
fn the_deepest_residual_network_has_the_parameters_that_are_told() {
    let style = BlockStyle {
        block: Block::Bottleneck,
        residual: true,
        join: Joining::Add,
        shortcut: Shortcut::Projection,
        batchnorm: true,
        activation: Activation::Relu,
        attention: Attention::None,
    };
    // 7×7 from three colours with batch normalization, and the dense layer for a thousand classes.
    let mut parameters = 7 * 7 * 3 * 64 + 2 * 64 + 2_048 * 1_000 + 1_000;
    let mut channels = 64;
    // He et al. 2015, table 1.
    for (stage, blocks) in [3, 8, 36, 3].into_iter().enumerate() {
        for block in 0..blocks {
            let stride = if stage > 0 && block == 0 { 2 } else { 1 };
            let layer = style.block(channels, 64 << stage, stride);
            let input = Shape::Image(ImageShape {
                channels,
                height: 56,
                width: 56,
            });
            parameters += Summary::of(&Shaped::infer(&layer, input).unwrap()).parameters;
            channels = 256 << stage;
        }
    }
    assert_eq!(parameters, 60_192_808);
    says("timeline.resnet.about", "60,192,808");
}

/// Wang et al. 2020, section 3: k = log₂(C)/2 + 1/2, made odd.
#[test]
fn the_kernels_of_eca_are_as_long_as_is_told() {
    let lengths = |width: u32| {
        let link = format!("net=cnn&attention=eca&width={width}");
        let spec = resolve(&link::open(&link).choices).spec;
        let network = arch::build(&spec, spec.data.shape().unwrap(), 10).unwrap();
        let rows = Summary::of(&network).rows.into_iter();
        let gates = rows.filter(|row| row.path.ends_with("gate.conv"));
        gates.flat_map(|row| row.factors).collect::<Vec<_>>()
    };
    // 16 and 32 channels, 64 and 128.
    assert_eq!((lengths(16), lengths(64)), (vec![3, 3], vec![3, 5]));
    says("lab.attention.formula.3", "16");
    says("lab.attention.formula.3", "128");
}

/// Ronneberger et al. 2015, figure 1: grey images, two classes, a bias in each convolution.
#[test]
fn the_published_u_net_has_the_parameters_that_are_told() {
    let conv = |input: u64, output: u64, kernel: u64| kernel * kernel * input * output + output;
    let twice = |input, output| conv(input, output, 3) + conv(output, output, 3);
    let down = twice(1, 64)
        + (0..4)
            .map(|level| twice(64 << level, 128 << level))
            .sum::<u64>();
    let up =
        (0..4).map(|level| conv(128 << level, 64 << level, 2) + twice(128 << level, 64 << level));
    let parameters = down + up.sum::<u64>() + conv(64, 2, 1);
    assert_eq!(parameters, 31_030_658);
    let english = words("en");
    let millions = format!("{:.1} million", parameters as f64 / 1e6);
    assert!(english["lab.unet.why.5"].contains(&millions), "{millions}");
}

/// CIFAR-10's standard deviations, by the numbers that are widely copied in their place.
#[test]
fn what_the_copied_numbers_make_of_the_standard_deviation_is_as_told() {
    let own = [0.2470, 0.2435, 0.2616];
    let copied = [0.2023, 0.1994, 0.2010];
    for (own, copied) in own.into_iter().zip(copied) {
        for figure in [
            format!("{own:.4}"),
            format!("{copied:.4}"),
            format!("{:.2}", own / copied),
        ] {
            says("lab.normalize.why.3", &figure);
        }
    }
}

/// What a square of 32 pixels with so many channels becomes, and with how many weights.
fn convolved(channels: usize, conv: Conv2d) -> (Vec<usize>, usize) {
    let image = ImageShape {
        channels,
        height: 32,
        width: 32,
    };
    let network = Shaped::infer(&Operation::Conv2d(conv).into(), Shape::Image(image)).unwrap();
    let row = Summary::of(&network).rows.remove(0);
    (row.output, row.weights)
}

#[test]
fn the_shapes_in_the_puzzles_are_those_that_the_core_infers() {
    let edge = |kernel, stride, padding| {
        let conv = Conv2d {
            stride,
            padding: [padding; 2],
            ..Conv2d::new(4, kernel)
        };
        convolved(3, conv).0[2]
    };
    assert_eq!(edge(5, 1, 2), 32);
    for (word, padding) in [("none", 0), ("one", 1), ("four", 4)] {
        let wrong = edge(5, 1, padding);
        says(
            &format!("lab.shortcuts.check.3.reply.{word}"),
            &format!("{wrong}×{wrong}"),
        );
    }
    assert_eq!((edge(3, 2, 1), edge(3, 2, 0)), (16, 15));

    let spec = resolve(&link::open("data=cifar10&net=lenet&activation=relu&pool=max").choices).spec;
    let network = arch::build(&spec, spec.data.shape().unwrap(), 10).unwrap();
    let rows = Summary::of(&network).rows;
    let inputs = rows.iter().find(|row| row.kind == "linear").unwrap();
    assert_eq!(inputs.input, [400]);
}

#[test]
fn the_first_module_of_googlenet_saves_what_is_told() {
    let plain = convolved(192, Conv2d::new(32, 5)).1;
    let (first, second) = (
        convolved(192, Conv2d::new(16, 1)).1,
        convolved(16, Conv2d::new(32, 5)).1,
    );
    assert_eq!(
        (plain, first, second, first + second),
        (153_600, 3_072, 12_800, 15_872)
    );
    let ratio = plain as f64 / (first + second) as f64;
    assert_eq!((ratio.round(), plain / second), (10.0, 12));
    for figure in ["153,600", "3,072", "12,800", "15,872"] {
        says("lab.inception.check.3.reply.2", figure);
    }
}
