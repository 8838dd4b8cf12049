//! Max pooling.

use super::notation::{Call, Word, Written};
use super::{Describe, Reach, Shape, Slide, Snippet};
use crate::base::Window;
use crate::base::error::Result;

/// The largest pixel of each window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxPool2d(pub Window);

impl Describe for MaxPool2d {
    fn kind(&self) -> &'static str {
        "max-pool"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        input.pool(self.0)
    }

    fn reach(&self) -> Reach {
        self.0.into()
    }

    fn source(&self, _: Shape) -> Snippet {
        Snippet::pooling("MaxPool2d", self.0, "")
    }

    fn slide(&self) -> Slide {
        self.0.into()
    }

    fn kept(&self, _: Shape, output: Shape) -> usize {
        // The output, and where each largest pixel was.
        2 * output.len()
    }
}

impl Written for MaxPool2d {
    fn words() -> Vec<Word<Self>> {
        vec![Word::pooling("max", Self(Window::tiles(2)))]
    }

    fn calls() -> Vec<Call> {
        vec![Call::new(
            "max",
            "MaxPool2d(kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)",
        )]
    }
}

impl AsMut<Window> for MaxPool2d {
    fn as_mut(&mut self) -> &mut Window {
        &mut self.0
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::MaxPool2d;
    use crate::kernels;
    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for MaxPool2d {
        fn compute(&self, x: Flow, _: &mut Inputs<'_, '_>) -> Flow {
            Flow::Image(kernels::max_pool(x.image(), self.0))
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::MaxPool2d;
    use crate::operation::graph::{Exported, Graph, Value};
    use crate::operation::{Shape, graph};

    impl Exported for MaxPool2d {
        fn export(&self, x: Value, _: Shape, graph: &mut Graph) -> Value {
            graph.node("MaxPool", &[&x], graph::window(self.0))
        }
    }
}
