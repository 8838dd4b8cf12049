//! In which order a run sees its training images, and what they look like by then.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

#[allow(dead_code, reason = "each file of tests uses a part of it")]
mod twenty;

use cnn_playground::data::{Batch, Dataset, Split, Targets, Transform, epoch_order, folder};
use cnn_playground::event::Event;
use cnn_playground::experiment::ExperimentSpec;
use cnn_playground::train::{Device, Session};
use pollster::block_on;

fn cpu() -> Device {
    block_on(Device::open("cpu")).unwrap()
}

fn mnist(train: usize, test: usize) -> Dataset {
    let folder = folder::cache().unwrap().join("mnist");
    folder::load(&folder, train, test).unwrap_or_else(|problem| {
        panic!("{problem}\nThe data sets are missing. Type: cargo xtask data mnist")
    })
}

/// Everything that a run says until its end.
fn finish(session: &mut Session, data: &Dataset) -> Vec<Event> {
    let mut all: Vec<Event> = Vec::new();
    while !matches!(all.last(), Some(Event::Finished { .. })) {
        let events = block_on(session.advance(data, 1)).unwrap();
        assert!(
            !events.is_empty(),
            "a run that goes on has something to tell"
        );
        all.extend(events);
    }
    all
}

/// The run of a link on images that are drawn.
fn run(link: &str) -> Vec<Event> {
    let spec = twenty::spec(link);
    let data = twenty::images(spec.data, spec.train, spec.test);
    let (mut session, _) = Session::begin(spec, &data.facts, &cpu()).unwrap();
    finish(&mut session, &data)
}

fn losses(events: &[Event]) -> Vec<f32> {
    let each = events.iter().filter_map(|event| match event {
        Event::Steps { losses, .. } => Some(losses.as_slice()),
        _ => None,
    });
    each.flatten().copied().collect()
}

/// Loss and accuracy of each test.
fn tests(events: &[Event]) -> Vec<(f32, f32)> {
    let each = events.iter().filter_map(|event| match event {
        Event::Evaluated { loss, accuracy, .. } => Some((*loss, *accuracy)),
        _ => None,
    });
    each.collect()
}

/// The labels that each batch of an epoch has.
fn labels(spec: &ExperimentSpec, data: &Dataset, epoch: u32) -> Vec<Vec<u8>> {
    let samples = data.samples(Split::Train);
    let transform = Transform::new(spec, &data.facts).unwrap();
    let order = epoch_order(spec, epoch, &samples.labels);
    let batches = order.chunks(spec.batch as usize);
    let labels = batches.map(|indices| {
        match Batch::gather(samples, Split::Train, &transform, indices).targets {
            Targets::Labels(labels) => labels,
            Targets::Masks(_) => panic!("these are classes"),
        }
    });
    labels.collect()
}

#[test]
fn sorted_images_come_class_by_class_and_the_run_waits_for_all_of_them() {
    let spec = twenty::spec_of("net=mlp&order=sorted&train=2000&test=100&epochs=1&batch=100");
    let (all, first) = (mnist(2000, 100), mnist(1, 100));
    assert!(first.samples(Split::Train).len() < 2000, "a part of it");
    let (mut session, _) = Session::begin(spec.clone(), &all.facts, &cpu()).unwrap();
    for _ in 0..2 {
        let events = block_on(session.advance(&first, 50)).unwrap();
        assert!(
            matches!(
                events[..],
                [Event::Waiting {
                    split: Split::Train,
                    needed: 2000,
                    ..
                }]
            ),
            "{events:?}"
        );
    }
    assert_eq!(losses(&finish(&mut session, &all)).len(), 20);

    let batches = labels(&spec, &all, 0);
    let one_class = batches
        .iter()
        .filter(|labels| labels.iter().all(|label| *label == labels[0]));
    // Each of ten classes begins in the middle of a batch at most once.
    assert!(one_class.count() >= 10, "{batches:?}");
    assert!(batches.concat().is_sorted());
}

#[test]
fn stored_images_are_used_as_they_come() {
    let spec = twenty::spec_of("net=mlp&order=stored&train=2000&test=100&epochs=1&batch=100");
    let (all, first) = (mnist(2000, 100), mnist(1, 100));
    let here = first.samples(Split::Train).len();
    let (mut session, _) = Session::begin(spec.clone(), &all.facts, &cpu()).unwrap();
    let before = block_on(session.advance(&first, 50)).unwrap();
    assert_eq!(
        losses(&before).len(),
        here / 100,
        "all that is here is used"
    );
    assert_eq!(
        labels(&spec, &all, 0).concat(),
        all.samples(Split::Train).labels[..2000]
    );
}

