//! An image becomes a vector.

use super::notation::{Stem, Word, Written};
use super::{Describe, Reach, Shape, Snippet};
use crate::base::error::Result;

/// An image becomes a vector: channels, then rows, then columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flatten;

impl Describe for Flatten {
    fn kind(&self) -> &'static str {
        "flatten"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        Ok(Shape::Vector(input.len()))
    }

    fn reach(&self) -> Reach {
        Reach::All
    }

    fn source(&self, _: Shape) -> Snippet {
        Snippet::module("nn.Flatten()")
    }

    fn passes_on(&self) -> bool {
        true
    }

    fn kept(&self, _: Shape, _: Shape) -> usize {
        0
    }
}

impl Written for Flatten {
    fn words() -> Vec<Word<Self>> {
        vec![Word::bare("flatten", Stem::Alone("flatten"), Self)]
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::Flatten;
    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for Flatten {
        fn compute(&self, x: Flow, _: &mut Inputs<'_, '_>) -> Flow {
            match x {
                Flow::Image(x) => Flow::Vector(x.flatten(1, 3)),
                Flow::Vector(_) => x,
            }
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::Flatten;
    use crate::operation::Shape;
    use crate::operation::graph::{Exported, Graph, Value};

    impl Exported for Flatten {
        fn export(&self, x: Value, input: Shape, graph: &mut Graph) -> Value {
            match input {
                Shape::Vector(_) => x,
                Shape::Image(_) => graph.flat(x),
            }
        }
    }
}
