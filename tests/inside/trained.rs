//! Looking inside networks that were trained on real digits.

use burn::tensor::Device as Tensors;
use cnn_playground::data::{Dataset, Samples, Split};
use cnn_playground::event::Event;
use cnn_playground::inside::{Answer, Ascended, Inside, Judged, Picture, Question};
use cnn_playground::nn::State;
use cnn_playground::train::{Device, Session};
use pollster::block_on;

use super::{ask, mnist, spec};

/// A network that has learned, and its accuracy on the test samples.
pub(super) fn trained(text: &str, data: &Dataset) -> (Inside, f32) {
    let spec = spec(text);
    let cpu = block_on(Device::open("cpu")).unwrap();
    let (mut session, _) = Session::begin(spec.clone(), &data.facts, &cpu).unwrap();
    let mut last = 0.0;
    loop {
        let events = block_on(session.advance(data, 64)).unwrap();
        for event in &events {
            if let Event::Evaluated { accuracy, .. } = event {
                last = *accuracy;
            }
        }
        if matches!(events.last(), Some(Event::Finished { .. })) {
            break;
        }
    }
    // As the page gets it.
    let bytes = block_on(session.state()).unwrap().bytes().unwrap();
    let state = State::from_bytes(&bytes).unwrap();
    let inside = Inside::new(spec, &data.facts, &state, &Tensors::flex()).unwrap();
    (inside, last)
}

#[test]
fn gradient_ascent_excites_the_channel() {
    let data = mnist(500, 100);
    let (mut inside, _) = trained("train=500&test=100&epochs=2&batch=32&width=4", &data);
    let mut ascend = |row, channel, afresh, steps| {
        let question = Question::Ascend {
            row,
            channel,
            afresh,
            steps,
        };
        match block_on(inside.ask(question, &Samples::empty(data.facts.shape))).unwrap() {
            Answer::Ascended(ascended) => ascended,
            other => panic!("{other:?}"),
        }
    };
    // A channel of the second convolution, and the logit of a class.
    for (row, channel) in [(3, 2), (9, 7)] {
        let start = ascend(row, channel, true, 0);
        let Ascended {
            steps,
            value,
            tiles,
        } = ascend(row, channel, false, 40);
        assert_eq!((start.steps, steps), (0, 40));
        assert!(
            value > start.value + 0.5,
            "row {row}: {} to {value}",
            start.value
        );
        assert_ne!(tiles.pixels, start.tiles.pixels);
        // The same again from the beginning.
        assert_eq!(ascend(row, channel, true, 40).value, value);
    }
}

#[test]
fn mistakes_are_those_that_the_run_made() {
    let data = mnist(500, 250);
    let (mut inside, accuracy) = trained("net=mlp&train=500&test=250&epochs=2&batch=32", &data);
    let mut from = 0;
    let judged = loop {
        let Answer::Judged(judged) = ask(&mut inside, &data, Question::Judge { from }) else {
            panic!()
        };
        from = judged.done;
        if judged.done == judged.total {
            break judged;
        }
    };
    let Judged {
        total,
        right,
        matrix,
        mistakes,
        tiles,
        ..
    } = judged;
    assert_eq!(total, 250);
    assert!(
        (right as f32 / 250.0 - accuracy).abs() < 1e-6,
        "{right} {accuracy}"
    );
    let test = data.samples(Split::Test);
    for (class, row) in matrix.iter().enumerate() {
        let there = test.labels[..250]
            .iter()
            .filter(|&&label| usize::from(label) == class);
        assert_eq!(row.iter().sum::<u32>() as usize, there.count());
    }
    assert!(!mistakes.is_empty() && mistakes.len() == tiles.count);
    assert!(
        mistakes
            .windows(2)
            .all(|pair| pair[0].probability >= pair[1].probability)
    );
    for wrong in mistakes {
        let picture = Picture {
            pixels: test.image(wrong.index).to_vec(),
            split: Split::Test,
            index: wrong.index,
        };
        inside.look(picture).unwrap();
        let Answer::Classified(classified) = ask(&mut inside, &data, Question::Classify) else {
            panic!()
        };
        let probability = classified.probabilities[wrong.predicted];
        assert!((probability - wrong.probability).abs() < 1e-5);
        assert_ne!(wrong.predicted, usize::from(wrong.label));
    }
}

/// The course's "low layers see detail, high layers are more semantic", as a number.
#[test]
fn classes_come_apart_from_layer_to_layer() {
    let data = mnist(1000, 400);
    let (mut inside, _) = trained("train=1000&test=400&epochs=2&batch=32&width=8", &data);
    let Answer::Separable(found) = ask(&mut inside, &data, Question::Separable { images: 400 })
    else {
        panic!()
    };
    let (first, last) = (found.rows[0], found.rows[found.rows.len() - 1]);
    assert_eq!(found.images, 200);
    assert!(
        found.input < first + 0.1 && first + 0.2 < last && last > 0.7,
        "{found:?}"
    );
}
