//! Looking inside networks whose weights were made by hand, so that the answers are known.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod looked_into;

use burn::tensor::Device as Tensors;
use cnn_playground::arch;
use cnn_playground::data::{Dataset, Split, Transform};
use cnn_playground::inside::{
    Answer, Explained, Inside, Neuron, Patches, Picture, Question, Tiles, window,
};
use cnn_playground::nn::State;
use looked_into::{ask, mnist, spec};
use pollster::block_on;

const SIZE: usize = 28;

/// A network that has not learned, with its numbers changed by hand.
fn made(text: &str, data: &Dataset, change: impl Fn(&mut State)) -> Inside {
    let spec = spec(text);
    let plan = arch::build(&spec, data.facts.shape, data.facts.classes.len()).unwrap();
    let mut state = State::draw(&plan, spec.seed);
    change(&mut state);
    Inside::new(spec, &data.facts, &state, &Tensors::flex()).unwrap()
}

fn look(inside: &mut Inside, pixels: Vec<u8>) {
    inside.look(Picture { pixels, index: 0 }).unwrap();
}

fn unit(inside: &mut Inside, data: &Dataset, at: (usize, usize, usize, usize)) -> Neuron {
    let (row, channel, y, x) = at;
    match ask(inside, data, Question::Neuron { row, channel, y, x }) {
        Answer::Neuron(unit) => unit,
        other => panic!("{other:?}"),
    }
}

/// Black, with white squares of two pixels at these places.
fn dots(places: &[(usize, usize)]) -> Vec<u8> {
    let mut pixels = vec![0; SIZE * SIZE];
    for &(y, x) in places {
        for at in [
            y * SIZE + x,
            y * SIZE + x + 1,
            (y + 1) * SIZE + x,
            (y + 1) * SIZE + x + 1,
        ] {
            pixels[at] = 255;
        }
    }
    pixels
}

/// Kernels of 3×3 that pass their first input on to their first output, and nothing else.
fn identity(weights: &mut [f32]) {
    weights.fill(0.0);
    weights[4] = 1.0;
}

/// Channel 0 carries the image through both convolutions; the logit of class 3 is its sum.
fn carry(state: &mut State) {
    for (at, array) in state.weights.iter_mut().enumerate() {
        match at {
            0 | 2 => identity(array),
            // [32·… inputs, 64 outputs]: the first channel's 7×7 numbers to the first output.
            4 => {
                array.fill(0.0);
                (0..49).for_each(|input| array[input * 64] = 1.0);
            }
            6 => {
                array.fill(0.0);
                array[3] = 1.0;
            }
            _ => array.fill(0.0),
        }
    }
}

#[test]
fn a_kernel_that_passes_the_image_on_has_the_image_as_its_map() {
    let data = mnist(1, 1);
    let mut inside = made("normalize=unit&width=4", &data, carry);
    let digit = data.samples(Split::Test).image(0).to_vec();
    look(&mut inside, digit.clone());
    for (y, x) in [(0, 0), (7, 9), (14, 14), (20, 11), (27, 27)] {
        let found = unit(&mut inside, &data, (0, 0, y, x)).value;
        let expected = f32::from(digit[y * SIZE + x]) / 255.0;
        assert!(
            (found - expected).abs() < 1e-6,
            "{y} {x}: {found} {expected}"
        );
    }
    let Answer::Maps(maps) = ask(
        &mut inside,
        &data,
        Question::Maps {
            rows: vec![0, 1],
            channels: 3,
        },
    ) else {
        panic!()
    };
    assert_eq!(
        (maps[1].row, maps[1].tiles.count, maps[1].channels),
        (1, 3, 4)
    );
    // The opacity of the first channel is the image; the second channel is zero.
    let opacity: Vec<u8> = maps[0].tiles.pixels.chunks_exact(4).map(|p| p[3]).collect();
    assert_eq!(opacity[..SIZE * SIZE], digit);
    assert!(
        opacity[SIZE * SIZE..2 * SIZE * SIZE]
            .iter()
            .all(|&o| o == 0)
    );
    let Answer::Kernels(Some(kernels)) = ask(&mut inside, &data, Question::Kernels) else {
        panic!()
    };
    assert_eq!((kernels.width, kernels.height, kernels.count), (3, 3, 4));
    assert_eq!(kernels.pixels[4 * 4 + 3], 255);
}

