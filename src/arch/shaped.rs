//! The tree again, with the shape that enters and leaves each part; or where it cannot work.

use super::{Join, Layer};
use crate::base::ImageShape;
use crate::base::error::{Code, Problem, Result};
use crate::operation::{Operation, Shape, bounded};

/// A part of a network with the shapes that enter and leave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shaped {
    /// The names from the root to here, joined by dots.
    pub path: String,
    /// What enters.
    pub input: Shape,
    /// What leaves.
    pub output: Shape,
    /// What it is.
    pub form: Form,
}

/// What a part is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// A step without parts.
    Operation(Operation),
    /// Parts, one after the other.
    Sequential(Vec<Shaped>),
    /// Branches that get the same input, and how their outputs become one.
    Merge {
        /// How.
        join: Join,
        /// The branches, in the order in which they are computed.
        branches: Vec<Shaped>,
    },
}

/// The path of a part with this name. One without a name passes its parent's on.
pub(super) fn below(path: &str, name: &str) -> String {
    match (path, name) {
        (path, "") => path.to_owned(),
        ("", name) => name.to_owned(),
        (path, name) => format!("{path}.{name}"),
    }
}

impl Shaped {
    /// Follows an input of this shape through the tree.
    ///
    /// # Errors
    /// The first place where a layer cannot take what reaches it ([`Code::LayerNeedsImage`], [`Code::LayerNeedsVector`],
    /// [`Code::KernelTooLarge`], [`Code::GroupsDoNotDivide`]), or where branches do not fit together
    /// ([`Code::ShapesDiffer`], [`Code::SizesDiffer`], [`Code::GateDiffers`]), with the shapes that
    /// meet there.
    pub fn infer(layer: &Layer, input: Shape) -> Result<Self> {
        Self::watched(layer, input, &mut |_| ())
    }

    /// The same, where each operation and each join is shown as soon as it is known to fit, so that what comes before a
    /// mistake is seen.
    ///
    /// # Errors
    /// As [`infer`](Self::infer).
    pub fn watched(layer: &Layer, input: Shape, seen: &mut dyn FnMut(&Self)) -> Result<Self> {
        Self::at(String::new(), layer, input, seen)
    }

    fn at(path: String, layer: &Layer, input: Shape, seen: &mut dyn FnMut(&Self)) -> Result<Self> {
        let below = |name: &str| below(&path, name);
        let (output, form) = match layer {
            Layer::Operation(operation) => {
                (operation.output(&path, input)?, Form::Operation(*operation))
            }
            Layer::Sequential(layers) => {
                let mut parts: Vec<Shaped> = Vec::with_capacity(layers.len());
                let mut shape = input;
                for (name, layer) in layers {
                    let part = Self::at(below(name), layer, shape, seen)?;
                    shape = part.output;
                    parts.push(part);
                }
                (shape, Form::Sequential(parts))
            }
            Layer::Merge { join, branches } => {
                let branches = branches
                    .iter()
                    .map(|(name, layer)| Self::at(below(name), layer, input, seen))
                    .collect::<Result<Vec<_>>>()?;
                let join = *join;
                let output = join.output(&path, &branches)?;
                let fits = bounded(&output.sizes());
                fits.map_err(|problem| problem.with("layer", &path).with("shape", input))?;
                (output, Form::Merge { join, branches })
            }
        };
        let part = Self {
            path,
            input,
            output,
            form,
        };
        if !matches!(part.form, Form::Sequential(_)) {
            seen(&part);
        }
        Ok(part)
    }

    /// The last of its names.
    pub fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    /// The parts, in the order in which they are computed.
    pub fn parts(&self) -> &[Shaped] {
        match &self.form {
            Form::Operation(_) => &[],
            Form::Sequential(parts)
            | Form::Merge {
                branches: parts, ..
            } => parts,
        }
    }

    /// Every operation below here, in order.
    pub fn operations(&self) -> Vec<(&Shaped, Operation)> {
        match self.form {
            Form::Operation(operation) => vec![(self, operation)],
            _ => self.parts().iter().flat_map(Shaped::operations).collect(),
        }
    }

    /// Trainable numbers, biases included.
    pub fn weights(&self) -> usize {
        let each = self.operations().into_iter();
        each.map(|(at, operation)| {
            operation
                .parameters(at.input)
                .iter()
                .map(|p| p.len())
                .fold(0, usize::saturating_add)
        })
        .fold(0, usize::saturating_add)
    }
}

impl Join {
    /// What leaves the place at `path` where these branches meet.
    fn output(self, path: &str, branches: &[Shaped]) -> Result<Shape> {
        let Some((first, others)) = self.joined(branches).split_first() else {
            return Err(Problem::internal("branches are missing"));
        };
        let mut output = first.output;
        for other in others {
            output = self.pair(output, other.output).ok_or_else(|| {
                let (code, one, two) = match self {
                    Self::Add => (Code::ShapesDiffer, "body", "shortcut"),
                    Self::Concat => (Code::SizesDiffer, "first", "other"),
                    Self::Multiply | Self::Auxiliary => (Code::GateDiffers, "first", "other"),
                };
                let problem = Problem::new(code).with("layer", path);
                problem.with(one, output).with(two, other.output)
            })?;
        }
        Ok(output)
    }

    /// What two outputs become, if they fit.
    fn pair(self, so_far: Shape, other: Shape) -> Option<Shape> {
        match (self, so_far, other) {
            (Self::Add, a, b) => (a == b).then_some(a),
            (Self::Concat, Shape::Vector(a), Shape::Vector(b)) => Some(Shape::Vector(a + b)),
            (Self::Concat, Shape::Image(a), Shape::Image(b)) => {
                let fits = (a.height, a.width) == (b.height, b.width);
                let channels = a.channels + b.channels;
                fits.then_some(Shape::Image(ImageShape { channels, ..a }))
            }
            (Self::Concat, _, _) => None,
            (Self::Multiply, Shape::Image(image), Shape::Vector(gates)) => {
                (image.channels == gates).then_some(so_far)
            }
            (Self::Multiply, Shape::Image(image), Shape::Image(gate)) => {
                let fits = (image.height, image.width) == (gate.height, gate.width);
                (fits && [1, image.channels].contains(&gate.channels)).then_some(so_far)
            }
            (Self::Multiply, a, b) => (a == b).then_some(a),
            // A classifier is not joined.
            (Self::Auxiliary, _, _) => None,
        }
    }
}
