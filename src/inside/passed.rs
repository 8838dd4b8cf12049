//! A forward pass of one picture, call by call: what each operation and each join hands over, which leaves the device only
//! when it is asked for.

use std::collections::BTreeMap;

use burn::tensor::Tensor;

use super::network::LayerOutput;
use crate::arch::{Form, Shaped};
use crate::base::ImageShape;
use crate::base::error::{Problem, Result};
use crate::kernels::numbers;
use crate::nn::Network;
use crate::operation::{Flow, Shape};

/// Where a forward pass says what, in the order in which its hook is called: after each operation and after each join.
#[derive(Debug, Default)]
pub(super) struct Calls {
    count: usize,
    /// The call of each row.
    pub(super) rows: Vec<usize>,
    /// The call that hands each row its input; none where that is the picture.
    pub(super) inputs: Vec<Option<usize>>,
    /// The calls that hand over the branches of each join.
    pub(super) joins: Vec<Vec<usize>>,
}

impl Calls {
    /// Those of this network.
    pub(super) fn of(network: &Shaped) -> Self {
        let mut calls = Self::default();
        calls.walk(network, None);
        calls
    }

    /// The one that hands over what the network says.
    pub(super) const fn last(&self) -> usize {
        self.count.saturating_sub(1)
    }

    /// The call that hands over what leaves this part, whose input came with call `before`.
    fn walk(&mut self, part: &Shaped, before: Option<usize>) -> Option<usize> {
        match &part.form {
            Form::Operation(_) => {
                self.rows.push(self.count);
                self.inputs.push(before);
                Some(self.next())
            }
            Form::Sequential(parts) => parts
                .iter()
                .fold(before, |before, part| self.walk(part, before)),
            Form::Merge { branches, .. } => {
                let ends = branches.iter().map(|branch| self.walk(branch, before));
                let ends: Vec<_> = ends.collect();
                self.joins.push(ends.into_iter().flatten().collect());
                Some(self.next())
            }
        }
    }

    const fn next(&mut self) -> usize {
        self.count += 1;
        self.count - 1
    }
}

/// What a forward pass handed over, call by call, and what of it has left the device.
#[derive(Default)]
pub(super) struct Passed {
    flows: Vec<Flow>,
    outputs: BTreeMap<usize, LayerOutput>,
}

impl Passed {
    /// What this network hands over for a picture, `[1, channels, height, width]`.
    pub(super) fn through(network: &mut Network, input: Tensor<4>) -> Self {
        let mut pass = Self::default();
        network.watch(input, &mut |_, flow| {
            pass.flows.push(flow.clone());
            flow
        });
        pass
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
