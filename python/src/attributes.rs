//! Attributes, and what names, attributes and items are given.

use std::rc::Rc;

use ruff_python_ast::Expr;

use crate::fault::{Outcome, ReadingCause, ReadingFault, unfit};
use crate::machine::Machine;
use crate::value::{Access, Given, Scope, Value};

impl<'a> Machine<'a> {
    /// An attribute of a value.
    pub(crate) fn attribute(&mut self, value: &Value<'a>, name: &str) -> Outcome<Value<'a>> {
        self.charge(1)?;
        let missing = |of: &str| {
            ReadingFault::new(ReadingCause::Attribute)
                .with("name", name)
                .with("of", of)
        };
        match value {
            Value::Unknown(path) => Ok(self
                .setting_of(path, name)
                .unwrap_or_else(|| Value::unknown(format!("{path}.{name}")))),
            Value::Known(path) => self.known_attribute(path, name),
            Value::Class(class) => match class.get(name) {
                Some(Value::Function(function)) if function.access == Access::Class => Ok(
                    Value::Bound(Rc::new((value.clone(), Value::Function(function)))),
                ),
                Some(found) => Ok(found),
                None if name == "__name__" => Ok(Value::Text(Rc::clone(&class.name))),
                None if class.torch().is_some() => Ok(Value::known(format!(
                    "class.{}.{name}",
                    class
                        .torch()
                        .map_or_else(String::new, |class| class.name.to_string())
                ))),
                None => Err(missing(&class.name)),
            },
            Value::Object(object) => {
                if let Some(found) = object.attributes.borrow().get(name) {
                    return Ok(found);
                }
                if let Some(found) = object.class.get(name) {
                    return self.reached(value, found);
                }
                if name == "__class__" {
                    return Ok(Value::Class(Rc::clone(&object.class)));
                }
                match object.is_module() {
                    true => self.module_attribute(object, name),
                    false => Err(missing(&object.class.name)),
                }
            }
            Value::Super(above) => {
                let (class, object) = &**above;
                let lineage = match object {
                    Value::Object(object) => object.class.lineage(),
                    Value::Class(class) => class.lineage(),
                    _ => Vec::new(),
                };
                let mut behind = lineage
                    .into_iter()
                    .skip_while(|known| !Rc::ptr_eq(known, class))
                    .skip(1);
                let found = behind.find_map(|class| class.attributes.borrow().get(name));
                match found {
                    Some(found) => self.reached(object, found),
                    None => Ok(Value::Method(Rc::new((value.clone(), name.into())))),
                }
            }
            Value::Tensor(tensor) => match name {
                "shape" => Ok(Value::tuple(
                    tensor.sizes.iter().map(|size| Value::Int(*size)).collect(),
                )),
                "ndim" => Ok(Value::Int(tensor.sizes.len() as i64)),
                "device" | "dtype" | "requires_grad" => Ok(Value::Unknown(name.into())),
                "data" => Ok(value.clone()),
                _ => Ok(Value::Method(Rc::new((value.clone(), name.into())))),
            },
            Value::Weight(weight) => match name {
                "data" => Ok(value.clone()),
                "shape" => Ok(Value::tuple(
                    weight.sizes.iter().map(|size| Value::Int(*size)).collect(),
                )),
                _ => Ok(Value::Method(Rc::new((value.clone(), name.into())))),
            },
            Value::Function(function) if name == "__name__" => Ok(Value::text(function.name)),
            Value::Function(_)
            | Value::Bound(_)
            | Value::Method(_)
            | Value::Slice(_)
            | Value::Partial(_)
            | Value::None
            | Value::Int(_)
            | Value::Float(_)
            | Value::Bool(_) => Err(missing(value.kind())),
            _ => Ok(Value::Method(Rc::new((value.clone(), name.into())))),
        }
    }

    /// What is found in an object's class, as the object has it.
    pub(crate) fn reached(&mut self, object: &Value<'a>, found: Value<'a>) -> Outcome<Value<'a>> {
        match found {
            Value::Function(function) => match function.access {
                Access::Static => Ok(Value::Function(function)),
                Access::Property => {
                    self.call(&Value::Function(function), Given::of(vec![object.clone()]))
                }
                Access::Class => {
                    let class = match object {
                        Value::Object(object) => Value::Class(Rc::clone(&object.class)),
                        other => other.clone(),
                    };
                    Ok(Value::Bound(Rc::new((class, Value::Function(function)))))
                }
                Access::Method => Ok(Value::Bound(Rc::new((
                    object.clone(),
                    Value::Function(function),
                )))),
            },
            other => Ok(other),
        }
    }

    /// Gives a name, an attribute or an item a value.
    pub(crate) fn assign(
        &mut self,
        target: &'a Expr,
        value: Value<'a>,
        scope: &Rc<Scope<'a>>,
    ) -> Outcome<()> {
        self.charge(1)?;
        match target {
            Expr::Name(name) => scope.set(name.id.as_str(), value),
            Expr::Attribute(attribute) => {
                let object = self.value(&attribute.value, scope)?;
                match &object {
                    Value::Object(object) => {
                        object.may_hold(&value)?;
                        let mut attributes = object.attributes.borrow_mut();
                        attributes.set(attribute.attr.as_str(), value);
                    }
                    Value::Class(class) => class
                        .attributes
                        .borrow_mut()
                        .set(attribute.attr.as_str(), value),
                    _ => {}
                }
            }
            Expr::Subscript(subscript) => {
                let object = self.value(&subscript.value, scope)?;
                let at = self.value(&subscript.slice, scope)?;
                self.set_item(&object, at, value)?;
            }
            Expr::Starred(starred) => {
                return self.deeper(|machine| machine.assign(&starred.value, value, scope));
            }
            Expr::Tuple(_) | Expr::List(_) => {
                let targets = match target {
                    Expr::Tuple(tuple) => &tuple.elts,
                    Expr::List(list) => &list.elts,
                    _ => return Ok(()),
                };
                if let Value::Unknown(name) = &value {
                    for target in targets {
                        self.deeper(|machine| {
                            machine.assign(target, Value::Unknown(Rc::clone(name)), scope)
                        })?;
                    }
                    return Ok(());
                }
                let mut values = self.iterate(&value)?;
                let starred = targets.iter().position(Expr::is_starred_expr);
                if let Some(at) = starred.filter(|_| values.len() + 1 >= targets.len()) {
                    let end = values.len() + 1 + at - targets.len();
                    let middle = Value::list(values[at..end].to_vec());
                    values.splice(at..end, [middle]);
                }
                if values.len() != targets.len() {
                    return unfit(format!("{} ← {}", targets.len(), values.len()));
                }
                for (target, value) in targets.iter().zip(values) {
                    self.deeper(|machine| machine.assign(target, value, scope))?;
                }
            }
            _ => return unfit("="),
        }
        Ok(())
    }
}
