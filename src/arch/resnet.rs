//! Residual networks for small images. He, Zhang, Ren and Sun 2015,
//! <https://arxiv.org/abs/1512.03385>, section 4.2: a 3×3 stem, three stages of `n` blocks with
//! `w`, `2w` and `4w` channels, the second and third halving the image, then global average
//! pooling and one dense layer. Basic blocks make `6n + 2` layers, bottlenecks `9n + 2`.

use super::{Layer, Operation, conv, push, sequential};
use crate::spec::{Activation, Block, ExperimentSpec, Shortcut};

/// How many times wider than its middle a bottleneck is.
const EXPANSION: usize = 4;

/// What all blocks of a network share.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// The block's body.
    pub block: Block,
    /// Whether the input is added.
    pub residual: bool,
    /// The shortcut where the shape changes.
    pub shortcut: Shortcut,
    /// Whether convolutions are normalized.
    pub batchnorm: bool,
    /// The nonlinearity.
    pub activation: Activation,
}

/// The network of this spec.
pub(super) fn resnet(spec: &ExperimentSpec, classes: usize) -> Layer {
    let style = Style {
        block: spec.block,
        residual: spec.residual,
        shortcut: spec.shortcut,
        batchnorm: spec.batchnorm,
        activation: spec.activation,
    };
    let width = spec.width as usize;
    let mut parts = Vec::new();
    conv(&mut parts, 1, width, 3, 1, spec.batchnorm);
    push(&mut parts, "act1", Operation::Activation(spec.activation));
    let mut channels = width;
    for stage in 0..3_usize {
        let mut blocks = Vec::new();
        for index in 0..spec.blocks as usize {
            let stride = if stage > 0 && index == 0 { 2 } else { 1 };
            let middle = width << stage;
            push(
                &mut blocks,
                format!("block{}", index + 1),
                style.block(channels, middle, stride),
            );
            channels = style.out_channels(middle);
        }
        push(
            &mut parts,
            format!("stage{}", stage + 1),
            Layer::Sequential(blocks),
        );
    }
    push(&mut parts, "pool", Operation::GlobalAveragePool);
    push(
        &mut parts,
        "fc",
        Operation::Linear {
            out_features: classes,
        },
    );
    Layer::Sequential(parts)
}

impl Style {
    /// Channels that leave a block whose 3×3 convolutions have `middle` filters.
    pub fn out_channels(self, middle: usize) -> usize {
        match self.block {
            Block::Basic => middle,
            Block::Bottleneck => EXPANSION * middle,
        }
    }

    /// One block: its body, the shortcut added if there is one, and the last nonlinearity.
    ///
    /// The course's bottleneck is `block(256, 64, 1)`: 1×1 256→64, 3×3 64→64, 1×1 64→256.
    pub fn block(self, in_channels: usize, middle: usize, stride: usize) -> Layer {
        let body = self.body(middle, stride);
        let sum = if self.residual {
            let shortcut = self.shortcut(in_channels, self.out_channels(middle), stride);
            Layer::Residual {
                body: Box::new(body),
                shortcut: Box::new(shortcut),
            }
        } else {
            body
        };
        // Either way the body is `block.body`, so that with and without the shortcut the same
        // weights start from the same values.
        let name = if self.residual { "" } else { "body" };
        sequential([
            (name, sum),
            ("act", Operation::Activation(self.activation).into()),
        ])
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
            conv(
                &mut parts,
                index + 1,
                out_channels,
                kernel,
                stride,
                self.batchnorm,
            );
            if index + 1 < convs.len() {
                push(
                    &mut parts,
                    format!("act{}", index + 1),
                    Operation::Activation(self.activation),
                );
            }
        }
        Layer::Sequential(parts)
    }

    fn shortcut(self, in_channels: usize, out_channels: usize, stride: usize) -> Layer {
        if in_channels == out_channels && stride == 1 {
            return Operation::Identity.into();
        }
        match self.shortcut {
            Shortcut::Identity => Operation::Identity.into(),
            Shortcut::ZeroPad => Operation::ZeroPad {
                out_channels,
                stride,
            }
            .into(),
            Shortcut::Projection => {
                let mut parts = Vec::new();
                conv(&mut parts, 1, out_channels, 1, stride, self.batchnorm);
                Layer::Sequential(parts)
            }
        }
    }
}
