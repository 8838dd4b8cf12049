//! What flows between two layers, and the arrays of numbers that a layer learns.

use std::fmt;

use crate::base::ImageShape;

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

    /// Whether its numbers are weights, which multiply, rather than biases, which are added.
    pub fn multiplies(&self) -> bool {
        self.name.starts_with("weight")
    }
}
