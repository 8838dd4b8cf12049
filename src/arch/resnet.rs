//! Residual networks for small images. He, Zhang, Ren and Sun 2015,
//! <https://arxiv.org/abs/1512.03385>, section 4.2: a 3×3 stem, three stages of `n` blocks with
//! `w`, `2w` and `4w` channels, the second and third halving the image, then global average
//! pooling and one dense layer. Basic blocks make `6n + 2` layers, bottlenecks `9n + 2`. With a
//! fourth stage, two basic blocks and w = 64 it is the paper's ResNet-18 (table 1) behind that stem.

use super::attention::attend;
use super::{Join, Layer, conv, mean_and_dense, merge, push, sequential};
use crate::experiment::{Activation, Attention, Block, ExperimentSpec, Joining, Shortcut};
use crate::operation::{Conv2d, Identity, ZeroPad};

/// How many times wider than its middle a bottleneck is.
const EXPANSION: usize = 4;

/// What all blocks of a network share.
#[derive(Debug, Clone, Copy)]
pub struct BlockStyle {
    /// The block's body.
    pub block: Block,
    /// Whether the input goes around the body too.
    pub residual: bool,
    /// Whether it is added there, or its channels put behind the body's, as in Huang et al. 2016,
    /// <https://arxiv.org/abs/1608.06993>.
    pub join: Joining,
    /// The shortcut where the shape changes.
    pub shortcut: Shortcut,
    /// Whether convolutions are normalized.
    pub batchnorm: bool,
    /// The nonlinearity.
    pub activation: Activation,
    /// The gates at the end of a body, before the shortcut is joined.
    pub attention: Attention,
}

/// The network of this spec.
pub(super) fn resnet(spec: &ExperimentSpec, classes: usize) -> Layer {
    let style = BlockStyle::of(spec);
    let width = spec.width as usize;
    let mut parts = Vec::new();
    conv(&mut parts, 1, Conv2d::same(width, 3), spec.batchnorm);
    push(&mut parts, "act1", spec.activation);
    let blocks = vec![spec.blocks as usize; spec.stages as usize];
    style.stages(&mut parts, width, width, &blocks);
    mean_and_dense(&mut parts, spec.dropout, classes);
    Layer::Sequential(parts)
}

impl BlockStyle {
    /// The spec's.
    pub(super) fn of(spec: &ExperimentSpec) -> Self {
        Self {
            block: spec.block,
            residual: spec.residual,
            join: spec.join,
            shortcut: spec.shortcut,
            batchnorm: spec.batchnorm,
            activation: spec.activation,
            attention: spec.attention,
        }
    }

    /// Stages of `blocks` blocks, of which the first gets `channels` and has 3×3 convolutions of `width`
    /// filters; each further one halves the image and doubles the filters.
    pub(super) fn stages(
        self,
        parts: &mut Vec<(String, Layer)>,
        mut channels: usize,
        width: usize,
        blocks: &[usize],
    ) {
        for (stage, &count) in blocks.iter().enumerate() {
            let mut stage_parts = Vec::new();
            for block in 1..=count {
                let stride = if stage > 0 && block == 1 { 2 } else { 1 };
                let middle = width << stage;
                let layer = self.block(channels, middle, stride);
                push(&mut stage_parts, format!("block{block}"), layer);
                channels = self.out_channels(channels, middle);
            }
            let name = format!("stage{}", stage + 1);
            push(parts, name, Layer::Sequential(stage_parts));
        }
    }

    /// Channels that leave the body of a block whose 3×3 convolutions have `middle` filters.
    fn body_channels(self, middle: usize) -> usize {
        match self.block {
            Block::Basic => middle,
            Block::Bottleneck => EXPANSION * middle,
        }
    }

    /// Channels that leave a block into which `in_channels` go.
    pub fn out_channels(self, in_channels: usize, middle: usize) -> usize {
        let kept = match self.join {
            Joining::Concat if self.residual => in_channels,
            _ => 0,
        };
        kept + self.body_channels(middle)
    }

    /// One block: its body, joined with the shortcut if there is one, and the last nonlinearity.
    ///
    /// The course's bottleneck is `block(256, 64, 1)`: 1×1 256→64, 3×3 64→64, 1×1 64→256.
    pub fn block(self, in_channels: usize, middle: usize, stride: usize) -> Layer {
        let body = self.body(middle, stride);
        let joined = if self.residual {
            let (join, channels) = match self.join {
                Joining::Add => (Join::Add, self.body_channels(middle)),
                Joining::Concat => (Join::Concat, in_channels),
            };
            let shortcut = self.shortcut(in_channels, channels, stride);
            merge(join, [("body", body), ("shortcut", shortcut)])
        } else {
            body
        };
        // Either way the body is `block.body`, so that with and without the shortcut the same
        // weights start from the same values.
        let name = if self.residual { "" } else { "body" };
        sequential([(name, joined), ("act", self.activation.into())])
    }

    fn body(self, middle: usize, stride: usize) -> Layer {
        // (filters, kernel, stride) of each convolution
        let convs: &[(usize, usize, usize)] = match self.block {
            Block::Basic => &[(middle, 3, stride), (middle, 3, 1)],
            Block::Bottleneck => &[
                (middle, 1, 1),
                (middle, 3, stride),
                (EXPANSION * middle, 1, 1),
            ],
        };
        let mut parts = Vec::new();
        for (index, &(out_channels, kernel, stride)) in convs.iter().enumerate() {
            let filters = Conv2d {
                stride,
                ..Conv2d::same(out_channels, kernel)
            };
            conv(&mut parts, index + 1, filters, self.batchnorm);
            if index + 1 < convs.len() {
                push(&mut parts, format!("act{}", index + 1), self.activation);
            }
        }
        let channels = self.body_channels(middle);
        attend(&mut parts, "attention", self.attention, channels);
        Layer::Sequential(parts)
    }

    fn shortcut(self, in_channels: usize, out_channels: usize, stride: usize) -> Layer {
        if in_channels == out_channels && stride == 1 {
            return Identity.into();
        }
        match self.shortcut {
            Shortcut::Identity => Identity.into(),
            Shortcut::ZeroPad => ZeroPad {
                out_channels,
                stride,
            }
            .into(),
            Shortcut::Projection => {
                let mut parts = Vec::new();
                let filters = Conv2d {
                    stride,
                    ..Conv2d::new(out_channels, 1)
                };
                conv(&mut parts, 1, filters, self.batchnorm);
                Layer::Sequential(parts)
            }
        }
    }
}
