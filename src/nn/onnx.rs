//! A network with its numbers as a file of ONNX, <https://onnx.ai>, as it is in a test: batch normalization by its running
//! statistics, without dropout and without auxiliary classifiers, for batches of any size. What is learned has the names that
//! PyTorch has for it in the class that [`pytorch`] writes.

mod message;

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;

use super::State;
use crate::arch::{self, Form, Join, Shaped, pytorch};
use crate::base::DataFacts;
use crate::base::error::{Problem, Result};
use crate::data::transform;
use crate::experiment::{ExperimentSpec, link};
use crate::operation::Shape;
use crate::operation::graph::{Attribute, Constant, Graph, Node, Value};

/// The version of the operators, which onnxruntime takes since 1.12, and of the file's format that came with it.
const OPSET: i64 = 17;
const FORMAT: i64 = 8;

/// What enters, what leaves, and what the number of images is called.
const INPUT: &str = "images";
const OUTPUT: &str = "logits";
const BATCH: &str = "batch";

impl State {
    /// The network of this spec with these numbers, as a file of ONNX; `facts` are those of its data set, and the branches in `cut`
    /// count as zeros, as in [`super::Network::cut`]. What the images are to be like is in the file's metadata: for each channel
    /// `(value / 255 - mean) / std`.
    ///
    /// # Errors
    /// As [`arch::build`]; [`crate::base::error::Code::Internal`] if this is no state of that network.
    pub fn onnx(
        &self,
        spec: &ExperimentSpec,
        facts: &DataFacts,
        cut: &BTreeSet<(usize, usize)>,
    ) -> Result<Vec<u8>> {
        let plan = arch::build(spec, facts.shape, facts.classes.len())?;
        let mut walk = Walk {
            graph: Graph::default(),
            names: pytorch::prefixes(&plan),
            cut,
            joined: 0,
        };
        let end = walk.part(&plan, INPUT.to_owned());
        let Graph {
            mut nodes,
            constants,
            ..
        } = walk.graph;
        leave(&mut nodes, &end);
        let used: BTreeSet<_> = nodes.iter().flat_map(|node| &node.inputs).collect();
        let learned = self.arrays(&plan)?.into_iter();
        // Those of auxiliary classifiers are not.
        let learned = learned.filter(|array| used.contains(&array.name));
        let learned = learned.map(|array| message::Array {
            sizes: array.sizes.into_iter().map(whole).collect(),
            kind: message::numbers::F32,
            name: array.name,
            bytes: array.bytes,
        });
        let arrays = learned.chain(constants.into_iter().map(constant)).collect();
        let [mean, deviation] = transform::statistics(spec, facts);
        let classes = serde_json::to_string(&facts.classes).map_err(Problem::internal)?;
        let about = [
            ("link", link::text(spec)),
            ("classes", classes),
            ("mean", format!("{mean:?}")),
            ("std", format!("{deviation:?}")),
        ];
        let file = message::Model {
            ir_version: FORMAT,
            producer_name: env!("CARGO_PKG_NAME").to_owned(),
            opset_import: vec![message::Opset {
                domain: Some(String::new()),
                version: OPSET,
            }],
            metadata: about
                .map(|(key, value)| message::Entry {
                    key: key.to_owned(),
                    value,
                })
                .into(),
            graph: Some(message::Graph {
                name: spec.net.word().to_owned(),
                nodes: nodes.into_iter().map(node).collect(),
                arrays,
                inputs: vec![described(INPUT, plan.input)],
                outputs: vec![described(OUTPUT, plan.output)],
            }),
        };
        Ok(file.encode_to_vec())
    }
}

/// Through the tree, part by part.
struct Walk<'a> {
    graph: Graph,
    /// What PyTorch calls the module of each operation, by its path.
    names: BTreeMap<String, String>,
    /// Branches that count as zeros: which join, in the order of the forward pass, and which branch of it.
    cut: &'a BTreeSet<(usize, usize)>,
    /// Joins done.
    joined: usize,
}

