//! Attention: gates that weight an image's channels or positions, computed from the image itself.
//!
//! Scaled down: where the papers leave a sixteenth of the channels between the two dense layers,
//! these networks, which have few, leave a quarter.

use super::{Join, Layer, merge, push, sequential};
use crate::experiment::{Activation, Attention};
use crate::operation::{
    ChannelConv, ChannelPool, Conv2d, GlobalAveragePool, Identity, Linear, PooledMlp,
};

/// The reduction ratio r: the two dense layers of a gate have channels / r units between them.
const REDUCTION: usize = 4;

/// Appends the gates to the parts so far, whose output has `channels` channels.
pub(super) fn attend(
    parts: &mut Vec<(String, Layer)>,
    name: &str,
    kind: Attention,
    channels: usize,
) {
    match kind {
        Attention::None => {}
        Attention::Se => push(parts, name, gated(squeeze_and_excitation(channels))),
        Attention::Eca => push(parts, name, gated(neighbours(channels))),
        Attention::Cbam => push(
            parts,
            name,
            sequential([
                ("channels", gated(pooled_mlp(channels))),
                ("places", gated(places())),
            ]),
        ),
    }
}

/// The input times its gate.
fn gated(gate: Layer) -> Layer {
    merge(Join::Multiply, [("input", Identity.into()), ("gate", gate)])
}

fn hidden(channels: usize) -> usize {
    (channels / REDUCTION).max(1)
}

fn sigmoid() -> Layer {
    Activation::Sigmoid.into()
}

/// Hu, Shen and Sun 2017, "Squeeze-and-Excitation Networks", <https://arxiv.org/abs/1709.01507>.
fn squeeze_and_excitation(channels: usize) -> Layer {
    let dense = |out_features| Linear::new(out_features).into();
    sequential([
        ("squeeze", GlobalAveragePool.into()),
        ("fc1", dense(hidden(channels))),
        ("act", Activation::Relu.into()),
        ("fc2", dense(channels)),
        ("sigmoid", sigmoid()),
    ])
}

/// Woo, Park, Lee and Kweon 2018, "CBAM: Convolutional Block Attention Module",
/// <https://arxiv.org/abs/1807.06521>: the gate of each channel.
fn pooled_mlp(channels: usize) -> Layer {
    let hidden = hidden(channels);
    sequential([("mlp", PooledMlp { hidden }.into()), ("sigmoid", sigmoid())])
}

/// CBAM's gate of each position, from the mean and the largest of its channels.
fn places() -> Layer {
    let conv = Conv2d {
        bias: false,
        ..Conv2d::same(1, 7)
    };
    sequential([
        ("pool", ChannelPool.into()),
        ("conv", conv.into()),
        ("sigmoid", sigmoid()),
    ])
}

/// Wang et al. 2020, "ECA-Net: Efficient Channel Attention", <https://arxiv.org/abs/1910.03151>.
/// The kernel grows with the channels as in the paper: the odd number next to (log₂ C + 1) / 2.
fn neighbours(channels: usize) -> Layer {
    let kernel = (channels.ilog2() as usize).div_ceil(2);
    let kernel = if kernel % 2 == 1 { kernel } else { kernel + 1 };
    sequential([
        ("squeeze", GlobalAveragePool.into()),
        ("conv", ChannelConv { kernel }.into()),
        ("sigmoid", sigmoid()),
    ])
}
