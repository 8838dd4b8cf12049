//! What becomes of a number where branches meet, and what batch normalization makes of it in a batch.

use burn::tensor::{Device as Tensors, Tensor, TensorData};
use cnn_playground::arch::touch::Touch;
use cnn_playground::arch::{Summary, build};
use cnn_playground::data::{Split, Transform};
use cnn_playground::inside::{How, Inside, Position};
use cnn_playground::nn::{Network, Seen, State};
use cnn_playground::operation::{Draw, Flow};

use super::arithmetic::{arithmetic, close, value};
use super::{look, made, mnist, spec};

#[test]
fn where_branches_meet_the_terms_come_to_what_goes_on() {
    // The last row of a branch, and what is to be said behind it.
    let cases: [(&str, &str, &[&str]); 5] = [
        ("net=resnet&width=8", "batch-norm", &["joined"]),
        (
            "net=resnet&width=8&join=concat",
            "batch-norm",
            &["concatenated"],
        ),
        ("net=densenet&width=8", "conv2d", &["concatenated"]),
        ("net=cnn&attention=se&batchnorm=on", "sigmoid", &["gate"]),
        ("net=unet&width=4", "", &["concatenated"]),
    ];
    let data = mnist(1, 1);
    for (text, kind, expected) in cases {
        let mut inside = made(text, &data, |_| {});
        look(&mut inside, data.samples(Split::Test).image(0).to_vec());
        let plan = build(&spec(text), data.facts.shape, 10).unwrap();
        let rows = Summary::of(&plan).rows;
        let mut found = Vec::new();
        for (row, _) in rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.kind.starts_with(kind))
        {
            let place = Position {
                row,
                channel: 0,
                y: 0,
                x: 0,
            };
            let steps = arithmetic(&mut inside, &data, place);
            for (before, step) in steps.iter().zip(&steps[1..]) {
                match &step.how {
                    How::Joined { terms, own, .. } => {
                        close(terms.iter().map(|term| term.value).sum(), step.value, text);
                        assert_eq!(terms[*own].value, before.value, "{text}");
                        for term in terms {
                            if let Some(from) = term.from {
                                assert_eq!(value(&mut inside, &data, from), term.value, "{text}");
                            }
                        }
                        found.push("joined");
                    }
                    How::Concatenated { channel, channels } => {
                        assert_eq!(step.value, before.value);
                        assert!(channel < channels && *channel == step.place.channel);
                        found.push("concatenated");
                    }
                    How::Gate { numbers } => {
                        assert_eq!(step.value, before.value);
                        assert!(*numbers > 1);
                        found.push("gate");
                    }
                    other => panic!("{text}: {other:?}"),
                }
            }
        }
        found.dedup();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_branch_that_is_switched_off_brings_zero() {
    let (text, data) = ("net=resnet&width=8", mnist(1, 1));
    let mut inside = made(text, &data, |_| {});
    look(&mut inside, data.samples(Split::Test).image(0).to_vec());
    let plan = build(&spec(text), data.facts.shape, 10).unwrap();
    let rows = Summary::of(&plan).rows;
    let last = rows
        .iter()
        .rposition(|of| of.kind == "batch-norm" && of.path.starts_with("stage1.block1"))
        .unwrap();
    let place = Position {
        row: last,
        channel: 1,
        y: 2,
        x: 2,
    };
    let terms = |inside: &mut Inside| match &arithmetic(inside, &data, place).last().unwrap().how {
        How::Joined { terms, .. } => terms.iter().map(|term| term.value).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let before = terms(&mut inside);
    inside
        .touch(Vec::new(), vec![Touch::Branch { join: 0, branch: 0 }])
        .unwrap();
    let after = terms(&mut inside);
    assert_ne!(before[0], 0.0);
    assert_eq!((after[0], after[1]), (0.0, before[1]));
}

#[test]
fn the_batch_of_a_normalization_is_that_of_a_step_in_training() {
    let (text, data) = ("net=resnet&width=8&batch=8", mnist(1, 10));
    let spec = spec(text);
    let mut inside = made(text, &data, |_| {});
    let test = data.samples(Split::Test);
    look(&mut inside, test.image(9).to_vec());
    let plan = build(&spec, data.facts.shape, 10).unwrap();
    let state = State::draw(&plan, spec.init, spec.seed);
    let network = Network::new(plan.clone(), &state, &Tensors::flex().autodiff());
    let transform = Transform::new(&spec, &data.facts).unwrap();
    let size = data.facts.shape.len();
    let mut values = vec![0.0; 8 * size];
    for (out, index) in values.chunks_exact_mut(size).zip([9, 0, 1, 2, 3, 4, 5, 6]) {
        transform.apply(test.image(index), Split::Test, 0, out);
    }
    let images = TensorData::new(values, [8, 1, 28, 28]);
    let images = Tensor::from_inner(Tensor::from_data(images, &Tensors::flex()));
    let mut leaving = Vec::new();
    let draw = Draw {
        seed: spec.seed,
        step: 0,
    };
    network.watch_training(images, draw, &mut |at, flow| {
        if let (Seen::Operation(_), Flow::Image(tensor)) = (at, &flow) {
            leaving.push(tensor.clone().inner());
        }
        flow
    });
    let mut seen = 0;
    for (row, facts) in Summary::of(&plan).rows.iter().enumerate() {
        if facts.kind != "batch-norm" {
            continue;
        }
        let place = Position {
            row,
            channel: 2,
            y: 1,
            x: 3,
        };
        let steps = arithmetic(&mut inside, &data, place);
        let How::Normalization {
            batch: Some(batch), ..
        } = &steps[0].how
        else {
            panic!("{:?}", steps[0])
        };
        assert_eq!(batch.images, 8);
        let there = leaving[row]
            .clone()
            .slice([0..1, 2..3, 1..2, 3..4])
            .into_scalar::<f32>();
        close(batch.value, there, &facts.path);
        seen += 1;
    }
    assert!(seen > 3);
}
