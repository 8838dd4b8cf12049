//! What is known of an operation before it runs.

use std::ops::Range;

use super::{Parameter, Shape};
use crate::base::Window;
use crate::base::error::Result;

/// What is known of an operation before it runs. By default it learns nothing, has a box of its own in the drawing,
/// and its output is kept for the backward pass.
pub trait Describe {
    /// Its kind: a word with an entry `layer.<kind>` in the locale files.
    fn kind(&self) -> &'static str;

    /// The output shape for this input shape.
    ///
    /// # Errors
    /// Why it cannot take it; the caller adds where that is, and the shape.
    fn output(&self, input: Shape) -> Result<Shape>;

    /// Which positions of the input a position of the output depends on.
    fn reach(&self) -> Reach;

    /// What makes it in PyTorch.
    fn source(&self, input: Shape) -> Snippet;

    /// What it learns.
    fn learned(&self, _input: Shape) -> Learned {
        Learned::default()
    }

    /// The arrays in which PyTorch keeps what it learns, in the order of [`Learned::parameters`]: by default under the same
    /// names and in the same shapes.
    fn stored(&self, input: Shape) -> Vec<Stored> {
        let parameters = self.learned(input).parameters.into_iter();
        let each = parameters.map(|parameter| Stored {
            name: parameter.name,
            shape: parameter.shape,
            is_transposed: false,
        });
        each.collect()
    }

    /// The sizes that the layer table has of it.
    fn slide(&self) -> Slide {
        Slide::default()
    }

    /// Whether it is a layer as a network's depth counts them: a convolution or a dense layer.
    fn is_layer(&self) -> bool {
        false
    }

    /// Whether it works on the numbers of the layer before, in whose box it is drawn.
    fn is_attached(&self) -> bool {
        false
    }

    /// Whether a trained network's output here is its input, so that there is nothing new to see.
    fn passes_on(&self) -> bool {
        false
    }

    /// Whether it has a running mean and variance for each channel.
    fn has_statistics(&self) -> bool {
        false
    }

    /// Numbers that are kept of one sample until the backward pass.
    fn kept(&self, _input: Shape, output: Shape) -> usize {
        output.len()
    }
}

/// What an operation learns.
#[derive(Debug, Clone, Default)]
pub struct Learned {
    /// Its arrays, in the order in which they are drawn and used.
    pub parameters: Vec<Parameter>,
    /// The factors whose product is the number of its weights, kernels first.
    pub factors: Vec<usize>,
    /// Multiplications with an addition in which each weight takes part, for one sample.
    pub uses: usize,
}

/// An array as PyTorch keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its name within the module of the operation.
    pub name: &'static str,
    /// Its sizes there, outermost first.
    pub shape: Vec<usize>,
    /// Whether it is a matrix whose rows are the playground's columns.
    pub is_transposed: bool,
}

impl Stored {
    /// The arrays of a dense layer, which PyTorch keeps as `[out, in]`.
    pub(super) fn dense(
        [weight, bias]: [&'static str; 2],
        inputs: usize,
        outputs: usize,
    ) -> [Self; 2] {
        let array = |name, shape, is_transposed| Self {
            name,
            shape,
            is_transposed,
        };
        [
            array(weight, vec![outputs, inputs], true),
            array(bias, vec![outputs], false),
        ]
    }
}

/// The kernel or window, the step from one place to the next, and the zeros around the image, all in pixels.
#[derive(Debug, Clone, Copy, Default)]
pub struct Slide {
    /// Rows and columns of the kernel or window.
    pub kernel: Option<[usize; 2]>,
    /// Pixels from one place to the next.
    pub stride: Option<usize>,
    /// Rows of zeros above and below, and columns of zeros on the left and on the right.
    pub padding: Option<[usize; 2]>,
}

impl From<Window> for Slide {
    fn from(window: Window) -> Self {
        Self {
            kernel: Some([window.size; 2]),
            stride: Some(window.stride),
            padding: Some([window.padding; 2]),
        }
    }
}

/// Which positions of the input a position of the output depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The same place.
    Same,
    /// Those in a window: along the rows, and along the columns.
    Windows([Window; 2]),
    /// The inverse: those whose windows of the output it lies in.
    Inverse(Window),
    /// Those in its part, where the rows and the columns are cut into so many parts ([`part`]).
    Parts([usize; 2]),
    /// All of them.
    All,
}

/// The pixels in part `at` of `parts`, which are as even as can be and overlap where they do not divide the size: where
/// PyTorch's adaptive poolings look.
pub fn part(size: usize, parts: usize, at: usize) -> Range<usize> {
    at * size / parts..((at + 1) * size).div_ceil(parts)
}

impl From<Window> for Reach {
    fn from(window: Window) -> Self {
        Self::Windows([window; 2])
    }
}

/// A PyTorch expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// What makes the operation.
    pub expression: String,
    /// The class that the source must define for it, if PyTorch has none.
    pub class: Option<&'static str>,
}

impl Snippet {
    /// A module of PyTorch's.
    pub(super) fn module(expression: impl Into<String>) -> Self {
        Self {
            expression: expression.into(),
            class: None,
        }
    }

    /// An object of a class that the source defines.
    pub(super) fn own(expression: impl Into<String>, class: &'static str) -> Self {
        Self {
            expression: expression.into(),
            class: Some(class),
        }
    }

    /// A pooling of PyTorch's, with what else it is told.
    pub(super) fn pooling(name: &str, window: Window, more: &str) -> Self {
        let mut arguments = window.size.to_string();
        if window.stride != window.size {
            arguments += &format!(", stride={}", window.stride);
        }
        if window.padding != 0 {
            arguments += &format!(", padding={}", window.padding);
        }
        Self::module(format!("nn.{name}({arguments}{more})"))
    }
}
