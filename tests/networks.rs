//! The course's figures, from the layer trees.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod families;

use std::collections::BTreeMap;

use cnn_playground::arch::googlenet::{self, Filters};
use cnn_playground::arch::resnet::BlockStyle;
use cnn_playground::arch::summary::Row;
use cnn_playground::arch::{self, Layer, Shaped, Summary};
use cnn_playground::base::ImageShape;
use cnn_playground::base::error::Result;
use cnn_playground::experiment::{
    Activation, Attention, Block, Family, Inception, Joining, Pool, Shortcut, link, resolve,
};
use cnn_playground::operation::{Conv2d, Linear, Operation, Shape};

const DIGIT: ImageShape = ImageShape {
    channels: 1,
    height: 28,
    width: 28,
};
const PHOTO: ImageShape = ImageShape {
    channels: 3,
    height: 32,
    width: 32,
};

fn network(link: &str, image: ImageShape) -> Result<Summary> {
    let opened = link::open(link);
    assert!(opened.problems.is_empty(), "{:?}", opened.problems);
    let spec = resolve(&opened.choices).spec;
    arch::build(&spec, image, 10).map(|network| Summary::of(&network))
}

#[test]
fn a_convolution_has_as_many_weights_as_the_course_says() {
    // 64×64 RGB, four filters of 3×3: 108 weights, 112 with biases.
    let conv = Operation::Conv2d(Conv2d::same(4, 3));
    let image = ImageShape {
        channels: 3,
        height: 64,
        width: 64,
    };
    let row = &Summary::of(&Shaped::infer(&conv.into(), Shape::Image(image)).unwrap()).rows[0];
    assert_eq!((row.weights, row.biases), (108, 4));
    assert_eq!(row.multiply_adds, 108 * 64 * 64);
}

/// The table says of each layer how its weights come about; a gate's layers once had a convolution's formula.
#[test]
fn the_factors_of_a_layer_make_its_number_of_weights() {
    let check = |summary: &Summary, link: &str| {
        for row in &summary.rows {
            let (path, factors) = (&row.path, &row.factors);
            assert_eq!(factors.is_empty(), row.weights == 0, "{link}: {path}");
            let product: usize = factors.iter().product();
            assert!(
                row.weights == 0 || product == row.weights,
                "{link}: {path} {factors:?}"
            );
        }
        let sum = |count: fn(&Row) -> usize| summary.rows.iter().map(count).sum::<usize>();
        let sums = (sum(|row| row.weights), sum(|row| row.biases));
        assert_eq!((summary.weights, summary.biases), sums, "{link}");
        assert_eq!(
            summary.weights + summary.biases,
            summary.parameters,
            "{link}"
        );
    };
    for link in families::EACH {
        check(&network(link, DIGIT).unwrap(), link);
        let link = format!("{link}&data=cifar10");
        // A mask is of grey images only.
        if let Ok(summary) = network(&link, PHOTO) {
            check(&summary, &link);
        }
    }
    let factors = |link: &str, path: &str| {
        let summary = network(link, DIGIT).unwrap();
        let row = summary.rows.into_iter().find(|row| row.path == path);
        row.unwrap().factors
    };
    assert_eq!(factors("net=cnn", "conv2"), [3, 3, 16, 32]);
    assert_eq!(
        factors("net=cnn&attention=eca", "attention1.gate.conv"),
        [3]
    );
    let cbam = "net=cnn&attention=cbam";
    assert_eq!(factors(cbam, "attention1.channels.gate.mlp"), [2, 16, 4]);
    assert_eq!(factors(cbam, "attention1.places.gate.conv"), [7, 7, 2, 1]);
    let groups = Operation::Conv2d(Conv2d {
        groups: 4,
        ..Conv2d::same(8, 3)
    });
    let image = ImageShape {
        channels: 12,
        ..DIGIT
    };
    let shaped = Shaped::infer(&groups.into(), Shape::Image(image)).unwrap();
    assert_eq!(Summary::of(&shaped).rows[0].factors, [3, 3, 3, 8]);
    check(&Summary::of(&shaped), "groups");
}

