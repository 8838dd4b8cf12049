//! The networks of the course's code exercises.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use cnn_playground::arch::{self, Summary, pytorch};
use cnn_playground::experiment::{link, resolve};
use cnn_playground::lab;

/// The network of a link, for the images of its data set.
fn network(link: &str) -> Summary {
    let opened = link::open(link);
    assert_eq!(opened.problems, [], "{link}");
    let spec = resolve(&opened.choices).spec;
    Summary::of(&arch::build(&spec, spec.data.shape().unwrap(), 10).unwrap())
}

#[test]
fn the_course_s_networks_are_as_large_as_in_its_notebooks() {
    let count = |link| network(link).parameters;
    assert_eq!(count("net=exercise1"), 6_422);
    assert_eq!(count("net=exercise1-dense"), 6_442);
    assert_eq!(
        count("net=lenet&activation=relu&pool=max&data=cifar10"),
        62_006
    );
    // Without the convolutions' biases, which batch norm makes superfluous.
    assert_eq!(count("net=exercise3&data=cifar10"), 9_228_362);
    network("net=exercise3&width=4");
}

/// He et al. 2015, table 1, behind a 3×3 stem: two blocks in each of four stages of 64 to 512 channels.
#[test]
fn resnet_18_has_four_stages_of_two_blocks() {
    let link = "net=resnet&stages=4&blocks=2&width=64&data=cifar10";
    let plain = network(link);
    assert_eq!((plain.depth, plain.parameters), (18, 11_173_962));
    // A gate has two dense layers with biases, C → C/4 → C, here; with C/16 between them in the notebook.
    let gates = |reduction: usize| {
        let gate = |channels: usize| {
            let hidden = channels / reduction;
            2 * channels * hidden + hidden + channels
        };
        2 * [64, 128, 256, 512].map(gate).iter().sum::<usize>()
    };
    let gated = network(&format!("{link}&attention=se")).parameters;
    assert_eq!(gated, plain.parameters + gates(4));
    assert_eq!((gates(4), gates(16)), (350_560, 89_080));
}

/// Szegedy et al. 2014, section 5, scaled: a quarter of the channels, and eight times as many hidden units.
#[test]
fn an_auxiliary_classifier_is_beside_the_way() {
    let link = "net=googlenet&width=32&batchnorm=off&inception=reduced";
    let (plain, aided) = (network(link), network(&format!("{link}&auxiliary=on")));
    assert_eq!(aided.depth, plain.depth);
    // Stage 1 has 128 channels: 32 filters, 4×4 pixels of which reach 256 units.
    let classifier = 128 * 32 + 32 + 16 * 32 * 256 + 256 + 256 * 10 + 10;
    assert_eq!(aided.parameters, plain.parameters + classifier);
    let field = |summary: &Summary, path: &str| {
        let row = summary.rows.iter().find(|row| row.path == path);
        row.unwrap().receptive_field
    };
    let behind = "stage2.block1.one.conv1";
    assert!(field(&plain, behind).is_some());
    assert_eq!(field(&aided, behind), field(&plain, behind));
    assert_eq!(field(&aided, "auxiliary.classifier.fc1"), None);
    let spec = resolve(&link::open(&format!("{link}&auxiliary=on")).choices).spec;
    let source = pytorch::of(&spec, None, &pytorch::SourceWords::english()).unwrap();
    let weight = format!("{} times the loss", arch::AUXILIARY_WEIGHT);
    assert!(source.contains(&weight), "{source}");
    assert!(
        source.contains("self.auxiliary = nn.Sequential("),
        "{source}"
    );
}

#[test]
fn every_experiment_of_an_exercise_fits_a_browser() {
    let mut runs = 0;
    for run in lab::exercises().into_iter().flat_map(|of| of.runs) {
        let spec = resolve(&run.choices).spec;
        let shape = spec.data.shape().unwrap();
        let built = arch::build(&spec, shape, 10);
        assert!(built.is_ok(), "{}: {:?}", run.id, built.err());
        runs += 1;
    }
    assert!(runs > 10);
}

#[test]
fn the_notebooks_of_photographs_crop_and_flip() {
    for exercise in lab::exercises().into_iter().filter(|of| of.number >= 3) {
        for run in exercise.runs {
            let text = link::text(&resolve(&run.choices).spec);
            let transforms = "normalize=copied";
            assert!(text.contains(transforms), "{text}");
            assert!(text.contains("augment=flip-crop"), "{text}");
        }
    }
}
