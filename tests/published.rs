//! The networks of the timeline after 2014: as large, as deep and as costly as published.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use cnn_playground::arch::{self, Summary};
use cnn_playground::base::ImageShape;
use cnn_playground::experiment::{Family, link, resolve};
use cnn_playground::lab;

const PHOTO: ImageShape = ImageShape {
    channels: 3,
    height: 32,
    width: 32,
};

fn network(link: &str) -> Summary {
    let opened = link::open(link);
    assert!(opened.problems.is_empty(), "{:?}", opened.problems);
    let spec = resolve(&opened.choices).spec;
    Summary::of(&arch::build(&spec, PHOTO, 10).unwrap())
}

#[test]
fn densenet_121_and_mobilenet_are_as_large_and_as_costly_as_published() {
    // As torchvision has them, and the trainable ones of Keras; MobileNet's paper says 4.2 and, in table 4, 569 million.
    for (family, parameters, depth, multiply_adds) in [
        (Family::DenseNet, 7_978_856, 121, 2.83e9),
        (Family::MobileNet, 4_231_976, 28, 569e6),
    ] {
        let network = arch::original(family).unwrap();
        assert_eq!((network.parameters, network.depth), (parameters, depth));
        let share = network.multiply_adds as f64 / multiply_adds;
        assert!((share - 1.0).abs() < 0.02, "{family:?}: {share}");
    }
}

/// He et al. 2015, table 6: 0.27, 0.46 and 0.66 million parameters.
#[test]
fn the_residual_networks_for_cifar_are_those_of_the_paper() {
    let all = lab::timeline();
    let named = all.into_iter().flat_map(|milestone| milestone.named);
    let told: Vec<_> = named
        .map(|one| {
            let spec = resolve(&one.choices).spec;
            let network = Summary::of(&arch::build(&spec, PHOTO, 10).unwrap());
            assert_eq!(network.parameters as u64, one.parameters);
            (one.name, network.depth, one.parameters, one.error)
        })
        .collect();
    // 6n 3×3 convolutions, the first one, each with two numbers of batch norm a channel, and the dense layer.
    let count = |n: u64| {
        let stage = |from: u64, w: u64| 9 * w * (from + (2 * n - 1) * w) + 2 * n * 2 * w;
        let stem = 27 * 16 + 2 * 16;
        stem + stage(16, 16) + stage(16, 32) + stage(32, 64) + 64 * 10 + 10
    };
    assert_eq!(
        told,
        [
            ("ResNet-20", 20, count(3), 0.0875),
            ("ResNet-32", 32, count(5), 0.0751),
            ("ResNet-44", 44, count(7), 0.0717),
        ]
    );
    for ((_, _, counted, _), millions) in told.iter().zip([0.27, 0.46, 0.66]) {
        assert!((*counted as f64 / 1e6 - millions).abs() < 0.005);
    }
}

/// Huang et al. 2016, table 2: a growth rate of 12 and 40 layers make 1.0 million parameters.
#[test]
fn densenets_are_as_deep_and_as_large_as_the_papers() {
    for (layers, growth) in [(1, 4), (3, 12), (12, 12)] {
        let link = format!("net=densenet&data=cifar10&blocks={layers}&width={growth}");
        let network = network(&link);
        assert_eq!(network.depth, 3 * layers + 4, "{link}");
        // Of each layer two numbers of batch norm a channel that it reads, and a 3×3 convolution.
        let (mut channels, mut count) = (growth, 27 * growth);
        for block in 0..3 {
            if block > 0 {
                count += 2 * channels + channels * channels;
            }
            for _ in 0..layers {
                count += 2 * channels + 9 * channels * growth;
                channels += growth;
            }
        }
        count += 2 * channels + 10 * channels + 10;
        assert_eq!(network.parameters, count, "{link}");
        if (layers, growth) == (12, 12) {
            assert_eq!(count, 1_000_030);
        }
    }
}

/// Howard et al. 2017, section 3.1: a depthwise separable convolution costs 1/N + 1/9 of a 3×3 convolution with N filters.
#[test]
fn depthwise_separable_convolutions_cost_what_the_paper_says() {
    let network = network("net=mobilenet&data=cifar10&blocks=1&width=16");
    let convs: Vec<_> = network
        .rows
        .iter()
        .filter(|row| row.kernel.is_some())
        .collect();
    let told: Vec<_> = convs.iter().map(|row| row.factors.clone()).collect();
    let pair = |from: usize| [vec![3, 3, 1, from], vec![1, 1, from, 2 * from]];
    let blocks = [16, 32, 64].map(pair).concat();
    assert_eq!(told[0], [3, 3, 3, 16]);
    assert_eq!(told[1..], blocks);
    for block in convs[1..].chunks(2) {
        assert_eq!([block[0].kind, block[1].kind], ["depthwise", "conv2d"]);
        let (from, to) = (block[1].factors[2] as u64, block[1].factors[3] as u64);
        let places = block[1].multiply_adds / (from * to);
        let separable = block[0].multiply_adds + block[1].multiply_adds;
        let full = 9 * from * to * places;
        // separable / full = 1/to + 1/9, without fractions.
        assert_eq!(separable * 9 * to, full * (9 + to));
    }
    let weights: usize = convs.iter().map(|row| row.weights).sum();
    let normalized = 2 * (16 + 16 + 32 + 32 + 64 + 64 + 128);
    assert_eq!(network.parameters, weights + normalized + 128 * 10 + 10);
    assert_eq!(network.depth, 8);
}