#[test]
fn every_kind_of_layer_has_a_name_on_the_page() {
    let words: BTreeMap<String, String> =
        serde_json::from_str(include_str!("../www/locales/en.json")).unwrap();
    let activations = Activation::WORDS.iter();
    let activations = activations.map(|word| format!("net=cnn&activation={word}"));
    let each = families::EACH.iter().map(|link| (*link).to_owned());
    for link in each.chain(activations) {
        for row in network(&link, DIGIT).unwrap().rows {
            let key = format!("layer.{}", row.kind);
            assert!(words.contains_key(&key), "{link}: {key}");
        }
    }
}

#[test]
fn weights_of_each_family_worked_out_by_hand() {
    let mlp = 784 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10;
    assert_eq!(network("net=mlp", DIGIT).unwrap().parameters, mlp);
    let cnn = 9 * 16 + 16 + 9 * 16 * 32 + 32 + 32 * 7 * 7 * 64 + 64 + 64 * 10 + 10;
    assert_eq!(network("net=cnn", DIGIT).unwrap().parameters, cnn);
    // LeNet-5 with every map connected: 156 + 2,416 + 48,120 + 10,164 + 850.
    assert_eq!(network("net=lenet", DIGIT).unwrap().parameters, 61_706);
}

#[test]
fn residual_networks_are_as_deep_as_their_names_say() {
    for (blocks, depth) in [(1, 8), (3, 20), (5, 32), (9, 56)] {
        for residual in ["on", "off"] {
            let link = format!("net=resnet&data=cifar10&blocks={blocks}&residual={residual}");
            assert_eq!(network(&link, PHOTO).unwrap().depth, depth, "{link}");
        }
    }
}

#[test]
fn shortcuts_that_cost_nothing_cost_nothing() {
    let count = |shortcut: &str| {
        network(
            &format!("net=resnet&data=cifar10&shortcut={shortcut}"),
            PHOTO,
        )
        .unwrap()
        .parameters
    };
    let plain = network("net=resnet&data=cifar10&residual=off", PHOTO)
        .unwrap()
        .parameters;
    assert_eq!(count("zero-pad"), plain);
    // Two 1×1 projections, 16→32 and 32→64, each with its batch normalization.
    let projections = 16 * 32 + 2 * 32 + 32 * 64 + 2 * 64;
    let opened = network("net=resnet&data=cifar10", PHOTO)
        .unwrap()
        .parameters;
    assert_eq!(opened, plain + projections);
}

#[test]
fn the_bottleneck_is_the_courses_to_the_letter() {
    let style = BlockStyle {
        block: Block::Bottleneck,
        residual: true,
        join: Joining::Add,
        shortcut: Shortcut::Identity,
        batchnorm: true,
        activation: Activation::Relu,
        attention: Attention::None,
    };
    let input = Shape::Image(ImageShape {
        channels: 256,
        height: 14,
        width: 14,
    });
    let block = Shaped::infer(&style.block(256, 64, 1), input).unwrap();
    let rows = Summary::of(&block).rows;
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.kind,
                row.kernel,
                row.padding,
                row.input[0],
                row.output[0],
            )
        })
        .collect();
    let conv =
        |kernel, padding, from, to| ("conv2d", Some([kernel; 2]), Some([padding; 2]), from, to);
    let bn = |channels| ("batch-norm", None, None, channels, channels);
    let relu = |channels| ("relu", None, None, channels, channels);
    assert_eq!(
        told,
        [
            conv(1, 0, 256, 64),
            bn(64),
            relu(64),
            conv(3, 1, 64, 64),
            bn(64),
            relu(64),
            conv(1, 0, 64, 256),
            bn(256),
            ("identity", None, None, 256, 256),
            relu(256),
        ]
    );
    let weights: usize = rows
        .iter()
        .filter(|row| row.kind == "conv2d")
        .map(|row| row.weights)
        .sum();
    assert_eq!(weights, 256 * 64 + 9 * 64 * 64 + 64 * 256);
}

#[test]
fn an_impossible_combination_names_the_two_shapes() {
    let problem = network("net=resnet&data=cifar10&shortcut=identity", PHOTO).unwrap_err();
    assert_eq!(problem.code.text(), "shapes-differ");
    assert_eq!(problem.params["body"], "32×16×16");
    assert_eq!(problem.params["shortcut"], "16×32×32");
    assert_eq!(problem.params["layer"], "stage2.block1");
}

