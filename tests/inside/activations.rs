//! What the drawing of a network shows of a picture.

use cnn_playground::data::{Dataset, Split};
use cnn_playground::inside::{Activations, Answer, Inside, Picture, Question};
use pollster::block_on;

use super::{SIZE, ask, dots, look, made, mnist, spec};

fn shown(inside: &mut Inside, data: &Dataset, rows: &[usize], joins: &[usize]) -> Activations {
    let question = Question::Activations {
        rows: rows.to_vec(),
        joins: joins.to_vec(),
        channels: 4,
    };
    match ask(inside, data, question) {
        Answer::Activations(activations) => activations,
        other => panic!("{other:?}"),
    }
}

/// Every number of a channel, asked for one by one.
fn channel(inside: &mut Inside, data: &Dataset, row: usize, channel: usize) -> Vec<f32> {
    let places = (0..SIZE).flat_map(|y| (0..SIZE).map(move |x| (y, x)));
    let value = |(y, x)| match ask(inside, data, Question::Neuron { row, channel, y, x }) {
        Answer::Neuron(neuron) => neuron.value,
        other => panic!("{other:?}"),
    };
    places.map(value).collect()
}

/// The first row of this kind.
fn row_of(text: &str, data: &Dataset, kind: &str) -> usize {
    let plan = cnn_playground::arch::build(&spec(text), data.facts.shape, 10).unwrap();
    let summary = cnn_playground::arch::Summary::of(&plan);
    let found = summary.rows.iter().position(|row| row.kind == kind);
    found.unwrap_or_else(|| panic!("{kind} of {:?}", summary.rows))
}

/// The first block with its first weights.
const BLOCK: &str = "net=resnet&blocks=1&width=4&batchnorm=off";

#[test]
fn a_block_adds_what_its_layers_make_to_what_its_shortcut_carries() {
    let data = mnist(1, 1);
    let mut inside = made(BLOCK, &data, |_| {});
    look(&mut inside, data.samples(Split::Test).image(0).to_vec());
    let identity = row_of(BLOCK, &data, "identity");
    // The shortcut's row comes after those of the block's layers, and the nonlinearity behind the sum after it.
    let (adds, sums) = (identity - 1, identity + 1);
    let answer = shown(&mut inside, &data, &[adds, identity], &[0]);
    let [joined] = answer.joins.as_slice() else {
        panic!()
    };
    let [block, shortcut] = joined.branches.as_slice() else {
        panic!()
    };
    assert_eq!((joined.join, answer.maps.len()), (0, 2));
    let mut squares = [0.0_f64; 2];
    let mut ends = [(f32::INFINITY, f32::NEG_INFINITY); 2];
    for at in 0..4 {
        let each = [adds, identity, sums].map(|row| channel(&mut inside, &data, row, at));
        for ((a, b), sum) in each[0].iter().zip(&each[1]).zip(&each[2]) {
            assert!((f64::from(a + b).max(0.0) - f64::from(*sum)).abs() < 1e-5);
        }
        for (sum, values) in squares.iter_mut().zip(&each) {
            *sum += values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>();
        }
        for (end, values) in ends.iter_mut().zip(&each) {
            *end = values
                .iter()
                .fold(*end, |(low, high), &v| (low.min(v), high.max(v)));
        }
    }
    // What the block adds has both signs; what its shortcut carries has passed a ReLU.
    assert!(
        ends[0].0 < 0.0 && ends[0].1 > 0.0 && ends[1].0 == 0.0,
        "{ends:?}"
    );
    for (carried, (low, high)) in [block, shortcut].into_iter().zip(ends) {
        assert!((carried.lowest - low).abs() < 1e-5, "{low}");
        assert!((carried.highest - high).abs() < 1e-5, "{high}");
    }
    let places = (4 * SIZE * SIZE) as f64;
    for (carried, squares) in [block, shortcut].into_iter().zip(squares) {
        let size = (squares / places).sqrt();
        assert!((f64::from(carried.size) - size).abs() < 1e-4, "{size}");
        // Both have one scale, that of the larger.
        let largest = answer
            .maps
            .iter()
            .fold(0.0_f32, |most, map| most.max(map.tiles.largest));
        assert_eq!(carried.tiles.largest, largest);
    }
}

