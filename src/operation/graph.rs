//! A network as a graph of ONNX, opset 17, as it is in a test: what each operation adds to it. What the words mean is in
//! <https://onnx.ai/onnx/operators/>.

use std::collections::BTreeSet;

use super::Shape;
use crate::base::Window;

/// The epsilon of every normalization.
pub(super) const EPSILON: f32 = 1e-5;

/// What an operation is in a graph.
pub(crate) trait Exported {
    /// Adds what it computes from `x`, which for one sample has the shape `input`. Gives its result.
    fn export(&self, x: Value, input: Shape, graph: &mut Graph) -> Value;
}

/// The name of a tensor of the graph.
pub(crate) type Value = String;

/// What a node is told beside its inputs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Attribute {
    /// A whole number.
    Whole(i64),
    /// Several of them.
    Wholes(Vec<i64>),
    /// A number.
    Number(f32),
    /// A word.
    Word(&'static str),
}

impl Attribute {
    /// Sizes, or other counts.
    pub(super) fn counts<const N: usize>(counts: [usize; N]) -> Self {
        Self::Wholes(counts.map(whole).into())
    }
}

/// How a pooling's window slides.
pub(super) fn window(window: Window) -> Vec<(&'static str, Attribute)> {
    vec![
        ("kernel_shape", Attribute::counts([window.size; 2])),
        ("strides", Attribute::counts([window.stride; 2])),
        ("pads", Attribute::counts([window.padding; 4])),
    ]
}

/// A count as ONNX has it.
pub(super) fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A step of the computation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Its word among ONNX's operators.
    pub(crate) kind: &'static str,
    /// Where it is in the network, and its word.
    pub(crate) name: String,
    /// What it computes from; an empty one is left out.
    pub(crate) inputs: Vec<Value>,
    /// What it gives.
    pub(crate) output: Value,
    /// What it is told.
    pub(crate) attributes: Vec<(&'static str, Attribute)>,
}

/// Numbers that belong to the graph and were not learned.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Constant {
    /// Whole numbers in a row.
    Wholes(Vec<i64>),
    /// Numbers, and their sizes; a number by itself has none.
    Numbers(Vec<f32>, Vec<usize>),
}

/// A graph while it is made.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// Its steps, in the order in which they are made.
    pub(crate) nodes: Vec<Node>,
    /// Its constants.
    pub(crate) constants: Vec<(Value, Constant)>,
    /// Where in the network it is.
    place: String,
    taken: BTreeSet<String>,
}

impl Graph {
    /// Goes to a place in the network: the name of PyTorch's module there, with which the names of its arrays begin.
    pub(crate) fn enter(&mut self, place: &str) {
        place.clone_into(&mut self.place);
    }

    /// An array that was learned here, by the name that PyTorch has for it within the module.
    pub(super) fn own(&self, name: &str) -> Value {
        format!("{}.{name}", self.place)
    }

    /// A step.
    pub(crate) fn node(
        &mut self,
        kind: &'static str,
        inputs: &[&Value],
        attributes: Vec<(&'static str, Attribute)>,
    ) -> Value {
        let name = self.free(kind);
        self.nodes.push(Node {
            kind,
            inputs: inputs.iter().map(|&input| input.clone()).collect(),
            output: format!("{name}_output"),
            name: name.clone(),
            attributes,
        });
        format!("{name}_output")
    }

    /// Whole numbers, as an input.
    pub(crate) fn wholes(&mut self, values: &[i64]) -> Value {
        self.constant(Constant::Wholes(values.to_vec()))
    }

    /// A number, as an input.
    pub(crate) fn number(&mut self, value: f32) -> Value {
        self.numbers(vec![value], &[])
    }

    /// An array of these sizes, as an input.
    pub(super) fn numbers(&mut self, values: Vec<f32>, sizes: &[usize]) -> Value {
        self.constant(Constant::Numbers(values, sizes.to_vec()))
    }

    fn constant(&mut self, constant: Constant) -> Value {
        let name = self.free("Constant");
        self.constants.push((name.clone(), constant));
        name
    }

    /// A name here that nothing has yet.
    fn free(&mut self, kind: &str) -> String {
        let first = match self.place.as_str() {
            "" => format!("/{kind}"),
            place => format!("/{}/{kind}", place.replace('.', "/")),
        };
        let further = (1..).map(|number| format!("{first}_{number}"));
        let mut all = std::iter::once(first.clone()).chain(further);
        let name = all.find(|name| !self.taken.contains(name));
        let name = name.unwrap_or(first);
        self.taken.insert(name.clone());
        name
    }

    /// A vector for the channels of what has this shape, so that it meets them where both are multiplied or added.
    pub(super) fn per_channel(&mut self, vector: Value, input: Shape) -> Value {
        match input {
            Shape::Vector(_) => vector,
            Shape::Image(_) => {
                let sizes = self.wholes(&[-1, 1, 1]);
                self.node("Reshape", &[&vector, &sizes], Vec::new())
            }
        }
    }

    /// An image with one pixel for each channel, as a vector.
    pub(super) fn flat(&mut self, image: Value) -> Value {
        let axis = vec![("axis", Attribute::Whole(1))];
        self.node("Flatten", &[&image], axis)
    }

    /// A dense layer with the weights, and the biases if it has some, of these names.
    pub(super) fn dense(&mut self, x: &Value, names: &[&str]) -> Value {
        let own: Vec<_> = names.iter().map(|name| self.own(name)).collect();
        let inputs: Vec<_> = [x].into_iter().chain(&own).collect();
        let turned = vec![("transB", Attribute::Whole(1))];
        self.node("Gemm", &inputs, turned)
    }
}
