//! An activation function, elementwise. The functions themselves are rows of a table, `kernels/src/activation.rs`.

use super::notation::{Call, Stem, Word, Written};
use super::{Describe, Reach, Shape, Snippet};
use crate::base::error::Result;
pub use crate::experiment::Activation;

impl Describe for Activation {
    fn kind(&self) -> &'static str {
        self.word()
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        Ok(input)
    }

    fn reach(&self) -> Reach {
        Reach::Same
    }

    fn source(&self, _: Shape) -> Snippet {
        Snippet::module(format!("nn.{}()", self.module()))
    }

    fn is_attached(&self) -> bool {
        true
    }
}

impl Written for Activation {
    fn words() -> Vec<Word<Self>> {
        let each = Self::WORDS.iter().filter_map(|word| {
            let function = Self::parse(word)?;
            // Up to a hyphen, which the notation has not.
            let letters = word.split('-').next()?;
            Some(Word::bare(letters, Stem::Counted("act"), function))
        });
        each.collect()
    }

    fn calls() -> Vec<Call> {
        let each = Self::WORDS.iter().filter_map(|word| {
            let function = Self::parse(word)?;
            let more = match function {
                Self::LeakyRelu => "negative_slope=0.01",
                Self::Elu => "alpha=1.0",
                Self::Gelu => "approximate='none'",
                _ => "",
            };
            Some(Call::new(
                word.split('-').next()?,
                format!("{}({more})", function.module()),
            ))
        });
        each.collect()
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::Activation;
    use crate::kernels::activate;
    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for Activation {
        fn compute(&self, x: Flow, _: &mut Inputs<'_, '_>) -> Flow {
            match x {
                Flow::Image(x) => Flow::Image(activate(self.function(), x)),
                Flow::Vector(x) => Flow::Vector(activate(self.function(), x)),
            }
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::Activation;
    use crate::operation::Shape;
    use crate::operation::graph::{Attribute, Exported, Graph, Value};
    use std::f32::consts::SQRT_2;

    impl Exported for Activation {
        fn export(&self, x: Value, _: Shape, graph: &mut Graph) -> Value {
            match self {
                Self::Relu => graph.node("Relu", &[&x], Vec::new()),
                Self::Tanh => graph.node("Tanh", &[&x], Vec::new()),
                Self::Sigmoid => graph.node("Sigmoid", &[&x], Vec::new()),
                Self::LeakyRelu => {
                    let slope = vec![("alpha", Attribute::Number(0.01))];
                    graph.node("LeakyRelu", &[&x], slope)
                }
                Self::Elu => graph.node("Elu", &[&x], vec![("alpha", Attribute::Number(1.0))]),
                Self::Hardswish => graph.node("HardSwish", &[&x], Vec::new()),
                Self::Silu => {
                    let gate = graph.node("Sigmoid", &[&x], Vec::new());
                    graph.node("Mul", &[&x, &gate], Vec::new())
                }
                Self::Gelu => {
                    let [root, one, half] = [SQRT_2, 1.0, 0.5].map(|value| graph.number(value));
                    let inner = graph.node("Div", &[&x, &root], Vec::new());
                    let error = graph.node("Erf", &[&inner], Vec::new());
                    let share = graph.node("Add", &[&error, &one], Vec::new());
                    let product = graph.node("Mul", &[&x, &share], Vec::new());
                    graph.node("Mul", &[&product, &half], Vec::new())
                }
            }
        }
    }
}
