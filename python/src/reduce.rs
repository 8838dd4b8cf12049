//! Means, maxima, zeros around, and parts of tensors.

use cnn_playground::base::Window;
use cnn_playground::operation::{
    AdaptiveAveragePool2d, GlobalAveragePool, MaxPool2d, Operation, Shape, ZeroPad,
};

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::machine::Machine;
use crate::tensor::{BATCH, Step, Tensor};
use crate::value::{Given, Value};

impl<'a> Machine<'a> {
    /// Means and maxima along axes.
    pub(crate) fn reduced(
        &mut self,
        name: &str,
        tensor: &Tensor,
        given: &Given<'a>,
    ) -> Outcome<Value<'a>> {
        let fault = || ReadingFault::new(ReadingCause::Operation).with("what", format!("{name}()"));
        let axes = given
            .get(1, "dim")
            .or_else(|| given.named("axis"))
            .ok_or_else(fault)?;
        let axes = match &axes {
            Value::Int(axis) => vec![*axis],
            several => several
                .values()
                .ok_or_else(fault)?
                .iter()
                .map(Value::int)
                .collect::<Outcome<_>>()?,
        };
        let axes: Outcome<Vec<_>> = axes
            .into_iter()
            .map(|axis| Self::axis(tensor, axis))
            .collect();
        let mut axes = axes?;
        axes.sort_unstable();
        let keeps = given
            .get(2, "keepdim")
            .is_some_and(|value| matches!(value, Value::Bool(true)));
        let graph = self.graph()?;
        let shape = graph.nodes[tensor.node].shape;
        let Shape::Image(image) = shape else {
            return Err(fault());
        };
        let [channels, height, width] =
            [image.channels, image.height, image.width].map(|size| size as i64);
        let over_channels = tensor.sizes == [BATCH, channels, height, width] && axes == [1];
        let over_pixels = tensor.sizes == [BATCH, channels, height, width] && axes == [2, 3]
            || tensor.sizes == [BATCH, channels, height * width] && axes == [2];
        let source = graph.tensor(tensor.node);
        let is_mean = name == "mean";
        let over_rows = tensor.sizes == [BATCH, channels, height, width] && axes == [3] && is_mean;
        let made = if over_rows {
            let made = graph.step(Step::RowMean, &source, shape)?;
            let one: &[i64] = if keeps { &[1] } else { &[] };
            let sizes = [&[BATCH, channels, height][..], one].concat();
            Tensor { sizes, ..made }
        } else if graph.nodes[tensor.node].step == Step::RowMean && axes == [2] && is_mean {
            // The mean of the means of all rows.
            let before = graph.tensor(graph.nodes[tensor.node].inputs[0]);
            match keeps {
                true => graph.apply(AdaptiveAveragePool2d { size: [1; 2] }, &before)?,
                false if tensor.sizes.len() == 3 => graph.apply(GlobalAveragePool, &before)?,
                false => return Err(fault()),
            }
        } else if over_channels {
            let step = if name == "mean" {
                Step::ChannelMean
            } else {
                Step::ChannelMax
            };
            let one = Shape::Image(cnn_playground::base::ImageShape {
                channels: 1,
                ..image
            });
            let made = graph.step(step, &source, one)?;
            Tensor {
                node: made.node,
                sizes: if keeps {
                    made.sizes
                } else {
                    vec![BATCH, height, width]
                },
            }
        } else if over_pixels && name == "mean" && !keeps {
            graph.apply(GlobalAveragePool, &source)?
        } else if over_pixels && name == "mean" {
            graph.apply(AdaptiveAveragePool2d { size: [1; 2] }, &source)?
        } else if over_pixels && height == width {
            let made = graph.apply(MaxPool2d(Window::tiles(image.height)), &source)?;
            Tensor {
                node: made.node,
                sizes: if keeps {
                    made.sizes
                } else {
                    vec![BATCH, channels]
                },
            }
        } else {
            return Err(fault());
        };
        let made = Value::Tensor(made);
        // With the places of the largest ones.
        Ok(if name == "max" {
            Value::tuple(vec![made, Value::Unknown("indices".into())])
        } else {
            made
        })
    }

    /// Channels of zeros, as at a shortcut without weights.
    pub(crate) fn padded(&mut self, tensor: &Tensor, given: &Given<'a>) -> Outcome<Tensor> {
        let sizes = given.get(1, "pad").unwrap_or(Value::None);
        let sizes: Outcome<Vec<_>> = self.iterate(&sizes)?.iter().map(Value::int).collect();
        let sizes = sizes?;
        let graph = self.graph()?;
        let channels = graph.nodes[tensor.node].shape.channels() as i64;
        match sizes[..] {
            [0, 0, 0, 0, before, behind]
                if before >= 0 && behind >= 0 && tensor.sizes.len() == 4 =>
            {
                if before > 0 {
                    let remark = ReadingFault::new(ReadingCause::TakenAs)
                        .with("name", format!("pad {before} | {behind}"));
                    graph.remark(remark.with("as", format!("pad 0 | {}", before + behind)));
                }
                let out_channels = (channels + before + behind) as usize;
                if let Step::Operation(Operation::ZeroPad(known)) = graph.nodes[tensor.node].step {
                    // Every second pixel, and more channels, are one operation.
                    let source = graph.tensor(graph.nodes[tensor.node].inputs[0]);
                    return graph.apply(
                        ZeroPad {
                            out_channels,
                            ..known
                        },
                        &source,
                    );
                }
                graph.apply(
                    ZeroPad {
                        out_channels,
                        stride: 1,
                    },
                    tensor,
                )
            }
            _ if sizes.iter().all(|size| *size == 0) => Ok(tensor.clone()),
            _ => {
                let is_zero = |value: Value<'a>| value.number().is_ok_and(|value| value == 0.0);
                let is_constant = |mode: Value<'a>| mode.equals(&Value::text("constant"));
                let is_plain = given.get(2, "mode").is_none_or(is_constant)
                    && given.get(3, "value").is_none_or(is_zero);
                if !is_plain || sizes.len() != 4 {
                    return Err(ReadingFault::new(ReadingCause::Operation)
                        .with("what", format!("F.pad(x, {sizes:?})")));
                }
                let sizes = sizes.into_iter().map(Value::Int).collect();
                self.bordered_by(tensor, &Value::list(sizes))
            }
        }
    }

    /// `tensor[parts]`.
    pub(crate) fn tensor_item(
        &mut self,
        tensor: &Tensor,
        parts: &[Value<'a>],
    ) -> Outcome<Value<'a>> {
        let mut named = Vec::new();
        for part in parts {
            named.push(match part {
                Value::Slice(slice) => {
                    let each: Outcome<Vec<_>> =
                        slice.iter().map(|bound| self.shown(bound, false)).collect();
                    each?.join(":").replace("None", "")
                }
                other => self.shown(other, false)?,
            });
        }
        let fault = || {
            Err(ReadingFault::new(ReadingCause::Operation)
                .with("what", format!("x[{}]", named.join(", "))))
        };
        let rest = |from: usize| tensor.sizes.get(from..).unwrap_or_default().to_vec();
        let mut sizes = Vec::new();
        let mut strides = Vec::new();
        let mut axis = 0;
        for (part, name) in parts.iter().zip(&named) {
            let size = tensor.sizes.get(axis).copied();
            match (part, size) {
                (Value::None, _) => sizes.push(1),
                (Value::Ellipsis, _) => {
                    let behind = parts
                        .iter()
                        .rev()
                        .take_while(|part| !matches!(part, Value::Ellipsis));
                    let behind = behind.filter(|part| !matches!(part, Value::None)).count();
                    let end = tensor.sizes.len().saturating_sub(behind);
                    sizes.extend(tensor.sizes.get(axis..end).unwrap_or_default());
                    axis = end;
                }
                (Value::Slice(_), Some(size)) => {
                    let is_whole = [
                        String::from("::"),
                        format!("0:{size}:"),
                        format!(":{size}:"),
                    ]
                    .contains(name);
                    match (
                        is_whole,
                        name.strip_prefix("::")
                            .and_then(|step| step.parse::<usize>().ok()),
                    ) {
                        (true, _) => {}
                        (_, Some(step)) if axis >= 2 && step > 0 => strides.push(step),
                        _ => return fault(),
                    }
                    sizes.push(size);
                    axis += 1;
                }
                (Value::Int(0 | -1), Some(1)) => axis += 1,
                _ => return fault(),
            }
        }
        sizes.extend(rest(axis));
        match strides[..] {
            [] => Ok(Value::Tensor(Tensor {
                node: tensor.node,
                sizes,
            })),
            [rows, columns] if rows == columns => {
                let graph = self.graph()?;
                let out_channels = graph.nodes[tensor.node].shape.channels();
                graph
                    .apply(
                        ZeroPad {
                            out_channels,
                            stride: rows,
                        },
                        tensor,
                    )
                    .map(Value::Tensor)
            }
            _ => fault(),
        }
    }
}
