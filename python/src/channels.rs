//! The one convolution of a sequence that the playground has: along an image's channels, as ECA-Net has it.

use cnn_playground::operation::ChannelConv;

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::machine::Machine;
use crate::tensor::Tensor;
use crate::value::{Given, Value};

/// What `Conv1d` takes, in its order; what may be left out has a default.
const ARGUMENTS: [(&str, Option<i64>); 7] = [
    ("in_channels", None),
    ("out_channels", None),
    ("kernel_size", None),
    ("stride", Some(1)),
    ("padding", Some(0)),
    ("dilation", Some(1)),
    ("groups", Some(1)),
];

/// The kernel of a `Conv1d` with one channel in and out, without a bias, whose padding keeps the length; nothing if it is another.
pub(crate) fn kernel(given: &Given<'_>) -> Option<usize> {
    let mut numbers = [0; ARGUMENTS.len()];
    for (at, (name, usual)) in ARGUMENTS.iter().enumerate() {
        numbers[at] = match given.get(at, name) {
            Some(value) => value.int().ok()?,
            None => (*usual)?,
        };
    }
    let is_false = |value| matches!(value, Value::Bool(false));
    let has_bias = !given.get(ARGUMENTS.len(), "bias").is_some_and(is_false);
    match numbers {
        [1, 1, kernel, 1, padding, 1, 1]
            if !has_bias && kernel > 0 && 2 * padding + 1 == kernel =>
        {
            usize::try_from(kernel).ok()
        }
        _ => None,
    }
}

impl<'a> Machine<'a> {
    /// A `Conv1d` of a vector that is looked at as one channel.
    pub(crate) fn channel_conv(&mut self, given: &Given<'a>, tensor: &Tensor) -> Outcome<Tensor> {
        let kernel = kernel(given).filter(|_| matches!(tensor.sizes[..], [_, 1, _]));
        let kernel = kernel
            .ok_or_else(|| ReadingFault::new(ReadingCause::Layer).with("name", "nn.Conv1d"))?;
        let vector = Tensor {
            node: tensor.node,
            sizes: vec![tensor.sizes[0], tensor.sizes[2]],
        };
        let made = self.graph()?.apply(ChannelConv { kernel }, &vector)?;
        Ok(Tensor {
            node: made.node,
            sizes: tensor.sizes.clone(),
        })
    }
}
