//! Dropout.

use super::notation::{Call, Setting, Slot, Stem, Word, Written};
use super::{Describe, Reach, Shape, Snippet};
use crate::base::error::Result;

/// Dropout: in training this share of the values becomes zero, and the others are scaled up to make up for it.
/// Srivastava et al. 2014, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting".
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropout {
    /// The share, below 1.
    pub rate: f64,
}

impl Describe for Dropout {
    fn kind(&self) -> &'static str {
        "dropout"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        Ok(input)
    }

    fn reach(&self) -> Reach {
        Reach::Same
    }

    fn source(&self, _: Shape) -> Snippet {
        Snippet::module(format!("nn.Dropout({})", self.rate))
    }

    fn is_attached(&self) -> bool {
        true
    }

    fn passes_on(&self) -> bool {
        true
    }

    fn kept(&self, _: Shape, output: Shape) -> usize {
        // The output, and its mask.
        2 * output.len()
    }
}

impl Written for Dropout {
    fn words() -> Vec<Word<Self>> {
        vec![Word {
            word: "drop",
            stem: Stem::Alone("drop"),
            start: Self { rate: 0.0 },
            settings: vec![Setting::new(
                ("", "p"),
                Slot::Number(|it| &mut it.rate),
                |_| (0.0, 0.99),
                |_, _| Some(0.5),
            )],
        }]
    }

    fn calls() -> Vec<Call> {
        vec![Call::new("drop", "Dropout(p=0.5, inplace=False)")]
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::Dropout;
    use burn::tensor::{Tensor, TensorData};

    use crate::operation::{Compute, Flow, Inputs, Mode};

    impl Compute for Dropout {
        fn compute(&self, x: Flow, inputs: &mut Inputs<'_, '_>) -> Flow {
            let Mode::Training { draw } = inputs.mode else {
                return x;
            };
            // The mask is drawn on the host, so that every device drops the same numbers.
            let mask = |count: usize| draw.mask(inputs.path, self.rate, count);
            match x {
                Flow::Image(x) => Flow::Image(masked(x, mask)),
                Flow::Vector(x) => Flow::Vector(masked(x, mask)),
            }
        }
    }

    /// The elementwise product with a mask.
    fn masked<const D: usize>(x: Tensor<D>, mask: impl Fn(usize) -> Vec<f32>) -> Tensor<D> {
        let size = x.dims();
        let mask = mask(size.iter().product());
        let mask = Tensor::from_data(TensorData::new(mask, size), &x.device());
        x * mask
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::Dropout;
    use crate::operation::Shape;
    use crate::operation::graph::{Exported, Graph, Value};

    impl Exported for Dropout {
        fn export(&self, x: Value, _: Shape, _: &mut Graph) -> Value {
            x
        }
    }
}
