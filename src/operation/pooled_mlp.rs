//! Two dense layers on what was pooled.

use super::notation::{Setting, Slot, Stem, Word, Written};
use super::{Describe, Learned, Parameter, Reach, Shape, Snippet, Stored};
use crate::base::error::Result;

/// Each channel's mean goes through two dense layers with a ReLU between them, each channel's
/// largest value goes through the same two, and both are added: a number for each channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PooledMlp {
    /// Units between the two layers.
    pub hidden: usize,
}

impl Describe for PooledMlp {
    fn kind(&self) -> &'static str {
        "pooled-mlp"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        Ok(Shape::Vector(input.image()?.channels))
    }

    fn reach(&self) -> Reach {
        Reach::All
    }

    fn source(&self, input: Shape) -> Snippet {
        let channels = input.channels();
        Snippet::own(format!("PooledMLP({channels}, {})", self.hidden), CLASS)
    }

    fn learned(&self, input: Shape) -> Learned {
        let (channels, hidden) = (input.channels(), self.hidden);
        Learned {
            parameters: vec![
                Parameter::uniform("weight1", &[channels, hidden], channels),
                Parameter::uniform("bias1", &[hidden], channels),
                Parameter::uniform("weight2", &[hidden, channels], hidden),
                Parameter::uniform("bias2", &[channels], hidden),
            ],
            // Two dense layers, there and back.
            factors: vec![2, channels, hidden],
            // For the means and for the largest values.
            uses: 2,
        }
    }

    fn stored(&self, input: Shape) -> Vec<Stored> {
        let (channels, hidden) = (input.channels(), self.hidden);
        let first = Stored::dense(["mlp.0.weight", "mlp.0.bias"], channels, hidden);
        let second = Stored::dense(["mlp.2.weight", "mlp.2.bias"], hidden, channels);
        first.into_iter().chain(second).collect()
    }
}

impl Written for PooledMlp {
    fn words() -> Vec<Word<Self>> {
        vec![Word {
            word: "mlp",
            stem: Stem::Alone("mlp"),
            start: Self { hidden: 1 },
            settings: vec![Setting::new(
                ("", "hidden"),
                Slot::Whole(|it| &mut it.hidden),
                |_| (1.0, 4_096.0),
                |_, _| None,
            )],
        }]
    }
}

const CLASS: &str = r#"class PooledMLP(nn.Module):
    """The same two dense layers for the channels' means and for their largest values, added."""

    def __init__(self, channels, hidden):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(channels, hidden), nn.ReLU(), nn.Linear(hidden, channels))

    def forward(self, x):
        return self.mlp(x.mean((2, 3))) + self.mlp(x.amax((2, 3)))
"#;

#[cfg(feature = "train")]
mod forward {
    use super::PooledMlp;
    use crate::kernels;
    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for PooledMlp {
        fn compute(&self, x: Flow, inputs: &mut Inputs<'_, '_>) -> Flow {
            let (rows, size) = x.rows();
            let means = rows.clone().mean_dim(2).reshape(size);
            let largest = rows.max_dim(2).reshape(size);
            let (first, first_bias) = (inputs.weight(), inputs.bias());
            let (second, second_bias) = (inputs.weight(), inputs.bias());
            let [a, b] = [means, largest].map(|x| {
                let between = kernels::connect(x, first.clone(), Some(first_bias.clone()), true);
                kernels::connect(between, second.clone(), Some(second_bias.clone()), false)
            });
            Flow::Vector(a + b)
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::PooledMlp;
    use crate::operation::Shape;
    use crate::operation::graph::{Exported, Graph, Value};

    impl Exported for PooledMlp {
        fn export(&self, x: Value, _: Shape, graph: &mut Graph) -> Value {
            let [means, largest] = ["GlobalAveragePool", "GlobalMaxPool"].map(|pool| {
                let pooled = graph.node(pool, &[&x], Vec::new());
                let pooled = graph.flat(pooled);
                let between = graph.dense(&pooled, &["mlp.0.weight", "mlp.0.bias"]);
                let between = graph.node("Relu", &[&between], Vec::new());
                graph.dense(&between, &["mlp.2.weight", "mlp.2.bias"])
            });
            graph.node("Add", &[&means, &largest], Vec::new())
        }
    }
}
