//! Test images and a person's own: what excites a channel, statistics, and what does not fit.

use burn::tensor::Device as Tensors;
use cnn_playground::arch;
use cnn_playground::data::{Split, Transform};
use cnn_playground::experiment::Init;
use cnn_playground::inside::{Answer, Inside, Patches, Picture, Question, Tiles};
use cnn_playground::nn::State;
use pollster::block_on;

use super::{SIZE, ask, carry, dots, look, made, mnist, spec};

#[test]
fn statistics_of_layers_made_by_hand() {
    let data = mnist(1, 60);
    let mut inside = made("normalize=unit&width=4", &data, |state| {
        state.weights[0].fill(0.0);
        // Four channels: one that is always off, three that are always 0.5.
        state.weights[1].copy_from_slice(&[-1.5, 0.5, 0.5, 0.5]);
    });
    let Answer::Statistics(rows) = ask(&mut inside, &data, Question::Statistics { images: 60 })
    else {
        panic!()
    };
    assert_eq!((rows[0].mean, rows[0].dead), (0.0, None));
    assert!(
        (rows[0].deviation - 0.75_f32.sqrt()).abs() < 1e-4,
        "{:?}",
        rows[0]
    );
    assert_eq!(rows[1].dead, Some(0.25));
    assert!((rows[1].mean - 0.375).abs() < 1e-6);
}

#[test]
fn the_patch_that_excites_most_is_where_the_image_is_brightest() {
    let data = mnist(1, 120);
    let mut inside = made("normalize=unit&width=4", &data, carry);
    let question = Question::Patches {
        row: 1,
        channel: 0,
        images: 120,
    };
    let Answer::Patches(Patches {
        patches,
        tiles,
        images,
    }) = ask(&mut inside, &data, question)
    else {
        panic!()
    };
    assert_eq!((patches.len(), tiles.count, images), (9, 9, 120));
    assert!(
        patches
            .windows(2)
            .all(|pair| pair[0].value >= pair[1].value)
    );
    let test = data.samples(Split::Test);
    for patch in &patches {
        let middle = (patch.window.top + 1) * SIZE + patch.window.left + 1;
        let found = f32::from(test.image(patch.index)[middle]) / 255.0;
        assert!((found - patch.value).abs() < 1e-6);
        assert_eq!(test.labels[patch.index], patch.label);
    }
    assert_eq!(patches[0].value, 1.0);
}

#[test]
fn a_picture_is_shuffled_as_the_run_saw_its_images() {
    let data = mnist(1, 1);
    let digit = data.samples(Split::Test).image(0).to_vec();
    for (permute, same) in [("off", true), ("fixed", false), ("per-image", false)] {
        let mut inside = made(&format!("net=mlp&permute={permute}"), &data, |_| {});
        look(&mut inside, digit.clone());
        let Answer::Classified(classified) = ask(&mut inside, &data, Question::Classify) else {
            panic!()
        };
        assert!((classified.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        let grey: Vec<u8> = classified
            .seen
            .pixels
            .chunks_exact(4)
            .map(|p| p[0])
            .collect();
        let (before, after) = grey.split_at(SIZE * SIZE);
        assert_eq!(before, digit);
        assert_eq!(after == digit, same, "{permute}");
        let sorted = |pixels: &[u8]| {
            let mut pixels = pixels.to_vec();
            pixels.sort_unstable();
            pixels
        };
        assert_eq!(sorted(after), sorted(&digit));
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let data = mnist(1, 1);
    let spec = spec("net=mlp");
    let other = arch::build(&self::spec(""), data.facts.shape, 10).unwrap();
    let state = State::draw(&other, Init::PyTorch, 1);
    assert!(Inside::new(spec, &data.facts, &state, &Tensors::flex()).is_err());
    let mut inside = made("", &data, |_| {});
    let wrong = Picture {
        pixels: vec![0; 5],
        split: Split::Test,
        index: 0,
    };
    assert_eq!(inside.look(wrong).unwrap_err().code.text(), "wrong-count");
    let none = block_on(inside.ask(Question::Classify, data.samples(Split::Test)));
    assert_eq!(none.unwrap_err().code.text(), "no-data");
    assert!(State::from_bytes(&[7; 9]).is_err());
    let mut unet = made("net=unet&width=4", &data, |_| {});
    look(&mut unet, dots(&[(3, 3)]));
    for question in [Question::Classify, Question::Judge { from: 0 }] {
        let answer = block_on(unet.ask(question, data.samples(Split::Test)));
        assert_eq!(answer.unwrap_err().code.text(), "no-classes");
    }
}

#[test]
fn a_network_that_marks_pixels_looks_at_scenes() {
    let data = mnist(1, 12);
    let spec = spec("net=unet&width=4&seed=5");
    let transform = Transform::new(&spec, &data.facts).unwrap();
    let test = data.samples(Split::Test);
    let scene = |at: usize| {
        transform
            .scene(test.image(at), Split::Test, at)
            .into_owned()
    };
    let grey = |tiles: &Tiles| -> Vec<u8> { tiles.pixels.chunks_exact(4).map(|p| p[0]).collect() };
    let mut inside = made("net=unet&width=4&seed=5", &data, |_| {});
    let both = inside.tiles(test, &[3, 7]);
    assert_eq!(grey(&both), [scene(3), scene(7)].concat());
    assert_ne!(scene(3), test.image(3));
    let picture = Picture {
        pixels: test.image(7).to_vec(),
        split: Split::Test,
        index: 7,
    };
    inside.look(picture).unwrap();
    let Answer::Picture(shown) = ask(&mut inside, &data, Question::Picture) else {
        panic!()
    };
    assert_eq!(grey(&shown), scene(7));
    let question = Question::Patches {
        row: 0,
        channel: 0,
        images: 12,
    };
    let Answer::Patches(Patches { patches, tiles, .. }) = ask(&mut inside, &data, question) else {
        panic!()
    };
    let shown = grey(&tiles);
    for (patch, image) in patches.iter().zip(shown.chunks_exact(SIZE * SIZE)) {
        assert_eq!(image, scene(patch.index));
    }
}
