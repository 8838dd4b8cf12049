//! The tree again, with the shape that enters and leaves each part; or where it cannot work.

use std::fmt;

use super::{Layer, Operation};
use crate::data::ImageShape;
use crate::error::{Code, Problem, Result};

/// What flows between two layers, for one sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `[channels, height, width]`.
    Image(ImageShape),
    /// `[features]`.
    Vector(usize),
}

impl Shape {
    /// Its sizes, outermost first.
    pub fn sizes(self) -> Vec<usize> {
        match self {
            Self::Image(shape) => vec![shape.channels, shape.height, shape.width],
            Self::Vector(features) => vec![features],
        }
    }

    /// Channels of an image, features of a vector.
    pub fn channels(self) -> usize {
        match self {
            Self::Image(shape) => shape.channels,
            Self::Vector(features) => features,
        }
    }

    /// Numbers in one sample.
    pub fn len(self) -> usize {
        self.sizes().iter().product()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

impl From<ImageShape> for Shape {
    fn from(shape: ImageShape) -> Self {
        Self::Image(shape)
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sizes: Vec<_> = self.sizes().iter().map(usize::to_string).collect();
        f.write_str(&sizes.join("×"))
    }
}

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
    /// `body(x) + shortcut(x)`.
    Residual {
        /// What learns the difference.
        body: Box<Shaped>,
        /// What the difference is added to.
        shortcut: Box<Shaped>,
    },
}

impl Shaped {
    /// Follows an input of this shape through the tree.
    ///
    /// # Errors
    /// The first place where a layer cannot take what reaches it, with the shapes that meet there.
    pub fn infer(layer: &Layer, input: Shape) -> Result<Self> {
        Self::at(String::new(), layer, input)
    }

    fn at(path: String, layer: &Layer, input: Shape) -> Result<Self> {
        let below = |name: &str| match (path.as_str(), name) {
            (path, "") => path.to_owned(),
            ("", name) => name.to_owned(),
            (path, name) => format!("{path}.{name}"),
        };
        let (output, form) = match layer {
            Layer::Operation(operation) => {
                (operation.output(&path, input)?, Form::Operation(*operation))
            }
            Layer::Sequential(layers) => {
                let mut parts: Vec<Shaped> = Vec::with_capacity(layers.len());
                let mut shape = input;
                for (name, layer) in layers {
                    let part = Self::at(below(name), layer, shape)?;
                    shape = part.output;
                    parts.push(part);
                }
                (shape, Form::Sequential(parts))
            }
            Layer::Residual { body, shortcut } => {
                let body = Self::at(below("body"), body, input)?;
                let shortcut = Self::at(below("shortcut"), shortcut, input)?;
                if body.output != shortcut.output {
                    let problem = Problem::new(Code::ShapesDiffer).with("layer", &path);
                    return Err(problem
                        .with("body", body.output)
                        .with("shortcut", shortcut.output));
                }
                (
                    body.output,
                    Form::Residual {
                        body: body.into(),
                        shortcut: shortcut.into(),
                    },
                )
            }
        };
        Ok(Self {
            path,
            input,
            output,
            form,
        })
    }

    /// The parts, in the order in which data goes through them; of a residual, the body first.
    pub fn parts(&self) -> Vec<&Shaped> {
        match &self.form {
            Form::Operation(_) => Vec::new(),
            Form::Sequential(parts) => parts.iter().collect(),
            Form::Residual { body, shortcut } => vec![body, shortcut],
        }
    }

    /// Every operation below here, in order.
    pub fn operations(&self) -> Vec<(&Shaped, Operation)> {
        match self.form {
            Form::Operation(operation) => vec![(self, operation)],
            _ => self
                .parts()
                .into_iter()
                .flat_map(Shaped::operations)
                .collect(),
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
                .sum::<usize>()
        })
        .sum()
    }
}

impl Operation {
    /// What leaves this operation when `input` enters it.
    fn output(self, path: &str, input: Shape) -> Result<Shape> {
        let needs_image = || match input {
            Shape::Image(image) => Ok(image),
            Shape::Vector(_) => Err(Problem::new(Code::LayerNeeds)
                .with("layer", path)
                .with("shape", input)),
        };
        let window = |kernel: usize, stride: usize, padding: usize, channels: usize| {
            let image = needs_image()?;
            let place = |size: usize| {
                (size + 2 * padding)
                    .checked_sub(kernel)
                    .map(|rest| rest / stride + 1)
            };
            match (place(image.height), place(image.width)) {
                (Some(height), Some(width)) => Ok(Shape::Image(ImageShape {
                    channels,
                    height,
                    width,
                })),
                _ => {
                    let problem = Problem::new(Code::KernelTooLarge).with("layer", path);
                    Err(problem.with("kernel", kernel).with("shape", input))
                }
            }
        };
        match self {
            Self::Identity | Self::Activation(_) => Ok(input),
            Self::BatchNorm2d => needs_image().map(Shape::Image),
            Self::Conv2d {
                out_channels,
                kernel,
                stride,
                padding,
                ..
            } => window(kernel, stride, padding, out_channels),
            Self::Pool2d { size, .. } => window(size, size, 0, input.channels()),
            Self::ZeroPad {
                out_channels,
                stride,
            } => window(1, stride, 0, out_channels),
            Self::GlobalAveragePool => needs_image().map(|image| Shape::Vector(image.channels)),
            Self::Flatten => Ok(Shape::Vector(input.len())),
            Self::Linear { out_features } => match input {
                Shape::Vector(_) => Ok(Shape::Vector(out_features)),
                Shape::Image(_) => Err(Problem::new(Code::LayerNeeds)
                    .with("layer", path)
                    .with("shape", input)),
            },
        }
    }

    /// Its trainable numbers, in the order in which they are drawn: convolutions as
    /// `[out, in, height, width]`, dense layers as `[in, out]`.
    pub fn parameters(self, input: Shape) -> Vec<Parameter> {
        let channels = input.channels();
        let of = |name, shape: &[usize], fan_in| Parameter {
            name,
            shape: shape.to_vec(),
            fan_in,
        };
        match self {
            Self::Conv2d {
                out_channels,
                kernel,
                bias,
                ..
            } => {
                let fan_in = channels * kernel * kernel;
                let mut all = vec![of(
                    "weight",
                    &[out_channels, channels, kernel, kernel],
                    Some(fan_in),
                )];
                if bias {
                    all.push(of("bias", &[out_channels], Some(fan_in)));
                }
                all
            }
            Self::Linear { out_features } => vec![
                of("weight", &[channels, out_features], Some(channels)),
                of("bias", &[out_features], Some(channels)),
            ],
            Self::BatchNorm2d => vec![
                of("weight", &[channels], None),
                of("bias", &[channels], None),
            ],
            _ => Vec::new(),
        }
    }
}

/// One array of trainable numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// `weight` or `bias`.
    pub name: &'static str,
    /// Its sizes, outermost first.
    pub shape: Vec<usize>,
    /// Inputs that reach one output, where the initial values depend on it.
    pub fan_in: Option<usize>,
}

impl Parameter {
    /// How many numbers it has.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
