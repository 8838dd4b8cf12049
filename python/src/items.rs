//! Operators, items, slices, and how values are written.

use std::cell::RefCell;
use std::rc::Rc;

use crate::fault::{Outcome, ReadingCause, ReadingFault, unfit};
use crate::machine::Machine;
use crate::tensor::Tensor;
use crate::value::{Value, unknown};

impl<'a> Machine<'a> {
    /// The values that a loop goes through.
    pub(crate) fn iterate(&mut self, value: &Value<'a>) -> Outcome<Vec<Value<'a>>> {
        if let Value::Object(object) = value
            && let Some(class) = object.class.torch()
        {
            let is_named = &*class.name == "ModuleDict";
            let each = object.children().into_iter();
            return Ok(each
                .map(|(name, part)| {
                    if is_named {
                        Value::Text(name)
                    } else {
                        Value::Object(part)
                    }
                })
                .collect());
        }
        if let Value::Unknown(name) = value {
            return Err(unknown(name));
        }
        let values = match value.values() {
            Some(values) => values,
            None => return unfit(format!("for … in {}", value.kind())),
        };
        self.charge(values.len())?;
        Ok(values)
    }

    /// A value as text; within a list texts have quotes.
    pub(crate) fn shown(&mut self, value: &Value<'a>, quoted: bool) -> Outcome<String> {
        self.charge(1)?;
        self.deeper(|machine| {
            let mut several = |values: &[Value<'a>], open: &str, close: &str| {
                let each: Outcome<Vec<_>> = values
                    .iter()
                    .map(|value| machine.shown(value, true))
                    .collect();
                Ok::<_, Box<ReadingFault>>(format!("{open}{}{close}", each?.join(", ")))
            };
            Ok(match value {
                Value::None => "None".to_owned(),
                Value::Bool(true) => "True".to_owned(),
                Value::Bool(false) => "False".to_owned(),
                Value::Int(value) => value.to_string(),
                Value::Float(value) => format!("{value:?}"),
                Value::Text(text) if quoted => format!("'{text}'"),
                Value::Text(text) => text.to_string(),
                Value::List(values) => several(&values.borrow(), "[", "]")?,
                Value::Tuple(values) => several(values, "(", ")")?,
                Value::Unknown(name) => name.to_string(),
                Value::Known(path) => path.to_string(),
                Value::Object(object) => object.class.name.to_string(),
                Value::Class(class) => class.name.to_string(),
                Value::Function(function) => function.name.to_owned(),
                other => other.kind().to_owned(),
            })
        })
    }

    /// `value[at]`.
    pub(crate) fn item(&mut self, value: &Value<'a>, at: &Value<'a>) -> Outcome<Value<'a>> {
        self.charge(1)?;
        if let Value::Slice(slice) = at {
            let made = match value {
                Value::List(_) | Value::Tuple(_) | Value::Text(_) => {
                    let all = value.values().unwrap_or_default();
                    let part = self.slice(&all, slice)?;
                    match value {
                        Value::List(_) => Value::list(part),
                        Value::Tuple(_) => Value::tuple(part),
                        _ => {
                            let letters: Outcome<Vec<_>> = part
                                .iter()
                                .map(|letter| self.shown(letter, false))
                                .collect();
                            Value::text(letters?.concat())
                        }
                    }
                }
                Value::Object(object) if object.is_module() => {
                    let parts: Vec<_> = object
                        .children()
                        .into_iter()
                        .map(|(_, part)| Value::Object(part))
                        .collect();
                    let part = self.slice(&parts, slice)?;
                    let class = self.torch_class("Sequential", true);
                    self.call(&Value::Class(class), crate::value::Given::of(part))?
                }
                Value::Unknown(name) => Value::Unknown(Rc::clone(name)),
                Value::Tensor(tensor) => self.tensor_item(tensor, std::slice::from_ref(at))?,
                other => return unfit(format!("{}[:]", other.kind())),
            };
            return Ok(made);
        }
        match value {
            Value::List(values) => pick(&values.borrow(), at),
            Value::Tuple(values) => pick(values, at),
            Value::Text(text) => {
                self.charge(text.len())?;
                pick(&value.values().unwrap_or_default(), at)
            }
            Value::Dict(items) => {
                self.charge(items.borrow().len())?;
                let items = items.borrow();
                let found = items.iter().find(|(key, _)| key.equals(at));
                match found {
                    Some((_, value)) => Ok(value.clone()),
                    None => {
                        Err(ReadingFault::new(ReadingCause::Missing)
                            .with("key", self.shown(at, true)?))
                    }
                }
            }
            Value::Object(object)
                if object
                    .class
                    .torch()
                    .is_some_and(|class| &*class.name == "ParameterList") =>
            {
                let attributes = object.attributes.borrow();
                let values = attributes.0.iter().map(|(_, value)| value.clone());
                pick(&values.collect::<Vec<_>>(), at)
            }
            Value::Object(object) if object.is_module() => {
                let children = object.children();
                if let Value::Text(name) = at {
                    let found = children.into_iter().find(|(known, _)| known == name);
                    let found = found.map(|(_, part)| Value::Object(part));
                    return found
                        .ok_or_else(|| ReadingFault::new(ReadingCause::Missing).with("key", name));
                }
                let parts: Vec<_> = children
                    .into_iter()
                    .map(|(_, part)| Value::Object(part))
                    .collect();
                pick(&parts, at)
            }
            Value::Tensor(tensor) => match at {
                Value::Tuple(parts) => self.tensor_item(tensor, parts),
                one => self.tensor_item(tensor, std::slice::from_ref(one)),
            },
            Value::Unknown(name) => Ok(Value::unknown(format!("{name}[]"))),
            // As in an annotation: `List[int]`.
            Value::Known(_) | Value::Class(_) => Ok(value.clone()),
            other => unfit(format!("{}[]", other.kind())),
        }
    }

