//! A learned factor.

use super::notation::{Setting, Slot, Stem, Word, Written};
use super::{Describe, Learned, Parameter, Reach, Shape, Snippet};
use crate::base::error::Result;

/// Everything times one learned number, or each channel times its own: how much of a residual block's body is added. De and
/// Smith 2020, <https://arxiv.org/abs/2002.10444>; Touvron et al. 2021, <https://arxiv.org/abs/2103.17239>.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LearnedScale {
    /// Whether each channel has a number of its own.
    pub per_channel: bool,
    /// What the numbers begin with.
    pub start: f64,
}

impl LearnedScale {
    /// How many numbers there are for this input.
    fn count(&self, input: Shape) -> usize {
        match self.per_channel {
            true => input.channels(),
            false => 1,
        }
    }
}

impl Describe for LearnedScale {
    fn kind(&self) -> &'static str {
        "scale"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        Ok(input)
    }

    fn reach(&self) -> Reach {
        Reach::Same
    }

    fn source(&self, input: Shape) -> Snippet {
        // As Python writes a number with a fraction.
        let start = format!("{:?}", self.start);
        Snippet::own(format!("Scale({}, {start})", self.count(input)), CLASS)
    }

    fn learned(&self, input: Shape) -> Learned {
        let count = self.count(input);
        Learned {
            parameters: vec![Parameter::constant("weight", &[count], self.start as f32)],
            factors: vec![count],
            // As usual, only what convolutions and dense layers multiply is counted.
            uses: 0,
        }
    }

    fn is_attached(&self) -> bool {
        true
    }
}

impl Written for LearnedScale {
    fn words() -> Vec<Word<Self>> {
        vec![Word {
            word: "scale",
            stem: Stem::Counted("scale"),
            start: Self {
                per_channel: false,
                start: 1.0,
            },
            settings: vec![
                Setting::new(
                    ("", "start"),
                    Slot::Number(|it| &mut it.start),
                    |_| (0.0, 100.0),
                    |_, _| Some(1.0),
                ),
                Setting::new(
                    ("c", "per_channel"),
                    Slot::Switch(|it| &mut it.per_channel),
                    |_| (0.0, 1.0),
                    |_, _| Some(0.0),
                ),
            ],
        }]
    }
}

const CLASS: &str = r#"class Scale(nn.Module):
    """Everything times one learned number, or each channel times its own."""

    def __init__(self, count, start):
        super().__init__()
        self.weight = nn.Parameter(torch.full((count,), start))

    def forward(self, x):
        return x * self.weight.reshape(-1, *[1] * (x.dim() - 2))
"#;

#[cfg(feature = "train")]
mod forward {
    use super::LearnedScale;
    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for LearnedScale {
        fn compute(&self, x: Flow, inputs: &mut Inputs<'_, '_>) -> Flow {
            let factors = inputs.bias();
            let count = factors.dims()[0];
            match x {
                Flow::Vector(x) => Flow::Vector(x * factors.reshape([1, count])),
                Flow::Image(x) => Flow::Image(x * factors.reshape([1, count, 1, 1])),
            }
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::LearnedScale;
    use crate::operation::Shape;
    use crate::operation::graph::{Exported, Graph, Value};

    impl Exported for LearnedScale {
        fn export(&self, x: Value, input: Shape, graph: &mut Graph) -> Value {
            let factors = graph.own("weight");
            let factors = graph.per_channel(factors, input);
            graph.node("Mul", &[&x, &factors], Vec::new())
        }
    }
}
