//! A convolution along channels.

use super::notation::{Setting, Slot, Stem, Word, Written};
use super::{Describe, Learned, Parameter, Reach, Shape, Slide, Snippet, Stored};
use crate::base::error::{Code, Problem, Result};

/// A convolution along a vector's features, which are an image's channels; it keeps their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelConv {
    /// Length of the kernel, which is odd.
    pub kernel: usize,
}

impl Describe for ChannelConv {
    fn kind(&self) -> &'static str {
        "channel-conv"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        if self.kernel.is_multiple_of(2) {
            return Err(Problem::new(Code::EvenKernel).with("kernel", self.kernel));
        }
        input.vector().map(Shape::Vector)
    }

    fn reach(&self) -> Reach {
        Reach::All
    }

    fn source(&self, _: Shape) -> Snippet {
        Snippet::own(format!("ChannelConv({})", self.kernel), CLASS)
    }

    fn learned(&self, input: Shape) -> Learned {
        Learned {
            parameters: vec![Parameter::uniform("weight", &[self.kernel], self.kernel)],
            factors: vec![self.kernel],
            uses: input.len(),
        }
    }

    fn stored(&self, _: Shape) -> Vec<Stored> {
        vec![Stored {
            name: "conv.weight",
            shape: vec![1, 1, self.kernel],
            is_transposed: false,
        }]
    }

    fn slide(&self) -> Slide {
        Slide {
            kernel: Some([1, self.kernel]),
            stride: Some(1),
            padding: Some([0, self.kernel / 2]),
        }
    }
}

impl Written for ChannelConv {
    fn words() -> Vec<Word<Self>> {
        vec![Word {
            word: "cconv",
            stem: Stem::Counted("conv"),
            start: Self { kernel: 1 },
            settings: vec![Setting::new(
                ("", "kernel_size"),
                Slot::Whole(|it| &mut it.kernel),
                |_| (1.0, 31.0),
                |_, _| Some(3.0),
            )],
        }]
    }
}

const CLASS: &str = r#"class ChannelConv(nn.Module):
    """A convolution along the channels, which are a vector."""

    def __init__(self, kernel_size):
        super().__init__()
        self.conv = nn.Conv1d(1, 1, kernel_size, padding=kernel_size // 2, bias=False)

    def forward(self, x):
        return self.conv(x[:, None])[:, 0]
"#;

#[cfg(feature = "train")]
mod forward {
    use super::ChannelConv;
    use burn::tensor::Tensor;

    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for ChannelConv {
        fn compute(&self, x: Flow, inputs: &mut Inputs<'_, '_>) -> Flow {
            let (x, weights, kernel) = (x.vector(), inputs.weight::<1>(), self.kernel);
            let [batch, channels] = x.dims();
            let zeros = Tensor::zeros([batch, kernel / 2], &x.device());
            let padded = Tensor::cat(vec![zeros.clone(), x, zeros], 1);
            let tap = |index: usize| {
                let weight = weights.clone().narrow(0, index, 1).reshape([1, 1]);
                padded.clone().narrow(1, index, channels) * weight
            };
            Flow::Vector((1..kernel).fold(tap(0), |sum, index| sum + tap(index)))
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::ChannelConv;
    use crate::operation::Shape;
    use crate::operation::graph::{Attribute, Exported, Graph, Value};

    impl Exported for ChannelConv {
        fn export(&self, x: Value, _: Shape, graph: &mut Graph) -> Value {
            let weight = graph.own("conv.weight");
            let axis = graph.wholes(&[1]);
            let row = graph.node("Unsqueeze", &[&x, &axis], Vec::new());
            let attributes = vec![
                ("kernel_shape", Attribute::counts([self.kernel])),
                ("pads", Attribute::counts([self.kernel / 2; 2])),
            ];
            let row = graph.node("Conv", &[&row, &weight], attributes);
            graph.node("Squeeze", &[&row, &axis], Vec::new())
        }
    }
}
