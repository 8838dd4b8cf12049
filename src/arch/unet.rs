//! U-Net. Ronneberger, Fischer and Brox 2015, "U-Net: Convolutional Networks for Biomedical Image
//! Segmentation", <https://arxiv.org/abs/1505.04597>.

use super::attention::attend;
use super::{Join, Layer, conv, merge, pool, push, sequential};
use crate::base::Window;
use crate::experiment::{ExperimentSpec, Joining, Pool};
use crate::operation::{Conv2d, ConvTranspose2d, Dropout, Identity, Upsample};

/// An image in, an image of one channel of the same size out: a logit for each pixel.
///
/// Two 3×3 convolutions, a level further down with twice the channels, up again, what the shortcut
/// brings beside it, and two convolutions more; `blocks` levels one in another. The last convolution
/// is 1×1.
///
/// Scaled down: `w` channels at the top in place of 64 and fewer levels; padding keeps every size, so
/// that nothing is cropped; batch normalization. Upwards, each pixel becomes four and a 3×3
/// convolution follows; where downwards is a strided convolution, upwards is a transposed one, the
/// paper's.
pub(super) fn unet(spec: &ExperimentSpec) -> Layer {
    let mut parts = Vec::new();
    level(&mut parts, spec, spec.width as usize, spec.blocks);
    push(&mut parts, "classifier", Conv2d::new(1, 1));
    Layer::Sequential(parts)
}

/// This level, with its output channels, and everything below it.
fn level(parts: &mut Vec<(String, Layer)>, spec: &ExperimentSpec, channels: usize, below: u32) {
    push(parts, "encoder", convs(spec, channels));
    if below == 0 {
        if spec.dropout > 0.0 {
            let rate = spec.dropout;
            push(parts, "drop", Dropout { rate });
        }
        return;
    }
    let mut body = Vec::new();
    push(
        &mut body,
        "down",
        pool(spec.pool, Window::tiles(2), channels),
    );
    level(&mut body, spec, 2 * channels, below - 1);
    push(&mut body, "up", up(spec, channels));
    let body = Layer::Sequential(body);
    if spec.residual {
        let join = match spec.join {
            Joining::Add => Join::Add,
            Joining::Concat => Join::Concat,
        };
        let shortcut = Identity.into();
        // The shortcut first, as in the paper: the channels of the early map are the first ones.
        push(
            parts,
            "",
            merge(join, [("shortcut", shortcut), ("body", body)]),
        );
    } else {
        push(parts, "body", body);
    }
    push(parts, "decoder", convs(spec, channels));
}

/// Two 3×3 convolutions.
fn convs(spec: &ExperimentSpec, channels: usize) -> Layer {
    let mut parts = Vec::new();
    for number in [1, 2] {
        conv(
            &mut parts,
            number,
            Conv2d::same(channels, 3),
            spec.batchnorm,
        );
        let activation = spec.activation;
        push(&mut parts, format!("act{number}"), activation);
    }
    attend(&mut parts, "attention", spec.attention, channels);
    Layer::Sequential(parts)
}

/// Doubles height and width, with these output channels.
fn up(spec: &ExperimentSpec, channels: usize) -> Layer {
    if spec.pool == Pool::Conv {
        return ConvTranspose2d::tiles(channels, 2).into();
    }
    sequential([
        ("nearest", Upsample { scale: 2 }.into()),
        ("conv", Conv2d::same(channels, 3).into()),
    ])
}