#[test]
fn joins_are_numbered_from_within_and_carry_what_their_branches_end_with() {
    let data = mnist(1, 1);
    // A gate within a residual block: the gate's join is done first.
    let text = "net=resnet&blocks=1&width=4&attention=se";
    let mut inside = made(text, &data, |_| {});
    look(&mut inside, dots(&[(9, 9)]));
    let answer = shown(&mut inside, &data, &[], &[0, 1]);
    let kinds = answer
        .joins
        .iter()
        .map(|joined| joined.branches.iter().map(|one| one.tiles.height).collect());
    let kinds: Vec<Vec<usize>> = kinds.collect();
    // Maps times a vector of gates; then gated maps plus maps.
    assert_eq!(kinds, [vec![SIZE, 1], vec![SIZE, SIZE]]);
    // What is added has passed the gate: it is smaller than what came to it.
    let [before, after] = [0, 1].map(|join: usize| answer.joins[join].branches[0].size);
    assert!(after < before && after > 0.0, "{before} {after}");
    let many = Question::Activations {
        rows: vec![],
        joins: vec![99],
        channels: 1,
    };
    assert!(block_on(inside.ask(many, data.samples(Split::Test))).is_err());
}

#[test]
fn the_answer_has_every_class_and_a_gate_its_own_scale() {
    let data = mnist(1, 1);
    let text = "net=resnet&blocks=1&width=4&attention=se";
    let mut inside = made(text, &data, |_| {});
    look(&mut inside, dots(&[(9, 9)]));
    let gate = row_of(text, &data, "sigmoid");
    let answer = shown(&mut inside, &data, &[gate, 0], &[]);
    assert_eq!(answer.maps[0].tiles.largest, 1.0);
    assert_eq!(answer.maps[1].tiles.count, 4);
    let shares: Vec<f32> = answer.answer.iter().map(|one| one.share).collect();
    let Answer::Classified(classified) = ask(&mut inside, &data, Question::Classify) else {
        panic!()
    };
    assert_eq!(shares, classified.probabilities);
    let most = shares.iter().copied().fold(0.0, f32::max);
    for one in &answer.answer {
        assert_eq!(one.first, one.share == most);
    }
    assert!(answer.masks.is_none());
    assert_eq!((answer.picture.count, answer.input.count), (1, 1));
}

#[test]
fn before_a_run_the_network_has_the_weights_that_the_run_begins_with() {
    let data = mnist(1, 1);
    let mut begun = made("net=cnn&seed=7", &data, |_| {});
    let device = burn::tensor::Device::flex();
    let mut first = Inside::first(spec("net=cnn&seed=7"), &data.facts, &device).unwrap();
    let mut other = Inside::first(spec("net=cnn&seed=8"), &data.facts, &device).unwrap();
    let answers = [&mut begun, &mut first, &mut other].map(|inside| {
        look(inside, dots(&[(4, 4)]));
        shown(inside, &data, &[0, 3], &[])
    });
    assert_eq!(answers[0], answers[1]);
    assert_ne!(answers[0], answers[2]);
}

#[test]
fn a_training_image_is_shuffled_and_placed_as_in_training() {
    use cnn_playground::data::Transform;
    let data = mnist(3, 1);
    for (text, split) in [
        ("net=mlp&permute=per-image", Split::Train),
        ("net=unet&width=4", Split::Train),
        ("net=unet&width=4", Split::Test),
    ] {
        let mut inside = made(text, &data, |_| {});
        let pixels = data.samples(Split::Train).image(2).to_vec();
        let transform = Transform::new(&spec(text), &data.facts).unwrap();
        let mut seen = vec![0.0; SIZE * SIZE];
        transform.apply(&pixels, split, 2, &mut seen);
        let mut mask = vec![0.0; SIZE * SIZE];
        transform.mask(&pixels, split, 2, &mut mask);
        let picture = Picture {
            pixels,
            split,
            index: 2,
        };
        inside.look(picture).unwrap();
        let answer = shown(&mut inside, &data, &[], &[]);
        let most = seen.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
        let opacities: Vec<u8> = answer
            .input
            .pixels
            .chunks_exact(4)
            .map(|pixel| pixel[3])
            .collect();
        let expected = seen.iter().map(|v| (v.abs() / most * 255.0).round() as u8);
        assert_eq!(opacities, expected.collect::<Vec<_>>(), "{text}");
        let Some(masks) = answer.masks else {
            assert!(text.contains("mlp") && answer.answer.len() == 10);
            continue;
        };
        assert!(answer.answer.is_empty() && masks.count == 2);
        let true_mask = masks.pixels.chunks_exact(4).take(SIZE * SIZE);
        let expected: Vec<u8> = mask.iter().map(|v| (v * 255.0) as u8).collect();
        assert_eq!(true_mask.map(|p| p[0]).collect::<Vec<_>>(), expected);
    }
}
