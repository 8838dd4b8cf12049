//! The estimate of a run's memory, checked against what the run takes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

#[allow(dead_code, reason = "each file of tests uses a part of it")]
mod twenty;

use burn::tensor::Tensor;
use cnn_playground::arch::{self, Layer, Shaped, memory};
use cnn_playground::base::ImageShape;
use cnn_playground::event::Event;
use cnn_playground::experiment::{Activation, Init};
use cnn_playground::nn::{Network, State};
use cnn_playground::operation::{
    Conv2d, ConvTranspose2d, Draw, GroupNorm, LayerNorm, Mode, Operation, Shape,
};
use cnn_playground::train::{Device, Session};
use peak_alloc::PeakAlloc;
use pollster::block_on;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// A run may take so much of what is estimated at least, and at most.
const WITHIN: std::ops::RangeInclusive<f64> = 0.6..=1.0;

/// Large enough that the network and not the program decides.
const LINKS: &[&str] = &[
    "net=cnn&batch=256&width=32",
    "net=cnn&batch=256&width=32&activation=gelu&batchnorm=on&attention=cbam",
    "net=vgg&batch=64&width=32",
    "net=googlenet&batch=64&width=32",
    "net=googlenet&batch=64&width=32&auxiliary=on",
    "net=resnet&batch=64&width=16&blocks=2&data=cifar10",
    "net=resnet&batch=64&width=16&blocks=2&data=cifar10&attention=cbam",
    "net=resnet&batch=64&width=16&attention=se&join=concat",
    "net=densenet&batch=64&blocks=4",
    "net=mobilenet&batch=64&data=cifar10",
    "net=unet&batch=64&width=16&blocks=2",
    "net=mlp&batch=512&width=512&blocks=8",
    "net=alexnet&batch=4&width=32",
];

/// The largest that the heap was beyond what it is now while this run was begun, made two steps and was
/// tested.
fn taken(link: &str) -> (f64, f64) {
    let spec = twenty::spec_of(&format!("{link}&train=512&test=200&stop=steps&steps=2"));
    let cpu = block_on(Device::open("cpu")).unwrap();
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let data = twenty::images(spec.data, 512, 200);
    let plan = arch::build(&spec, data.facts.shape, data.facts.classes.len()).unwrap();
    let estimate = memory::needed(&plan, &spec) as f64;
    let (mut session, _) = Session::begin(spec, &data.facts, &cpu).unwrap();
    loop {
        let events = block_on(session.advance(&data, 1)).unwrap();
        block_on(session.checkpoint()).unwrap();
        if matches!(events.last(), Some(Event::Finished { .. })) {
            let program = 32.0 * 1024.0 * 1024.0;
            return ((HEAP.peak_usage() - before) as f64 + program, estimate);
        }
    }
}

/// Operations that no family has, six times each, with an activation function between them.
fn trees() -> Vec<(String, Layer)> {
    let conv = Conv2d::same(16, 3);
    let each: [(&str, Operation); 6] = [
        (
            "dilated",
            Conv2d {
                dilation: 2,
                padding: [2; 2],
                ..conv
            }
            .into(),
        ),
        ("in groups", Conv2d { groups: 4, ..conv }.into()),
        (
            "1 by 7",
            Conv2d {
                kernel: [1, 7],
                padding: [0, 3],
                ..conv
            }
            .into(),
        ),
        ("layer norm", LayerNorm.into()),
        ("group norm", GroupNorm { groups: 4 }.into()),
        (
            "transposed",
            ConvTranspose2d {
                stride: 1,
                padding: 1,
                ..ConvTranspose2d::tiles(16, 3)
            }
            .into(),
        ),
    ];
    let tree = |operation: Operation| {
        let pair = |at| {
            let operation = Layer::Operation(operation);
            [
                (format!("it{at}"), operation),
                (format!("act{at}"), Activation::Silu.into()),
            ]
        };
        Layer::Sequential((0..6).flat_map(pair).collect())
    };
    each.map(|(name, operation)| (name.to_owned(), tree(operation)))
        .into()
}

/// The same as [`taken`] for one step through a tree.
fn taken_by(layer: &Layer) -> (f64, f64) {
    const BATCH: usize = 128;
    let image = ImageShape {
        channels: 16,
        height: 32,
        width: 32,
    };
    let spec = twenty::spec_of(&format!("batch={BATCH}&train=500&test=100"));
    let plan = Shaped::infer(layer, Shape::Image(image)).unwrap();
    let estimate = memory::needed(&plan, &spec) as f64;
    let device = burn::tensor::Device::flex().autodiff();
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let state = State::draw(&plan, Init::PyTorch, 1);
    let mut network = Network::new(plan, &state, &device);
    let images = Tensor::<4>::ones([BATCH, 16, 32, 32], &device);
    let draw = Draw { seed: 1, step: 0 };
    let output = network.forward(images, Mode::Training { draw });
    let gradients = output.square().sum().backward();
    assert!(network.weights()[0].grad(&gradients).is_some());
    // A run has its images beside this, and the program.
    let rest = 2.0 * 16_384.0 * 600.0 + 32.0 * 1024.0 * 1024.0;
    ((HEAP.peak_usage() - before) as f64 + rest, estimate)
}

#[test]
fn a_run_takes_what_its_tree_says() {
    let mut wrong = Vec::new();
    let runs = LINKS.iter().map(|link| ((*link).to_owned(), taken(link)));
    let trees = trees().into_iter();
    let trees = trees.map(|(name, layer)| (name, taken_by(&layer)));
    for (link, (taken, estimate)) in runs.chain(trees) {
        let share = taken / estimate;
        println!(
            "{:6.0} MB of {:6.0} MB, {share:.2}: {link}",
            taken / 1e6,
            estimate / 1e6
        );
        if !WITHIN.contains(&share) {
            wrong.push((link, share));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
