//! The layer table and the picture of a network, as the page shows them.

use serde::Serialize;

use super::{Form, Join, Shaped};
use crate::base::Window;
use crate::operation::{self, Operation, Parameter, Reach, Shape};

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
    /// Those that multiply.
    pub weights: usize,
    /// Those that are added.
    pub biases: usize,
    /// Multiplications with an addition, for one image.
    pub multiply_adds: u64,
    /// Layers with weights on the longest way, as depth is usually counted: shortcuts left out.
    pub depth: usize,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Row {
    /// Its names from the root, joined by dots.
    pub path: String,
    /// Its kind: a word with an entry `layer.<kind>` in the locale files.
    pub kind: &'static str,
    /// Rows and columns of its kernel or window.
    pub kernel: Option<[usize; 2]>,
    /// Pixels from one place to the next.
    pub stride: Option<usize>,
    /// Rows of zeros above and below, and columns of zeros on the left and on the right.
    pub padding: Option<[usize; 2]>,
    /// What enters: `[channels, height, width]` or `[features]`.
    pub input: Vec<usize>,
    /// What leaves.
    pub output: Vec<usize>,
    /// Trainable numbers that multiply.
    pub weights: usize,
    /// The factors whose product that is, kernels first; none without weights.
    pub factors: Vec<usize>,
    /// Trainable numbers that are added.
    pub biases: usize,
    /// Multiplications with an addition, for one image.
    pub multiply_adds: u64,
    /// Edge of the part of the image that one output depends on, the longer one; `None`: all of it.
    pub receptive_field: Option<usize>,
    /// Whether it is a layer as [`Summary::depth`] counts them.
    pub layer: bool,
    /// Whether it is drawn in the box of the layer before.
    pub attached: bool,
    /// Whether it only passes on what it gets.
    pub passes_on: bool,
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
    /// Branches that get the same input, and how their outputs become one.
    Merge {
        /// How.
        join: Join,
        /// The branches.
        branches: Vec<Branch>,
        /// What leaves.
        output: Vec<usize>,
    },
}

/// One of several ways through a part.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Branch {
    /// Its name: a `shortcut` goes around the others.
    pub name: String,
    /// What it does.
    pub part: Node,
}

/// What of the image one pixel sees, along the rows and along the columns; `None` once that is everything.
type Receptive = Option<[Sight; 2]>;

/// The part of the image that one pixel sees along an axis. Araujo, Norris and Sim 2019,
/// <https://distill.pub/2019/computing-receptive-fields>.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sight {
    /// Pixels from its start to its end.
    size: f64,
    /// From where one pixel's begins to where its neighbour's does: less than one where an image was enlarged.
    jump: f64,
}

impl Sight {
    /// One pixel of the image itself.
    const PIXEL: Self = Self {
        size: 1.0,
        jump: 1.0,
    };

    /// Behind a window.
    fn through(self, window: Window) -> Self {
        Self {
            size: self.size + (window.size - 1) as f64 * self.jump,
            jump: self.jump * window.stride as f64,
        }
    }

    /// Behind the inverse of a window: a pixel lies in so many of them at most.
    fn back(self, window: Window) -> Self {
        let most = window.size.div_ceil(window.stride);
        Self {
            size: self.size + (most - 1) as f64 * self.jump,
            jump: self.jump / window.stride as f64,
        }
    }

    /// Behind a mean of each of so many parts of an axis of this size.
    fn in_parts(self, size: usize, parts: usize) -> Self {
        let widest = (0..parts).map(|at| operation::part(size, parts, at).len());
        Self {
            size: self.size + (widest.max().unwrap_or(1) - 1) as f64 * self.jump,
            jump: self.jump * size as f64 / parts as f64,
        }
    }

    /// Whole pixels, but for what rounding adds.
    fn pixels(self) -> usize {
        (self.size - 1e-6).ceil() as usize
    }
}

