//! What PyTorch's modules make of a tensor.

use std::rc::Rc;

use ruff_python_ast::Stmt;

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::layers::signature;
use crate::machine::Machine;
use crate::near::near;
use crate::source::place;
use crate::tensor::{Step, Tensor};
use crate::value::{Given, Object, Value, unknown};

/// Layers that are others here, with what is said of them.
const TAKEN_AS: [(&str, &str); 5] = [
    ("Dropout2d", "Dropout"),
    ("ReLU6", "ReLU"),
    ("Mish", "SiLU"),
    ("SELU", "ELU"),
    ("UpsamplingNearest2d", "Upsample"),
];

/// What something is that a layer cannot take, and that no part of a network makes.
pub(crate) fn no_tensor(value: &Value<'_>) -> Option<String> {
    match value {
        Value::None => Some("None".into()),
        Value::Object(object) => Some(object.class.name.to_string()),
        Value::Class(class) => Some(class.name.to_string()),
        Value::Tuple(_) | Value::List(_) | Value::Dict(_) | Value::Text(_) => {
            Some(value.kind().into())
        }
        _ => None,
    }
}

impl<'a> Machine<'a> {
    /// What one of PyTorch's modules makes of a tensor.
    pub(crate) fn torch_forward(
        &mut self,
        object: &Rc<Object<'a>>,
        given: Given<'a>,
    ) -> Outcome<Value<'a>> {
        let Some(class) = object.class.torch() else {
            return Err(self.without_forward(object));
        };
        if &*class.name == "Sequential" {
            let mut value = given.values.first().cloned().unwrap_or(Value::None);
            for (_, part) in object.children() {
                let given = Given {
                    values: vec![value],
                    named: Vec::new(),
                    place: given.place,
                };
                // No expression calls it by itself: it is called where it is made.
                let (start, end) = part.place.get();
                let made = self.traced_at((start, end), |machine| {
                    machine.call(&Value::Object(part), given)
                });
                value = made.map_err(|fault| fault.placed(start, end))?;
            }
            return Ok(value);
        }
        let tensor = match given.values.first() {
            Some(Value::Tensor(tensor)) => tensor.clone(),
            Some(Value::Unknown(name)) => return Err(unknown(name)),
            Some(other) if self.graph.is_some() && no_tensor(other).is_some() => {
                let what = no_tensor(other).unwrap_or_default();
                return Err(ReadingFault::new(ReadingCause::NotTensor)
                    .with("of", format!("nn.{}", class.name))
                    .with("what", what));
            }
            _ => return Ok(Value::Unknown(format!("{}()", class.name).into())),
        };
        let made = object.made.borrow().clone();
        let Some(made) = made else {
            return Err(self.without_forward(object));
        };
        let made_at = object.place.get().0;
        let output = self.layer(&class.name, &made, &tensor);
        output.map(Value::Tensor).map_err(|mut fault| {
            fault.made_at.get_or_insert(made_at);
            fault
        })
    }

    /// That a module has no `forward`: at what is called nearly so, or at its class.
    fn without_forward(&self, object: &Object<'a>) -> Box<ReadingFault> {
        let fault = ReadingFault::new(ReadingCause::Forward).with("of", &object.class.name);
        let Some((start, end)) = self.place_in(object, |name| near("forward", [name]).is_some())
        else {
            return fault;
        };
        fault.placed(start, end)
    }

    /// Where a class has a method of such a name, or else where the class itself is; nowhere if the text does not define it.
    pub(crate) fn place_in(
        &self,
        object: &Object<'a>,
        wanted: impl Fn(&str) -> bool,
    ) -> Option<(usize, usize)> {
        let mut classes = self.classes.iter();
        let (_, class) = classes.find(|(class, _)| Rc::ptr_eq(class, &object.class))?;
        let method = class.body.iter().find_map(|statement| match statement {
            Stmt::FunctionDef(method) if wanted(method.name.as_str()) => Some(&method.name),
            _ => None,
        });
        Some(place(method.unwrap_or(&class.name)))
    }

    /// What a layer of this name and these arguments makes of a tensor.
    pub(crate) fn layer(
        &mut self,
        name: &str,
        given: &Given<'a>,
        tensor: &Tensor,
    ) -> Outcome<Tensor> {
        let mut name = name;
        if let Some((_, other)) = TAKEN_AS.iter().find(|(from, _)| *from == name) {
            let remark = ReadingFault::new(ReadingCause::TakenAs)
                .with("name", name)
                .with("as", other);
            self.traced()?.remark(remark);
            name = other;
        }
        if let Some(signature) = signature(name) {
            return self.operation(&signature, given, tensor);
        }
        // One that learns what its input is from its input.
        if let Some(signature) = name.strip_prefix("Lazy").and_then(signature) {
            let axis = if signature.word == "fc" {
                tensor.sizes.len() - 1
            } else {
                1
            };
            let size = tensor.sizes.get(axis).copied().unwrap_or_default();
            let mut given = given.clone();
            given.values.insert(0, Value::Int(size));
            return self.operation(&signature, &given, tensor);
        }
        match name {
            "Identity" => Ok(tensor.clone()),
            "Conv1d" => self.channel_conv(given, tensor),
            "Flatten" => {
                let end = |at: usize, name: &str, usual: i64| {
                    given.get(at, name).map_or(Ok(usual), |value| value.int())
                };
                self.flattened(tensor, end(0, "start_dim", 1)?, end(1, "end_dim", -1)?)
            }
            "Softmax" | "LogSoftmax" | "Softmax2d" => self.last(
                if name == "LogSoftmax" {
                    "log_softmax"
                } else {
                    "softmax"
                },
                tensor,
            ),
            "AdaptiveMaxPool2d" => self.largest_of_parts(tensor, given),
            "ZeroPad2d" => {
                let sizes = given.get(0, "padding").unwrap_or(Value::None);
                self.bordered_by(tensor, &sizes)
            }
            _ => Err(ReadingFault::new(ReadingCause::Layer).with("name", format!("nn.{name}"))),
        }
    }

    /// An activation that is part of the loss.
    pub(crate) fn last(&mut self, name: &'static str, tensor: &Tensor) -> Outcome<Tensor> {
        let graph = self.traced()?;
        let shape = graph.nodes[tensor.node].shape;
        let made = graph.step(Step::Last(name), tensor, shape)?;
        Ok(Tensor {
            node: made.node,
            sizes: tensor.sizes.clone(),
        })
    }

    /// One of the playground's operations, by what PyTorch's is called with.
    pub(crate) fn called_layer(
        &mut self,
        name: &str,
        given: &Given<'a>,
        tensor: &Tensor,
    ) -> Option<Outcome<Tensor>> {
        let name = if name == "interpolate" {
            "upsample"
        } else {
            name
        };
        let signature = signature(name)
            .filter(|known| !["bn", "conv", "convt", "fc", "gn", "ln"].contains(&known.word))?;
        Some(self.operation(&signature, given, tensor))
    }
}
