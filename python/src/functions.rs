//! Functions of tensors: what `torch`, `torch.nn.functional` and a tensor itself have.

use ruff_python_ast::Operator;

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::machine::Machine;
use crate::modules::no_tensor;
use crate::tensor::{BATCH, Graph, Tensor, Weight, shown};
use crate::value::{Given, Value, unknown};

/// What gives the tensor as it is.
const SAME: [&str; 16] = [
    "contiguous",
    "clone",
    "float",
    "to",
    "detach",
    "cuda",
    "cpu",
    "type",
    "double",
    "half",
    "requires_grad_",
    "type_as",
    "expand_as",
    "expand",
    "checkpoint",
    "view_as",
];

impl<'a> Machine<'a> {
    pub(crate) fn graph(&mut self) -> Outcome<&mut Graph> {
        self.graph
            .as_mut()
            .ok_or_else(|| ReadingFault::new(ReadingCause::Result))
    }

    /// A function of tensors, by its name; a tensor's own method has the tensor first.
    pub(crate) fn tensor_function(
        &mut self,
        name: &str,
        mut given: Given<'a>,
    ) -> Outcome<Value<'a>> {
        let name = name.trim_end_matches('_');
        if given.values.is_empty() {
            let first = ["input", "x", "tensors", "self"]
                .into_iter()
                .find_map(|name| given.named(name));
            given.values.extend(first);
            given
                .named
                .retain(|(name, _)| !["input", "x", "tensors", "self"].contains(&&**name));
        }
        let first = given.values.first().cloned().unwrap_or(Value::None);
        if ["cat", "concat", "concatenate"].contains(&name) {
            return self.concatenated(&first, &given);
        }
        let Value::Tensor(tensor) = first else {
            return match (first, given.get(1, "")) {
                (first, Some(Value::Tensor(tensor)))
                    if ["add", "mul", "multiply"].contains(&name) =>
                {
                    let op = if name == "add" {
                        Operator::Add
                    } else {
                        Operator::Mult
                    };
                    self.tensor_binary(op, first, Value::Tensor(tensor))
                }
                (Value::Unknown(path), _) => Ok(Value::unknown(format!("{name}({path})"))),
                (first, _) if self.graph.is_some() && no_tensor(&first).is_some() => {
                    let what = no_tensor(&first).unwrap_or_default();
                    Err(ReadingFault::new(ReadingCause::NotTensor)
                        .with("of", name)
                        .with("what", what))
                }
                _ if self.graph.is_none() => Ok(Value::Unknown(format!("{name}()").into())),
                _ => Err(ReadingFault::new(ReadingCause::Layer).with("name", name)),
            };
        };
        let numbers = |given: &Given<'a>, from: usize| -> Outcome<Vec<i64>> {
            match given.values.get(from) {
                Some(value @ (Value::Tuple(_) | Value::List(_))) => value
                    .values()
                    .unwrap_or_default()
                    .iter()
                    .map(Value::int)
                    .collect(),
                _ => given.values.iter().skip(from).map(Value::int).collect(),
            }
        };
        let rest = Given {
            values: given.values[1..].to_vec(),
            named: given.named.clone(),
            place: given.place,
        };
        let tensor = match name {
            _ if SAME.contains(&name) => tensor,
            "size" => {
                let sizes: Vec<_> = tensor.sizes.iter().map(|size| Value::Int(*size)).collect();
                return match given.get(1, "dim") {
                    Some(axis) => Ok(Value::Int(tensor.sizes[Self::axis(&tensor, axis.int()?)?])),
                    None => Ok(Value::tuple(sizes)),
                };
            }
            "dim" | "ndimension" => return Ok(Value::Int(tensor.sizes.len() as i64)),
            "numel" => return Ok(Value::Int(tensor.sizes.iter().product())),
            "view" | "reshape" => {
                let mut sizes = numbers(&given, 1)?;
                if let Some(shape) = given.named("shape").or_else(|| given.named("size")) {
                    sizes = shape
                        .values()
                        .unwrap_or_default()
                        .iter()
                        .map(Value::int)
                        .collect::<Outcome<_>>()?;
                }
                viewed(&tensor, &sizes)?
            }
            "flatten" => {
                let axis = |at: usize, name: &str, usual: i64| {
                    given.get(at, name).map_or(Ok(usual), |value| value.int())
                };
                self.flattened(&tensor, axis(1, "start_dim", 0)?, axis(2, "end_dim", -1)?)?
            }
            "squeeze" => {
                let axis = given
                    .get(1, "dim")
                    .map(|axis| Self::axis(&tensor, axis.int()?))
                    .transpose()?;
                let kept = tensor
                    .sizes
                    .iter()
                    .enumerate()
                    .filter(|(at, size)| **size != 1 || axis.is_some_and(|axis| axis != *at));
                Tensor {
                    node: tensor.node,
                    sizes: kept.map(|(_, size)| *size).collect(),
                }
            }
            "unsqueeze" => {
                let at = given.get(1, "dim").map_or(Ok(0), |axis| axis.int())?;
                let at = if at < 0 {
                    at + tensor.sizes.len() as i64 + 1
                } else {
                    at
                };
                let mut sizes = tensor.sizes.clone();
                if !(1..=sizes.len() as i64).contains(&at) {
                    return Err(ReadingFault::new(ReadingCause::View)
                        .with("shape", shown(&tensor.sizes))
                        .with("target", format!("unsqueeze({at})")));
                }
                sizes.insert(at as usize, 1);
                Tensor {
                    node: tensor.node,
                    sizes,
                }
            }
            "mean" | "max" | "amax" => return self.reduced(name, &tensor, &given),
            "add" | "mul" | "multiply" | "sub" | "div" => {
                let op = match name {
                    "add" => Operator::Add,
                    "sub" => Operator::Sub,
                    "div" => Operator::Div,
                    _ => Operator::Mult,
                };
                let other = given.get(1, "other").unwrap_or(Value::None);
                return self.tensor_binary(op, Value::Tensor(tensor), other);
            }
            "softmax" => self.last("softmax", &tensor)?,
            "log_softmax" => self.last("log_softmax", &tensor)?,
            "pad" => self.padded(&tensor, &given)?,
            "dropout2d" | "dropout3d" => self.layer("Dropout2d", &rest, &tensor)?,
            "relu6" => self.layer("ReLU6", &rest, &tensor)?,
            "selu" => self.layer("SELU", &rest, &tensor)?,
            "mish" => self.layer("Mish", &rest, &tensor)?,
            "adaptive_max_pool2d" => self.largest_of_parts(&tensor, &rest)?,
            _ => match self.called_layer(name, &rest, &tensor) {
                Some(made) => made?,
                None => return Err(ReadingFault::new(ReadingCause::Operation).with("what", name)),
            },
        };
        Ok(Value::Tensor(tensor))
    }

    fn concatenated(&mut self, values: &Value<'a>, given: &Given<'a>) -> Outcome<Value<'a>> {
        let axis = given.get(1, "dim").or_else(|| given.named("axis"));
        let values = self.iterate(values)?;
        let mut tensors = Vec::new();
        for value in values {
            match value {
                Value::Tensor(tensor) => tensors.push(tensor),
                Value::Unknown(name) => return Err(unknown(&name)),
                other => return crate::fault::unfit(format!("torch.cat ← {}", other.kind())),
            }
        }
        let axis = axis.map_or(Ok(0), |axis| axis.int())?;
        let rank = tensors
            .first()
            .map_or(0, |tensor| tensor.sizes.len() as i64);
        if axis != 1 && axis + rank != 1 {
            return Err(ReadingFault::new(ReadingCause::Operation)
                .with("what", format!("torch.cat(…, dim={axis})")));
        }
        self.graph()?.concat(&tensors).map(Value::Tensor)
    }

    /// A tensor with several axes as one.
    pub(crate) fn flattened(&mut self, tensor: &Tensor, start: i64, end: i64) -> Outcome<Tensor> {
        let (start, end) = (Self::axis(tensor, start)?, Self::axis(tensor, end)?);
        if start == 0 || end < start {
            return Err(ReadingFault::new(ReadingCause::View)
                .with("shape", shown(&tensor.sizes))
                .with("target", "flatten(0)"));
        }
        let mut sizes = tensor.sizes.clone();
        let all = sizes[start..=end].iter().product();
        sizes.splice(start..=end, [all]);
        Ok(Tensor {
            node: tensor.node,
            sizes,
        })
    }

    /// `left op right`, where one is a tensor or a learned number.
    pub(crate) fn tensor_binary(
        &mut self,
        op: Operator,
        left: Value<'a>,
        right: Value<'a>,
    ) -> Outcome<Value<'a>> {
        let fault = || {
            Err(ReadingFault::new(ReadingCause::Operation)
                .with("what", format!("x {} y", op.as_str())))
        };
        let neutral = match op {
            Operator::Add | Operator::Sub => 0.0,
            _ => 1.0,
        };
        let is = |value: &Value<'a>| {
            matches!(value, Value::Int(_) | Value::Float(_)) && value.number().ok() == Some(neutral)
        };
        Ok(match (op, &left, &right) {
            (_, Value::Unknown(name), _) | (_, _, Value::Unknown(name)) => {
                return Err(unknown(name));
            }
            (Operator::Add, Value::Tensor(a), Value::Tensor(b)) => {
                Value::Tensor(self.graph()?.add(a, b)?)
            }
            (Operator::Mult, Value::Tensor(a), Value::Tensor(b)) => {
                Value::Tensor(self.graph()?.multiply(a, b)?)
            }
            (Operator::Mult, Value::Tensor(tensor), Value::Weight(weight))
            | (Operator::Mult, Value::Weight(weight), Value::Tensor(tensor)) => {
                Value::Tensor(self.graph()?.scale(tensor, weight)?)
            }
            (Operator::Mult, Value::Weight(weight), number)
            | (Operator::Mult, number, Value::Weight(weight)) => {
                let number = number.number().ok();
                let start = weight
                    .start
                    .zip(number)
                    .map(|(start, number)| start * number);
                Value::Weight(Weight {
                    start,
                    ..weight.clone()
                })
            }
            (Operator::Add | Operator::Mult, other, Value::Tensor(_)) if is(other) => right,
            (
                Operator::Add | Operator::Mult | Operator::Sub | Operator::Div,
                Value::Tensor(_),
                other,
            ) if is(other) => left,
            (_, Value::Weight(weight), _) | (_, _, Value::Weight(weight))
                if !matches!(
                    (&left, &right),
                    (Value::Tensor(_), _) | (_, Value::Tensor(_))
                ) =>
            {
                Value::Weight(Weight {
                    start: None,
                    ..weight.clone()
                })
            }
            _ => return fault(),
        })
    }
}

