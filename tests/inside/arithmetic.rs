//! The arithmetic of a place: what is written out comes to the number that the network has there, in every family.

use std::collections::BTreeSet;

use cnn_playground::arch::{Summary, build};
use cnn_playground::data::{Dataset, Split};
use cnn_playground::inside::{Answer, Derivation, How, Inside, Over, Position, Question};
use cnn_playground::operation::Operation;
use pollster::block_on;

use super::families::{EACH, SWITCHES};
use super::{ask, look, made, mnist, spec};

/// Layers that no family has: transposed convolutions whose squares lie side by side, overlap and lie apart, windows that
/// overlap, and so on.
const OWN: &str = "net=own&layers=avg4,conv6,gn2,relu,convt4k2s2,convt3k3s2p1,convt4k2s3,aavg9w7,ln,scale,up2,scalec1,avg3s2p1,gap,cconv3,fc";

/// Every activation function that no family has by itself, and what only passes a number on.
const ACTIVE: &str = "net=own&layers=conv2,tanh,sigmoid,leaky,elu,silu,hardswish,id,gap,fc";

/// The switch that puts channels of zeros behind those that enter.
fn padded() -> impl Iterator<Item = &'static &'static str> {
    SWITCHES
        .iter()
        .filter(|text| text.ends_with("shortcut=zero-pad"))
        .take(1)
}

/// Terms that are written out: fewer than most layers have.
const TERMS: usize = 3;

pub(super) fn arithmetic(inside: &mut Inside, data: &Dataset, place: Position) -> Vec<Derivation> {
    let Position { row, channel, y, x } = place;
    let (rows, terms) = (vec![row], TERMS);
    let question = Question::Arithmetic {
        rows,
        channel,
        y,
        x,
        terms,
    };
    match ask(inside, data, question) {
        Answer::Arithmetic(steps) => steps,
        other => panic!("{other:?}"),
    }
}

pub(super) fn value(inside: &mut Inside, data: &Dataset, place: Position) -> f32 {
    let Position { row, channel, y, x } = place;
    match ask(inside, data, Question::Neuron { row, channel, y, x }) {
        Answer::Neuron(neuron) => neuron.value,
        other => panic!("{other:?}"),
    }
}

pub(super) fn close(a: f32, b: f32, why: &str) {
    assert!((a - b).abs() <= 1e-3 * b.abs().max(1.0), "{a} {b}: {why}");
}

