//! PyTorch's names: what they stand for, and modules as objects.

use std::rc::Rc;

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::machine::Machine;
use crate::near::near;
use crate::refused::{is_function, is_in_nn};
use crate::tensor::Weight;
use crate::value::{Given, Object, Value};

/// Methods of modules that change nothing of what the network is.
const SAME: [&str; 16] = [
    "to",
    "cuda",
    "cpu",
    "eval",
    "train",
    "apply",
    "half",
    "float",
    "double",
    "requires_grad_",
    "zero_grad",
    "share_memory",
    "compile",
    "type",
    "register_forward_hook",
    "save_hyperparameters",
];
/// Methods that give modules, or take them.
const METHODS: [&str; 22] = [
    "modules",
    "children",
    "named_children",
    "named_modules",
    "parameters",
    "named_parameters",
    "state_dict",
    "load_state_dict",
    "register_buffer",
    "register_parameter",
    "add_module",
    "register_module",
    "append",
    "extend",
    "insert",
    "items",
    "keys",
    "values",
    "forward",
    "buffers",
    "__setattr__",
    "__getattr__",
];

impl<'a> Machine<'a> {
    /// An attribute of something that is known by its path.
    pub(crate) fn known_attribute(&mut self, path: &str, name: &str) -> Outcome<Value<'a>> {
        let below = format!("{path}.{name}");
        self.looked += usize::from(path.starts_with("torch.nn"));
        let is_upper = name.starts_with(|letter: char| letter.is_uppercase());
        Ok(match (path, name) {
            ("math", "pi") => Value::Float(std::f64::consts::PI),
            ("math", "inf") => Value::Float(f64::INFINITY),
            ("math" | "functools" | "collections" | "copy", _) => Value::known(below),
            ("torch.nn.functional", _) => {
                is_function(name)?;
                Value::known(below)
            }
            ("torch", "nn") => Value::known("torch.nn"),
            ("torch.nn", "modules") => Value::known("torch.nn.modules"),
            // Its parts are modules too: `nn.modules.conv.Conv2d`.
            ("torch.nn.modules", _) if !is_upper => Value::known("torch.nn.modules"),
            ("torch.nn", "functional") => Value::known(below),
            ("torch.nn", "init" | "utils" | "parallel" | "DataParallel") => {
                Value::Unknown(below.into())
            }
            ("torch.nn", "Parameter" | "parameter") => Value::known("torch.nn.Parameter"),
            ("torch.nn.Parameter", _) => Value::known("torch.nn.Parameter"),
            ("torch.nn" | "torch.nn.modules", _) if is_upper => {
                is_in_nn(name)?;
                Value::Class(self.torch_class(name, true))
            }
            ("torch.nn", _) => {
                is_in_nn(name)?;
                Value::Unknown(below.into())
            }
            (
                "torch",
                "optim" | "utils" | "cuda" | "device" | "backends" | "hub" | "jit" | "distributed"
                | "amp" | "no_grad",
            ) => Value::Unknown(below.into()),
            ("torch", _) => Value::known(below),
            _ => Value::Unknown(below.into()),
        })
    }

    /// Calls something that is known by its path.
    pub(crate) fn known(&mut self, path: &Rc<str>, mut given: Given<'a>) -> Outcome<Value<'a>> {
        if let Some(value) = self.builtin(path, &given)? {
            return Ok(value);
        }
        if let Some(name) = path.strip_prefix("class.") {
            // A constructor that is called by its class: `nn.Module.__init__(self)`.
            let object = match given.values.is_empty() {
                true => Value::None,
                false => given.values.remove(0),
            };
            return match (&object, name.split_once('.')) {
                (Value::Object(object), Some((_, "__init__"))) => {
                    let class = Rc::clone(&object.class);
                    self.initialize(&class, object, given)
                }
                (Value::Object(object), Some((_, method))) => {
                    self.module_method(object, method, given)
                }
                _ => Err(ReadingFault::new(ReadingCause::Language).with("what", path)),
            };
        }
        let name = path.rsplit('.').next().unwrap_or(path);
        if &**path == "torch.nn.Parameter" {
            self.objects += 1;
            return Ok(match given.get(0, "data") {
                Some(Value::Weight(weight)) => Value::Weight(Weight {
                    is_learned: true,
                    id: self.objects,
                    ..weight
                }),
                other => other.unwrap_or(Value::None),
            });
        }
        if path.starts_with("torch.nn.functional.") {
            is_function(name)?;
        } else if path.starts_with("torch.nn.")
            && name.starts_with(|letter: char| letter.is_uppercase())
        {
            is_in_nn(name)?;
            let class = self.torch_class(name, true);
            return self.call(&Value::Class(class), given);
        }
        if path.starts_with("torch") {
            let start = match name {
                "zeros" => Some(Some(0.0)),
                "ones" => Some(Some(1.0)),
                "randn" | "rand" | "empty" | "randint" => Some(None),
                "tensor" | "FloatTensor" | "Tensor" => match given.values.first() {
                    Some(value @ (Value::Int(_) | Value::Float(_))) => {
                        return Ok(Value::Weight(Weight {
                            sizes: vec![1],
                            start: value.number().ok(),
                            is_learned: false,
                            id: 0,
                        }));
                    }
                    _ => Some(None),
                },
                "full" => Some(
                    given
                        .get(1, "fill_value")
                        .and_then(|value| value.number().ok()),
                ),
                _ => None,
            };
            if let Some(start) = start {
                let sizes = match given.values.first() {
                    Some(sizes @ (Value::Tuple(_) | Value::List(_))) => self.iterate(sizes)?,
                    _ => given.values.clone(),
                };
                let sizes = sizes.iter().map_while(|size| size.int().ok()).collect();
                return Ok(Value::Weight(Weight {
                    sizes,
                    start,
                    is_learned: false,
                    id: 0,
                }));
            }
            return self.tensor_function(name, given);
        }
        Err(ReadingFault::new(ReadingCause::Layer).with("name", path))
    }

    /// What a module has besides what the text gave it.
    pub(crate) fn module_attribute(
        &mut self,
        object: &Rc<Object<'a>>,
        name: &str,
    ) -> Outcome<Value<'a>> {
        let value = Value::Object(Rc::clone(object));
        if SAME.contains(&name) || METHODS.contains(&name) {
            return Ok(Value::Method(Rc::new((value, name.into()))));
        }
        if name == "training" {
            return Ok(Value::Bool(true));
        }
        if name == "_modules" {
            let each = object.children().into_iter();
            let each = each.map(|(name, part)| (Value::Text(name), Value::Object(part)));
            return Ok(Value::dict(each.collect()));
        }
        if let Some(given) = &*object.made.borrow() {
            return Ok(self
                .argument(object, given, name)
                .unwrap_or_else(|| Value::Unknown(name.into())));
        }
        match object.class.is_torch {
            true => Ok(Value::Unknown(name.into())),
            false => {
                let mut known: Vec<Rc<str>> = Vec::new();
                let own = object.attributes.borrow();
                known.extend(own.0.iter().map(|(name, _)| Rc::clone(name)));
                for class in object.class.lineage() {
                    let attributes = class.attributes.borrow();
                    known.extend(attributes.0.iter().map(|(name, _)| Rc::clone(name)));
                }
                let known = known.iter().map(|name| &**name);
                let known = known.filter(|name| !name.starts_with("__"));
                Err(ReadingFault::new(ReadingCause::Attribute)
                    .with("name", name)
                    .with("of", &object.class.name)
                    .near(near(name, known)))
            }
        }
    }

    /// A method that modules have.
    pub(crate) fn module_method(
        &mut self,
        object: &Rc<Object<'a>>,
        name: &str,
        given: Given<'a>,
    ) -> Outcome<Value<'a>> {
        let children = object.children();
        let set = |name: &str, value: Option<Value<'a>>| {
            if let Some(value) = value {
                object.attributes.borrow_mut().set(name, value);
            }
            Value::None
        };
        let pair = |(name, part): (Rc<str>, Rc<Object<'a>>)| {
            Value::tuple(vec![Value::Text(name), Value::Object(part)])
        };
        Ok(match name {
            _ if SAME.contains(&name) => Value::Object(Rc::clone(object)),
            "children" | "values" => Value::list(
                children
                    .into_iter()
                    .map(|(_, part)| Value::Object(part))
                    .collect(),
            ),
            "named_children" | "items" => Value::list(children.into_iter().map(pair).collect()),
            "keys" => Value::list(
                children
                    .into_iter()
                    .map(|(name, _)| Value::Text(name))
                    .collect(),
            ),
            "modules" => Value::list(
                self.within(object)?
                    .into_iter()
                    .map(|(_, part)| Value::Object(part))
                    .collect(),
            ),
            "named_modules" => Value::list(self.within(object)?.into_iter().map(pair).collect()),
            "__getattr__" => match given.get(0, "name") {
                Some(Value::Text(name)) => {
                    self.attribute(&Value::Object(Rc::clone(object)), &name)?
                }
                _ => Value::None,
            },
            "add_module" | "register_module" | "__setattr__" => match given.get(0, "name") {
                Some(Value::Text(name)) => set(&name, given.get(1, "module")),
                _ => Value::None,
            },
            "register_parameter" | "register_buffer" => match given.get(0, "name") {
                Some(Value::Text(name)) => set(
                    &name,
                    given.get(1, "param").or_else(|| given.get(1, "tensor")),
                ),
                _ => Value::None,
            },
            "append" => set(&children.len().to_string(), given.get(0, "module")),
            "extend" => {
                let more = given.get(0, "modules").unwrap_or(Value::None);
                for (at, value) in self.iterate(&more)?.into_iter().enumerate() {
                    set(&(children.len() + at).to_string(), Some(value));
                }
                Value::None
            }
            "forward" => self.forward(object, given)?,
            _ => Value::Unknown(name.into()),
        })
    }

    /// A module and all within it, each once, with the names that lead there.
    pub(crate) fn within(
        &mut self,
        object: &Rc<Object<'a>>,
    ) -> Outcome<Vec<(Rc<str>, Rc<Object<'a>>)>> {
        let mut all: Vec<(Rc<str>, Rc<Object<'a>>)> = Vec::new();
        let mut left: Vec<(Rc<str>, Rc<Object<'a>>)> = vec![("".into(), Rc::clone(object))];
        let mut seen = std::collections::BTreeSet::new();
        while let Some((path, part)) = left.pop() {
            self.charge(1)?;
            if !seen.insert(part.id) {
                continue;
            }
            let children = part.children().into_iter().rev();
            left.extend(children.map(|(name, child)| {
                let path = if path.is_empty() {
                    name
                } else {
                    format!("{path}.{name}").into()
                };
                (path, child)
            }));
            all.push((path, part));
        }
        Ok(all)
    }
}
