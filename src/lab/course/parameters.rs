//! How many parameters does a convolution have? No run is needed: the layer tree counts.

use crate::arch::summary::Row;
use crate::arch::{Shaped, Summary};
use crate::base::ImageShape;
use crate::experiment::Value;
use crate::lab::conclusion::{ResultRow, Table};
use crate::lab::results::Results;
use crate::lab::{
    Check, Conclusion, Diagram, Entry, Figure, Lab, LabOption, Options, Prediction, Takes, Verdict,
};
use crate::operation::{Conv2d, Operation, Shape};

const fn whole(key: &'static str, min: u32, max: u32, default: u32) -> LabOption {
    LabOption {
        key,
        takes: Takes::Whole { min, max, default },
    }
}

pub(super) const LAB: Lab = Lab {
    id: "parameters",
    row: 2,
    options: &[
        whole("size", 8, 256, 64),
        whole("channels", 1, 512, 3),
        whole("filters", 1, 512, 4),
        whole("kernel", 1, 11, 3),
    ],
    prediction: Prediction::Number,
    entries,
    sizes: &[],
    columns: &[],
    separable: None,
    conclude,
    diagram: Some(diagram),
    further: "data=cifar10&net=cnn&width=32",
    checks: &[
        Check::of(&["biases", "channels", "filters", "image"], "channels"),
        Check::of(&["both", "adds", "nothing"], "adds"),
    ],
};

fn entries(_: &Options) -> Vec<Entry> {
    Vec::new()
}

fn diagram(options: &Options) -> Option<Diagram> {
    let row = convolution(options, options.whole("size"))?;
    Some(Diagram::convolution("filters", row))
}

/// The convolution on an image of this edge.
fn convolution(options: &Options, edge: usize) -> Option<Row> {
    let conv = Operation::Conv2d(Conv2d::same(
        options.whole("filters"),
        options.whole("kernel"),
    ));
    let image = ImageShape {
        channels: options.whole("channels"),
        height: edge,
        width: edge,
    };
    let network = Shaped::infer(&conv.into(), Shape::Image(image)).ok()?;
    Summary::of(&network).rows.into_iter().next()
}

/// Its weights, biases and multiply-adds.
fn counted(options: &Options, edge: usize) -> Option<[u64; 3]> {
    let row = convolution(options, edge)?;
    Some([row.weights as u64, row.biases as u64, row.multiply_adds])
}

fn conclude(options: &Options, _: &Results) -> Conclusion {
    let edge = options.whole("size");
    let [one, double] = [edge, 2 * edge].map(|edge| counted(options, edge).unwrap_or_default());
    let (verdict, key) = if one[0] == double[0] {
        (Verdict::Textbook, "textbook")
    } else {
        (Verdict::Contradicts, "contradicts")
    };
    let row = |label, counts: [u64; 3]| ResultRow {
        label,
        figures: counts.map(|count| Some(Figure::count(count))).into(),
    };
    let mut conclusion = ["kernel", "channels", "filters", "size"]
        .into_iter()
        .fold(Conclusion::new(verdict, key), |conclusion, name| {
            conclusion.with(name, Figure::count(options.whole(name) as u64))
        })
        .with("weights", Figure::count(one[0]))
        .with("all", Figure::count(one[0] + one[1]))
        .with("double", Figure::count(2 * edge as u64));
    conclusion.answer = Some(Value::Number(one[0] as f64));
    let [kernel, channels, filters] =
        ["kernel", "channels", "filters"].map(|name| options.whole(name) as u64);
    conclusion.slips = vec![
        ("channels", kernel * kernel * filters),
        ("filters", kernel * kernel * channels),
        ("biases", one[0] + one[1]),
        ("image", one[2]),
    ];
    conclusion.tables.push(Table {
        name: "sizes",
        columns: vec!["weights", "biases", "multiply-adds"],
        rows: vec![row("image", one), row("double", double)],
    });
    conclusion
}
