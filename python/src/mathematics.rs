//! `math`, and what is of which kind.

use crate::fault::{Outcome, unfit};
use crate::machine::Machine;
use crate::value::{Given, Value};

impl<'a> Machine<'a> {
    pub(crate) fn mathematics(&mut self, name: &str, given: &Given<'a>) -> Outcome<Value<'a>> {
        let numbers: Outcome<Vec<_>> = given.values.iter().map(Value::number).collect();
        let whole = |value: f64| Value::Int(value as i64);
        Ok(match (name, &numbers?[..]) {
            ("ceil", [x]) => whole(x.ceil()),
            ("floor", [x]) => whole(x.floor()),
            ("trunc", [x]) => whole(x.trunc()),
            ("sqrt", [x]) if *x >= 0.0 => Value::Float(x.sqrt()),
            ("exp", [x]) => Value::Float(x.exp()),
            ("fabs", [x]) => Value::Float(x.abs()),
            ("log2", [x]) if *x > 0.0 => Value::Float(x.log2()),
            ("log10", [x]) if *x > 0.0 => Value::Float(x.log10()),
            ("log", [x]) if *x > 0.0 => Value::Float(x.ln()),
            ("log", [x, base]) if *x > 0.0 && *base > 0.0 => Value::Float(x.ln() / base.ln()),
            ("pow", [x, y]) => Value::Float(x.powf(*y)),
            ("cos", [x]) => Value::Float(x.cos()),
            ("sin", [x]) => Value::Float(x.sin()),
            ("prod", _) => {
                let values = given.values.first().cloned().unwrap_or(Value::None);
                let mut all = Value::Int(1);
                for value in self.iterate(&values)? {
                    all = self.binary(ruff_python_ast::Operator::Mult, all, value)?;
                }
                all
            }
            _ => return unfit(format!("math.{name}")),
        })
    }

    pub(crate) fn is_instance(&mut self, value: &Value<'a>, kinds: &Value<'a>) -> Outcome<bool> {
        if let Value::Tuple(kinds) = kinds {
            for kind in kinds.iter() {
                if self.deeper(|machine| machine.is_instance(value, kind))? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        Ok(match (value, kinds) {
            (Value::Object(object), Value::Class(class)) => object.class.is(class),
            (Value::Class(this), Value::Class(class)) => this.is(class),
            (Value::Object(object), Value::Known(path)) => {
                let class = self.torch_class(path, true);
                path.starts_with("torch.nn.") && object.class.is(&class)
            }
            (Value::Tensor(_), Value::Known(path)) => path.ends_with("Tensor"),
            (Value::Bool(_), Value::Known(path)) => ["int", "bool"].contains(&&**path),
            (value, Value::Known(path)) => value.kind() == &**path,
            _ => false,
        })
    }
}
