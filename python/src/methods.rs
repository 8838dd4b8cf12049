//! Methods of texts, lists, dictionaries and of what is known by its kind alone.

use std::rc::Rc;

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::machine::Machine;
use crate::value::{Given, Value, unknown};

impl<'a> Machine<'a> {
    /// A method of a text, a list, a dictionary or a set.
    pub(crate) fn plain_method(
        &mut self,
        value: &Value<'a>,
        name: &str,
        given: &Given<'a>,
    ) -> Outcome<Value<'a>> {
        let missing = || {
            ReadingFault::new(ReadingCause::Attribute)
                .with("name", name)
                .with("of", value.kind())
        };
        let first = given.values.first().cloned();
        Ok(match (value, name) {
            (Value::List(values), "append") => {
                values.borrow_mut().push(first.ok_or_else(missing)?);
                Value::None
            }
            (Value::List(values), "extend") => {
                let more = self.iterate(&first.ok_or_else(missing)?)?;
                values.borrow_mut().extend(more);
                Value::None
            }
            (Value::List(values), "insert") => {
                let at = first.ok_or_else(missing)?.int()?;
                let value = given.get(1, "").ok_or_else(missing)?;
                let length = values.borrow().len();
                self.charge(length / 64)?;
                let mut values = values.borrow_mut();
                let at = if at < 0 { at + length as i64 } else { at };
                values.insert(usize::try_from(at).unwrap_or_default().min(length), value);
                Value::None
            }
            (Value::List(values), "pop") => {
                let length = values.borrow().len() as i64;
                self.charge(length as usize / 64)?;
                let at = first.map_or(Ok(-1), |at| at.int())?;
                let at = if at < 0 { at + length } else { at };
                match (0..length).contains(&at) {
                    true => values.borrow_mut().remove(at as usize),
                    false => return Err(ReadingFault::new(ReadingCause::Missing).with("key", at)),
                }
            }
            (Value::List(values), "reverse") => {
                self.charge(values.borrow().len())?;
                values.borrow_mut().reverse();
                Value::None
            }
            (Value::List(_), "copy") => Value::list(self.iterate(value)?),
            (Value::List(_) | Value::Tuple(_), "index" | "count") => {
                let wanted = first.ok_or_else(missing)?;
                let values = self.iterate(value)?;
                let found = values.iter().position(|value| value.equals(&wanted));
                match (name, found) {
                    ("count", _) => Value::Int(
                        values.iter().filter(|value| value.equals(&wanted)).count() as i64,
                    ),
                    (_, Some(at)) => Value::Int(at as i64),
                    _ => {
                        return Err(ReadingFault::new(ReadingCause::Missing)
                            .with("key", self.shown(&wanted, true)?));
                    }
                }
            }
            (Value::Dict(items), "items") => {
                self.charge(items.borrow().len())?;
                Value::list(
                    items
                        .borrow()
                        .iter()
                        .map(|(key, value)| Value::tuple(vec![key.clone(), value.clone()]))
                        .collect(),
                )
            }
            (Value::Dict(_), "keys") => Value::list(self.iterate(value)?),
            (Value::Dict(items), "values") => {
                self.charge(items.borrow().len())?;
                Value::list(
                    items
                        .borrow()
                        .iter()
                        .map(|(_, value)| value.clone())
                        .collect(),
                )
            }
            (Value::Dict(_), "get" | "pop" | "setdefault") => {
                let key = first.ok_or_else(missing)?;
                match (self.item(value, &key), given.get(1, "")) {
                    (Ok(found), _) => found,
                    (Err(_), usual) => usual.unwrap_or(Value::None),
                }
            }
            (Value::Dict(_), "update") => {
                if let Some(more) = &first {
                    self.update(value, more)?;
                }
                for (name, more) in &given.named {
                    self.set_item(value, Value::Text(Rc::clone(name)), more.clone())?;
                }
                Value::None
            }
            (Value::Set(values), "add") => {
                let more = first.ok_or_else(missing)?;
                self.charge(values.borrow().len())?;
                let is_in = values.borrow().iter().any(|known| known.equals(&more));
                if !is_in {
                    values.borrow_mut().push(more);
                }
                Value::None
            }
            (Value::Text(text), _) => self.text_method(text, name, given)?.ok_or_else(missing)?,
            _ => return Err(missing()),
        })
    }

    pub(crate) fn text_method(
        &mut self,
        text: &Rc<str>,
        name: &str,
        given: &Given<'a>,
    ) -> Outcome<Option<Value<'a>>> {
        self.charge(text.len() / 8)?;
        let argument = |at: usize| match given.values.get(at) {
            Some(Value::Text(text)) => Some(Rc::clone(text)),
            _ => None,
        };
        Ok(Some(match (name, argument(0)) {
            ("lower", _) => Value::text(text.to_lowercase()),
            ("upper", _) => Value::text(text.to_uppercase()),
            ("strip", _) => Value::text(text.trim()),
            ("startswith", Some(part)) => Value::Bool(text.starts_with(&*part)),
            ("endswith", Some(part)) => Value::Bool(text.ends_with(&*part)),
            ("replace", Some(from)) if !from.is_empty() => {
                let to = argument(1).unwrap_or_default();
                self.charge(text.matches(&*from).count().saturating_mul(to.len()))?;
                Value::text(text.replace(&*from, &to))
            }
            ("split", Some(at)) if !at.is_empty() => {
                Value::list(text.split(&*at).map(Value::text).collect())
            }
            ("split", None) => Value::list(text.split_whitespace().map(Value::text).collect()),
            ("isdigit", _) => {
                Value::Bool(!text.is_empty() && text.bytes().all(|letter| letter.is_ascii_digit()))
            }
            ("join", _) => {
                let values = given.values.first().cloned().unwrap_or(Value::None);
                let parts: Outcome<Vec<_>> = self
                    .iterate(&values)?
                    .iter()
                    .map(|value| self.shown(value, false))
                    .collect();
                let parts = parts?;
                self.charge(
                    parts.iter().map(String::len).sum::<usize>() + parts.len() * text.len(),
                )?;
                Value::text(parts.join(text))
            }
            ("format", _) => {
                let mut made = String::new();
                let mut values = given.values.iter();
                let mut rest = &**text;
                while let Some((before, behind)) = rest.split_once('{') {
                    made += before;
                    let (field, after) = behind.split_once('}').unwrap_or((behind, ""));
                    let field = field.split(':').next().unwrap_or_default();
                    let value = match field.parse::<usize>() {
                        Ok(at) => given.values.get(at).cloned(),
                        Err(_) => given.named(field).or_else(|| values.next().cloned()),
                    };
                    made += &self.shown(&value.unwrap_or(Value::None), false)?;
                    self.charge(made.len() / 8)?;
                    rest = after;
                }
                Value::text(made + rest)
            }
            _ => return Ok(None),
        }))
    }

    /// A method of a value that is none of the text's own objects.
    pub(crate) fn method(
        &mut self,
        value: &Value<'a>,
        name: &str,
        given: Given<'a>,
    ) -> Outcome<Value<'a>> {
        match value {
            Value::Tensor(_) => {
                let mut given = given;
                given.values.insert(0, value.clone());
                self.tensor_function(name, given)
            }
            Value::Weight(_) => Ok(value.clone()),
            Value::Object(object) => self.module_method(object, name, given),
            Value::Super(above) => {
                let (class, object) = &**above;
                match (object, name) {
                    (Value::Object(object), "__init__") => self.initialize(class, object, given),
                    (Value::Object(object), "forward") => self.torch_forward(object, given),
                    (Value::Object(object), _) if object.is_module() => {
                        self.module_method(object, name, given)
                    }
                    _ => Err(ReadingFault::new(ReadingCause::Attribute)
                        .with("name", name)
                        .with("of", &class.name)),
                }
            }
            Value::Unknown(name) => Err(unknown(name)),
            _ => self.plain_method(value, name, &given),
        }
    }
}
