//! Group normalization.

use super::notation::{Call, Setting, Slot, Stem, Word, Written};
use super::{Describe, Learned, Parameter, Reach, Shape, Snippet};
use crate::base::error::{Code, Problem, Result};

/// Normalization of each group of a sample's channels by its own mean and variance, with a factor and a summand for each
/// channel. It is the same in training and in a test. One group for each channel is instance normalization. Wu and He 2018,
/// <https://arxiv.org/abs/1803.08494>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupNorm {
    /// Parts into which the channels are cut.
    pub groups: usize,
}

impl Describe for GroupNorm {
    fn kind(&self) -> &'static str {
        "group-norm"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        if !input.channels().is_multiple_of(self.groups) {
            return Err(Problem::new(Code::ChannelsDoNotDivide).with("groups", self.groups));
        }
        Ok(input)
    }

    fn reach(&self) -> Reach {
        Reach::All
    }

    fn source(&self, input: Shape) -> Snippet {
        let channels = input.channels();
        Snippet::module(format!("nn.GroupNorm({}, {channels})", self.groups))
    }

    fn learned(&self, input: Shape) -> Learned {
        let channels = input.channels();
        Learned {
            parameters: vec![
                Parameter::constant("weight", &[channels], 1.0),
                Parameter::constant("bias", &[channels], 0.0),
            ],
            factors: vec![channels],
            // As usual, only what convolutions and dense layers multiply is counted.
            uses: 0,
        }
    }

    fn is_attached(&self) -> bool {
        true
    }

    fn kept(&self, _: Shape, output: Shape) -> usize {
        // The output, also before its factors.
        2 * output.len()
    }
}

impl Written for GroupNorm {
    fn words() -> Vec<Word<Self>> {
        vec![Word {
            word: "gn",
            stem: Stem::Counted("norm"),
            start: Self { groups: 1 },
            settings: vec![Setting::new(
                ("", "num_groups"),
                Slot::Whole(|it| &mut it.groups),
                |_| (1.0, 4_096.0),
                |_, _| None,
            )],
        }]
    }

    fn calls() -> Vec<Call> {
        vec![Call::new(
            "gn",
            "GroupNorm(num_groups, num_channels, eps=1e-05, affine=True)",
        )]
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::GroupNorm;
    use burn::tensor::Tensor;

    use crate::kernels;
    use crate::operation::{Compute, Flow, Inputs};

    impl GroupNorm {
        /// Without its factors and summands.
        fn standardize<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
            let sizes = x.dims();
            let rows = sizes[0] * self.groups;
            let count = sizes.iter().product::<usize>() / rows;
            kernels::standardize(x.reshape([rows, count])).reshape(sizes)
        }
    }

    impl Compute for GroupNorm {
        fn compute(&self, x: Flow, inputs: &mut Inputs<'_, '_>) -> Flow {
            let (gamma, beta) = (inputs.bias(), inputs.bias());
            let channels = gamma.dims()[0];
            match x {
                Flow::Vector(x) => {
                    let [gamma, beta] = [gamma, beta].map(|each| each.reshape([1, channels]));
                    Flow::Vector(self.standardize(x) * gamma + beta)
                }
                Flow::Image(x) => {
                    let [gamma, beta] = [gamma, beta].map(|each| each.reshape([1, channels, 1, 1]));
                    Flow::Image(self.standardize(x) * gamma + beta)
                }
            }
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::GroupNorm;
    use crate::operation::Shape;
    use crate::operation::graph::{Attribute, EPSILON, Exported, Graph, Value, whole};

    impl Exported for GroupNorm {
        fn export(&self, x: Value, input: Shape, graph: &mut Graph) -> Value {
            // ONNX's own has factors for groups in place of channels before opset 21.
            let groups = graph.wholes(&[0, whole(self.groups), -1]);
            let rows = graph.node("Reshape", &[&x, &groups], Vec::new());
            let [ones, zeros] =
                [1.0, 0.0].map(|value| graph.numbers(vec![value; self.groups], &[self.groups]));
            let epsilon = vec![("epsilon", Attribute::Number(EPSILON))];
            let rows = graph.node("InstanceNormalization", &[&rows, &ones, &zeros], epsilon);
            let sizes: Vec<i64> = input.sizes().into_iter().map(whole).collect();
            let sizes = graph.wholes(&[&[-1], &sizes[..]].concat());
            let standard = graph.node("Reshape", &[&rows, &sizes], Vec::new());
            let [weight, bias] = ["weight", "bias"].map(|name| {
                let vector = graph.own(name);
                graph.per_channel(vector, input)
            });
            let scaled = graph.node("Mul", &[&standard, &weight], Vec::new());
            graph.node("Add", &[&scaled, &bias], Vec::new())
        }
    }
}
