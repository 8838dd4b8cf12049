//! The input as it is.

use super::notation::{Stem, Word, Written};
use super::{Describe, Reach, Shape, Snippet};
use crate::base::error::Result;

/// The input as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity;

impl Describe for Identity {
    fn kind(&self) -> &'static str {
        "identity"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        Ok(input)
    }

    fn reach(&self) -> Reach {
        Reach::Same
    }

    fn source(&self, _: Shape) -> Snippet {
        Snippet::module("nn.Identity()")
    }

    fn passes_on(&self) -> bool {
        true
    }

    fn kept(&self, _: Shape, _: Shape) -> usize {
        0
    }
}

impl Written for Identity {
    fn words() -> Vec<Word<Self>> {
        vec![Word::bare("id", Stem::Alone("identity"), Self)]
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::Identity;
    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for Identity {
        fn compute(&self, x: Flow, _: &mut Inputs<'_, '_>) -> Flow {
            x
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::Identity;
    use crate::operation::Shape;
    use crate::operation::graph::{Exported, Graph, Value};

    impl Exported for Identity {
        fn export(&self, x: Value, _: Shape, _: &mut Graph) -> Value {
            x
        }
    }
}
