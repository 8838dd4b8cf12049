//! What Python has by itself: functions, and methods of texts, lists and dictionaries.

use std::rc::Rc;

use crate::fault::{Outcome, ReadingCause, ReadingFault, unfit};
use crate::machine::Machine;
use crate::value::{Given, Value};

/// Names that stand for something without being defined.
pub(crate) const NAMES: [&str; 38] = [
    "print",
    "len",
    "range",
    "enumerate",
    "zip",
    "min",
    "max",
    "sum",
    "abs",
    "int",
    "float",
    "str",
    "bool",
    "list",
    "tuple",
    "dict",
    "set",
    "isinstance",
    "issubclass",
    "type",
    "object",
    "reversed",
    "sorted",
    "any",
    "all",
    "map",
    "filter",
    "round",
    "super",
    "getattr",
    "setattr",
    "hasattr",
    "callable",
    "divmod",
    "pow",
    "repr",
    "id",
    "iter",
];

impl<'a> Machine<'a> {
    /// One of Python's functions; nothing if there is none of this name.
    pub(crate) fn builtin(&mut self, name: &str, given: &Given<'a>) -> Outcome<Option<Value<'a>>> {
        let missing = || {
            ReadingFault::new(ReadingCause::Argument)
                .with("name", "")
                .with("of", name)
        };
        let first = given.values.first().cloned();
        let one = || first.clone().ok_or_else(missing);
        if let (Some(Value::Unknown(path)), "len") = (&first, name)
            && let Some(classes) = self.classes_of(path)
        {
            return Ok(Some(Value::Int(classes)));
        }
        // What is made of something unknown is as unknown, but for what asks of its kind.
        if let Some(Value::Unknown(path)) = given
            .values
            .iter()
            .find(|value| matches!(value, Value::Unknown(_)))
            && ![
                "isinstance",
                "print",
                "getattr",
                "hasattr",
                "dict",
                "type",
                "setattr",
            ]
            .contains(&name)
        {
            return Ok(Some(Value::Unknown(Rc::clone(path))));
        }
        Ok(Some(match name {
            "print" => Value::None,
            "setattr" => {
                if let (Some(Value::Object(object)), Some(Value::Text(name)), Some(value)) =
                    (given.get(0, ""), given.get(1, ""), given.get(2, ""))
                {
                    self.charge(object.attributes.borrow().0.len())?;
                    object.attributes.borrow_mut().set(&name, value);
                }
                Value::None
            }
            "getattr" => {
                let (object, name) = (one()?, given.get(1, ""));
                let Some(Value::Text(name)) = name else {
                    return Err(missing());
                };
                match (self.attribute(&object, &name), given.get(2, "")) {
                    (Err(_), Some(usual)) => usual,
                    (found, _) => found?,
                }
            }
            "hasattr" => {
                let (object, name) = (one()?, given.get(1, ""));
                let Some(Value::Text(name)) = name else {
                    return Err(missing());
                };
                let found = match &object {
                    Value::Object(object) => {
                        object.attributes.borrow().get(&name).is_some()
                            || object.class.get(&name).is_some()
                    }
                    other => self.attribute(other, &name).is_ok(),
                };
                Value::Bool(found)
            }
            "callable" => Value::Bool(matches!(
                one()?,
                Value::Function(_)
                    | Value::Class(_)
                    | Value::Bound(_)
                    | Value::Partial(_)
                    | Value::Known(_)
            )),
            "len" => match one()? {
                Value::Object(object) if object.is_module() => {
                    Value::Int(object.children().len() as i64)
                }
                value => Value::Int(self.iterate(&value)?.len() as i64),
            },
            "range" => {
                let numbers: Outcome<Vec<_>> = given.values.iter().map(Value::int).collect();
                let (from, to, step) = match numbers?[..] {
                    [to] => (0, to, 1),
                    [from, to] => (from, to, 1),
                    [from, to, step] if step != 0 => (from, to, step),
                    _ => return Err(missing()),
                };
                let count = ((i128::from(to) - i128::from(from) + i128::from(step)
                    - i128::from(step.signum()))
                    / i128::from(step))
                .max(0);
                self.charge(usize::try_from(count).unwrap_or(usize::MAX))?;
                Value::list(
                    (0..count as i64)
                        .map(|at| Value::Int(from + at * step))
                        .collect(),
                )
            }
            "enumerate" => {
                let start = given.get(1, "start").map_or(Ok(0), |start| start.int())?;
                let values = self.iterate(&one()?)?;
                Value::list(
                    values
                        .into_iter()
                        .zip(start..)
                        .map(|(value, at)| Value::tuple(vec![Value::Int(at), value]))
                        .collect(),
                )
            }
            "zip" => {
                let lists: Outcome<Vec<_>> =
                    given.values.iter().map(|list| self.iterate(list)).collect();
                let lists = lists?;
                let shortest = lists.iter().map(Vec::len).min().unwrap_or_default();
                Value::list(
                    (0..shortest)
                        .map(|at| Value::tuple(lists.iter().map(|list| list[at].clone()).collect()))
                        .collect(),
                )
            }
            "map" | "filter" => {
                let function = one()?;
                let values = given.get(1, "").ok_or_else(missing)?;
                let mut made = Vec::new();
                for value in self.iterate(&values)? {
                    let result = self.call(&function, Given::of(vec![value.clone()]))?;
                    match name {
                        "map" => made.push(result),
                        _ if self.is_true(&result)? => made.push(value),
                        _ => {}
                    }
                }
                Value::list(made)
            }
            "min" | "max" => {
                let values = match given.values.len() {
                    1 => self.iterate(&one()?)?,
                    _ => given.values.clone(),
                };
                let mut best: Option<Value<'a>> = None;
                for value in values {
                    let better = match &best {
                        None => true,
                        Some(best) => {
                            let order = self.order(&value, best)?;
                            if name == "min" {
                                order.is_lt()
                            } else {
                                order.is_gt()
                            }
                        }
                    };
                    if better {
                        best = Some(value);
                    }
                }
                best.ok_or_else(missing)?
            }
            "sum" => {
                let mut values = self.iterate(&one()?)?.into_iter();
                let mut all = match given.get(1, "start") {
                    Some(start) => start,
                    None => values.next().unwrap_or(Value::Int(0)),
                };
                for value in values {
                    all = self.binary(ruff_python_ast::Operator::Add, all, value)?;
                }
                all
            }
            "any" | "all" => {
                let mut found = name == "all";
                for value in self.iterate(&one()?)? {
                    let is_true = self.is_true(&value)?;
                    found = if name == "all" {
                        found && is_true
                    } else {
                        found || is_true
                    };
                }
                Value::Bool(found)
            }
            "abs" => match one()? {
                Value::Float(value) => Value::Float(value.abs()),
                value => Value::Int(value.int()?.saturating_abs()),
            },
            "int" => match first {
                None => Value::Int(0),
                Some(Value::Float(value)) if value.is_finite() => Value::Int(value as i64),
                Some(Value::Text(text)) => {
                    let number = text.trim().parse();
                    Value::Int(number.or_else(|_| unfit(format!("int('{text}')")))?)
                }
                Some(value) => Value::Int(value.int()?),
            },
            "float" => match one()? {
                Value::Text(text) => Value::Float(text.trim().parse().or_else(|_| unfit("float"))?),
                value => Value::Float(value.number()?),
            },
            "round" => match (one()?, given.get(1, "")) {
                (Value::Float(value), None) => Value::Int(value.round_ties_even() as i64),
                (value, _) => value,
            },
            "pow" => self.binary(
                ruff_python_ast::Operator::Pow,
                one()?,
                given.get(1, "").ok_or_else(missing)?,
            )?,
            "divmod" => {
                let other = given.get(1, "").ok_or_else(missing)?;
                let times =
                    self.binary(ruff_python_ast::Operator::FloorDiv, one()?, other.clone())?;
                Value::tuple(vec![
                    times,
                    self.binary(ruff_python_ast::Operator::Mod, one()?, other)?,
                ])
            }
            "str" | "repr" => {
                let text = first
                    .map(|value| self.shown(&value, name == "repr"))
                    .transpose()?;
                Value::text(text.unwrap_or_default())
            }
            "bool" => Value::Bool(
                first
                    .map(|value| self.is_true(&value))
                    .transpose()?
                    .unwrap_or(false),
            ),
            "list" | "tuple" | "set" | "reversed" | "sorted" | "iter" => {
                let mut values = first
                    .map(|value| self.iterate(&value))
                    .transpose()?
                    .unwrap_or_default();
                match name {
                    "reversed" => values.reverse(),
                    "sorted" => {
                        let mut fault = None;
                        values.sort_by(|a, b| {
                            self.order(a, b).unwrap_or_else(|problem| {
                                fault = Some(problem);
                                std::cmp::Ordering::Equal
                            })
                        });
                        if let Some(fault) = fault {
                            return Err(fault);
                        }
                        if let Some(Value::Bool(true)) = given.named("reverse") {
                            values.reverse();
                        }
                    }
                    _ => {}
                }
                match name {
                    "tuple" => Value::tuple(values),
                    "set" => self.set_of(values)?,
                    _ => Value::list(values),
                }
            }
            "dict" | "collections.OrderedDict" => {
                let made = Value::Dict(Rc::default());
                if let Some(items) = first {
                    self.update(&made, &items)?;
                }
                for (name, value) in &given.named {
                    self.set_item(&made, Value::Text(Rc::clone(name)), value.clone())?;
                }
                made
            }
            "isinstance" | "issubclass" => {
                Value::Bool(self.is_instance(&one()?, &given.get(1, "").ok_or_else(missing)?)?)
            }
            "type" => match one()? {
                Value::Object(object) => Value::Class(Rc::clone(&object.class)),
                value => Value::known(value.kind()),
            },
            "id" => Value::Int(match one()? {
                Value::Object(object) => object.id as i64,
                _ => 0,
            }),
            "object" => Value::Unknown("object()".into()),
            _ if name.starts_with("math.") => self.mathematics(&name[5..], given)?,
            "functools.partial" => {
                let mut more = given.clone();
                if more.values.is_empty() {
                    return Err(missing());
                }
                match more.values.remove(0) {
                    Value::Partial(inner) => {
                        let mut all = inner.1.clone();
                        all.values.append(&mut more.values);
                        for (name, value) in more.named {
                            all.named.retain(|(known, _)| *known != name);
                            all.named.push((name, value));
                        }
                        self.charge(all.values.len() + all.named.len())?;
                        Value::Partial(Rc::new((inner.0.clone(), all)))
                    }
                    function => Value::Partial(Rc::new((function, more))),
                }
            }
            "functools.reduce" => {
                let values = given.get(1, "").ok_or_else(missing)?;
                let mut values = self.iterate(&values)?.into_iter();
                let start = given.get(2, "").or_else(|| values.next());
                let mut all = start.ok_or_else(missing)?;
                for value in values {
                    all = self.call(&one()?, Given::of(vec![all, value]))?;
                }
                all
            }
            "copy.copy" => one()?,
            "copy.deepcopy" => match one()? {
                value @ (Value::Object(_) | Value::Dict(_)) => {
                    return Err(ReadingFault::new(ReadingCause::Language)
                        .with("what", format!("deepcopy({})", value.kind())));
                }
                Value::List(values) => Value::list(values.borrow().to_vec()),
                value => value,
            },
            _ => return Ok(None),
        }))
    }
}
