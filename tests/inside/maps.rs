//! What layers hold and what their units see, of networks whose weights were made by hand.

use cnn_playground::arch;
use cnn_playground::data::{Dataset, Split};
use cnn_playground::inside::{Answer, Inside, Neuron, Question, window};

use super::{SIZE, ask, carry, look, made, mnist, spec};

fn unit(inside: &mut Inside, data: &Dataset, at: (usize, usize, usize, usize)) -> Neuron {
    let (row, channel, y, x) = at;
    match ask(inside, data, Question::Neuron { row, channel, y, x }) {
        Answer::Neuron(unit) => unit,
        other => panic!("{other:?}"),
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

/// More than single precision makes of sums whose terms are at most about one.
const ROUNDING: f32 = 5e-7;

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
                let now = unit(&mut inside, &data, (row, 1, y, x)).value;
                // A pixel beside the window may be rounded together with those in it.
                let changed = (now - value).abs() > ROUNDING;
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
