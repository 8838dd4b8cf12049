//! A network that a person changes by hand: what they see of it.

use cnn_playground::arch::touch::{
    self, Holds, MOST_TOUCHES, Pattern, Touch, Touchable, touchable,
};
use cnn_playground::arch::{Shaped, build};
use cnn_playground::base::error::{Code, Problem};
use cnn_playground::data::Split;
use cnn_playground::inside::{Answer, Inside, Question};
use cnn_playground::nn::State;

use super::families::EACH;
use super::{ask, look, made, mnist, spec};

pub(super) const CNN: &str = "train=128&test=50&batch=32&epochs=2&net=cnn&width=4&batchnorm=on";
/// The same without a normalization: its convolutions have a bias.
const PLAIN: &str = "net=cnn&width=4";
pub(super) const RESNET: &str = "train=64&test=50&batch=32&epochs=1&net=resnet&blocks=1&width=4";

pub(super) fn plan(text: &str) -> Shaped {
    build(&spec(text), mnist(1, 1).facts.shape, 10).unwrap()
}

/// Of a network that no run has gone on with.
fn touch(plan: &Shaped, touches: &[Touch], weights: &mut [Vec<f32>]) -> Result<Holds, Problem> {
    touch::touch(plan, (&[], touches), weights, Vec::new)
}

pub(super) fn first(text: &str) -> State {
    let spec = spec(text);
    State::draw(&plan(text), spec.init, spec.seed)
}

/// Where the numbers of a network differ from its first ones after a touch: array and place.
fn changed(text: &str, touches: &[Touch]) -> Vec<(usize, usize)> {
    let (before, mut after) = (first(text), first(text));
    touch(&plan(text), touches, &mut after.weights).unwrap();
    let pairs = before.weights.iter().zip(&after.weights).enumerate();
    let each = pairs.flat_map(|(array, (a, b))| {
        let places = (0..a.len()).filter(|&at| a[at] != b[at]);
        places.map(move |at| (array, at)).collect::<Vec<_>>()
    });
    each.collect()
}

/// The rows of this kind.
pub(super) fn rows(text: &str, kind: &str) -> Vec<usize> {
    let plan = plan(text);
    let summary = cnn_playground::arch::Summary::of(&plan);
    let rows = summary.rows.iter().enumerate();
    rows.filter(|(_, row)| row.kind == kind)
        .map(|(at, _)| at)
        .collect()
}

#[test]
fn a_touch_changes_its_numbers_and_no_others() {
    let [one, two] = rows(CNN, "conv2d")[..] else {
        panic!()
    };
    let dense = rows(CNN, "linear")[0];
    // The first convolution has four filters of nine numbers, and scale and shift of a normalization.
    let weight = Touch::Weight {
        row: one,
        channel: 2,
        input: 0,
        at: 4,
        value: 9.0,
    };
    assert_eq!(changed(CNN, &[weight]), [(0, 2 * 9 + 4)]);
    let value = -3.0;
    let (row, channel) = (one, 1);
    let bias = Touch::Bias {
        row,
        channel,
        value,
    };
    assert_eq!(changed(PLAIN, &[bias]), [(1, 1)]);
    let arrays = changed(CNN, &[Touch::Channel { row, channel }]);
    let mut expected: Vec<_> = (9..18).map(|at| (0, at)).collect();
    // The shift is zero from the beginning.
    expected.push((1, 1));
    assert_eq!(arrays, expected);
    // A dense layer keeps its weights input by input.
    let plan = plan(CNN);
    let (features, outputs) = {
        let (part, _) = plan.operations()[dense];
        (part.input.channels(), part.output.channels())
    };
    let row = dense;
    let off = changed(CNN, &[Touch::Channel { row, channel }]);
    let array = off[0].0;
    let mut expected: Vec<_> = (0..features).map(|at| (array, at * outputs + 1)).collect();
    expected.push((array + 1, 1));
    assert_eq!(off, expected);
    let weight = Touch::Weight {
        row,
        channel: 3,
        input: 5,
        at: 0,
        value: 9.0,
    };
    assert_eq!(changed(CNN, &[weight]), [(array, 5 * outputs + 3)]);
    // Of the second convolution's kernels each sees a quarter.
    let mut state = first(CNN);
    let (row, channel, pattern) = (two, 3, Pattern::SobelX);
    let sobel = Touch::Kernel {
        row,
        channel,
        pattern,
    };
    touch(&plan, &[sobel], &mut state.weights).unwrap();
    let entering = plan.operations()[two].0.input.channels();
    let filter: Vec<f32> = pattern.numbers().map(|one| one / entering as f32).to_vec();
    let size = 9 * entering;
    assert_eq!(
        state.weights[3][3 * size..4 * size],
        filter.repeat(entering)
    );
    assert_eq!(
        state.weights[3][..3 * size],
        first(CNN).weights[3][..3 * size]
    );
    // Off is off, in whatever order.
    let still = [
        Touch::Layer { row: one },
        Touch::Weight {
            row: one,
            channel,
            input: 0,
            at: 0,
            value,
        },
    ];
    touch(&plan, &still, &mut state.weights).unwrap();
    let own = state.weights[..3].iter().flatten();
    assert!(own.into_iter().all(|&one| one == 0.0));
}

