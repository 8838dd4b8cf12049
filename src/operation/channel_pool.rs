//! The mean and the largest of the channels.

use super::notation::{Stem, Word, Written};
use super::{Describe, Reach, Shape, Snippet};
use crate::base::ImageShape;
use crate::base::error::Result;

/// At each pixel, the mean and the largest of its channels: an image of two channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelPool;

impl Describe for ChannelPool {
    fn kind(&self) -> &'static str {
        "channel-pool"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        let image = input.image()?;
        let channels = 2;
        Ok(Shape::Image(ImageShape { channels, ..image }))
    }

    fn reach(&self) -> Reach {
        Reach::Same
    }

    fn source(&self, _: Shape) -> Snippet {
        Snippet::own("ChannelPool()", CLASS)
    }

    fn kept(&self, _: Shape, output: Shape) -> usize {
        // Both channels, also before they lie behind each other.
        2 * output.len()
    }
}

impl Written for ChannelPool {
    fn words() -> Vec<Word<Self>> {
        vec![Word::bare("cpool", Stem::Alone("pool"), Self)]
    }
}

const CLASS: &str = r#"class ChannelPool(nn.Module):
    """At each pixel, the mean and the largest of the channels."""

    def forward(self, x):
        return torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], dim=1)
"#;

#[cfg(feature = "train")]
mod forward {
    use super::ChannelPool;
    use burn::tensor::Tensor;

    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for ChannelPool {
        fn compute(&self, x: Flow, _: &mut Inputs<'_, '_>) -> Flow {
            let x = x.image();
            let both = vec![x.clone().mean_dim(1), x.max_dim(1)];
            Flow::Image(Tensor::cat(both, 1))
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::ChannelPool;
    use crate::operation::Shape;
    use crate::operation::graph::{Attribute, Exported, Graph, Value};

    impl Exported for ChannelPool {
        fn export(&self, x: Value, _: Shape, graph: &mut Graph) -> Value {
            let axis = || vec![("axes", Attribute::Wholes(vec![1]))];
            let mean = graph.node("ReduceMean", &[&x], axis());
            let largest = graph.node("ReduceMax", &[&x], axis());
            let axis = vec![("axis", Attribute::Whole(1))];
            graph.node("Concat", &[&mean, &largest], axis)
        }
    }
}