/// The tensor in other sizes.
fn viewed(tensor: &Tensor, sizes: &[i64]) -> Outcome<Tensor> {
    let target: Vec<_> = sizes
        .iter()
        .map(|size| {
            if *size == BATCH {
                "batch".to_owned()
            } else {
                size.to_string()
            }
        })
        .collect();
    let fault = || {
        ReadingFault::new(ReadingCause::View)
            .with("shape", shown(&tensor.sizes))
            .with("target", target.join(", "))
    };
    let all = tensor
        .sizes
        .iter()
        .fold(1_i128, |all, size| all.saturating_mul(i128::from(*size)));
    let known = sizes
        .iter()
        .filter(|size| **size != -1)
        .fold(1_i128, |all, size| all.saturating_mul(i128::from(*size)));
    let free = sizes.iter().filter(|size| **size == -1).count();
    if known <= 0 || free > 1 || all % known != 0 || (free == 0 && all != known) {
        return Err(fault());
    }
    let left = i64::try_from(all / known).map_err(|_| fault())?;
    let sizes: Vec<_> = sizes
        .iter()
        .map(|size| if *size == -1 { left } else { *size })
        .collect();
    match sizes.first() {
        Some(&BATCH) => Ok(Tensor {
            node: tensor.node,
            sizes,
        }),
        _ => Err(fault()),
    }
}
