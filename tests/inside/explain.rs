//! Which places speak for a class, and how far gates are open.

use cnn_playground::arch;
use cnn_playground::data::{Dataset, Split};
use cnn_playground::inside::{Answer, Explained, Inside, Question};
use cnn_playground::operation::{Linear, Operation};

use super::{ask, carry, dots, look, made, mnist, spec};

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
            path,
            ..
        })) = ask(&mut inside, &data, Question::Explain { class: None })
        else {
            panic!()
        };
        // The second pooling, where channel 0 holds the image and all else is zero.
        assert_eq!((class, path.as_str()), (3, "pool2"));
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

fn explained(inside: &mut Inside, data: &Dataset) -> Explained {
    match ask(inside, data, Question::Explain { class: Some(3) }) {
        Answer::Explained(Some(explained)) => explained,
        other => panic!("{other:?}"),
    }
}

/// What a classifier makes of the last channels decides the explanation, whichever branch they are of: once only
/// the branch that comes last was looked at.
#[test]
fn every_branch_of_an_inception_module_speaks_for_a_class() {
    let data = mnist(1, 1);
    let digit = data.samples(Split::Test).image(0).to_vec();
    for (text, path) in [
        ("", "stage2.block2"),
        ("&inception=naive", "stage2.block2"),
        ("&inception=factorised", "stage2.block2"),
        ("&attention=se", "stage2.block2.attention"),
        ("&attention=cbam", "stage2.block2.attention.places"),
    ] {
        let text = format!("net=googlenet&width=8{text}");
        let plan = arch::build(&spec(&text), data.facts.shape, 10).unwrap();
        // Channels of each branch of the last module, in their order.
        let mut branches: Vec<(String, usize)> = Vec::new();
        for (part, _) in plan.operations() {
            let Some(rest) = part.path.strip_prefix("stage2.block2.") else {
                continue;
            };
            let name = rest.split('.').next().unwrap().to_owned();
            let channels = part.output.channels();
            match branches.last_mut() {
                Some(last) if last.0 == name => last.1 = channels,
                _ if name == "attention" => {}
                _ => branches.push((name, channels)),
            }
        }
        assert_eq!(branches.len(), 4, "{text}: {branches:?}");
        let explain = |more: std::ops::Range<usize>| {
            let mut inside = made(&text, &data, |state| {
                // The last two arrays are the classifier's, [channels, classes] and its bias.
                let classifier = state.weights.len() - 2;
                for channel in more.clone() {
                    state.weights[classifier][channel * 10 + 3] += 0.5;
                }
            });
            look(&mut inside, digit.clone());
            explained(&mut inside, &data)
        };
        let before = explain(0..0);
        assert_eq!(before.path, path, "{text}");
        let mut from = 0;
        for (name, channels) in branches {
            let after = explain(from..from + channels);
            assert_ne!(after.heat, before.heat, "{text}: {name} says nothing");
            from += channels;
        }
        let (_, classifier) = *plan.operations().last().unwrap();
        assert_eq!(classifier, Operation::Linear(Linear::new(10)));
        assert_eq!(from, plan.operations().last().unwrap().0.input.channels());
    }
}
