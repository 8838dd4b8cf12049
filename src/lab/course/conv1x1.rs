//! What is the difference between a 1×1 convolution and a fully connected layer? The two on the
//! same weights, and two heads of the same network.

use std::cmp::Ordering;

use crate::arch::examples;
use crate::base::rng::Stream;
use crate::lab::conclusion::{Figure, ResultRow, Table, Unit};
use crate::lab::results::{Column, Results};
use crate::lab::{Check, Conclusion, Diagram, Entry, Lab, Options, Prediction, Size, Verdict};

/// A map of two channels on 2×2 pixels, through two filters.
const CHANNELS: usize = 2;
const PIXELS: usize = 4;
const FILTERS: usize = 2;

pub(super) const LAB: Lab = Lab {
    id: "conv1x1",
    row: 10,
    options: &[],
    prediction: Prediction::Choice {
        words: &["fewer", "more", "same"],
    },
    entries,
    sizes: &[
        Size::new(20_000, 2_000, 2),
        Size::new(10_000, 2_000, 2),
        Size::new(6_000, 1_000, 2),
        Size::new(4_000, 1_000, 2),
    ],
    columns: &[
        Column::Accuracy,
        Column::Parameters,
        Column::MultiplyAdds,
        Column::Seconds,
    ],
    separable: None,
    conclude,
    diagram: Some(diagram),
    further: "data=cifar10&net=cnn&batchnorm=on&head=conv&width=32",
    checks: &[
        Check::of(&["sums", "nothing", "smaller"], "sums"),
        Check::of(&["none", "one", "seven"], "seven"),
    ],
};

fn entries(_: &Options) -> Vec<Entry> {
    vec![
        Entry::new("dense", "data=cifar10&net=cnn&batchnorm=on"),
        Entry::new("conv", "data=cifar10&net=cnn&batchnorm=on&head=conv"),
    ]
}

fn diagram(_: &Options) -> Option<Diagram> {
    let head = examples::summary("head-conv").ok()?;
    Some(Diagram::convolution("pixel", head.rows.into_iter().next()?))
}

fn conclude(_: &Options, results: &Results) -> Conclusion {
    let gain = results.difference("dense", "conv");
    let parameters = |label| results.figure(label, Column::Parameters);
    let value = |figure: Option<Figure>| figure.map_or(0.0, |figure| figure.value);
    let (dense, conv) = (value(parameters("dense")), value(parameters("conv")));
    let equal = equality();
    let (verdict, key, answer) = match (conv < dense, gain.sign()) {
        (true, Ordering::Less) => (Verdict::Textbook, "cheaper", "fewer"),
        (true, Ordering::Equal) => (Verdict::Textbook, "same", "fewer"),
        (true, Ordering::Greater) => (Verdict::Textbook, "better", "fewer"),
        (false, _) => (Verdict::Contradicts, "dearer", "more"),
    };
    let accuracy = |label| results.figure(label, Column::Accuracy);
    let mut conclusion = Conclusion::new(verdict, key)
        .with("dense", accuracy("dense"))
        .with("conv", accuracy("conv"))
        .with("gain", gain.points())
        .with("denseWeights", parameters("dense"))
        .with("convWeights", parameters("conv"))
        .with("apart", Figure::plain(Unit::Number, equal.apart))
        .resting_on(gain, results.tested())
        .certainly(answer);
    conclusion.tables.push(equal.table);
    conclusion
}

struct Equality {
    table: Table,
    /// The largest difference between the two.
    apart: f64,
}

/// A 1×1 convolution over a small map, and a dense layer with the same weights at each of its
/// pixels, both from their definitions.
fn equality() -> Equality {
    let mut stream = Stream::new(1, "conv1x1");
    let mut draw = |count| -> Vec<f64> {
        (0..count)
            .map(|_| f64::from((stream.symmetric() * 10.0).round()) / 10.0)
            .collect()
    };
    // [channels, pixels], [filters, channels, 1, 1], [filters]
    let (map, weights, bias) = (
        draw(CHANNELS * PIXELS),
        draw(FILTERS * CHANNELS),
        draw(FILTERS),
    );
    let convolved = convolve(&map, &weights, &bias);
    let mut apart = 0.0_f64;
    let rows = ["pixel-1", "pixel-2", "pixel-3", "pixel-4"]
        .into_iter()
        .enumerate()
        .map(|(pixel, label)| {
            let inputs: Vec<f64> = (0..CHANNELS).map(|c| map[c * PIXELS + pixel]).collect();
            let dense = dense_layer(&inputs, &weights, &bias);
            let figures = dense.into_iter().enumerate().flat_map(|(filter, dense)| {
                let conv = convolved[filter * PIXELS + pixel];
                apart = apart.max((conv - dense).abs());
                [conv, dense].map(|value| Some(Figure::plain(Unit::Number, value)))
            });
            ResultRow {
                label,
                figures: figures.collect(),
            }
        })
        .collect();
    Equality {
        table: Table {
            name: "equal",
            columns: vec!["conv-1", "dense-1", "conv-2", "dense-2"],
            rows,
        },
        apart,
    }
}

/// y\[f, p\] = Σ over the channels and the kernel's one place of w\[f, c, 0, 0\] · x\[c, p + 0\] + b\[f\].
fn convolve(map: &[f64], weights: &[f64], bias: &[f64]) -> Vec<f64> {
    let mut output = vec![0.0; FILTERS * PIXELS];
    for filter in 0..FILTERS {
        for pixel in 0..PIXELS {
            let place = &mut output[filter * PIXELS + pixel];
            *place = bias[filter];
            for channel in 0..CHANNELS {
                *place += weights[filter * CHANNELS + channel] * map[channel * PIXELS + pixel];
            }
        }
    }
    output
}

/// y = W x + b.
fn dense_layer(inputs: &[f64], weights: &[f64], bias: &[f64]) -> Vec<f64> {
    let rows = weights.chunks_exact(inputs.len()).zip(bias);
    rows.map(|(row, bias)| {
        row.iter()
            .zip(inputs)
            .fold(*bias, |sum, (w, x)| sum + w * x)
    })
    .collect()
}