    fn slice(&mut self, all: &[Value<'a>], slice: &[Value<'a>; 3]) -> Outcome<Vec<Value<'a>>> {
        let step = match &slice[2] {
            Value::None => 1,
            step => step.int()?,
        };
        self.charge(all.len())?;
        let length = all.len() as i64;
        let bound = |value: &Value<'a>, usual: i64, most: i64| match value {
            Value::None => Ok(usual),
            value => {
                let value = value.int()?;
                let value = if value < 0 {
                    value.saturating_add(length)
                } else {
                    value
                };
                Ok::<_, Box<ReadingFault>>(value.clamp(if step < 0 { -1 } else { 0 }, most))
            }
        };
        let mut part = Vec::new();
        if step > 0 {
            let (mut at, end) = (
                bound(&slice[0], 0, length)?,
                bound(&slice[1], length, length)?,
            );
            while at < end {
                part.push(all[at as usize].clone());
                at = at.saturating_add(step);
            }
        } else if step < 0 {
            let (mut at, end) = (
                bound(&slice[0], length - 1, length - 1)?,
                bound(&slice[1], -1, length - 1)?,
            );
            while at > end {
                part.push(all[at as usize].clone());
                at = at.saturating_add(step);
            }
        } else {
            return unfit("[::0]");
        }
        Ok(part)
    }

    /// `object[at] = value`.
    pub(crate) fn set_item(
        &mut self,
        object: &Value<'a>,
        at: Value<'a>,
        value: Value<'a>,
    ) -> Outcome<()> {
        match object {
            Value::List(values) => {
                let mut values = values.borrow_mut();
                let length = values.len() as i64;
                let at = at.int()?;
                let at = if at < 0 { at + length } else { at };
                match usize::try_from(at).ok().and_then(|at| values.get_mut(at)) {
                    Some(place) => *place = value,
                    None => return Err(ReadingFault::new(ReadingCause::Missing).with("key", at)),
                }
            }
            Value::Dict(items) => {
                self.charge(items.borrow().len())?;
                let mut items = items.borrow_mut();
                match items.iter_mut().find(|(key, _)| key.equals(&at)) {
                    Some((_, place)) => *place = value,
                    None => items.push((at, value)),
                }
            }
            Value::Object(object) if object.is_module() => {
                let name = self.shown(&at, false)?;
                object.attributes.borrow_mut().set(&name, value);
            }
            Value::Tensor(_) => {
                return Err(ReadingFault::new(ReadingCause::Operation).with("what", "x[…] ="));
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes all items of one dictionary into another.
    pub(crate) fn update(&mut self, object: &Value<'a>, more: &Value<'a>) -> Outcome<()> {
        let items = match more {
            Value::Dict(items) => items.borrow().to_vec(),
            other => {
                let pairs = self.iterate(other)?;
                let pairs = pairs.iter().map(|pair| match pair.values().as_deref() {
                    Some([key, value]) => Ok((key.clone(), value.clone())),
                    _ => unfit("dict"),
                });
                pairs.collect::<Outcome<Vec<_>>>()?
            }
        };
        for (key, value) in items {
            self.set_item(object, key, value)?;
        }
        Ok(())
    }

    /// A set of these.
    pub(crate) fn set_of(&mut self, values: Vec<Value<'a>>) -> Outcome<Value<'a>> {
        let mut kept: Vec<Value<'a>> = Vec::new();
        for value in values {
            self.charge(1 + kept.len())?;
            if !kept.iter().any(|known| known.equals(&value)) {
                kept.push(value);
            }
        }
        Ok(Value::Set(Rc::new(RefCell::new(kept.into()))))
    }

    /// The size of a tensor along this axis, which may be counted from the end.
    pub(crate) fn axis(tensor: &Tensor, axis: i64) -> Outcome<usize> {
        let rank = tensor.sizes.len() as i64;
        let at = if axis < 0 { axis + rank } else { axis };
        match (0..rank).contains(&at) {
            true => Ok(at as usize),
            false => unfit(format!("dim={axis}")),
        }
    }
}

fn pick<'a>(values: &[Value<'a>], at: &Value<'a>) -> Outcome<Value<'a>> {
    let at = at.int()?;
    let place = if at < 0 { at + values.len() as i64 } else { at };
    let found = usize::try_from(place).ok().and_then(|at| values.get(at));
    found
        .cloned()
        .ok_or_else(|| ReadingFault::new(ReadingCause::Missing).with("key", at))
}
