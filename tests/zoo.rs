//! Every family and every switch, together: what can be built has the right shapes, what cannot says
//! why, and what is built can learn.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod drawn;
mod families;

use cnn_playground::arch::{self, Form, Shaped, Summary, pytorch};
use cnn_playground::base::ImageShape;
use cnn_playground::data::{Dataset, folder};
use cnn_playground::event::Event;
use cnn_playground::experiment::field::Group;
use cnn_playground::experiment::{
    Choices, DataSet, ExperimentSpec, FIELDS, Stop, Task, link, resolve,
};
use cnn_playground::operation::{Operation, Shape};
use cnn_playground::train::{Device, Session};
use pollster::block_on;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

const CLASSES: usize = 10;

fn mnist(train: usize, test: usize) -> Dataset {
    let folder = folder::cache().unwrap().join("mnist");
    folder::load(&folder, train, test).unwrap_or_else(|problem| {
        panic!("{problem}\nThe data sets are missing. Type: cargo xtask data mnist")
    })
}

/// The losses of every step of this spec's run.
fn losses(spec: ExperimentSpec, data: &Dataset) -> Vec<f32> {
    let cpu = block_on(Device::open("cpu")).unwrap();
    let (mut session, _) = Session::begin(spec, &data.facts, &cpu).unwrap();
    let mut all = Vec::new();
    loop {
        for event in block_on(session.advance(data, 64)).unwrap() {
            match event {
                Event::Steps { losses, .. } => all.extend(losses),
                Event::Finished { .. } => return all,
                Event::Failed { problem } => panic!("{problem}"),
                _ => {}
            }
        }
    }
}

/// A spec with every field of its network drawn from its limits, each field after those above it.
fn draw(runner: &mut TestRunner) -> ExperimentSpec {
    let mut choices = Choices::new();
    for field in FIELDS {
        let of_network = matches!(field.group, Group::Network) || field.key == "residual";
        let spec = resolve(&choices).spec;
        if (of_network || field.key == "data") && (field.applies)(&spec) {
            let drawn = drawn::value(field, &spec)
                .new_tree(runner)
                .unwrap()
                .current();
            choices.insert(field.key.to_owned(), drawn);
        }
    }
    let resolved = resolve(&choices);
    assert_eq!(resolved.problems, []);
    resolved.spec
}

/// Columns of the widest kernel that the module for GPUs has a convolution for.
const WIDEST: usize = 11;

/// Whether each part gets what the one before it gives, and each branch what its parent gets; and whether
/// every convolution is one of the project's own, since the module for GPUs has none of burn's.
fn check(part: &Shaped) {
    match &part.form {
        Form::Operation(Operation::Conv2d(conv)) => {
            let depthwise = [part.input.channels(), conv.out_channels] == [conv.groups; 2];
            assert!(conv.groups == 1 || depthwise, "{}", part.path);
            assert_eq!(conv.dilation, 1, "{}", part.path);
            assert!(conv.kernel[1] <= WIDEST, "{}", part.path);
        }
        Form::Operation(_) => {}
        Form::Sequential(parts) => {
            let reached = parts.iter().fold(part.input, |reached, next| {
                assert_eq!(next.input, reached, "{}", next.path);
                next.output
            });
            assert_eq!(part.output, reached, "{}", part.path);
        }
        Form::Merge { branches, .. } => {
            assert!(branches.iter().all(|branch| branch.input == part.input));
        }
    }
    part.parts().iter().for_each(check);
}

#[test]
fn every_combination_is_right_or_refused_with_a_reason() {
    let mut runner = TestRunner::deterministic();
    let digits = mnist(10, 10);
    let (mut built, mut refused, mut trained) = (0, 0, 0);
    for _ in 0..2_000 {
        let mut spec = draw(&mut runner);
        let image = spec.data.shape().unwrap_or(ImageShape {
            channels: 3,
            height: 20,
            width: 24,
        });
        let network = match arch::build(&spec, image, CLASSES) {
            Ok(network) => network,
            Err(problem) => {
                let reasons = [
                    "shapes-differ",
                    "sizes-differ",
                    "mask-differs",
                    "no-masks",
                    "kernel-too-large",
                    "too-many-weights",
                    "too-much-memory",
                    // Of a text that is drawn as it may be typed.
                    "unknown-layer",
                    "unexpected-sign",
                    "layer-needs-image",
                    "layer-needs-vector",
                    "output-differs",
                ];
                assert!(reasons.contains(&problem.code.text()), "{problem}");
                refused += 1;
                continue;
            }
        };
        built += 1;
        check(&network);
        let output = if spec.task() == Task::Segment {
            let channels = 1;
            Shape::Image(ImageShape { channels, ..image })
        } else {
            Shape::Vector(CLASSES)
        };
        assert_eq!(network.output, output, "{}", link::text(&spec));
        let summary = Summary::of(&network);
        assert_eq!(summary.parameters, network.weights());
        assert!(
            pytorch::source(
                &network,
                spec.init,
                "Network",
                &pytorch::SourceWords::english()
            )
            .contains("class Network(nn.Module)")
        );
        if summary.multiply_adds < 2_000_000 && image == digits.facts.shape {
            (spec.data, spec.train, spec.test, spec.batch) = (DataSet::Mnist, 10, 10, 4);
            (spec.stop, spec.steps) = (Stop::Steps, 1);
            let losses = losses(spec.clone(), &digits);
            assert!(losses[0].is_finite(), "{}", link::text(&spec));
            trained += 1;
        }
    }
    println!("{built} built, {refused} refused, {trained} trained");
    assert!(built > 1_000 && refused > 100 && trained > 50);
}

#[test]
fn every_family_and_every_switch_learns() {
    let data = mnist(640, 10);
    for link in families::EACH {
        let link = format!("{link}&train=640&test=10&batch=32&stop=steps&steps=20");
        let opened = link::open(&link);
        assert_eq!(opened.problems, [], "{link}");
        let losses = losses(resolve(&opened.choices).spec, &data);
        let mean = |part: &[f32]| part.iter().sum::<f32>() / part.len() as f32;
        let (first, last) = (mean(&losses[..4]), mean(&losses[16..]));
        println!("{link}: {first} to {last}");
        assert!(last < 0.97 * first, "{link}: {losses:?}");
    }
}
