//! Runs on real digits, on the CPU: `cargo xtask data mnist` brings them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::collections::BTreeMap;

use cnn_playground::arch;
use cnn_playground::base::error::Code;
use cnn_playground::data::{Dataset, folder};
use cnn_playground::event::Event;
use cnn_playground::experiment::{ExperimentSpec, link, resolve};
use cnn_playground::train::{Device, Session};
use pollster::block_on;

fn mnist(train: usize, test: usize) -> Dataset {
    let folder = folder::cache().unwrap().join("mnist");
    folder::load(&folder, train, test).unwrap_or_else(|problem| {
        panic!("{problem}\nThe data sets are missing. Type: cargo xtask data mnist")
    })
}

fn spec(text: &str) -> ExperimentSpec {
    let opened = link::open(text);
    assert!(opened.problems.is_empty(), "{text}: {:?}", opened.problems);
    resolve(&opened.choices).spec
}

fn cpu() -> Device {
    block_on(Device::open("cpu")).unwrap()
}

/// Advances until the run ends, `batches` at a time.
fn finish(session: &mut Session, data: &Dataset, batches: u32) -> Vec<Event> {
    let mut all: Vec<Event> = Vec::new();
    while !matches!(
        all.last(),
        Some(Event::Finished { .. } | Event::Failed { .. })
    ) {
        let events = block_on(session.advance(data, batches)).unwrap();
        assert!(
            !events.is_empty(),
            "a run that goes on has something to tell"
        );
        all.extend(events);
    }
    all
}

fn run(text: &str, batches: u32) -> Vec<Event> {
    let spec = spec(text);
    let data = mnist(spec.train as usize, spec.test as usize);
    let (mut session, _) = Session::begin(spec, &data.facts, &cpu()).unwrap();
    finish(&mut session, &data, batches)
}

fn losses(events: &[Event]) -> Vec<f32> {
    let each = events.iter().filter_map(|event| match event {
        Event::Steps { losses, .. } => Some(losses.as_slice()),
        _ => None,
    });
    each.flatten().copied().collect()
}

/// The step and the norms of each look at the gradient.
fn gradients(events: &[Event]) -> Vec<(u32, Vec<f32>)> {
    let each = events.iter().filter_map(|event| match event {
        Event::Gradients { step, norms } => Some((*step, norms.clone())),
        _ => None,
    });
    each.collect()
}

fn last_accuracy(events: &[Event]) -> f32 {
    let tested = events.iter().rev().find_map(|event| match event {
        Event::Evaluated { accuracy, .. } => Some(*accuracy),
        _ => None,
    });
    tested.unwrap()
}

#[test]
fn every_network_learns() {
    for (link, least) in [
        ("net=mlp", 0.78),
        ("net=lenet", 0.78),
        ("net=cnn", 0.80),
        ("net=resnet&width=8", 0.5),
        ("net=resnet&width=8&block=bottleneck&shortcut=zero-pad", 0.3),
        ("net=cnn&optimizer=sgd&schedule=cosine&batchnorm=on", 0.80),
        ("net=cnn&optimizer=adamw&pool=average&activation=tanh", 0.78),
    ] {
        let accuracy = last_accuracy(&run(
            &format!("{link}&train=1000&test=500&epochs=3&batch=32"),
            64,
        ));
        assert!(accuracy > least, "{link}: {accuracy}");
    }
}

