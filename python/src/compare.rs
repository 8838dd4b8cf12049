//! Comparisons, and what holds.

use std::rc::Rc;

use ruff_python_ast::CmpOp;

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::machine::Machine;
use crate::value::{Value, unknown};

impl<'a> Machine<'a> {
    pub(crate) fn is_true(&mut self, value: &Value<'a>) -> Outcome<bool> {
        Ok(match value {
            Value::None => false,
            Value::Bool(value) => *value,
            Value::Int(value) => *value != 0,
            Value::Float(value) => *value != 0.0,
            Value::Text(text) => !text.is_empty(),
            Value::List(values) | Value::Set(values) => !values.borrow().is_empty(),
            Value::Tuple(values) => !values.is_empty(),
            Value::Dict(items) => !items.borrow().is_empty(),
            Value::Unknown(name) => return Err(unknown(name)),
            Value::Tensor(_) | Value::Weight(_) => {
                return Err(ReadingFault::new(ReadingCause::Operation).with("what", "if"));
            }
            Value::Object(object)
                if object.class.torch().is_some_and(|class| {
                    ["Sequential", "ModuleList", "ModuleDict"].contains(&&*class.name)
                }) =>
            {
                !object.children().is_empty()
            }
            _ => true,
        })
    }

    pub(crate) fn compare(
        &mut self,
        op: CmpOp,
        left: &Value<'a>,
        right: &Value<'a>,
    ) -> Outcome<bool> {
        self.charge(1)?;
        Ok(match op {
            CmpOp::Is => left.is(right),
            CmpOp::IsNot => !left.is(right),
            _ if matches!(
                (left, right),
                (Value::Unknown(_), _) | (_, Value::Unknown(_))
            ) =>
            {
                let name = [left, right].into_iter().find_map(|value| match value {
                    Value::Unknown(name) => Some(Rc::clone(name)),
                    _ => None,
                });
                return Err(unknown(&name.unwrap_or_default()));
            }
            CmpOp::Eq => left.equals(right),
            CmpOp::NotEq => !left.equals(right),
            CmpOp::In | CmpOp::NotIn => {
                let is_in = match (left, right) {
                    (Value::Text(part), Value::Text(whole)) => {
                        self.charge(whole.len() / 16)?;
                        whole.contains(&**part)
                    }
                    (Value::Text(name), Value::Object(object)) => {
                        object.attributes.borrow().get(name).is_some()
                    }
                    _ => {
                        let values = self.iterate(right)?;
                        self.charge(values.len())?;
                        values.iter().any(|value| value.equals(left))
                    }
                };
                is_in == (op == CmpOp::In)
            }
            CmpOp::Lt | CmpOp::LtE | CmpOp::Gt | CmpOp::GtE => {
                let order = self.order(left, right)?;
                match op {
                    CmpOp::Lt => order.is_lt(),
                    CmpOp::LtE => order.is_le(),
                    CmpOp::Gt => order.is_gt(),
                    _ => order.is_ge(),
                }
            }
        })
    }

    /// Which of two comes first.
    pub(crate) fn order(
        &mut self,
        left: &Value<'a>,
        right: &Value<'a>,
    ) -> Outcome<std::cmp::Ordering> {
        self.charge(1)?;
        if let (Value::Text(a), Value::Text(b)) = (left, right) {
            return Ok(a.cmp(b));
        }
        if let (Value::Tuple(a), Value::Tuple(b)) = (left, right) {
            for (a, b) in a.iter().zip(b.iter()) {
                match self.deeper(|machine| machine.order(a, b))? {
                    std::cmp::Ordering::Equal => {}
                    other => return Ok(other),
                }
            }
            return Ok(a.len().cmp(&b.len()));
        }
        let order = left.number()?.partial_cmp(&right.number()?);
        Ok(order.unwrap_or(std::cmp::Ordering::Greater))
    }
}
