//! Which network of a text is meant, and what comes of it.

use std::rc::Rc;

use cnn_playground::arch::{Shaped, notation};
use cnn_playground::base::{DataFacts, ImageShape};
use cnn_playground::operation::{Activation, Operation, Shape};

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::machine::Machine;
use crate::reading::{MOST_LETTERS, Reading, ReadingNetwork, ReadingStep, Request, Set};
use crate::source::Source;
use crate::tensor::{Graph, Step as Node};
use crate::tree;
use crate::value::{Given, Object, Value};

/// A network that was traced.
struct Traced {
    layers: String,
    task: &'static str,
    weights: usize,
}

/// The network in a text.
pub fn read(request: &Request) -> Reading {
    let mut reading = Reading::default();
    let done = checked(request.facts.as_ref()).and_then(|()| {
        let set = Set::of(&request.data, request.facts.as_ref());
        reading.data.clone_from(&set.name);
        let mut source = Source::read(&request.text)?;
        let module = source.parsed();
        reading.text.clone_from(&source.shown);
        let module = module.map_err(|fault| source.located(fault))?;
        let mut machine = Machine::new(set.classes);
        let wanted = request.network.as_deref();
        let done = taken(&mut machine, &module, &source, (&set, wanted), &mut reading);
        reading.offers = machine.recipe.offers(set.shape[0]);
        // What is defined refers to where it is defined.
        machine.globals.names.borrow_mut().clear();
        done.map_err(|fault| source.located(fault))
    });
    reading.fault = done.err().map(|fault| *fault);
    reading
}

/// Whether there can be such a data set.
fn checked(facts: Option<&DataFacts>) -> Outcome<()> {
    let done = facts.map_or(Ok(()), |facts| facts.check("facts"));
    done.map_err(ReadingFault::of)
}

fn taken<'a>(
    machine: &mut Machine<'a>,
    module: &'a ruff_python_ast::ModModule,
    source: &Source,
    (set, wanted): (&Set, Option<&str>),
    reading: &mut Reading,
) -> Outcome<()> {
    machine.module(module)?;
    machine.afresh();
    let candidates = machine.candidates(source, set)?;
    reading.networks = candidates
        .iter()
        .map(|candidate| ReadingNetwork {
            name: candidate.name.clone(),
            made: source.words(candidate.made()),
        })
        .collect();
    let named = wanted.and_then(|name| candidates.iter().find(|candidate| candidate.name == name));
    let chosen = named.or(match &candidates[..] {
        [only] => Some(only),
        [first, ..] if first.is_made => Some(first),
        _ => None,
    });
    let Some(chosen) = chosen else {
        return match candidates.is_empty() {
            true => Err(machine.without_network()),
            false => Ok(()),
        };
    };
    reading.network = Some(chosen.name.clone());
    machine.afresh();
    let object = machine.made(chosen, set)?;
    reading.declared = machine.declared(&object)?;
    let traced = machine.trace(&object, set, reading, source);
    for other in Set::others(set) {
        machine.afresh();
        let elsewhere = &mut Reading::default();
        if machine.trace(&object, &other, elsewhere, source).is_ok() {
            reading.fitting.push(other.name);
        }
    }
    let Traced {
        layers,
        task,
        weights,
    } = traced?;
    (reading.layers, reading.task, reading.weights) = (Some(layers), Some(task), Some(weights));
    Ok(())
}

impl<'a> Machine<'a> {
    /// Why there is no network in the text.
    fn without_network(&mut self) -> Box<ReadingFault> {
        let own = self.passed_over.take();
        let own = own.filter(|(is_of_layers, _)| *is_of_layers || !self.classes.is_empty());
        own.map(|(_, fault)| fault)
            .unwrap_or_else(|| match self.elsewhere.take() {
                Some((name, (start, end))) => {
                    let is_keras = ["keras.", "tensorflow."]
                        .iter()
                        .any(|of| name.starts_with(of));
                    let cause = match is_keras {
                        true => ReadingCause::Keras,
                        false => ReadingCause::Elsewhere,
                    };
                    ReadingFault::new(cause)
                        .with("name", name)
                        .placed(start, end)
                }
                None => ReadingFault::new(ReadingCause::NoModule),
            })
    }

    /// Follows an image through the network.
    fn trace(
        &mut self,
        object: &Rc<Object<'a>>,
        data: &Set,
        reading: &mut Reading,
        source: &Source,
    ) -> Outcome<Traced> {
        let [channels, height, width] = data.shape;
        let (graph, input) = Graph::new(ImageShape {
            channels,
            height,
            width,
        });
        self.graph = Some(graph);
        self.calls = 0;
        let result = self.forward(object, Given::of(vec![Value::Tensor(input)]));
        let mut graph = self.graph.take().unwrap_or_else(|| {
            Graph::new(ImageShape {
                channels,
                height,
                width,
            })
            .0
        });
        let outcome = result.and_then(|value| self.written(value, &mut graph, object, data));
        reading.steps = graph
            .nodes
            .iter()
            .filter_map(|node| {
                let kind = match &node.step {
                    Node::Input => "input",
                    Node::Operation(operation) => operation.about().kind(),
                    Node::Add => "add",
                    Node::Concat => "concat",
                    Node::Multiply => "multiply",
                    _ => return None,
                };
                let is_called = node.place != (0, 0);
                let place = is_called.then(|| source.line(node.place.0));
                Some(ReadingStep {
                    place: place.unwrap_or_default(),
                    kind: kind.to_owned(),
                    shape: node.shape.to_string(),
                })
            })
            .collect();
        reading.remarks = graph
            .remarks
            .drain(..)
            .map(|remark| *source.located(Box::new(remark)))
            .collect();
        outcome
    }