#[test]
fn events_count_what_they_should() {
    let events = run("train=250&test=100&batch=100&epochs=2&net=mlp", 64);
    let kinds: Vec<_> = events
        .iter()
        .map(|event| match event {
            Event::Steps {
                first,
                losses,
                samples,
                ..
            } => format!("steps {first}+{} {samples}", losses.len()),
            Event::Gradients { step, norms } => format!("gradients {step} {}", norms.len()),
            Event::Epoch { epoch, step, .. } => format!("epoch {epoch} {step}"),
            Event::Evaluated { step, samples, .. } => format!("test {step} {samples}"),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        kinds,
        [
            "steps 1+3 250",
            "gradients 1 3",
            "epoch 1 3",
            "test 3 100",
            "steps 4+3 500",
            "epoch 2 6",
            "test 6 100",
            "Finished { steps: 6 }"
        ]
    );
}

#[test]
fn no_more_than_sixteen_losses_wait_on_the_device() {
    let events = run("train=400&test=10&batch=10&epochs=1&net=mlp", 40);
    let read: Vec<usize> = events
        .iter()
        .filter_map(|event| match event {
            Event::Steps { losses, .. } => Some(losses.len()),
            _ => None,
        })
        .collect();
    assert_eq!(read.iter().sum::<usize>(), 40);
    assert!(read.iter().all(|count| *count <= 16), "{read:?}");
}

#[test]
fn how_a_run_is_sliced_changes_nothing() {
    let link = "train=500&test=100&stop=steps&steps=20&batch=32&net=cnn&width=4&batchnorm=on";
    let (whole, sliced) = (run(link, 100), run(link, 3));
    assert_eq!(losses(&whole).len(), 20);
    assert_eq!(losses(&whole), losses(&sliced));
    assert_eq!(gradients(&whole), gradients(&sliced));
    assert_eq!(last_accuracy(&whole), last_accuracy(&sliced));
}

#[test]
fn another_seed_is_another_run() {
    let of = |seed| {
        losses(&run(
            &format!("net=mlp&train=100&test=50&epochs=1&seed={seed}"),
            9,
        ))
    };
    assert_ne!(of(1), of(2));
}

/// The weights that a run starts from, by their names.
fn first_weights(text: &str, data: &Dataset) -> BTreeMap<String, Vec<f32>> {
    let spec = spec(text);
    let plan = arch::build(&spec, data.facts.shape, data.facts.classes.len()).unwrap();
    let (session, _) = Session::begin(spec, &data.facts, &cpu()).unwrap();
    let arrays = block_on(session.state()).unwrap().weights;
    let operations = plan.operations().into_iter();
    let names = operations.flat_map(|(part, operation)| {
        let each = operation.parameters(part.input).into_iter();
        each.map(|parameter| format!("{}.{}", part.path, parameter.name))
    });
    names.zip(arrays).collect()
}

#[test]
fn plain_and_residual_start_from_the_same_weights() {
    let link = "net=resnet&width=4&blocks=2&train=64&test=50&stop=steps&steps=1";
    let links = ["off", "on"].map(|residual| format!("{link}&residual={residual}"));
    let data = mnist(64, 50);
    let [plain, residual] = links.each_ref().map(|link| first_weights(link, &data));
    assert!(plain.len() > 20 && residual.len() > plain.len());
    for (name, array) in &plain {
        assert_eq!(residual.get(name), Some(array), "{name}");
    }
    // Another function of the same weights.
    let [plain, residual] = links.each_ref().map(|link| losses(&run(link, 1)));
    assert_ne!(plain, residual);
}

#[test]
fn a_run_goes_on_from_its_checkpoint_as_if_nothing_had_happened() {
    for optimizer in ["sgd", "adam", "adamw"] {
        let spec = spec(&format!(
            "train=128&test=50&batch=32&epochs=2&net=resnet&width=4&decay=0.001&dropout=0.2&optimizer={optimizer}"
        ));
        let data = mnist(128, 50);
        let (mut session, _) = Session::begin(spec, &data.facts, &cpu()).unwrap();
        // Four steps, and the only batch of the test.
        block_on(session.advance(&data, 5)).unwrap();
        let checkpoint = block_on(session.checkpoint()).unwrap().unwrap();
        let (mut resumed, _) = Session::resume(&checkpoint, &data.facts, &cpu()).unwrap();
        let (here, there) = (
            finish(&mut session, &data, 9),
            finish(&mut resumed, &data, 9),
        );
        assert_eq!(losses(&here).len(), 4);
        assert_eq!(here, there, "{optimizer}");
        assert!(Session::resume(&checkpoint[..99], &data.facts, &cpu()).is_err());
    }
}

#[test]
fn a_run_can_be_left_after_any_batch_of_training_and_of_a_test() {
    let spec = spec("train=160&test=450&batch=32&epochs=2&net=cnn&width=4&dropout=0.2");
    let data = mnist(160, 450);
    let (mut session, _) = Session::begin(spec, &data.facts, &cpu()).unwrap();
    let nothing = block_on(session.checkpoint()).unwrap();
    assert_eq!(nothing, None, "nothing has happened yet");
    let (mut whole, mut left) = (Vec::new(), Vec::new());
    loop {
        whole.extend(block_on(session.advance(&data, 1)).unwrap());
        let Some(checkpoint) = block_on(session.checkpoint()).unwrap() else {
            break;
        };
        left.push((whole.len(), checkpoint));
    }
    assert!(matches!(whole.last(), Some(Event::Finished { steps: 10 })));
    // Five steps and three batches of the test, twice; after the last one there is nothing to go on with.
    assert_eq!(left.len(), 15);
    for (at, (told, checkpoint)) in left.into_iter().enumerate() {
        let (mut resumed, started) = Session::resume(&checkpoint, &data.facts, &cpu()).unwrap();
        let Event::Started { step, testing, .. } = started else {
            panic!("{started:?}")
        };
        let made = at as u32 % 8 + 1;
        assert_eq!(step, at as u32 / 8 * 5 + made.min(5));
        assert_eq!(testing, (5..8).contains(&made));
        let mut events = whole[..told].to_vec();
        while !matches!(events.last(), Some(Event::Finished { .. })) {
            events.extend(block_on(resumed.advance(&data, 1)).unwrap());
        }
        assert_eq!(events, whole, "left after batch {}", at + 1);
    }
}

/// Plain gradient descent moves the weights by rate · gradient, so that how far they moved says how
/// large the gradient was.
#[test]
fn gradient_norms_are_those_of_the_gradients() {
    let spec = spec(
        "net=cnn&width=4&batchnorm=on&optimizer=sgd&momentum=0&lr=0.5&train=64&test=50&stop=steps&steps=17&batch=32",
    );
    let data = mnist(64, 50);
    let (mut session, started) = Session::begin(spec, &data.facts, &cpu()).unwrap();
    let Event::Started { layers, .. } = started else {
        panic!("{started:?}")
    };
    assert_eq!(layers, ["conv1", "bn1", "conv2", "bn2", "fc1", "fc2"]);
    // A convolution before a batch normalization has no bias.
    let arrays = [1, 2, 1, 2, 2, 2];
    let mut looks = Vec::new();
    for step in 1..=17 {
        let before = block_on(session.state()).unwrap().weights;
        let events = block_on(session.advance(&data, 1)).unwrap();
        let after = block_on(session.state()).unwrap().weights;
        for (at, norms) in gradients(&events) {
            assert_eq!(at, step);
            let mut pairs = before.iter().zip(&after);
            for (norm, arrays) in norms.into_iter().zip(arrays) {
                let moved = pairs
                    .by_ref()
                    .take(arrays)
                    .flat_map(|(a, b)| a.iter().zip(b));
                let squares: f64 = moved.map(|(a, b)| f64::from((a - b) / 0.5).powi(2)).sum();
                let expected = squares.sqrt() as f32;
                assert!(
                    (norm - expected).abs() < 1e-3 * expected + 1e-5,
                    "{norm} is not {expected}"
                );
            }
            looks.push(at);
        }
        // Judging the test samples comes between two epochs.
        if events
            .iter()
            .any(|event| matches!(event, Event::Epoch { .. }))
        {
            block_on(session.advance(&data, 1)).unwrap();
        }
    }
    assert_eq!(looks, [1, 17]);
}

#[test]
fn a_loss_that_is_no_number_stops_the_run() {
    let events = run(
        "net=mlp&activation=tanh&optimizer=sgd&lr=10&decay=1&batch=16&train=1000&test=50&epochs=2",
        16,
    );
    let Some(Event::Failed { problem }) = events.last() else {
        panic!("{events:?}")
    };
    assert_eq!(problem.code, Code::NotFinite);
    let step: usize = problem.params["step"].parse().unwrap();
    assert_eq!(losses(&events).len(), step - 1);
    assert!(losses(&events).iter().all(|loss| loss.is_finite()));
}

/// One step whose own loss is finite, and which moves the weights so far that no later one is.
#[test]
fn a_test_loss_that_is_no_number_stops_the_run() {
    let events = run(
        "net=cnn&normalize=custom&mean=-10000&std=0.0001&optimizer=sgd&lr=10&stop=steps&steps=1&train=640&test=100",
        4,
    );
    let Some(Event::Failed { problem }) = events.last() else {
        panic!("{events:?}")
    };
    assert_eq!(problem.code, Code::TestNotFinite);
    assert_eq!(problem.params["step"], "1");
    assert!(
        !events
            .iter()
            .any(|event| matches!(event, Event::Finished { .. }))
    );
}

#[test]
fn a_run_waits_for_what_has_not_arrived() {
    let spec = spec("train=2000&test=100&epochs=1&batch=100&net=mlp");
    let all = mnist(2000, 100);
    let first = mnist(1, 1);
    let (mut session, _) = Session::begin(spec, &all.facts, &cpu()).unwrap();
    let before = block_on(session.advance(&first, 50)).unwrap();
    let waiting = before.iter().find_map(|event| match event {
        Event::Waiting { loaded, needed, .. } => Some((*loaded, *needed)),
        _ => None,
    });
    let (loaded, needed) = waiting.unwrap();
    assert!(loaded < needed && needed <= 2000, "{loaded} {needed}");
    assert_eq!(
        losses(&before).len(),
        loaded / 100,
        "all that is here is used"
    );
    let after = finish(&mut session, &all, 50);
    assert_eq!(losses(&before).len() + losses(&after).len(), 20);
}

#[test]
fn samples_of_another_data_set_are_refused() {
    let spec = spec("train=20&test=10&batch=10&net=mlp");
    let digits = mnist(20, 10);
    let mut two_classes = digits.facts.clone();
    two_classes.classes.truncate(2);
    let mut smaller = digits.facts.clone();
    smaller.shape.height = 20;
    for facts in [two_classes, smaller] {
        let (mut session, _) = Session::begin(spec.clone(), &facts, &cpu()).unwrap();
        let problem = block_on(session.advance(&digits, 1)).unwrap_err();
        assert_eq!(problem.code, Code::NoData);
    }
}

#[test]
fn more_samples_than_there_are_is_refused() {
    let data = mnist(10, 10);
    let mut facts = data.facts.clone();
    facts.train = 50;
    let problem = Session::begin(spec("train=51"), &facts, &cpu())
        .err()
        .unwrap();
    assert_eq!(
        (problem.code, problem.field.as_deref()),
        (Code::OutOfRange, Some("train"))
    );
    assert_eq!(problem.params["max"], "50");
}

/// The heart of the course: what a fixed permutation does to each kind of network.
#[test]
fn a_fixed_permutation_hurts_the_convolutional_network_and_not_the_dense_one() {
    let accuracy = |net: &str, permute: &str| {
        let link = format!("net={net}&permute={permute}&train=4000&test=1000&epochs=1&batch=32");
        last_accuracy(&run(&link, 64))
    };
    assert!((accuracy("mlp", "off") - accuracy("mlp", "fixed")).abs() < 0.03);
    assert!(accuracy("cnn", "off") - accuracy("cnn", "fixed") > 0.04);
    assert!(accuracy("cnn", "per-image") < 0.4);
}
