//! LeNet-5. LeCun, Bottou, Bengio and Haffner 1998, "Gradient-based learning applied to document
//! recognition".
//!
//! As in the paper: 6 and 16 filters of 5×5, then 120, 84 and 10 outputs. Simplified as everybody
//! does today: every filter of the second layer sees all six maps, subsampling has no weights of
//! its own, and the output is a dense layer.

use super::{Layer, Operation, dense, push};
use crate::data::ImageShape;
use crate::spec::ExperimentSpec;

/// The paper's input is 32×32; smaller images are padded by two pixels on each side, as MNIST's
/// 28×28 were.
pub(super) fn lenet5(spec: &ExperimentSpec, input: ImageShape, classes: usize) -> Layer {
    let first_padding = if input.height.min(input.width) < 32 {
        2
    } else {
        0
    };
    let mut parts = Vec::new();
    for (number, out_channels, padding) in [(1, 6, first_padding), (2, 16, 0)] {
        let bias = !spec.batchnorm;
        push(
            &mut parts,
            format!("conv{number}"),
            Operation::Conv2d {
                out_channels,
                kernel: 5,
                stride: 1,
                padding,
                bias,
            },
        );
        if spec.batchnorm {
            push(&mut parts, format!("bn{number}"), Operation::BatchNorm2d);
        }
        push(
            &mut parts,
            format!("act{number}"),
            Operation::Activation(spec.activation),
        );
        push(
            &mut parts,
            format!("pool{number}"),
            Operation::Pool2d {
                pool: spec.pool,
                size: 2,
            },
        );
    }
    push(&mut parts, "flatten", Operation::Flatten);
    for (number, features) in [(1, 120), (2, 84)] {
        dense(&mut parts, number, features);
        push(
            &mut parts,
            format!("act{}", number + 2),
            Operation::Activation(spec.activation),
        );
    }
    dense(&mut parts, 3, classes);
    Layer::Sequential(parts)
}
