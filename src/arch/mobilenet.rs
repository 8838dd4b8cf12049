//! MobileNet. Howard et al. 2017, "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications",
//! <https://arxiv.org/abs/1704.04861>.

use super::attention::attend;
use super::{Layer, conv, mean_and_dense, push};
use crate::experiment::ExperimentSpec;
use crate::operation::Conv2d;

/// A convolution, then depthwise separable ones in three stages of `blocks` with `2w`, `4w` and `8w` filters; the second
/// and the third stage halve the image.
///
/// Scaled down: a first convolution of `w` filters at stride 1 in place of 32 at stride 2, and three stages in place of
/// five that end with 1,024 filters, since the images are seven times smaller.
pub(super) fn mobilenet(spec: &ExperimentSpec, classes: usize) -> Layer {
    let width = spec.width as usize;
    let blocks = spec.blocks as usize;
    let stages = [(2, 1), (4, 2), (8, 2)].map(|(times, stride)| (blocks, times * width, stride));
    of(spec, Conv2d::same(width, 3), &stages, classes)
}

/// The network with this first convolution, and with stages of so many blocks with so many filters, the first of them at
/// this stride.
pub(super) fn of(
    spec: &ExperimentSpec,
    stem: Conv2d,
    stages: &[(usize, usize, usize)],
    classes: usize,
) -> Layer {
    let mut parts = Vec::new();
    conv(&mut parts, 1, stem, spec.batchnorm);
    push(&mut parts, "act1", spec.activation);
    let mut channels = stem.out_channels;
    for (number, &(blocks, filters, stride)) in (1..).zip(stages) {
        let mut stage = Vec::new();
        for block in 1..=blocks {
            let stride = if block == 1 { stride } else { 1 };
            let layer = separable(spec, channels, filters, stride);
            push(&mut stage, format!("block{block}"), layer);
            channels = filters;
        }
        push(
            &mut parts,
            format!("stage{number}"),
            Layer::Sequential(stage),
        );
    }
    mean_and_dense(&mut parts, spec.dropout, classes);
    Layer::Sequential(parts)
}

/// A depthwise separable convolution (section 3.1, figure 3): a 3×3 convolution of each channel by itself, then a 1×1
/// convolution across the channels, each with its normalization and its nonlinearity.
fn separable(spec: &ExperimentSpec, channels: usize, filters: usize, stride: usize) -> Layer {
    let depthwise = Conv2d {
        stride,
        groups: channels,
        ..Conv2d::same(channels, 3)
    };
    let mut parts = Vec::new();
    for (number, filters) in [(1, depthwise), (2, Conv2d::new(filters, 1))] {
        conv(&mut parts, number, filters, spec.batchnorm);
        push(&mut parts, format!("act{number}"), spec.activation);
    }
    attend(&mut parts, "attention", spec.attention, filters);
    Layer::Sequential(parts)
}