#[test]
fn an_image_that_is_too_small_is_refused_where_it_matters() {
    let tiny = ImageShape {
        channels: 1,
        height: 3,
        width: 3,
    };
    let problem = network("net=lenet", tiny).unwrap_err();
    assert_eq!(problem.code.text(), "kernel-too-large");
    let dense: Layer = Linear::new(2).into();
    let problem = Shaped::infer(&dense, Shape::Image(tiny)).unwrap_err();
    assert_eq!(problem.code.text(), "layer-needs-vector");
}

#[test]
fn receptive_fields_follow_the_formula() {
    let rows = network("net=cnn", DIGIT).unwrap().rows;
    let seen: Vec<_> = rows.iter().filter_map(|row| row.receptive_field).collect();
    // conv 3, ReLU, pool 2, conv 3 at stride 2, ReLU, pool 2.
    assert_eq!(seen, [3, 3, 4, 8, 8, 10]);
}

#[test]
fn the_published_networks_are_as_large_as_published() {
    let count = |family| {
        let network = arch::original(family).unwrap();
        (network.parameters, network.depth)
    };
    // LeNet-5 as it is built today; the paper's sparse second layer has 60,000.
    assert_eq!(count(Family::LeNet), (61_706, 5));
    assert_eq!(count(Family::LeNet1), (3_246, 3));
    assert_eq!(count(Family::AlexNet), (60_965_224, 8));
    assert_eq!(count(Family::Vgg), (138_357_544, 16));
    // Version 1 with its 5×5 kernels and biases, without the auxiliary classifiers.
    assert_eq!(count(Family::GoogLeNet), (6_998_552, 22));
    assert_eq!(count(Family::ResNet), (25_557_032, 50));
    assert!(arch::original(Family::Mlp).is_none());
}

#[test]
fn the_published_networks_cost_as_much_as_published() {
    // In units of 10⁹ multiply-adds: Canziani et al. 2016; torchvision for ResNet-50, whose stride is where it is here.
    for (family, published) in [
        (Family::AlexNet, 0.72),
        (Family::Vgg, 15.5),
        (Family::GoogLeNet, 1.6),
        (Family::ResNet, 4.09),
    ] {
        let counted = arch::original(family).unwrap().multiply_adds as f64 / 1e9;
        assert!(
            (counted / published - 1.0).abs() < 0.04,
            "{family:?}: {counted}"
        );
    }
}

/// The weights of the convolutions of the branch `name` of an Inception module's forms.
fn branch(inception: Inception, filters: Filters, input: usize, name: &str) -> Vec<usize> {
    let style = googlenet::ModuleStyle {
        inception,
        pool: Pool::Max,
        batchnorm: false,
        activation: Activation::Relu,
        attention: Attention::None,
    };
    let input = Shape::Image(ImageShape {
        channels: input,
        height: 28,
        width: 28,
    });
    let module = Shaped::infer(&style.module(filters, input.channels()), input).unwrap();
    let rows = Summary::of(&module).rows.into_iter();
    rows.filter(|row| row.path.starts_with(name) && row.weights > 0)
        .map(|row| row.weights)
        .collect()
}

#[test]
fn inception_saves_what_the_course_says() {
    let filters = Filters {
        one: 64,
        three: [64, 192],
        five: [32, 32],
        pooled: 32,
    };
    let of = |inception, name| branch(inception, filters, 256, name);
    assert_eq!(of(Inception::Naive, "three"), [442_368]);
    assert_eq!(of(Inception::Reduced, "three"), [16_384, 110_592]);
    assert_eq!(16_384 + 110_592, 126_976);
    // For each pair of channels 25 weights, or 18 in two 3×3.
    let pairs = 32 * 32;
    assert_eq!(of(Inception::Reduced, "five"), [256 * 32, 25 * pairs]);
    let factorised = of(Inception::Factorised, "five");
    assert_eq!(factorised, [256 * 32, 9 * pairs, 9 * pairs]);
    assert_eq!(factorised[1] + factorised[2], 18 * pairs);
}
