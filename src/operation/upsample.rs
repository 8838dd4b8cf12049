//! Nearest-neighbour upsampling.

use super::notation::{Call, Setting, Slot, Stem, Word, Written};
use super::{Describe, Reach, Shape, Snippet};
use crate::base::Window;
use crate::base::error::Result;

/// Each pixel becomes a square of this side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upsample {
    /// Edge of the square.
    pub scale: usize,
}

impl Describe for Upsample {
    fn kind(&self) -> &'static str {
        "upsample"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        input.enlarge(self.scale, input.channels())
    }

    fn reach(&self) -> Reach {
        Reach::Inverse(Window::tiles(self.scale))
    }

    fn source(&self, _: Shape) -> Snippet {
        Snippet::module(format!("nn.Upsample(scale_factor={})", self.scale))
    }
}

impl Written for Upsample {
    fn words() -> Vec<Word<Self>> {
        vec![Word {
            word: "up",
            stem: Stem::Alone("up"),
            start: Self { scale: 1 },
            settings: vec![Setting::new(
                ("", "scale_factor"),
                Slot::Whole(|it| &mut it.scale),
                |_| (1.0, 8.0),
                |_, _| Some(2.0),
            )],
        }]
    }

    fn calls() -> Vec<Call> {
        vec![Call::new(
            "up",
            "Upsample(size=None, scale_factor=None, mode='nearest', align_corners=None)",
        )]
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::Upsample;
    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for Upsample {
        fn compute(&self, x: Flow, _: &mut Inputs<'_, '_>) -> Flow {
            let (x, scale) = (x.image(), self.scale);
            let [batch, channels, height, width] = x.dims();
            let apart = x.reshape([batch * channels, height, 1, width, 1]);
            let squares = apart.expand([batch * channels, height, scale, width, scale]);
            Flow::Image(squares.reshape([batch, channels, scale * height, scale * width]))
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::Upsample;
    use crate::operation::Shape;
    use crate::operation::graph::{Attribute, Exported, Graph, Value};

    impl Exported for Upsample {
        fn export(&self, x: Value, _: Shape, graph: &mut Graph) -> Value {
            let scale = self.scale as f32;
            let scales = graph.numbers(vec![1.0, 1.0, scale, scale], &[4]);
            let attributes = vec![
                ("mode", Attribute::Word("nearest")),
                (
                    "coordinate_transformation_mode",
                    Attribute::Word("asymmetric"),
                ),
                ("nearest_mode", Attribute::Word("floor")),
            ];
            graph.node("Resize", &[&x, &Value::new(), &scales], attributes)
        }
    }
}
