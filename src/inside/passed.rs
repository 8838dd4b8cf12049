//! A forward pass of one picture, call by call: what each operation and each join hands over, which leaves the device only
//! when it is asked for.

use std::collections::BTreeMap;

use burn::tensor::Tensor;

use super::network::LayerOutput;
use crate::arch::{Form, Join, Shaped};
use crate::base::ImageShape;
use crate::base::error::{Problem, Result};
use crate::kernels::numbers;
use crate::nn::Network;
use crate::operation::{Flow, Shape};

/// Where a forward pass hands over what. Call 0 is the picture; then comes one for each operation and each join, in the order in
/// which they are done.
#[derive(Debug)]
pub(super) struct Calls {
    count: usize,
    /// The call of each row.
    pub(super) rows: Vec<usize>,
    /// The call that hands each row its input.
    pub(super) inputs: Vec<usize>,
    /// The joins, an inner one before the one that it is in.
    pub(super) joins: Vec<Meeting>,
}

/// Where branches meet.
#[derive(Debug)]
pub(super) struct Meeting {
    pub(super) join: Join,
    pub(super) branches: Vec<Carrier>,
    /// The call that hands over what comes of them.
    pub(super) call: usize,
}

/// A branch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Carrier {
    /// The first call of its own; beyond its end where it only passes on what comes in.
    first: usize,
    /// The call that hands over what it carries.
    pub(super) end: usize,
}

impl Calls {
    /// Those of this network.
    pub(super) fn of(network: &Shaped) -> Self {
        let mut calls = Self {
            count: 1,
            rows: Vec::new(),
            inputs: Vec::new(),
            joins: Vec::new(),
        };
        calls.walk(network, 0);
        calls
    }

    /// The one that hands over what the network says.
    pub(super) const fn last(&self) -> usize {
        self.count - 1
    }

    /// The join where a branch ends whose last operation or join has this call, and which branch that is.
    pub(super) fn joined(&self, call: usize) -> Option<(usize, usize)> {
        let ends = |branch: &Carrier| branch.first <= call && call == branch.end;
        let mut joins = self.joins.iter().enumerate();
        joins.find_map(|(at, join)| Some((at, join.branches.iter().position(ends)?)))
    }

    /// The call that hands over what leaves this part, whose input came with call `before`.
    fn walk(&mut self, part: &Shaped, before: usize) -> usize {
        match &part.form {
            Form::Operation(_) => {
                self.rows.push(self.count);
                self.inputs.push(before);
                self.next()
            }
            Form::Sequential(parts) => parts
                .iter()
                .fold(before, |before, part| self.walk(part, before)),
            Form::Merge { join, branches } => {
                let each = branches.iter().map(|branch| Carrier {
                    first: self.count,
                    end: self.walk(branch, before),
                });
                let branches = each.collect();
                let call = self.count;
                self.joins.push(Meeting {
                    join: *join,
                    branches,
                    call,
                });
                self.next()
            }
        }
    }

    const fn next(&mut self) -> usize {
        self.count += 1;
        self.count - 1
    }
}

/// What a forward pass handed over, call by call, and what of it has left the device.
pub(super) struct Passed {
    flows: Vec<Flow>,
    outputs: BTreeMap<usize, LayerOutput>,
}

impl Passed {
    /// What this network hands over for a picture, `[1, channels, height, width]`.
    pub(super) fn through(network: &mut Network, input: Tensor<4>) -> Self {
        let mut flows = vec![Flow::Image(input.clone())];
        network.watch(input, &mut |_, flow| {
            flows.push(flow.clone());
            flow
        });
        Self {
            flows,
            outputs: BTreeMap::new(),
        }
    }

    /// What was handed over with a call.
    pub(super) async fn output(&mut self, call: usize) -> Result<&LayerOutput> {
        if !self.outputs.contains_key(&call) {
            let flow = self.flows.get(call).cloned();
            let flow =
                flow.ok_or_else(|| Problem::internal(format!("there was no call {call}")))?;
            self.outputs.insert(call, output(flow).await?);
        }
        Ok(&self.outputs[&call])
    }
}

/// What one operation or join hands over for one picture, on the host.
pub(super) async fn output(flow: Flow) -> Result<LayerOutput> {
    Ok(match flow {
        Flow::Image(tensor) => {
            let [_, channels, height, width] = tensor.dims();
            LayerOutput {
                shape: Shape::Image(ImageShape {
                    channels,
                    height,
                    width,
                }),
                values: numbers(tensor).await?,
            }
        }
        Flow::Vector(tensor) => LayerOutput {
            shape: Shape::Vector(tensor.dims()[1]),
            values: numbers(tensor).await?,
        },
    })
}
