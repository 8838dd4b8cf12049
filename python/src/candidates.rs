//! The networks that could be meant, and how many numbers each has to learn.

use std::rc::Rc;

use cnn_playground::base::ImageShape;
use ruff_python_ast::StmtClassDef;

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::machine::{MOST_OF_STATEMENT, Machine};
use crate::reading::Set;
use crate::source::{Source, place};
use crate::tensor::{Graph, Step as Node, Tensor};
use crate::value::{Class, Given, Object, Value};

/// A network that could be meant.
pub(crate) struct Candidate<'a> {
    pub(crate) name: String,
    /// The object, or what makes it.
    pub(crate) value: Value<'a>,
    /// Whether the text makes it by itself.
    pub(crate) is_made: bool,
    /// Where it is made or defined.
    place: (usize, usize),
}

impl Candidate<'_> {
    /// Where the text makes it; nowhere if it does not.
    pub(crate) fn made(&self) -> (usize, usize) {
        match &self.value {
            Value::Object(object) => object.place.get(),
            _ => (0, 0),
        }
    }
}

impl<'a> Machine<'a> {
    /// The networks of the text: those that it makes; else its functions that make one, and the modules that no other part uses.
    pub(crate) fn candidates(
        &mut self,
        source: &Source,
        data: &Set,
    ) -> Outcome<Vec<Candidate<'a>>> {
        let (mut found, mut rows): (Vec<Candidate<'a>>, Vec<Candidate<'a>>) = Default::default();
        let roots = self.roots.clone();
        let mut inner = std::collections::BTreeSet::new();
        for root in &roots {
            inner.extend(self.within(root)?.iter().skip(1).map(|(_, part)| part.id));
        }
        for root in roots.into_iter().filter(|root| !inner.contains(&root.id)) {
            let name = self.name_of(&root);
            // Some layers in a row that nothing is called are a network only where there is no other one.
            let unnamed = root.class.is_torch && *name == *root.class.name;
            let found = if unnamed { &mut rows } else { &mut found };
            if !found.iter().any(|known| known.name == name) {
                let place = root.place.get();
                found.push(Candidate {
                    name,
                    value: Value::Object(root),
                    is_made: true,
                    place,
                });
            }
        }
        if !found.is_empty() {
            // What is called as networks are usually called is meant before others.
            found.sort_by_key(|candidate| !matches!(&*candidate.name, "net" | "model" | "network"));
            return Ok(found);
        }
        let modules: Vec<_> = self
            .classes
            .iter()
            .filter(|(class, _)| class.torch().is_some())
            .cloned()
            .collect();
        let text_of =
            |(start, end): (usize, usize)| source.text.get(start..end).unwrap_or_default();
        for function in self.functions.clone() {
            let parameters = function.parameters.iter();
            let needed = parameters.flat_map(|all| all.iter_non_variadic_params());
            let needed = needed.filter(|one| one.default.is_none());
            let needed: Vec<_> = needed.map(|one| one.parameter.name.as_str()).collect();
            // What makes a network for so many classes; others, as one that makes a convolution, make a part of it.
            let is_maker = needed.is_empty() || needed.iter().any(|name| name.contains("class"));
            let given = needed.iter().map(|name| of_data(name, data));
            let given: Option<Vec<_>> = given.collect();
            let Some(given) = given.filter(|_| is_maker) else {
                continue;
            };
            if found.iter().any(|known| known.name == function.name) {
                continue;
            }
            let named = needed.iter().zip(given);
            let given = Given {
                named: named
                    .map(|(name, value)| ((*name).into(), Value::Int(value as i64)))
                    .collect(),
                ..Given::default()
            };
            let function_of_data = Value::Function(Rc::clone(&function));
            let maker = match given.named.is_empty() {
                true => function_of_data,
                false => Value::Partial(Rc::new((function_of_data, given))),
            };
            let made = self.within_steps(MOST_OF_STATEMENT, |machine| {
                machine.call(&maker, Given::default())
            });
            self.building = 0;
            if let Ok(Value::Object(object)) = made
                && object.is_module()
            {
                found.push(Candidate {
                    name: function.name.to_owned(),
                    value: maker,
                    is_made: false,
                    place: (0, 0),
                });
            }
        }
        let functions: Vec<_> = found
            .iter()
            .map(|candidate| candidate.name.clone())
            .collect();
        for (class, definition) in &modules {
            let others = modules
                .iter()
                .filter(|(other, _)| !Rc::ptr_eq(other, class));
            let is_used = others
                .clone()
                .any(|(_, other)| has_word(text_of(place(*other)), &class.name))
                || !functions.is_empty()
                    && source.text.matches(&*class.name).count()
                        > 1 + text_of(place(*definition)).matches(&*class.name).count();
            if !is_used {
                found.push(self.of_class(class, definition));
            }
        }
        if let (true, Some((class, definition))) = (found.is_empty(), modules.last()) {
            found.push(self.of_class(class, definition));
        }
        Ok(if found.is_empty() { rows } else { found })
    }

    /// A class as a network: with the arguments that a function of the text, as one that tries it, makes it with.
    fn of_class(&self, class: &Rc<Class<'a>>, definition: &StmtClassDef) -> Candidate<'a> {
        let made = self
            .roots
            .iter()
            .find(|root| Rc::ptr_eq(&root.class, class));
        let value = match made {
            Some(root) => Value::Object(Rc::clone(root)),
            None => Value::Class(Rc::clone(class)),
        };
        Candidate {
            name: class.name.to_string(),
            value,
            is_made: false,
            place: place(&definition.name),
        }
    }

    /// What the text calls an object, or its class.
    pub(crate) fn name_of(&self, object: &Rc<Object<'a>>) -> String {
        let names = self.globals.names.borrow();
        let known = names
            .iter()
            .find(|(_, value)| matches!(value, Value::Object(other) if Rc::ptr_eq(other, object)));
        known.map_or_else(
            || object.class.name.to_string(),
            |(name, _)| name.to_string(),
        )
    }

    /// The object of a candidate. Arguments that it must have and that say what they are for are taken from the data.
    pub(crate) fn made(
        &mut self,
        candidate: &Candidate<'a>,
        data: &Set,
    ) -> Outcome<Rc<Object<'a>>> {
        let mut given = Given::default();
        // It is not made in another way than the text makes it.
        let mut refused = self.refused.iter();
        if let Value::Class(class) = &candidate.value
            && let Some((_, fault)) = refused.find(|(known, _)| Rc::ptr_eq(known, class))
        {
            return Err(fault.clone());
        }
        if let Value::Class(class) = &candidate.value
            && let Some(Value::Function(constructor)) = class.get("__init__")
        {
            let parameters = constructor
                .parameters
                .iter()
                .flat_map(|parameters| parameters.iter_non_variadic_params())
                .skip(1);
            for parameter in parameters.filter(|parameter| parameter.default.is_none()) {
                let name = parameter.parameter.name.as_str();
                let Some(value) = of_data(name, data) else {
                    let fault = ReadingFault::new(ReadingCause::Making).with("name", name);
                    let (start, end) = candidate.place;
                    return Err(fault.with("of", &class.name).placed(start, end));
                };
                given.named.push((name.into(), Value::Int(value as i64)));
            }
        }
        let made = match &candidate.value {
            Value::Object(object) => return Ok(Rc::clone(object)),
            maker => self.call(maker, given).map_err(|fault| {
                let (start, end) = candidate.place;
                fault.placed(start, end)
            })?,
        };
        match made {
            Value::Object(object) if object.is_module() => Ok(object),
            _ => Err(ReadingFault::new(ReadingCause::NoModule)),
        }
    }

    /// The trainable numbers of a module and all within it; nothing if there is a layer that is not known.
    pub(crate) fn declared(&mut self, root: &Rc<Object<'a>>) -> Outcome<Option<usize>> {
        let mut all = Some(0_usize);
        for (_, object) in self.within(root)? {
            all = all
                .zip(self.weights_of(&object))
                .map(|(all, more)| all.saturating_add(more));
        }
        Ok(all)
    }

    /// The trainable numbers of a module itself.
    pub(crate) fn weights_of(&mut self, object: &Rc<Object<'a>>) -> Option<usize> {
        let attributes = object.attributes.borrow();
        let own = attributes.0.iter().filter_map(|(_, value)| match value {
            Value::Weight(weight) if weight.is_learned => {
                Some(weight.sizes.iter().product::<i64>().max(0) as usize)
            }
            _ => None,
        });
        let own: usize = own.sum();
        drop(attributes);
        let Some(given) = object.made.borrow().clone() else {
            return Some(own);
        };
        let name = object.class.torch()?.name.to_string();
        if let Some(kernel) = crate::channels::kernel(&given).filter(|_| name == "Conv1d") {
            return Some(own + kernel);
        }
        let size = |machine: &mut Self, name: &str| {
            machine
                .argument(object, &given, name)?
                .int()
                .ok()
                .map(|size| size as usize)
        };
        /// As large as any kernel.
        const SIDE: usize = 256;
        let channels = ["in_channels", "num_features", "num_channels"];
        let is_of_vectors = name.starts_with("Linear") || name == "BatchNorm1d";
        let (channels, side) = match size(self, "in_features") {
            Some(features) => (features, 1),
            None => match channels.iter().find_map(|name| size(self, name)) {
                Some(channels) => (channels, if is_of_vectors { 1 } else { SIDE }),
                None => {
                    // What says nothing of its input has nothing to learn, as far as it is known here.
                    let learns = [
                        "PReLU",
                        "LayerNorm",
                        "MultiheadAttention",
                        "Embedding",
                        "LSTM",
                        "GRU",
                        "RNN",
                        "Bilinear",
                    ];
                    return (!learns.contains(&&*name) && !name.contains("Lazy")).then_some(own);
                }
            },
        };
        let image = ImageShape {
            channels,
            height: side,
            width: side,
        };
        let (graph, input) = Graph::new(image);
        let sizes = match is_of_vectors {
            true => input.sizes[..2].to_vec(),
            false => input.sizes.clone(),
        };
        self.graph = Some(graph);
        let made = self.layer(&name, &given, &Tensor { node: 0, sizes });
        let graph = self.graph.take()?;
        let node = &graph.nodes[made.ok()?.node];
        let Node::Operation(operation) = &node.step else {
            return Some(own);
        };
        let learned = operation.parameters(graph.nodes[node.inputs[0]].shape);
        Some(own + learned.iter().map(|array| array.len()).sum::<usize>())
    }
}

/// What an argument is that is named after classes or channels.
fn of_data(name: &str, data: &Set) -> Option<usize> {
    match name {
        _ if name.contains("class") || name.starts_with("out") => Some(data.classes),
        _ if name.contains("channel") || name.starts_with("in") => Some(data.shape[0]),
        _ => None,
    }
}

/// Whether a word stands in a text by itself.
fn has_word(text: &str, word: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + word.len()..].chars().next();
        !before.is_some_and(is_letter) && !behind.is_some_and(is_letter)
    })
}
