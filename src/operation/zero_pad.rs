//! The shortcut without weights.

use super::notation::{Setting, Slot, Stem, Word, Written};
use super::{Describe, Reach, Shape, Slide, Snippet};
use crate::base::Window;
use crate::base::error::{Code, Problem, Result};

/// The shortcut without weights: every `stride`-th pixel, and channels of zeros behind the
/// input's. He et al. 2015, option A, <https://arxiv.org/abs/1512.03385>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZeroPad {
    /// Output channels.
    pub out_channels: usize,
    /// Pixels from one place to the next.
    pub stride: usize,
}

impl ZeroPad {
    /// Of one pixel.
    const fn window(self) -> Window {
        Window {
            stride: self.stride,
            ..Window::tiles(1)
        }
    }
}

impl Describe for ZeroPad {
    fn kind(&self) -> &'static str {
        "zero-pad"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        // Channels are only added.
        if self.out_channels < input.image()?.channels {
            return Err(Problem::new(Code::LayerNeedsImage));
        }
        input.slide([self.window(); 2], self.out_channels)
    }

    fn reach(&self) -> Reach {
        self.window().into()
    }

    fn source(&self, input: Shape) -> Snippet {
        let channels = format!("{}, {}", input.channels(), self.out_channels);
        Snippet::own(
            format!("ZeroPad({channels}, stride={})", self.stride),
            CLASS,
        )
    }

    fn slide(&self) -> Slide {
        Slide {
            stride: Some(self.stride),
            ..Slide::default()
        }
    }
}

impl Written for ZeroPad {
    fn words() -> Vec<Word<Self>> {
        vec![Word {
            word: "pad",
            stem: Stem::Alone("pad"),
            start: Self {
                out_channels: 1,
                stride: 1,
            },
            settings: vec![
                Setting::new(
                    ("", "out_channels"),
                    Slot::Whole(|it| &mut it.out_channels),
                    |_| (1.0, 4_096.0),
                    |_, _| None,
                ),
                Setting::new(
                    ("s", "stride"),
                    Slot::Whole(|it| &mut it.stride),
                    |_| (1.0, 32.0),
                    |_, _| Some(1.0),
                ),
            ],
        }]
    }
}

const CLASS: &str = r#"class ZeroPad(nn.Module):
    """Every stride-th pixel, and channels of zeros behind the input's."""

    def __init__(self, in_channels, out_channels, stride):
        super().__init__()
        self.zeros = out_channels - in_channels
        self.stride = stride

    def forward(self, x):
        x = x[:, :, :: self.stride, :: self.stride]
        return nn.functional.pad(x, (0, 0, 0, 0, 0, self.zeros))
"#;

#[cfg(feature = "train")]
mod forward {
    use super::ZeroPad;
    use burn::tensor::Tensor;

    use crate::kernels;
    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for ZeroPad {
        fn compute(&self, x: Flow, _: &mut Inputs<'_, '_>) -> Flow {
            let kept = kernels::every(x.image(), self.stride);
            let [batch, channels, height, width] = kept.dims();
            let zeros = Tensor::zeros(
                [batch, self.out_channels - channels, height, width],
                &kept.device(),
            );
            Flow::Image(Tensor::cat(vec![kept, zeros], 1))
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::ZeroPad;
    use crate::operation::Shape;
    use crate::operation::graph::{Exported, Graph, Value, whole};

    impl Exported for ZeroPad {
        fn export(&self, x: Value, input: Shape, graph: &mut Graph) -> Value {
            let [starts, ends, axes] =
                [[0; 2], [i64::MAX; 2], [2, 3]].map(|values| graph.wholes(&values));
            let strides = graph.wholes(&[whole(self.stride); 2]);
            let kept = graph.node("Slice", &[&x, &starts, &ends, &axes, &strides], Vec::new());
            let more = whole(self.out_channels - input.channels());
            let pads = graph.wholes(&[0, 0, 0, 0, 0, more, 0, 0]);
            graph.node("Pad", &[&kept, &pads], Vec::new())
        }
    }
}