#[test]
fn the_positive_numbers_of_a_pattern_add_up_to_one_and_an_edge_detector_finds_nothing_in_an_even_image()
 {
    for pattern in Pattern::ALL {
        let numbers = pattern.numbers();
        let positive: f32 = numbers.iter().filter(|one| **one > 0.0).sum();
        let all: f32 = numbers.iter().sum();
        let (most, sum) = match pattern {
            Pattern::Zero => (0.0, 0.0),
            Pattern::Blur => (1.0, 1.0),
            _ => (1.0, 0.0),
        };
        assert!(
            (positive - most).abs() < 1e-6 && (all - sum).abs() < 1e-6,
            "{pattern:?}"
        );
    }
}

/// The largest size of a number that a row hands over for the picture.
fn largest(inside: &mut Inside, row: usize, channels: usize) -> Vec<f32> {
    let (rows, data) = (vec![row], mnist(1, 1));
    let Answer::Maps(maps) = ask(inside, &data, Question::Maps { rows, channels }) else {
        panic!()
    };
    let tiles = &maps[0].tiles;
    tiles
        .pixels
        .chunks(tiles.pixels.len() / tiles.count)
        .map(|tile| f32::from(u8::from(tile.chunks(4).any(|pixel| pixel != &tile[..4]))))
        .collect()
}

#[test]
fn whatever_has_weights_can_be_switched_off_and_on_in_every_family() {
    let data = mnist(1, 1);
    for &text in EACH {
        let mut inside = made(text, &data, |_| {});
        look(&mut inside, data.samples(Split::Test).image(0).to_vec());
        let plan = build(&spec(text), data.facts.shape, 10).unwrap();
        let classify = |inside: &mut Inside| match ask(
            inside,
            &data,
            Question::Activations {
                rows: vec![],
                joins: vec![],
                channels: 1,
            },
        ) {
            Answer::Activations(shown) => (shown.answer, shown.masks),
            other => panic!("{other:?}"),
        };
        let first_value = |inside: &mut Inside, row| {
            let (channel, y, x) = (0, 0, 0);
            let question = Question::Neuron { row, channel, y, x };
            match ask(inside, &data, question) {
                Answer::Neuron(neuron) => neuron.value,
                other => panic!("{other:?}"),
            }
        };
        let before = classify(&mut inside);
        for row in 0..plan.operations().len() {
            let Some(Touchable {
                learned, channel, ..
            }) = touchable(&plan, row)
            else {
                continue;
            };
            if !learned {
                continue;
            }
            inside
                .touch(
                    Vec::new(),
                    vec![Touch::Layer { row }, Touch::Freeze { row }],
                )
                .unwrap();
            let path = &plan.operations()[row].0.path;
            let value = first_value(&mut inside, row);
            if channel {
                assert_eq!(value, 0.0, "{text} {path}");
                inside
                    .touch(Vec::new(), vec![Touch::Channel { row, channel: 0 }])
                    .unwrap();
                let value = first_value(&mut inside, row);
                assert_eq!(value, 0.0, "{text} {path}");
            }
        }
        inside.touch(Vec::new(), Vec::new()).unwrap();
        assert_eq!(classify(&mut inside), before, "{text}");
    }
}

#[test]
fn a_channel_that_is_off_shows_nothing_behind_its_normalization_and_all_others_as_before() {
    let data = mnist(1, 1);
    let mut inside = made(CNN, &data, |state| {
        for pair in &mut state.statistics {
            pair[0].fill(0.3);
        }
    });
    look(&mut inside, data.samples(Split::Test).image(0).to_vec());
    let row = rows(CNN, "conv2d")[0];
    assert_eq!(largest(&mut inside, row + 2, 4), [1.0; 4]);
    inside
        .touch(Vec::new(), vec![Touch::Channel { row, channel: 2 }])
        .unwrap();
    assert_eq!(largest(&mut inside, row + 2, 4), [1.0, 1.0, 0.0, 1.0]);
    // Newer weights of the run: it is off in them too.
    let mut newer = first(CNN);
    newer.weights[0].fill(0.5);
    inside.learn(&newer).unwrap();
    assert_eq!(largest(&mut inside, row + 2, 4), [1.0, 1.0, 0.0, 1.0]);
}