#[test]
fn each_order_and_each_augmentation_is_another_run_and_the_default_is_none() {
    let of = |more: &str| losses(&run(&format!("net=mlp&width=16{more}")));
    let plain = of("");
    for more in [
        "&order=shuffled",
        "&augment=none",
        "&init=pytorch",
        "&smoothing=0",
        "&schedule=constant",
    ] {
        assert_eq!(of(more), plain, "{more}");
    }
    let others = [
        "&order=stored",
        "&order=sorted",
        "&augment=flip",
        "&augment=flip-crop",
        "&init=he",
        "&smoothing=0.1",
        "&schedule=one-cycle",
    ];
    let all: Vec<_> = others.iter().map(|more| of(more)).collect();
    for (at, one) in all.iter().enumerate() {
        assert_ne!(*one, plain, "{}", others[at]);
        for other in &all[at + 1..] {
            assert_ne!(one, other, "{}", others[at]);
        }
    }
}

/// Steps that are too small to change anything show what belongs to training alone.
#[test]
fn augmentation_and_smoothing_are_for_training_alone() {
    let of = |more: &str| {
        run(&format!(
            "net=mlp&width=16&optimizer=sgd&momentum=0&lr=0.000001{more}"
        ))
    };
    let plain = of("");
    for more in ["&augment=flip-crop", "&smoothing=0.5"] {
        let changed = of(more);
        for ((loss, accuracy), (expected, right)) in tests(&changed).into_iter().zip(tests(&plain))
        {
            assert!((loss - expected).abs() < 1e-4, "{more}: {loss}, {expected}");
            assert_eq!(accuracy, right, "{more}");
        }
        let pairs = losses(&changed).into_iter().zip(losses(&plain));
        let apart = pairs.filter(|(a, b)| (a - b).abs() > 1e-3);
        assert!(apart.count() > 10, "{more}");
    }
}

#[test]
fn a_sorted_and_augmented_run_goes_on_from_its_checkpoint_as_if_nothing_had_happened() {
    let spec = twenty::spec(
        "net=cnn&width=4&order=sorted&augment=flip-crop&init=he&smoothing=0.1&optimizer=sgd&nesterov=on&schedule=one-cycle",
    );
    let data = twenty::images(spec.data, spec.train, spec.test);
    let (mut session, _) = Session::begin(spec, &data.facts, &cpu()).unwrap();
    // In the middle of the second epoch.
    block_on(session.advance(&data, 9)).unwrap();
    let checkpoint = block_on(session.checkpoint()).unwrap().unwrap();
    let (mut resumed, _) = Session::resume(&checkpoint, &data.facts, &cpu()).unwrap();
    let (here, there) = (finish(&mut session, &data), finish(&mut resumed, &data));
    assert!(losses(&here).len() > 10);
    assert_eq!(here, there);
}

#[test]
fn pixels_are_shuffled_after_an_image_was_changed() {
    let spec = twenty::spec("net=mlp&permute=fixed&augment=flip-crop");
    let data = twenty::images(spec.data, spec.train, spec.test);
    let samples = data.samples(Split::Train);
    let transform = Transform::new(&spec, &data.facts).unwrap();
    let batch = Batch::augmented(samples, &transform, 1, &[3, 8]);
    let size = samples.shape.len();
    for (seen, index) in batch.images.chunks_exact(size).zip([3, 8]) {
        let changed = transform.augmented(samples.image(index), 1, index);
        assert_ne!(changed, samples.image(index));
        let mut expected = vec![0.0; size];
        transform.apply(&changed, Split::Train, index, &mut expected);
        assert_eq!(seen, expected);
        // What lies outside of the image is as black as anything.
        let black = transform.ends()[0].0;
        let of_black = seen.iter().filter(|value| **value == black).count();
        assert_eq!(
            of_black,
            changed.iter().filter(|value| **value == 0).count()
        );
    }
}

/// The most that the losses of two runs differ by.
fn furthest(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let differences = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    differences.fold(0.0, f32::max)
}

#[test]
fn a_dense_network_whose_weights_follow_the_pixels_learns_as_on_plain_images() {
    let data = mnist(2000, 500);
    let learn = |rest: &str| {
        let link = format!("net=mlp&train=2000&test=500&epochs=2{rest}");
        let (mut session, _) = Session::begin(twenty::spec_of(&link), &data.facts, &cpu()).unwrap();
        let mut events: Vec<Event> = Vec::new();
        while !matches!(events.last(), Some(Event::Finished { .. })) {
            events.extend(block_on(session.advance(&data, 64)).unwrap());
        }
        (losses(&events), tests(&events))
    };
    let (plain, plain_tests) = learn("");
    let (shuffled, _) = learn("&permute=fixed");
    let (relabelled, tests) = learn("&permute=fixed&init=permuted");
    // A sum in another order is rounded differently; nothing else differs.
    let close = furthest(&plain, &relabelled);
    assert!(close < 1e-4, "{close}");
    assert_eq!(plain_tests.len(), tests.len());
    for (plain, relabelled) in plain_tests.iter().zip(&tests) {
        assert!((plain.0 - relabelled.0).abs() < 1e-4);
        assert!((plain.1 - relabelled.1).abs() <= 1.0 / 500.0 + f32::EPSILON);
    }
    assert!(
        furthest(&plain, &shuffled) > 0.01,
        "weights that stay give another curve"
    );
}
