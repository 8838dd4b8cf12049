//! Batch normalization.

use super::notation::{Call, Stem, Word, Written};
use super::{Describe, Learned, Parameter, Reach, Shape, Snippet};
use crate::base::error::Result;

/// Batch normalization over each channel of an image, or each feature of a vector. Ioffe and Szegedy 2015, <https://arxiv.org/abs/1502.03167>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchNorm;

impl Describe for BatchNorm {
    fn kind(&self) -> &'static str {
        "batch-norm"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        Ok(input)
    }

    fn reach(&self) -> Reach {
        Reach::Same
    }

    fn source(&self, input: Shape) -> Snippet {
        let axes = match input {
            Shape::Image(_) => 2,
            Shape::Vector(_) => 1,
        };
        Snippet::module(format!("nn.BatchNorm{axes}d({})", input.channels()))
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

    fn has_statistics(&self) -> bool {
        true
    }
}

impl Written for BatchNorm {
    fn words() -> Vec<Word<Self>> {
        vec![Word::bare("bn", Stem::Counted("bn"), Self)]
    }

    fn calls() -> Vec<Call> {
        let arguments =
            "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True";
        [2, 1]
            .map(|axes| Call::new("bn", format!("BatchNorm{axes}d({arguments})")))
            .into()
    }
}

#[cfg(feature = "train")]
pub(crate) use forward::EPSILON;

#[cfg(feature = "train")]
mod forward {
    use super::BatchNorm;
    use burn::tensor::Tensor;
    use burn::tensor::activation;
    use burn::tensor::module::batch_norm;

    use crate::kernels::{self, Normalizer, Tail};
    use crate::operation::{Compute, Flow, Inputs, Mode};

    /// Added to each variance, and the weight of a new statistic in the running one, as in PyTorch.
    pub(crate) const EPSILON: f64 = 1e-5;
    const MOMENTUM: f64 = 0.1;

    impl Compute for BatchNorm {
        fn compute(&self, x: Flow, inputs: &mut Inputs<'_, '_>) -> Flow {
            let relu = inputs.tail == Tail::Relu;
            let (mode, gamma, beta) = (inputs.mode, inputs.bias(), inputs.bias());
            let running = inputs.statistics();
            // A vector is an image of one pixel.
            let (images, is_vector) = match x {
                Flow::Image(x) => (x, false),
                Flow::Vector(x) => {
                    let [batch, features] = x.dims();
                    (x.reshape([batch, features, 1, 1]), true)
                }
            };
            let flow = |output: Tensor<4>| match is_vector {
                false => Flow::Image(output),
                true => Flow::Vector(output.flatten(1, 3)),
            };
            if mode == Mode::Testing {
                let [mean, variance] = running.clone();
                let output = batch_norm(images, gamma, beta, mean, variance, EPSILON);
                return flow(if relu {
                    activation::relu(output)
                } else {
                    output
                });
            }
            let how = Normalizer {
                epsilon: EPSILON,
                momentum: MOMENTUM,
                relu,
            };
            let result = kernels::normalize(images, [gamma, beta], running, how);
            *running = result.running;
            flow(result.output)
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::BatchNorm;
    use crate::operation::Shape;
    use crate::operation::graph::{Attribute, EPSILON, Exported, Graph, Value};

    impl Exported for BatchNorm {
        fn export(&self, x: Value, _: Shape, graph: &mut Graph) -> Value {
            let names = ["weight", "bias", "running_mean", "running_var"];
            let [weight, bias, mean, variance] = names.map(|name| graph.own(name));
            let epsilon = vec![("epsilon", Attribute::Number(EPSILON))];
            let inputs = [&x, &weight, &bias, &mean, &variance];
            graph.node("BatchNormalization", &inputs, epsilon)
        }
    }
}