#[test]
fn a_shortcut_that_is_off_carries_nothing_and_the_block_goes_on_alone() {
    let data = mnist(1, 1);
    let mut inside = made(RESNET, &data, |_| {});
    look(&mut inside, data.samples(Split::Test).image(0).to_vec());
    let question = || Question::Activations {
        rows: vec![],
        joins: vec![0],
        channels: 1,
    };
    let sizes = |inside: &mut Inside| match ask(inside, &data, question()) {
        Answer::Activations(shown) => {
            let branches = shown.joins[0].branches.iter();
            (
                branches.map(|one| one.size).collect::<Vec<_>>(),
                shown.answer,
            )
        }
        other => panic!("{other:?}"),
    };
    let (before, answer) = sizes(&mut inside);
    assert!(before.iter().all(|size| *size > 0.0));
    let cut = |branch| vec![Touch::Branch { join: 0, branch }];
    inside.touch(Vec::new(), cut(1)).unwrap();
    let (after, other) = sizes(&mut inside);
    assert_eq!((after[0], after[1]), (before[0], 0.0));
    assert_ne!(answer, other);
    // What a run was begun without is missing in the weights that come of it; what was edited is not edited again.
    let edited = Touch::Weight {
        row: 0,
        channel: 0,
        input: 0,
        at: 0,
        value: 999.0,
    };
    inside
        .touch([cut(1), vec![edited]].concat(), Vec::new())
        .unwrap();
    assert_eq!(sizes(&mut inside), (after, other));
    inside.touch(Vec::new(), cut(0)).unwrap();
    let (after, _) = sizes(&mut inside);
    assert_eq!((after[0], after[1]), (0.0, before[1]));
    // The rows of the block are in it, and the first convolution is in none.
    let plan = plan(RESNET);
    let blocks: Vec<_> = (0..plan.operations().len())
        .filter_map(|row| touchable(&plan, row))
        .map(|one| one.block)
        .collect();
    assert_eq!((blocks[0], blocks.contains(&Some(0))), (None, true));
}

#[test]
fn what_a_network_does_not_have_is_refused_by_name_and_nothing_changes() {
    let row = rows(CNN, "conv2d")[0];
    let act = rows(CNN, "relu")[0];
    let value = 1.0;
    let refused = |touch: Touch| {
        let mut state = first(CNN);
        let problem = self::touch(&plan(CNN), &[touch], &mut state.weights);
        assert_eq!(state, first(CNN), "{touch:?}");
        problem.unwrap_err().code
    };
    let weight = |channel, input, at, value| Touch::Weight {
        row,
        channel,
        input,
        at,
        value,
    };
    let pattern = Pattern::Blur;
    let none = [
        weight(4, 0, 0, value),
        weight(usize::MAX, usize::MAX, usize::MAX, value),
        weight(0, 1, 0, value),
        weight(0, 0, 9, value),
        Touch::Kernel {
            row,
            channel: 4,
            pattern,
        },
        Touch::Channel { row, channel: 4 },
        Touch::Layer { row: 999 },
        Touch::Freeze { row: usize::MAX },
        Touch::Branch { join: 0, branch: 0 },
    ];
    for touch in none {
        assert_eq!(refused(touch), Code::NoSuchNumber, "{touch:?}");
    }
    for touch in [
        Touch::Layer { row: act },
        Touch::Freeze { row: act },
        Touch::Channel {
            row: act,
            channel: 0,
        },
        Touch::Weight {
            row: row + 1,
            channel: 0,
            input: 0,
            at: 0,
            value,
        },
    ] {
        assert_eq!(refused(touch), Code::NoWeights, "{touch:?}");
    }
    let dense = rows(CNN, "linear")[0];
    let kernel = Touch::Kernel {
        row: dense,
        channel: 0,
        pattern,
    };
    assert_eq!(refused(kernel), Code::NoKernel);
    for value in [f32::NAN, f32::INFINITY, 1001.0, -1001.0] {
        assert_eq!(refused(weight(0, 0, 0, value)), Code::OutOfRange);
    }
    // A normalization follows, so that the convolution has no bias.
    let (channel, bias) = (0, |channel| Touch::Bias {
        row,
        channel,
        value,
    });
    assert_eq!(refused(bias(channel)), Code::NoWeights);
    let problem = touch(&plan(PLAIN), &[bias(4)], &mut first(PLAIN).weights).unwrap_err();
    assert_eq!(problem.code, Code::NoSuchNumber);
    let many = vec![Touch::Freeze { row }; MOST_TOUCHES + 1];
    let problem = touch(&plan(CNN), &many, &mut first(CNN).weights).unwrap_err();
    assert_eq!(problem.code, Code::TooManyTouches);
    // Where branches meet there is no third one, and no join behind the last.
    for (join, branch) in [(0, 2), (99, 0)] {
        let cut = [Touch::Branch { join, branch }];
        let problem = touch(&plan(RESNET), &cut, &mut first(RESNET).weights).unwrap_err();
        assert_eq!(problem.code, Code::NoSuchNumber);
    }
}