impl Summary {
    /// The table, picture and totals of this network.
    pub fn of(network: &Shaped) -> Self {
        let mut rows = Vec::new();
        let (tree, _) = node(network, Some([Sight::PIXEL; 2]), &mut rows);
        let weights = rows.iter().map(|row| row.weights).sum();
        let biases = rows.iter().map(|row| row.biases).sum();
        let multiply_adds = rows.iter().map(|row| row.multiply_adds).sum();
        let depth = depth(network);
        Self {
            rows,
            tree,
            parameters: weights + biases,
            weights,
            biases,
            multiply_adds,
            depth,
        }
    }
}

/// Layers with weights on the longest way; shortcuts, gates and auxiliary classifiers are beside it.
fn depth(part: &Shaped) -> usize {
    match &part.form {
        Form::Operation(operation) => usize::from(operation.about().is_layer()),
        Form::Sequential(parts) => parts.iter().map(depth).sum(),
        Form::Merge {
            join: Join::Multiply | Join::Auxiliary,
            branches,
        } => branches.first().map_or(0, depth),
        Form::Merge { branches, .. } => {
            let ways = branches.iter().filter(|branch| branch.name() != "shortcut");
            ways.map(depth).max().unwrap_or(0)
        }
    }
}

fn node(part: &Shaped, field: Receptive, rows: &mut Vec<Row>) -> (Node, Receptive) {
    match &part.form {
        Form::Operation(operation) => {
            let field = see(operation.about().reach(), part.input, field);
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
            let name = part.name().to_owned();
            (Node::Sequential { name, parts }, field)
        }
        Form::Merge { join, branches } => {
            let (branches, fields): (Vec<_>, Vec<_>) = branches
                .iter()
                .map(|branch| {
                    let (part, field) = node(branch, field, rows);
                    let name = branch.name().to_owned();
                    (Branch { name, part }, field)
                })
                .unzip();
            // All branches have the same stride; their join sees what any of those sees that it joins.
            let fields = join.joined(&fields).iter().copied();
            let widest = fields.reduce(|all, one| {
                let (all, one) = all.zip(one)?;
                Some([0, 1].map(|axis| Sight {
                    size: all[axis].size.max(one[axis].size),
                    ..all[axis]
                }))
            });
            let merge = Node::Merge {
                join: *join,
                branches,
                output: part.output.sizes(),
            };
            (merge, widest.flatten())
        }
    }
}

fn row(part: &Shaped, operation: Operation, field: Receptive) -> Row {
    let about = operation.about();
    let (slide, learned) = (about.slide(), about.learned(part.input));
    let (weights, biases): (Vec<_>, Vec<_>) = learned
        .parameters
        .iter()
        .partition(|parameter| parameter.multiplies());
    let count = |all: Vec<&Parameter>| -> usize { all.into_iter().map(Parameter::len).sum() };
    let (weights, biases) = (count(weights), count(biases));
    Row {
        path: part.path.clone(),
        kind: about.kind(),
        kernel: slide.kernel,
        stride: slide.stride,
        padding: slide.padding,
        input: part.input.sizes(),
        output: part.output.sizes(),
        weights,
        factors: learned.factors,
        biases,
        // As 64 bits: the original VGG-16 has more than a browser's 32-bit numbers hold.
        multiply_adds: weights as u64 * learned.uses as u64,
        receptive_field: field.map(|[rows, columns]| rows.pixels().max(columns.pixels())),
        layer: about.is_layer(),
        attached: about.is_attached(),
        passes_on: about.passes_on(),
    }
}

/// What of the image is seen behind an operation.
fn see(reach: Reach, input: Shape, field: Receptive) -> Receptive {
    let [rows, columns] = field?;
    match reach {
        Reach::Same => field,
        Reach::Windows([high, wide]) => Some([rows.through(high), columns.through(wide)]),
        Reach::Inverse(window) => Some([rows.back(window), columns.back(window)]),
        Reach::Parts([high, wide]) => {
            let image = input.image().ok()?;
            let [rows, columns] = [
                rows.in_parts(image.height, high),
                columns.in_parts(image.width, wide),
            ];
            Some([rows, columns])
        }
        Reach::All => None,
    }
}
