//! Operators between values.

use std::rc::Rc;

use ruff_python_ast::Operator;

use crate::fault::{Outcome, ReadingCause, ReadingFault, unfit};
use crate::machine::Machine;
use crate::value::Value;

impl<'a> Machine<'a> {
    /// `before op= more`: a list grows in its place.
    pub(crate) fn augmented(
        &mut self,
        op: Operator,
        before: Value<'a>,
        more: Value<'a>,
    ) -> Outcome<Value<'a>> {
        match (&before, op) {
            (Value::List(list), Operator::Add) => {
                let more = self.iterate(&more)?;
                list.borrow_mut().extend(more);
                Ok(before)
            }
            _ => self.binary(op, before, more),
        }
    }

    /// `left op right`.
    pub(crate) fn binary(
        &mut self,
        op: Operator,
        left: Value<'a>,
        right: Value<'a>,
    ) -> Outcome<Value<'a>> {
        use Operator::{Add, Mult};
        self.charge(1)?;
        if matches!(
            (&left, &right),
            (Value::Tensor(_) | Value::Weight(_), _) | (_, Value::Tensor(_) | Value::Weight(_))
        ) {
            return self.tensor_binary(op, left, right);
        }
        Ok(match (&left, op, &right) {
            (Value::Unknown(name), _, _) | (_, _, Value::Unknown(name)) => {
                Value::Unknown(Rc::clone(name))
            }
            (Value::Text(a), Add, Value::Text(b)) => {
                self.charge(a.len() + b.len())?;
                Value::text(format!("{a}{b}"))
            }
            (Value::Text(pattern), Operator::Mod, values) => self.percent(pattern, values)?,
            (Value::List(a), Add, Value::List(b)) => {
                let all = [&a.borrow()[..], &b.borrow()[..]].concat();
                self.charge(all.len())?;
                Value::list(all)
            }
            (Value::Tuple(a), Add, Value::Tuple(b)) => {
                self.charge(a.len() + b.len())?;
                Value::tuple([&a[..], &b[..]].concat())
            }
            (Value::List(_) | Value::Tuple(_) | Value::Text(_), Mult, Value::Int(times))
            | (Value::Int(times), Mult, Value::List(_) | Value::Tuple(_) | Value::Text(_)) => {
                let repeated = if matches!(left, Value::Int(_)) {
                    &right
                } else {
                    &left
                };
                let times = usize::try_from(*times).unwrap_or_default();
                let values = repeated.values().unwrap_or_default();
                self.charge(values.len().saturating_mul(times))?;
                let many = || {
                    std::iter::repeat_n(&values, times)
                        .flatten()
                        .cloned()
                        .collect()
                };
                match repeated {
                    Value::List(_) => Value::list(many()),
                    Value::Text(text) => Value::text(text.repeat(times)),
                    _ => Value::tuple(many()),
                }
            }
            (Value::Int(_) | Value::Bool(_), _, Value::Int(_) | Value::Bool(_)) => {
                whole(op, left.int()?, right.int()?)?
            }
            (
                Value::Int(_) | Value::Bool(_) | Value::Float(_),
                _,
                Value::Int(_) | Value::Bool(_) | Value::Float(_),
            ) => Value::Float(real(op, left.number()?, right.number()?)?),
            _ => return unfit(format!("{} {} {}", left.kind(), op.as_str(), right.kind())),
        })
    }

    /// `pattern % values`, with `%d`, `%s` and their like.
    pub(crate) fn percent(&mut self, pattern: &str, values: &Value<'a>) -> Outcome<Value<'a>> {
        let mut values = match values {
            Value::Tuple(values) => values.to_vec(),
            other => vec![other.clone()],
        }
        .into_iter();
        let mut all = String::new();
        let mut letters = pattern.chars();
        while let Some(letter) = letters.next() {
            if letter != '%' {
                all.push(letter);
                continue;
            }
            match letters.find(char::is_ascii_alphabetic) {
                Some(_) => {
                    let value = values.next().unwrap_or(Value::None);
                    all += &self.shown(&value, false)?;
                }
                None => all.push('%'),
            }
        }
        self.charge(all.len())?;
        Ok(Value::text(all))
    }
}

fn whole<'a>(op: Operator, a: i64, b: i64) -> Outcome<Value<'a>> {
    let value = match op {
        Operator::Add => a.checked_add(b),
        Operator::Sub => a.checked_sub(b),
        Operator::Mult => a.checked_mul(b),
        Operator::FloorDiv => floor(a, b),
        Operator::Mod => floor(a, b).and_then(|times| a.checked_sub(times.checked_mul(b)?)),
        Operator::Pow if b >= 0 => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
        Operator::LShift => u32::try_from(b)
            .ok()
            .filter(|b| *b < 62)
            .and_then(|b| a.checked_mul(1 << b)),
        Operator::RShift => u32::try_from(b).ok().map(|b| a >> b.min(63)),
        Operator::BitAnd => Some(a & b),
        Operator::BitOr => Some(a | b),
        Operator::BitXor => Some(a ^ b),
        Operator::Div | Operator::Pow => return real(op, a as f64, b as f64).map(Value::Float),
        Operator::MatMult => None,
    };
    value.map(Value::Int).ok_or_else(|| {
        ReadingFault::new(ReadingCause::Type).with("what", format!("{a} {} {b}", op.as_str()))
    })
}

/// Division that rounds down, as Python's.
fn floor(a: i64, b: i64) -> Option<i64> {
    let (times, rest) = (a.checked_div(b)?, a.checked_rem(b)?);
    Some(if rest != 0 && (rest < 0) != (b < 0) {
        times - 1
    } else {
        times
    })
}

fn real(op: Operator, a: f64, b: f64) -> Outcome<f64> {
    Ok(match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b != 0.0 => a / b,
        Operator::FloorDiv if b != 0.0 => (a / b).floor(),
        Operator::Mod if b != 0.0 => a - b * (a / b).floor(),
        Operator::Pow => a.powf(b),
        _ => return unfit(format!("{a} {} {b}", op.as_str())),
    })
}