    fn written(
        &mut self,
        value: Value<'a>,
        graph: &mut Graph,
        object: &Rc<Object<'a>>,
        data: &Set,
    ) -> Outcome<Traced> {
        let values = match value {
            Value::Tensor(_) => vec![value],
            Value::Tuple(_) | Value::List(_) => value.values().unwrap_or_default(),
            Value::None => {
                let fault = ReadingFault::new(ReadingCause::Nothing);
                let fault = fault.with("of", &object.class.name);
                let at = self.place_in(object, |name| name == "forward");
                return Err(match at {
                    Some((start, end)) => fault.placed(start, end),
                    None => fault,
                });
            }
            _ => return Err(ReadingFault::new(ReadingCause::Result)),
        };
        let mut outputs = Vec::new();
        for value in values {
            let Value::Tensor(mut tensor) = value else {
                continue;
            };
            while let Node::Last(name) = graph.nodes[tensor.node].step {
                let remark = ReadingFault::new(ReadingCause::LossHas).with("name", name);
                graph.remark_at(tensor.node, remark);
                tensor.node = graph.nodes[tensor.node].inputs[0];
            }
            outputs.push(tensor);
        }
        let own = outputs
            .first_mut()
            .ok_or_else(|| ReadingFault::new(ReadingCause::Result))?;
        // What marks pixels has the sigmoid in its loss.
        if let (Shape::Image(_), Node::Operation(Operation::Activation(Activation::Sigmoid))) =
            (graph.nodes[own.node].shape, &graph.nodes[own.node].step)
        {
            let remark = ReadingFault::new(ReadingCause::LossHas).with("name", "sigmoid");
            graph.remark_at(own.node, remark);
            own.node = graph.nodes[own.node].inputs[0];
        }
        let mut nodes = Vec::new();
        for tensor in &outputs {
            nodes.push(graph.settled(tensor)?);
        }
        // The same one again, as with its softmax beside it, says nothing more.
        let mut seen = std::collections::BTreeSet::new();
        nodes.retain(|&node| seen.insert(node));
        let (task, classes) = match graph.nodes[nodes[0]].shape {
            Shape::Vector(outputs) => ("classify", outputs),
            Shape::Image(_) => ("segment", data.classes),
        };
        graph.place = graph.nodes[nodes[0]].place;
        let (all, own) = (nodes.len(), graph.nodes[nodes[0]].shape);
        // Other classifiers are trained beside it; nothing else is.
        nodes.retain({
            let (mut is_first, nodes) = (true, &graph.nodes);
            move |&node| {
                let is_own = std::mem::take(&mut is_first);
                is_own || (task == "classify" && nodes[node].shape == own)
            }
        });
        if nodes.len() < all {
            graph.remark(
                ReadingFault::new(ReadingCause::TakenAs)
                    .with("name", "return a, b")
                    .with("as", "return a"),
            );
        }
        if classes != data.classes {
            graph.remark_at(
                graph.last_layer(nodes[0]),
                ReadingFault::new(ReadingCause::Classes)
                    .with("found", classes)
                    .with("classes", data.classes),
            );
        }
        let layers = tree::text(graph, &nodes, classes, task == "classify")?;
        if layers.len() > MOST_LETTERS {
            return Err(ReadingFault::new(ReadingCause::Link)
                .with("found", layers.len())
                .with("limit", MOST_LETTERS));
        }
        let network = notation::read(&layers, classes).map_err(ReadingFault::of)?;
        let network =
            Shaped::infer(&network.layer, graph.nodes[0].shape).map_err(ReadingFault::of)?;
        self.unused(graph, &nodes, object)?;
        Ok(Traced {
            layers,
            task,
            weights: network.weights(),
        })
    }

    /// Says which layers are made and not used.
    fn unused(
        &mut self,
        graph: &mut Graph,
        outputs: &[usize],
        root: &Rc<Object<'a>>,
    ) -> Outcome<()> {
        let mut used: std::collections::BTreeSet<_> = graph.merged.iter().copied().collect();
        let mut left = outputs.to_vec();
        let mut seen = std::collections::BTreeSet::new();
        while let Some(at) = left.pop() {
            if seen.insert(at) {
                used.extend(graph.nodes[at].object);
                left.extend(&graph.nodes[at].inputs);
            }
        }
        for (path, object) in self.within(root)? {
            let place = object.place.get();
            let weights = if object.made.borrow().is_some() {
                self.weights_of(&object).unwrap_or_default()
            } else {
                0
            };
            if weights > 0 && !used.contains(&object.id) {
                graph.place = place;
                graph.remark(
                    ReadingFault::new(ReadingCause::Unused)
                        .with("name", path)
                        .with("weights", weights),
                );
            }
        }
        Ok(())
    }
}
