//! What flows between two layers, and the arrays of numbers that a layer learns.

use std::fmt;

use crate::base::error::{Code, Problem, Result};
use crate::base::{ImageShape, Window};

/// The most numbers that an array can have, so that all counts fit 32 bits.
const MOST_NUMBERS: u64 = 1 << 31;

/// Whether an array of these sizes can be counted.
///
/// # Errors
/// [`Code::LayerTooLarge`]
pub(crate) fn bounded(sizes: &[usize]) -> Result<()> {
    let sizes = sizes.iter().map(|&size| size as u64);
    if sizes.fold(1, u64::saturating_mul) <= MOST_NUMBERS {
        return Ok(());
    }
    Err(Problem::new(Code::LayerTooLarge).with("limit", MOST_NUMBERS))
}

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

    /// Pixels of an image's channel; 1 for a vector.
    pub fn area(self) -> usize {
        self.len() / self.channels()
    }

    /// The image that this is.
    ///
    /// # Errors
    /// [`Code::LayerNeedsImage`]
    pub fn image(self) -> Result<ImageShape> {
        match self {
            Self::Image(image) => Ok(image),
            Self::Vector(_) => Err(Problem::new(Code::LayerNeedsImage)),
        }
    }

    /// The features of the vector that this is.
    ///
    /// # Errors
    /// [`Code::LayerNeedsVector`]
    pub fn vector(self) -> Result<usize> {
        match self {
            Self::Vector(features) => Ok(features),
            Self::Image(_) => Err(Problem::new(Code::LayerNeedsVector)),
        }
    }

    /// An image with a pixel for each place of a window that slides over this one; its rows, and its columns.
    ///
    /// # Errors
    /// [`Code::LayerNeedsImage`]; [`Code::KernelTooLarge`] if there is no place for it.
    pub(super) fn slide(self, [rows, columns]: [Window; 2], channels: usize) -> Result<Self> {
        let image = self.image()?;
        let places = |size: usize, window: Window| {
            (size + 2 * window.padding)
                .checked_sub(window.size)
                .map(|rest| rest / window.stride + 1)
                .ok_or_else(|| {
                    let kernel = format!("{}×{}", rows.size, columns.size);
                    Problem::new(Code::KernelTooLarge).with("kernel", kernel)
                })
        };
        Ok(Self::Image(ImageShape {
            channels,
            height: places(image.height, rows)?,
            width: places(image.width, columns)?,
        }))
    }

    /// An image with a pixel for each place of a pooling's window.
    ///
    /// # Errors
    /// As [`Shape::slide`]; [`Code::PaddingTooLarge`] if a window could lie in the padding alone.
    pub(super) fn pool(self, window: Window) -> Result<Self> {
        let most = window.size / 2;
        if window.padding > most {
            return Err(Problem::new(Code::PaddingTooLarge)
                .with("padding", window.padding)
                .with("most", most));
        }
        self.slide([window; 2], self.channels())
    }

    /// An image with a square of this side for each pixel.
    ///
    /// # Errors
    /// [`Code::LayerNeedsImage`]
    pub(super) fn enlarge(self, scale: usize, channels: usize) -> Result<Self> {
        let image = self.image()?;
        Ok(Self::Image(ImageShape {
            channels,
            height: scale * image.height,
            width: scale * image.width,
        }))
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
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// `weight` or `bias`.
    pub name: &'static str,
    /// Its sizes, outermost first.
    pub shape: Vec<usize>,
    /// How its numbers begin.
    pub initial: Initial,
}

/// How the numbers of an array begin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Initial {
    /// At random, by how many inputs reach one output.
    FanIn(usize),
    /// All the same.
    Constant(f32),
}

impl Parameter {
    /// An array that begins with random numbers, uniform within ±1/√fan_in.
    pub(super) fn uniform(name: &'static str, shape: &[usize], fan_in: usize) -> Self {
        Self {
            name,
            shape: shape.to_vec(),
            initial: Initial::FanIn(fan_in),
        }
    }

    /// An array that begins with the same number everywhere.
    pub(super) fn constant(name: &'static str, shape: &[usize], value: f32) -> Self {
        Self {
            name,
            shape: shape.to_vec(),
            initial: Initial::Constant(value),
        }
    }

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
