//! Moved images: what a network says of them, and what must follow from how it is made.

use cnn_playground::data::{Dataset, Samples, Split};
use cnn_playground::inside::{Answer, Inside, Question, Shifted};
use pollster::block_on;

use super::trained::trained;
use super::{SIZE, ask, dots, look, made, mnist};

/// Test images of a run: more may be here.
const IMAGES: usize = 300;

fn shift(inside: &mut Inside, test: &Samples, by: usize) -> Shifted {
    let question = Question::Shift { by, images: 1000 };
    let Answer::Shifted(shifted) = block_on(inside.ask(question, test)).unwrap() else {
        panic!()
    };
    assert_eq!((shifted.by, shifted.images), (by, test.len().min(IMAGES)));
    let mean = shifted.each.iter().sum::<f64>() / 4.0;
    assert!((shifted.accuracy - mean).abs() < 1e-12);
    shifted
}

/// What a network gives each class for white dots at these places.
fn probabilities(inside: &mut Inside, data: &Dataset, places: &[(usize, usize)]) -> Vec<f32> {
    look(inside, dots(places));
    match ask(inside, data, Question::Classify) {
        Answer::Classified(classified) => classified.probabilities,
        other => panic!("{other:?}"),
    }
}

/// Two dots a picture, far from its sides, each labelled with what the network takes it for.
fn labelled(inside: &mut Inside, data: &Dataset) -> Samples {
    let mut samples = Samples::empty(data.facts.shape);
    for at in 0..24 {
        let places = [(10 + at % 5, 11 + at % 3), (14, 10 + at % 6)];
        let found = probabilities(inside, data, &places);
        let ranked = found.iter().enumerate();
        let (label, _) = ranked.max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
        samples.pixels.extend(dots(&places));
        samples.labels.push(label as u8);
    }
    samples
}

#[test]
fn convolutions_and_a_mean_over_all_places_do_not_care_where_something_is() {
    let data = mnist(1, 1);
    let furthest = |a: &[f32], b: &[f32]| {
        let differences = a.iter().zip(b).map(|(a, b)| (a - b).abs());
        differences.fold(0.0, f32::max)
    };
    // Both poolings together take every fourth place: that far, the maps move along as they are.
    let mut cnn = made("net=cnn&head=conv&normalize=unit", &data, |_| {});
    let mut of = |places: &[(usize, usize)]| probabilities(&mut cnn, &data, places);
    let (here, there, other) = (of(&[(12, 12)]), of(&[(16, 8)]), of(&[(12, 12), (12, 15)]));
    assert!(furthest(&here, &there) < 1e-6, "{here:?} {there:?}");
    assert!(furthest(&here, &other) > 1e-5, "{here:?} {other:?}");
    let samples = labelled(&mut cnn, &data);
    assert_eq!(shift(&mut cnn, &samples, 4).each, [1.0; 4]);
    // A dense network has a weight of its own for each place.
    let mut dense = made("net=mlp&normalize=unit", &data, |_| {});
    let mut of = |places: &[(usize, usize)]| probabilities(&mut dense, &data, places);
    let (here, there) = (of(&[(12, 12)]), of(&[(16, 8)]));
    assert!(furthest(&here, &there) > 1e-3, "{here:?} {there:?}");
}

#[test]
fn trained_on_digits_a_dense_network_loses_most_and_one_that_ends_in_a_mean_nothing() {
    let data = mnist(2000, IMAGES);
    let test = data.samples(Split::Test);
    let curve = |net: &str| {
        let link = format!("net={net}&train=2000&test={IMAGES}&batch=32");
        let (mut inside, accuracy) = trained(&link, &data);
        let all = [0, 2, 4].map(|by| shift(&mut inside, test, by).accuracy);
        assert!((all[0] - f64::from(accuracy)).abs() < 1e-6, "{net}");
        all
    };
    let (cnn, dense) = (curve("cnn&epochs=2"), curve("mlp&epochs=2"));
    for all in [cnn, dense] {
        assert!(all[0] > all[1] && all[1] > all[2], "{all:?}");
    }
    assert!(cnn[1] - dense[1] > 0.1, "cnn {cnn:?}, mlp {dense:?}");
    let mean = curve("cnn&head=conv&epochs=6");
    assert!(mean[0] > 0.3 && mean[0] - mean[2] < 0.03, "{mean:?}");
}

#[test]
fn the_picture_is_shown_moved_and_what_cannot_be_answered_is_refused() {
    let data = mnist(1, 10);
    let mut inside = made("net=cnn&permute=fixed&test=10", &data, |_| {});
    look(&mut inside, dots(&[(10, 10)]));
    let Answer::Picture(tiles) = ask(&mut inside, &data, Question::Moves) else {
        panic!()
    };
    assert_eq!((tiles.count, tiles.width), (5, SIZE));
    // Before the pixels are shuffled: the dot itself is seen to move.
    for by in 0..5 {
        let red = |x: usize| tiles.pixels[4 * ((by * SIZE + 10) * SIZE + x)];
        assert_eq!([red(9 + by), red(10 + by), red(12 + by)], [0, 255, 0]);
    }
    let refused = |text: &str, by| {
        let mut inside = made(text, &data, |_| {});
        let question = Question::Shift { by, images: 10 };
        let problem = block_on(inside.ask(question, data.samples(Split::Test))).unwrap_err();
        problem.code.text()
    };
    assert_eq!(refused("net=cnn", 5), "out-of-range");
    assert_eq!(refused("net=unet", 1), "no-classes");
}