#[test]
fn what_is_written_out_comes_to_what_the_network_has() {
    let data = mnist(1, 1);
    let (mut kinds, mut layers) = (BTreeSet::new(), BTreeSet::new());
    for &text in EACH.iter().chain(padded()).chain(&[OWN, ACTIVE]) {
        let mut inside = made(text, &data, |state| {
            // Running statistics that are not 0 and 1.
            for [mean, variance] in &mut state.statistics {
                for (at, mean) in mean.iter_mut().enumerate() {
                    *mean = 0.01 * (at % 7) as f32;
                }
                variance.fill(0.5);
            }
        });
        look(&mut inside, data.samples(Split::Test).image(0).to_vec());
        let plan = build(&spec(text), data.facts.shape, 10).unwrap();
        for (row, facts) in Summary::of(&plan).rows.iter().enumerate() {
            layers.insert(facts.kind);
            let sizes = &facts.output;
            let size = |at: usize| sizes.get(at).copied().unwrap_or(1);
            // A corner, where a kernel lies half beyond the map, and a place within.
            for (channel, y, x) in [(0, 0, 0), (size(0) - 1, size(1) / 2, size(2) / 2)] {
                let place = Position { row, channel, y, x };
                let why = format!("{text} {} {place:?}", facts.path);
                let steps = arithmetic(&mut inside, &data, place);
                let step = &steps[0];
                assert_eq!(step.value, value(&mut inside, &data, place), "{why}");
                kinds.insert(check(&mut inside, &data, step, &why));
            }
        }
    }
    let all = [
        "average",
        "convolution",
        "dense",
        "maximum",
        "nonlinearity",
        "normalization",
        "pooled",
        "same",
        "scaled",
        "zero",
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), all);
    // No operation of the notation is left out.
    let words = Operation::words().into_iter().map(|word| word.kind);
    let missing: Vec<_> = words.filter(|kind| !layers.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// That a step's numbers come to its value, and that each is the one of the place that it is said to come from. Gives its kind.
fn check(inside: &mut Inside, data: &Dataset, step: &Derivation, why: &str) -> &'static str {
    match &step.how {
        How::Convolution {
            edge,
            channels,
            others,
            sum,
            bias,
        } => {
            close(sum + bias.unwrap_or(0.0), step.value, why);
            let shown: f32 = channels.iter().map(|channel| channel.sum).sum();
            close(shown + others.sum, *sum, why);
            assert!(channels.len() <= TERMS);
            for channel in channels {
                let pairs = channel.values.iter().zip(&channel.weights);
                let products: f32 = pairs.map(|(v, w)| v.unwrap_or(0.0) * w).sum();
                close(products, channel.sum, why);
                close(channel.products.iter().sum(), channel.sum, why);
                let count = channel.values.len();
                assert!(count.is_multiple_of(*edge), "{why}");
                assert_eq!(count, channel.weights.len());
                // The middle of an odd kernel is a place of its own.
                let odd = count % 2 == 1 && edge % 2 == 1;
                let middle = channel.values[count / 2];
                if let (Some(from), Some(middle), true) = (channel.from, middle, odd) {
                    assert_eq!(value(inside, data, from), middle, "{why}");
                }
            }
            "convolution"
        }
        How::Dense {
            terms,
            others,
            sum,
            bias,
        } => {
            close(sum + bias, step.value, why);
            let shown: f32 = terms.iter().map(|term| term.product).sum();
            close(shown + others.sum, *sum, why);
            for term in terms {
                close(term.value * term.weight, term.product, why);
                if let Some(from) = term.from {
                    assert_eq!(value(inside, data, from), term.value, "{why}");
                }
            }
            "dense"
        }
        How::Maximum {
            values,
            winner,
            from,
            ..
        } => {
            assert_eq!(values[*winner], Some(step.value), "{why}");
            assert!(values.iter().flatten().all(|value| *value <= step.value));
            if let Some(from) = from {
                assert_eq!(value(inside, data, *from), step.value, "{why}");
            }
            "maximum"
        }
        How::Average { values, count, .. } => {
            if !values.is_empty() {
                let sum: f32 = values.iter().flatten().sum();
                close(sum / *count as f32, step.value, why);
            }
            "average"
        }
        How::Normalization {
            over,
            input,
            mean,
            variance,
            epsilon,
            scale,
            shift,
            batch,
        } => {
            assert_eq!(*epsilon, 1e-5);
            if *over == Over::Running {
                assert_eq!(*variance, 0.5, "{why}");
            }
            assert_eq!(batch.is_some(), *over == Over::Running, "{why}");
            let normalized = (input - mean) / (variance + epsilon).sqrt();
            close(normalized * scale + shift, step.value, why);
            "normalization"
        }
        How::Nonlinearity { name, input } => {
            if *name == "relu" {
                assert_eq!(input.max(0.0), step.value, "{why}");
            }
            "nonlinearity"
        }
        How::Scaled { input, factor } => {
            close(input * factor, step.value, why);
            "scaled"
        }
        How::Same { from } => {
            if let Some(from) = from {
                assert_eq!(value(inside, data, *from), step.value, "{why}");
            }
            "same"
        }
        How::Softmax { .. } => "softmax",
        How::Joined { .. } | How::Concatenated { .. } | How::Gate { .. } => "joined",
        How::Pooled { ways, bias } => {
            let sums = ways.iter().map(|way| way.sum + bias);
            close(sums.sum(), step.value, why);
            for way in ways {
                let shown: f32 = way.terms.iter().map(|term| term.product).sum();
                close(shown + way.others.sum, way.sum, why);
                let unit = &way.unit;
                close((unit.sum + unit.bias).max(0.0), way.terms[0].value, why);
                let shown: f32 = unit.terms.iter().map(|term| term.product).sum();
                close(shown + unit.others.sum, unit.sum, why);
                for term in way.terms.iter().chain(&unit.terms) {
                    close(term.value * term.weight, term.product, why);
                    if let Some(from) = term.from {
                        assert_eq!(value(inside, data, from), term.value, "{why}");
                    }
                }
            }
            "pooled"
        }
        How::Zero { channels } => {
            assert!(step.place.channel >= *channels, "{why}");
            assert_eq!(step.value, 0.0, "{why}");
            "zero"
        }
    }
}

#[test]
fn behind_the_last_layer_come_the_exponentials() {
    let data = mnist(1, 1);
    let mut inside = made("net=lenet", &data, |_| {});
    look(&mut inside, data.samples(Split::Test).image(0).to_vec());
    let plan = build(&spec("net=lenet"), data.facts.shape, 10).unwrap();
    let row = Summary::of(&plan).rows.len() - 1;
    let place = |channel| Position {
        row,
        channel,
        y: 0,
        x: 0,
    };
    let Answer::Classified(classified) = ask(&mut inside, &data, Question::Classify) else {
        panic!()
    };
    for channel in 0..10 {
        let steps = arithmetic(&mut inside, &data, place(channel));
        let [logit, softmax] = steps.as_slice() else {
            panic!()
        };
        let How::Softmax { classes, sum } = &softmax.how else {
            panic!()
        };
        close(softmax.value, classified.probabilities[channel], "softmax");
        let own = classes.iter().find(|one| one.class == channel).unwrap();
        assert_eq!(own.logit, logit.value);
        close(own.power, own.logit.exp(), "power");
        close(own.power / sum, softmax.value, "share");
    }
    let nowhere = Question::Arithmetic {
        rows: vec![row],
        channel: 10,
        y: 0,
        x: 0,
        terms: TERMS,
    };
    assert!(block_on(inside.ask(nowhere, data.samples(Split::Test))).is_err());
    let nothing = Question::Arithmetic {
        rows: vec![99],
        channel: 0,
        y: 0,
        x: 0,
        terms: TERMS,
    };
    assert!(block_on(inside.ask(nothing, data.samples(Split::Test))).is_err());
}
