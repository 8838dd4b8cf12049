//! Layer normalization.

use super::notation::{Call, Stem, Word, Written};
use super::{Describe, Learned, Parameter, Reach, Shape, Snippet};
use crate::base::error::Result;

/// Normalization of all numbers of a sample by their own mean and variance, with a factor and a summand for each of them. It
/// is the same in training and in a test. Ba, Kiros and Hinton 2016, <https://arxiv.org/abs/1607.06450>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayerNorm;

impl Describe for LayerNorm {
    fn kind(&self) -> &'static str {
        "layer-norm"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        Ok(input)
    }

    fn reach(&self) -> Reach {
        Reach::All
    }

    fn source(&self, input: Shape) -> Snippet {
        let sizes = input.sizes();
        let sizes: Vec<_> = sizes.iter().map(usize::to_string).collect();
        Snippet::module(match &sizes[..] {
            [features] => format!("nn.LayerNorm({features})"),
            several => format!("nn.LayerNorm([{}])", several.join(", ")),
        })
    }

    fn learned(&self, input: Shape) -> Learned {
        let sizes = input.sizes();
        Learned {
            parameters: vec![
                Parameter::constant("weight", &sizes, 1.0),
                Parameter::constant("bias", &sizes, 0.0),
            ],
            factors: sizes,
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

impl Written for LayerNorm {
    fn words() -> Vec<Word<Self>> {
        vec![Word::bare("ln", Stem::Counted("norm"), Self)]
    }

    fn calls() -> Vec<Call> {
        vec![Call::new(
            "ln",
            "LayerNorm(normalized_shape, eps=1e-05, elementwise_affine=True, bias=True)",
        )]
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::LayerNorm;
    use crate::kernels;
    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for LayerNorm {
        fn compute(&self, x: Flow, inputs: &mut Inputs<'_, '_>) -> Flow {
            let (gamma, beta) = (inputs.bias(), inputs.bias());
            let count = gamma.dims()[0];
            let gamma = gamma.reshape([1, count]);
            let beta = beta.reshape([1, count]);
            match x {
                Flow::Vector(x) => Flow::Vector(kernels::standardize(x) * gamma + beta),
                Flow::Image(x) => {
                    let sizes = x.dims();
                    let rows = kernels::standardize(x.reshape([sizes[0], count]));
                    Flow::Image((rows * gamma + beta).reshape(sizes))
                }
            }
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::LayerNorm;
    use crate::operation::Shape;
    use crate::operation::graph::{Attribute, EPSILON, Exported, Graph, Value};

    impl Exported for LayerNorm {
        fn export(&self, x: Value, _: Shape, graph: &mut Graph) -> Value {
            let [weight, bias] = ["weight", "bias"].map(|name| graph.own(name));
            let attributes = vec![
                ("axis", Attribute::Whole(1)),
                ("epsilon", Attribute::Number(EPSILON)),
            ];
            graph.node("LayerNormalization", &[&x, &weight, &bias], attributes)
        }
    }
}
