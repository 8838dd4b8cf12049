//! The layer table and the picture of a network, as the page shows them.

use serde::Serialize;

use super::{Form, Operation, Shape, Shaped};

/// A network as a tree for the picture, with a row for each operation, and the totals.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Summary {
    /// Every operation in order.
    pub rows: Vec<Row>,
    /// How they are nested.
    pub tree: Node,
    /// Trainable numbers: weights and biases together.
    pub parameters: usize,
    /// Multiplications with an addition, for one image.
    pub multiply_adds: usize,
    /// Layers with weights on the longest way, as depth is usually counted: shortcuts left out.
    pub depth: usize,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Row {
    /// Its names from the root, joined by dots.
    pub path: String,
    /// What it is: a word with an entry `layer.<kind>` in the locale files.
    pub kind: &'static str,
    /// Edge of its kernel or window, in pixels.
    pub kernel: Option<usize>,
    /// Pixels from one place to the next.
    pub stride: Option<usize>,
    /// Zeros added on each side.
    pub padding: Option<usize>,
    /// What enters: `[channels, height, width]` or `[features]`.
    pub input: Vec<usize>,
    /// What leaves.
    pub output: Vec<usize>,
    /// Trainable numbers that multiply.
    pub weights: usize,
    /// Trainable numbers that are added.
    pub biases: usize,
    /// Multiplications with an addition, for one image.
    pub multiply_adds: usize,
    /// Edge of the part of the image that one output depends on; `None`: all of it.
    pub receptive_field: Option<usize>,
}

/// A part of the picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "form", rename_all = "kebab-case")]
pub enum Node {
    /// A row of the table.
    Operation {
        /// Its index in [`Summary::rows`].
        row: usize,
    },
    /// Parts, one after the other.
    Sequential {
        /// The last of its names.
        name: String,
        /// The parts.
        parts: Vec<Node>,
    },
    /// Two ways that are added.
    Residual {
        /// The way with the weights.
        body: Box<Node>,
        /// The way around it.
        shortcut: Box<Node>,
    },
}

/// The edge of the window of the image that one pixel sees, and how far apart the windows of two
/// neighbours are; `None` once everything is seen. Araujo, Norris and Sim 2019,
/// <https://distill.pub/2019/computing-receptive-fields>.
type Field = Option<(usize, usize)>;

impl Summary {
    /// The table, picture and totals of this network.
    pub fn of(network: &Shaped) -> Self {
        let mut rows = Vec::new();
        let (tree, _) = node(network, Some((1, 1)), &mut rows);
        let parameters = rows.iter().map(|row| row.weights + row.biases).sum();
        let multiply_adds = rows.iter().map(|row| row.multiply_adds).sum();
        let counts = |row: &&Row| {
            matches!(row.kind, "conv2d" | "linear") && !row.path.contains(".shortcut.")
        };
        let depth = rows.iter().filter(counts).count();
        Self {
            rows,
            tree,
            parameters,
            multiply_adds,
            depth,
        }
    }
}

fn node(part: &Shaped, field: Field, rows: &mut Vec<Row>) -> (Node, Field) {
    match &part.form {
        Form::Operation(operation) => {
            let field = operation.see(field);
            rows.push(row(part, *operation, field));
            (
                Node::Operation {
                    row: rows.len() - 1,
                },
                field,
            )
        }
        Form::Sequential(children) => {
            let mut field = field;
            let mut parts = Vec::with_capacity(children.len());
            for child in children {
                let (node, after) = node(child, field, rows);
                field = after;
                parts.push(node);
            }
            let name = part.path.rsplit('.').next().unwrap_or_default().to_owned();
            (Node::Sequential { name, parts }, field)
        }
        Form::Residual { body, shortcut } => {
            let (body, wide) = node(body, field, rows);
            let (shortcut, narrow) = node(shortcut, field, rows);
            // Both ways have the same stride; the sum sees what either sees.
            let field = wide.zip(narrow).map(|(a, b)| (a.0.max(b.0), a.1));
            (
                Node::Residual {
                    body: body.into(),
                    shortcut: shortcut.into(),
                },
                field,
            )
        }
    }
}

fn row(part: &Shaped, operation: Operation, field: Field) -> Row {
    let (kernel, stride, padding) = match operation {
        Operation::Conv2d {
            kernel,
            stride,
            padding,
            ..
        } => (Some(kernel), Some(stride), Some(padding)),
        Operation::Pool2d { size, .. } => (Some(size), Some(size), None),
        Operation::ZeroPad { stride, .. } => (None, Some(stride), None),
        _ => (None, None, None),
    };
    let parameters = operation.parameters(part.input);
    let count = |name: &str| {
        parameters
            .iter()
            .filter(|p| p.name == name)
            .map(|p| p.len())
            .sum()
    };
    let weights: usize = count("weight");
    let places = match (operation, part.output) {
        (Operation::Conv2d { .. }, Shape::Image(image)) => image.area(),
        (Operation::Linear { .. }, _) => 1,
        _ => 0,
    };
    Row {
        path: part.path.clone(),
        kind: operation.kind(),
        kernel,
        stride,
        padding,
        input: part.input.sizes(),
        output: part.output.sizes(),
        weights,
        biases: count("bias"),
        multiply_adds: weights * places,
        receptive_field: field.map(|(size, _)| size),
    }
}

impl Operation {
    fn kind(self) -> &'static str {
        use crate::spec::Pool;
        match self {
            Self::Identity => "identity",
            Self::Conv2d { .. } => "conv2d",
            Self::BatchNorm2d => "batch-norm",
            Self::Activation(activation) => activation.word(),
            Self::Pool2d {
                pool: Pool::Max, ..
            } => "max-pool",
            Self::Pool2d {
                pool: Pool::Average,
                ..
            } => "average-pool",
            Self::GlobalAveragePool => "global-average-pool",
            Self::Flatten => "flatten",
            Self::Linear { .. } => "linear",
            Self::ZeroPad { .. } => "zero-pad",
        }
    }

    fn see(self, field: Field) -> Field {
        let (size, jump) = field?;
        match self {
            Self::Conv2d { kernel, stride, .. } => {
                Some((size + (kernel - 1) * jump, jump * stride))
            }
            Self::Pool2d { size: window, .. } => Some((size + (window - 1) * jump, jump * window)),
            Self::ZeroPad { stride, .. } => Some((size, jump * stride)),
            Self::Identity | Self::BatchNorm2d | Self::Activation(_) => field,
            Self::GlobalAveragePool | Self::Flatten | Self::Linear { .. } => None,
        }
    }
}
