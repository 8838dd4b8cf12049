//! Average pooling.

use super::notation::{Call, Setting, Slot, Word, Written};
use super::{Describe, Reach, Shape, Slide, Snippet};
use crate::base::Window;
use crate::base::error::Result;

/// The mean of each window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AveragePool2d {
    /// What the mean is of.
    pub window: Window,
    /// Whether padding counts as zeros, as PyTorch does by itself; else only pixels of the image count.
    pub count_padding: bool,
}

impl AveragePool2d {
    /// With padding that counts.
    pub const fn new(window: Window) -> Self {
        Self {
            window,
            count_padding: true,
        }
    }
}

impl Describe for AveragePool2d {
    fn kind(&self) -> &'static str {
        "average-pool"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        input.pool(self.window)
    }

    fn reach(&self) -> Reach {
        self.window.into()
    }

    fn source(&self, _: Shape) -> Snippet {
        let more = if self.count_padding {
            ""
        } else {
            ", count_include_pad=False"
        };
        Snippet::pooling("AvgPool2d", self.window, more)
    }

    fn slide(&self) -> Slide {
        self.window.into()
    }
}

impl Written for AveragePool2d {
    fn words() -> Vec<Word<Self>> {
        let mut word = Word::pooling("avg", Self::new(Window::tiles(2)));
        word.settings.push(Setting::new(
            ("c", "count_include_pad"),
            Slot::Switch(|it| &mut it.count_padding),
            |_| (0.0, 1.0),
            |_, _| Some(1.0),
        ));
        vec![word]
    }

    fn calls() -> Vec<Call> {
        vec![Call::new(
            "avg",
            "AvgPool2d(kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None)",
        )]
    }
}

impl AsMut<Window> for AveragePool2d {
    fn as_mut(&mut self) -> &mut Window {
        &mut self.window
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::AveragePool2d;
    use burn::tensor::module::avg_pool2d;
    use burn::tensor::ops::AvgPoolOptions;

    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for AveragePool2d {
        fn compute(&self, x: Flow, _: &mut Inputs<'_, '_>) -> Flow {
            let window = self.window;
            let options = AvgPoolOptions {
                stride: [window.stride; 2],
                padding: [(window.padding, window.padding); 2],
                count_include_pad: self.count_padding,
                ..AvgPoolOptions::new([window.size; 2])
            };
            Flow::Image(avg_pool2d(x.image(), options))
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::AveragePool2d;
    use crate::operation::graph::{Attribute, Exported, Graph, Value};
    use crate::operation::{Shape, graph};

    impl Exported for AveragePool2d {
        fn export(&self, x: Value, _: Shape, graph: &mut Graph) -> Value {
            let mut attributes = graph::window(self.window);
            let counts = i64::from(self.count_padding);
            attributes.push(("count_include_pad", Attribute::Whole(counts)));
            graph.node("AveragePool", &[&x], attributes)
        }
    }
}
