//! A dense layer.

use super::notation::{Call, Setting, Slot, Stem, Word, Written, classes};
use super::{Describe, Learned, Parameter, Reach, Shape, Snippet, Stored};
use crate::base::error::Result;

/// A dense layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linear {
    /// Outputs.
    pub out_features: usize,
    /// Whether each output has a learned summand.
    pub bias: bool,
}

impl Linear {
    /// So many outputs, each with a bias.
    pub const fn new(out_features: usize) -> Self {
        Self {
            out_features,
            bias: true,
        }
    }
}

impl Describe for Linear {
    fn kind(&self) -> &'static str {
        "linear"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        input.vector()?;
        Ok(Shape::Vector(self.out_features))
    }

    fn reach(&self) -> Reach {
        Reach::All
    }

    fn source(&self, input: Shape) -> Snippet {
        let (features, outputs) = (input.channels(), self.out_features);
        let bias = if self.bias { "" } else { ", bias=False" };
        Snippet::module(format!("nn.Linear({features}, {outputs}{bias})"))
    }

    fn learned(&self, input: Shape) -> Learned {
        let (features, outputs) = (input.channels(), self.out_features);
        let weight = Parameter::uniform("weight", &[features, outputs], features);
        let bias = Parameter::uniform("bias", &[outputs], features);
        Learned {
            parameters: [Some(weight), self.bias.then_some(bias)]
                .into_iter()
                .flatten()
                .collect(),
            factors: vec![features, outputs],
            uses: 1,
        }
    }

    fn stored(&self, input: Shape) -> Vec<Stored> {
        let all = Stored::dense(["weight", "bias"], input.channels(), self.out_features);
        all.into_iter().take(1 + usize::from(self.bias)).collect()
    }

    fn is_layer(&self) -> bool {
        true
    }
}

impl Written for Linear {
    fn words() -> Vec<Word<Self>> {
        vec![Word {
            word: "fc",
            stem: Stem::Counted("fc"),
            start: Self::new(1),
            settings: vec![
                Setting::new(
                    ("", "out_features"),
                    Slot::Whole(|it| &mut it.out_features),
                    |_| (1.0, 65_536.0),
                    classes,
                ),
                Setting::new(
                    ("b", "bias"),
                    Slot::Switch(|it| &mut it.bias),
                    |_| (0.0, 1.0),
                    |_, _| Some(1.0),
                ),
            ],
        }]
    }

    fn calls() -> Vec<Call> {
        vec![Call::new(
            "fc",
            "Linear(in_features, out_features, bias=True)",
        )]
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::Linear;
    use crate::kernels::{self, Tail};
    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for Linear {
        fn compute(&self, x: Flow, inputs: &mut Inputs<'_, '_>) -> Flow {
            let weight = inputs.weight();
            let bias = self.bias.then(|| inputs.bias());
            let relu = inputs.tail == Tail::Relu;
            Flow::Vector(kernels::connect(x.vector(), weight, bias, relu))
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::Linear;
    use crate::operation::Shape;
    use crate::operation::graph::{Exported, Graph, Value};

    impl Exported for Linear {
        fn export(&self, x: Value, _: Shape, graph: &mut Graph) -> Value {
            graph.dense(&x, &["weight", "bias"][..1 + usize::from(self.bias)])
        }
    }
}
