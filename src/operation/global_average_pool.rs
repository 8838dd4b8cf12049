//! Global average pooling.

use super::notation::{Stem, Word, Written};
use super::{Describe, Reach, Shape, Snippet};
use crate::base::error::Result;

/// Each channel becomes its mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GlobalAveragePool;

impl Describe for GlobalAveragePool {
    fn kind(&self) -> &'static str {
        "global-average-pool"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        Ok(Shape::Vector(input.image()?.channels))
    }

    fn reach(&self) -> Reach {
        Reach::All
    }

    fn source(&self, _: Shape) -> Snippet {
        Snippet::module("nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())")
    }
}

impl Written for GlobalAveragePool {
    fn words() -> Vec<Word<Self>> {
        vec![Word::bare("gap", Stem::Alone("pool"), Self)]
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::GlobalAveragePool;
    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for GlobalAveragePool {
        fn compute(&self, x: Flow, _: &mut Inputs<'_, '_>) -> Flow {
            let (rows, size) = x.rows();
            Flow::Vector(rows.mean_dim(2).reshape(size))
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::GlobalAveragePool;
    use crate::operation::Shape;
    use crate::operation::graph::{Exported, Graph, Value};

    impl Exported for GlobalAveragePool {
        fn export(&self, x: Value, _: Shape, graph: &mut Graph) -> Value {
            let means = graph.node("GlobalAveragePool", &[&x], Vec::new());
            graph.flat(means)
        }
    }
}