impl Walk<'_> {
    fn part(&mut self, part: &Shaped, x: Value) -> Value {
        match &part.form {
            Form::Operation(operation) => {
                let name = self.names.get(&part.path).unwrap_or(&part.path);
                self.graph.enter(name);
                operation.export(x, part.input, &mut self.graph)
            }
            Form::Sequential(parts) => parts.iter().fold(x, |x, part| self.part(part, x)),
            Form::Merge { join, branches } => {
                let on = join.joined(branches);
                let values = on.iter().map(|branch| self.part(branch, x.clone()));
                let mut values: Vec<_> = values.collect();
                self.joined += branches[on.len()..].iter().map(joins).sum::<usize>();
                self.graph.enter(&part.path);
                for (at, value) in values.iter_mut().enumerate() {
                    if self.cut.contains(&(self.joined, at)) {
                        let zero = self.graph.number(0.0);
                        *value = self.graph.node("Mul", &[value, &zero], Vec::new());
                    }
                }
                self.joined += 1;
                self.join(*join, on, values)
            }
        }
    }

    /// Where branches meet.
    fn join(&mut self, join: Join, branches: &[Shaped], values: Vec<Value>) -> Value {
        let graph = &mut self.graph;
        let pair = match join {
            Join::Concat => {
                let inputs: Vec<_> = values.iter().collect();
                return graph.node("Concat", &inputs, vec![("axis", Attribute::Whole(1))]);
            }
            Join::Add => "Add",
            Join::Multiply | Join::Auxiliary => "Mul",
        };
        let is_image = |branch: &Shaped| matches!(branch.output, Shape::Image(_));
        let first = branches.first().is_some_and(is_image);
        let values = values.into_iter().zip(branches).map(|(value, branch)| {
            // A number for each channel of an image.
            if first && !is_image(branch) {
                let axes = graph.wholes(&[2, 3]);
                return graph.node("Unsqueeze", &[&value, &axes], Vec::new());
            }
            value
        });
        let values: Vec<_> = values.collect();
        let joined = values.into_iter();
        let joined = joined.reduce(|all, one| graph.node(pair, &[&all, &one], Vec::new()));
        joined.unwrap_or_default()
    }
}

/// How many joins are in a part.
fn joins(part: &Shaped) -> usize {
    let own = usize::from(matches!(part.form, Form::Merge { .. }));
    own + part.parts().iter().map(joins).sum::<usize>()
}

/// Gives what leaves its name.
fn leave(nodes: &mut Vec<Node>, end: &Value) {
    let last = nodes.iter_mut().find(|node| node.output == *end);
    match last {
        Some(node) => OUTPUT.clone_into(&mut node.output),
        // What entered.
        None => nodes.push(Node {
            kind: "Identity",
            name: "/Identity".to_owned(),
            inputs: vec![end.clone()],
            output: OUTPUT.to_owned(),
            attributes: Vec::new(),
        }),
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn node(node: Node) -> message::Node {
    let attributes = node.attributes.into_iter();
    message::Node {
        inputs: node.inputs,
        outputs: vec![node.output],
        name: node.name,
        kind: node.kind.to_owned(),
        attributes: attributes
            .map(|(name, value)| attribute(name, value))
            .collect(),
    }
}

fn attribute(name: &str, value: Attribute) -> message::Attribute {
    use message::kind;
    let named = message::Attribute {
        name: name.to_owned(),
        ..message::Attribute::default()
    };
    match value {
        Attribute::Whole(value) => message::Attribute {
            whole: Some(value),
            kind: kind::WHOLE,
            ..named
        },
        Attribute::Wholes(wholes) => message::Attribute {
            wholes,
            kind: kind::WHOLES,
            ..named
        },
        Attribute::Number(value) => message::Attribute {
            number: Some(value),
            kind: kind::NUMBER,
            ..named
        },
        Attribute::Word(word) => message::Attribute {
            word: Some(word.as_bytes().to_vec()),
            kind: kind::WORD,
            ..named
        },
    }
}

fn constant((name, constant): (Value, Constant)) -> message::Array {
    let (sizes, kind, bytes) = match constant {
        Constant::Wholes(values) => {
            let bytes = values.iter().flat_map(|value| value.to_le_bytes());
            (vec![values.len()], message::numbers::I64, bytes.collect())
        }
        Constant::Numbers(values, sizes) => {
            let bytes = values.iter().flat_map(|value| value.to_le_bytes());
            (sizes, message::numbers::F32, bytes.collect())
        }
    };
    message::Array {
        sizes: sizes.into_iter().map(whole).collect(),
        kind,
        name,
        bytes,
    }
}

/// Batches of what has this shape.
fn described(name: &str, shape: Shape) -> message::Described {
    let batch = message::Size {
        count: None,
        name: Some(BATCH.to_owned()),
    };
    let sizes = shape.sizes().into_iter().map(|count| message::Size {
        count: Some(whole(count)),
        name: None,
    });
    message::Described {
        name: name.to_owned(),
        is: Some(message::Type {
            tensor: Some(message::Tensor {
                kind: message::numbers::F32,
                shape: Some(message::Sizes {
                    all: std::iter::once(batch).chain(sizes).collect(),
                }),
            }),
        }),
    }
}
