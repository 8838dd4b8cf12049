//! Expressions.

use std::rc::Rc;

use ruff_python_ast::{
    Arguments, BoolOp, Comprehension, Expr, ExprCall, ExprFString, FStringPart,
    InterpolatedStringElement, Number, UnaryOp,
};

use crate::fault::{Outcome, ReadingCause, ReadingFault, unfit};
use crate::machine::Machine;
use crate::near::near;
use crate::source::place;
use crate::value::{Access, Body, Given, Scope, Value, unknown};

impl<'a> Machine<'a> {
    /// The value of an expression.
    pub(crate) fn value(
        &mut self,
        expression: &'a Expr,
        scope: &Rc<Scope<'a>>,
    ) -> Outcome<Value<'a>> {
        self.charge(1)?;
        let value = self.deeper(|machine| machine.evaluated(expression, scope));
        value.map_err(|fault| {
            let (start, end) = place(expression);
            fault.placed(start, end)
        })
    }

    fn evaluated(&mut self, expression: &'a Expr, scope: &Rc<Scope<'a>>) -> Outcome<Value<'a>> {
        Ok(match expression {
            Expr::NoneLiteral(_) => Value::None,
            Expr::EllipsisLiteral(_) => Value::Ellipsis,
            Expr::BooleanLiteral(literal) => Value::Bool(literal.value),
            Expr::NumberLiteral(literal) => {
                match &literal.value {
                    Number::Int(value) => {
                        let value = value.as_i64();
                        Value::Int(value.ok_or_else(|| {
                            ReadingFault::new(ReadingCause::Type).with("what", "int")
                        })?)
                    }
                    Number::Float(value) => Value::Float(*value),
                    Number::Complex { .. } => return unfit("complex"),
                }
            }
            Expr::StringLiteral(literal) => Value::text(literal.value.to_str()),
            Expr::FString(text) => self.formatted(text, scope)?,
            Expr::Name(name) => self.name(name.id.as_str(), scope)?,
            Expr::Attribute(attribute) => {
                let value = self.value(&attribute.value, scope)?;
                self.attribute(&value, attribute.attr.as_str())?
            }
            Expr::Subscript(subscript) => {
                let value = self.value(&subscript.value, scope)?;
                let at = self.value(&subscript.slice, scope)?;
                self.item(&value, &at)?
            }
            Expr::Slice(slice) => {
                let mut part = |part: &'a Option<Box<Expr>>| {
                    let part = part.as_ref().map(|part| self.value(part, scope));
                    Ok::<_, Box<ReadingFault>>(part.transpose()?.unwrap_or(Value::None))
                };
                Value::Slice(Rc::new([
                    part(&slice.lower)?,
                    part(&slice.upper)?,
                    part(&slice.step)?,
                ]))
            }
            Expr::List(list) => Value::list(self.several(&list.elts, scope)?),
            Expr::Tuple(tuple) => Value::tuple(self.several(&tuple.elts, scope)?),
            Expr::Set(set) => {
                let values = self.several(&set.elts, scope)?;
                self.set_of(values)?
            }
            Expr::Dict(dict) => {
                let made = Value::Dict(Rc::default());
                for item in &dict.items {
                    let value = self.value(&item.value, scope)?;
                    match &item.key {
                        Some(key) => {
                            let key = self.value(key, scope)?;
                            self.set_item(&made, key, value)?;
                        }
                        None => self.update(&made, &value)?,
                    }
                }
                made
            }
            Expr::BinOp(operation) => {
                let left = self.value(&operation.left, scope)?;
                let right = self.value(&operation.right, scope)?;
                self.traced_at(place(expression), |machine| {
                    machine.binary(operation.op, left, right)
                })?
            }
            Expr::UnaryOp(operation) => {
                let value = self.value(&operation.operand, scope)?;
                match (operation.op, value) {
                    (UnaryOp::Not, Value::Unknown(name)) => Value::Unknown(name),
                    (UnaryOp::Not, value) => Value::Bool(!self.is_true(&value)?),
                    (UnaryOp::USub, Value::Float(value)) => Value::Float(-value),
                    (UnaryOp::USub, Value::Unknown(name)) => Value::Unknown(name),
                    (UnaryOp::USub, Value::Tensor(_)) => {
                        return Err(ReadingFault::new(ReadingCause::Operation).with("what", "-x"));
                    }
                    (UnaryOp::USub, value) => {
                        let value = value.int()?.checked_neg();
                        Value::Int(value.ok_or_else(|| {
                            ReadingFault::new(ReadingCause::Type).with("what", "int")
                        })?)
                    }
                    (UnaryOp::UAdd, value) => value,
                    (UnaryOp::Invert, value) => Value::Int(!value.int()?),
                }
            }
            Expr::BoolOp(operation) => {
                let mut value = Value::None;
                for part in &operation.values {
                    value = self.value(part, scope)?;
                    if matches!(value, Value::Unknown(_)) {
                        break;
                    }
                    if self.is_true(&value)? == (operation.op == BoolOp::Or) {
                        break;
                    }
                }
                value
            }
            Expr::Compare(compare) => {
                let mut left = self.value(&compare.left, scope)?;
                for (op, right) in compare.ops.iter().zip(&compare.comparators) {
                    let right = self.value(right, scope)?;
                    match self.compare(*op, &left, &right) {
                        Ok(true) => {}
                        Ok(false) => return Ok(Value::Bool(false)),
                        Err(fault) if fault.cause == ReadingCause::Unknown => {
                            return Ok(Value::Unknown(fault.unknown().into()));
                        }
                        Err(fault) => return Err(fault),
                    }
                    left = right;
                }
                Value::Bool(true)
            }
            Expr::If(choice) => {
                match self.truth(&choice.test, scope) {
                    Ok(true) => self.value(&choice.body, scope)?,
                    Ok(false) => self.value(&choice.orelse, scope)?,
                    // `"cuda" if torch.cuda.is_available() else "cpu"`
                    Err(fault) if fault.cause == ReadingCause::Unknown => {
                        Value::Unknown(fault.unknown().into())
                    }
                    Err(fault) => return Err(fault),
                }
            }
            Expr::Named(named) => {
                let value = self.value(&named.value, scope)?;
                self.assign(&named.target, value.clone(), scope)?;
                value
            }
            Expr::Lambda(lambda) => {
                let (parameters, body) =
                    (lambda.parameters.as_deref(), Body::Expression(&lambda.body));
                let function =
                    self.function("<lambda>", parameters, body, Access::Method, scope)?;
                Value::Function(function)
            }
            Expr::ListComp(list) => {
                Value::list(self.comprehension(&list.generators, Some(&list.elt), None, scope)?)
            }
            Expr::Generator(list) => {
                Value::list(self.comprehension(&list.generators, Some(&list.elt), None, scope)?)
            }
            Expr::SetComp(set) => {
                let values = self.comprehension(&set.generators, Some(&set.elt), None, scope)?;
                self.set_of(values)?
            }
            Expr::DictComp(dict) => {
                let pairs = self.comprehension(
                    &dict.generators,
                    dict.key.as_deref(),
                    Some(&dict.value),
                    scope,
                )?;
                let made = Value::Dict(Rc::default());
                for pair in pairs {
                    if let Value::Tuple(pair) = pair {
                        self.set_item(&made, pair[0].clone(), pair[1].clone())?;
                    }
                }
                made
            }
            Expr::Call(call) => self.called(call, scope)?,
            Expr::Starred(starred) => self.value(&starred.value, scope)?,
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                return Err(ReadingFault::new(ReadingCause::Language).with("what", "yield"));
            }
            Expr::Await(_) => {
                return Err(ReadingFault::new(ReadingCause::Language).with("what", "await"));
            }
            Expr::TString(_) | Expr::BytesLiteral(_) | Expr::IpyEscapeCommand(_) => {
                return unfit("bytes");
            }
        })
    }

    /// Does something whose steps of the network stand here.
    pub(crate) fn traced_at<T>(
        &mut self,
        at: (usize, usize),
        what: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        let before = self
            .graph
            .as_mut()
            .map(|graph| std::mem::replace(&mut graph.place, at));
        let done = what(self);
        if let (Some(graph), Some(before)) = (&mut self.graph, before) {
            graph.place = before;
        }
        done
    }

    fn name(&mut self, name: &str, scope: &Scope<'a>) -> Outcome<Value<'a>> {
        if let Some(value) = scope.get(name) {
            return Ok(value);
        }
        match crate::builtins::NAMES.contains(&name) {
            true => Ok(Value::known(name)),
            false
                if ["Error", "Warning", "Exception"]
                    .iter()
                    .any(|end| name.ends_with(end)) =>
            {
                Ok(Value::Unknown(name.into()))
            }
            false => {
                let fault = ReadingFault::new(ReadingCause::Name).with("name", name);
                Err(fault.near(meant(name, scope)))
            }
        }
    }

    fn several(
        &mut self,
        expressions: &'a [Expr],
        scope: &Rc<Scope<'a>>,
    ) -> Outcome<Vec<Value<'a>>> {
        let mut values = Vec::new();
        for expression in expressions {
            let value = self.value(expression, scope)?;
            match expression {
                Expr::Starred(_) => values.extend(self.iterate(&value)?),
                _ => values.push(value),
            }
        }
        Ok(values)
    }

    fn formatted(&mut self, text: &'a ExprFString, scope: &Rc<Scope<'a>>) -> Outcome<Value<'a>> {
        let mut all = String::new();
        for part in text.value.iter() {
            match part {
                FStringPart::Literal(literal) => all += &literal.value,
                FStringPart::FString(parts) => {
                    for element in parts.elements.iter() {
                        match element {
                            InterpolatedStringElement::Literal(literal) => all += &literal.value,
                            InterpolatedStringElement::Interpolation(part) => {
                                let value = self.value(&part.expression, scope)?;
                                all += &self.shown(&value, false)?;
                            }
                        }
                    }
                }
            }
            self.charge(all.len() / 16)?;
        }
        Ok(Value::text(all))
    }

    /// Whether an expression holds.
    pub(crate) fn truth(&mut self, expression: &'a Expr, scope: &Rc<Scope<'a>>) -> Outcome<bool> {
        let value = self.value(expression, scope)?;
        self.is_true(&value).map_err(|fault| {
            let (start, end) = place(expression);
            fault.placed(start, end)
        })
    }

    /// The values of a comprehension: of its element, or pairs of a key and a value.
    fn comprehension(
        &mut self,
        generators: &'a [Comprehension],
        first: Option<&'a Expr>,
        second: Option<&'a Expr>,
        scope: &Rc<Scope<'a>>,
    ) -> Outcome<Vec<Value<'a>>> {
        let Some((generator, rest)) = generators.split_first() else {
            let mut value =
                |part: Option<&'a Expr>| part.map(|part| self.value(part, scope)).transpose();
            let (first, second) = (value(first)?, value(second)?);
            return Ok(match (first, second) {
                (Some(key), Some(value)) => vec![Value::tuple(vec![key, value])],
                (first, _) => first.into_iter().collect(),
            });
        };
        let over = self.value(&generator.iter, scope)?;
        let inner = Scope::within(scope);
        let mut all = Vec::new();
        for value in self.iterate(&over)? {
            self.charge(1)?;
            self.assign(&generator.target, value, &inner)?;
            let mut holds = true;
            for test in &generator.ifs {
                holds = holds && self.truth(test, &inner)?;
            }
            if holds {
                all.extend(
                    self.deeper(|machine| machine.comprehension(rest, first, second, &inner))?,
                );
            }
        }
        Ok(all)
    }

    fn called(&mut self, call: &'a ExprCall, scope: &Rc<Scope<'a>>) -> Outcome<Value<'a>> {
        // The classes above the one in whose body this stands.
        if let Expr::Name(name) = &*call.func
            && name.id.as_str() == "super"
        {
            return self.above(&call.arguments, scope);
        }
        let function = self.value(&call.func, scope)?;
        let mut given = self.arguments(&call.arguments, scope)?;
        given.place = place(call);
        let (start, end) = given.place;
        self.traced_at((start, end), |machine| machine.call(&function, given))
    }

    fn arguments(&mut self, arguments: &'a Arguments, scope: &Rc<Scope<'a>>) -> Outcome<Given<'a>> {
        let mut given = Given::of(self.several(&arguments.args, scope)?);
        for keyword in &arguments.keywords {
            let value = self.value(&keyword.value, scope)?;
            match &keyword.arg {
                Some(name) => given.named.push((name.as_str().into(), value)),
                None => {
                    let Value::Dict(items) = &value else {
                        return match value {
                            Value::Unknown(name) => Err(unknown(&name)),
                            other => unfit(format!("** {}", other.kind())),
                        };
                    };
                    for (name, value) in items.borrow().iter() {
                        if let Value::Text(name) = name {
                            given.named.push((Rc::clone(name), value.clone()));
                        }
                    }
                }
            }
        }
        Ok(given)
    }

    fn above(&mut self, arguments: &'a Arguments, scope: &Rc<Scope<'a>>) -> Outcome<Value<'a>> {
        let given = self.arguments(arguments, scope)?;
        let object = given
            .get(1, "")
            .or_else(|| scope.get("self").or_else(|| scope.get("__self__")));
        let class = given.get(0, "").or_else(|| scope.get("__class__"));
        match (class, object) {
            (Some(Value::Class(class)), Some(object @ (Value::Object(_) | Value::Class(_)))) => {
                Ok(Value::Super(Rc::new((class, object))))
            }
            _ => Err(ReadingFault::new(ReadingCause::Name).with("name", "super")),
        }
    }
}

/// The name that was probably meant by one without a value: an attribute of the object, as `self.conv1`, or another name.
fn meant(name: &str, scope: &Scope<'_>) -> Option<String> {
    if let Some(Value::Object(object)) = scope.get("self")
        && object.attributes.borrow().get(name).is_some()
    {
        return Some(format!("self.{name}"));
    }
    let mut names: Vec<Rc<str>> = Vec::new();
    let mut outer = Some(scope);
    while let Some(scope) = outer {
        names.extend(scope.names.borrow().keys().cloned());
        outer = scope.outer.as_deref();
    }
    let known = names.iter().map(|name| &**name);
    let known = known.filter(|name| !name.starts_with("__"));
    near(name, known.chain(crate::builtins::NAMES)).map(str::to_owned)
}