/// Every pixel of the window changes the unit, and no other pixel does.
#[test]
fn receptive_fields_are_the_pixels_that_matter() {
    let data = mnist(1, 1);
    let cases = [
        (
            "width=4&activation=tanh&pool=average",
            vec![(0, 0, 5), (3, 6, 6), (5, 0, 6), (5, 3, 2)],
        ),
        (
            "net=lenet",
            vec![(0, 0, 27), (2, 3, 4), (3, 9, 0), (5, 2, 4)],
        ),
        (
            "net=resnet&width=4&batchnorm=off&activation=tanh",
            vec![(1, 27, 3), (9, 3, 13), (11, 7, 0)],
        ),
    ];
    for (text, places) in cases {
        let mut inside = made(&format!("normalize=unit&{text}"), &data, |_| {});
        for (row, y, x) in places {
            look(&mut inside, vec![0; SIZE * SIZE]);
            let Neuron { value, window, .. } = unit(&mut inside, &data, (row, 1, y, x));
            let seen = |at: usize| {
                (window.top..window.top + window.height).contains(&(at / SIZE))
                    && (window.left..window.left + window.width).contains(&(at % SIZE))
            };
            for at in 0..SIZE * SIZE {
                let mut pixels = vec![0; SIZE * SIZE];
                pixels[at] = 255;
                look(&mut inside, pixels);
                let changed = unit(&mut inside, &data, (row, 1, y, x)).value != value;
                assert_eq!(
                    changed,
                    seen(at),
                    "{text} row {row} ({y}, {x}): pixel {at} of {window:?}"
                );
            }
        }
    }
}

#[test]
fn a_dense_layer_sees_the_whole_image() {
    let data = mnist(1, 1);
    let plan = arch::build(&spec(""), data.facts.shape, 10).unwrap();
    let last = plan.operations().len() - 1;
    let whole = window(&plan, last, 0, 0);
    assert_eq!(
        (whole.top, whole.left, whole.height, whole.width),
        (0, 0, SIZE, SIZE)
    );
}

#[test]
fn grad_cam_finds_the_place_that_speaks_for_the_class() {
    let data = mnist(1, 1);
    let mut inside = made("normalize=unit&width=4", &data, carry);
    for place in [(4, 20), (20, 4), (13, 13)] {
        look(&mut inside, dots(&[place]));
        let Answer::Explained(Some(Explained {
            class,
            strongest,
            probabilities,
            row,
            ..
        })) = ask(&mut inside, &data, Question::Explain { class: None })
        else {
            panic!()
        };
        // The second pooling, where channel 0 holds the image and all else is zero.
        assert_eq!((class, row), (3, 5));
        assert!(
            probabilities[3] > 2.0 * probabilities[5],
            "{probabilities:?}"
        );
        let apart = strongest
            .0
            .abs_diff(place.0)
            .max(strongest.1.abs_diff(place.1));
        assert!(apart <= 4, "{strongest:?} is not {place:?}");
        // Nothing speaks for another class.
        let Answer::Explained(Some(other)) =
            ask(&mut inside, &data, Question::Explain { class: Some(5) })
        else {
            panic!()
        };
        assert!(other.heat.pixels.chunks_exact(4).all(|pixel| pixel[3] == 0));
    }
}

#[test]
fn a_network_without_places_cannot_be_explained_by_them() {
    let data = mnist(1, 1);
    let mut inside = made("net=mlp", &data, |_| {});
    look(&mut inside, dots(&[(3, 3)]));
    let answer = ask(&mut inside, &data, Question::Explain { class: None });
    assert_eq!(answer, Answer::Explained(None));
    assert_eq!(
        ask(&mut inside, &data, Question::Gates),
        Answer::Gates(vec![])
    );
}

/// Dense layers of zeros give sigmoid(0) for every channel.
#[test]
fn gates_are_shown_as_far_as_they_are_open() {
    let data = mnist(1, 1);
    for (kind, shapes) in [
        ("se", vec![4, 8]),
        ("eca", vec![4, 8]),
        ("cbam", vec![4, 0, 8, 0]),
    ] {
        let text = format!("net=cnn&width=4&attention={kind}");
        let mut inside = made(&text, &data, |state| {
            state.weights.iter_mut().for_each(|array| array.fill(0.0));
        });
        look(&mut inside, dots(&[(3, 3)]));
        let Answer::Gates(gates) = ask(&mut inside, &data, Question::Gates) else {
            panic!()
        };
        let found: Vec<_> = gates.iter().map(|gate| gate.channels.len()).collect();
        assert_eq!(found, shapes, "{kind}");
        for gate in gates {
            assert_eq!((gate.lowest, gate.highest), (0.5, 0.5), "{}", gate.path);
            assert_eq!(gate.places.is_some(), gate.channels.is_empty());
        }
    }
}

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
    let state = State::draw(&other, 1);
    assert!(Inside::new(spec, &data.facts, &state, &Tensors::flex()).is_err());
    let mut inside = made("", &data, |_| {});
    let wrong = Picture {
        pixels: vec![0; 5],
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
