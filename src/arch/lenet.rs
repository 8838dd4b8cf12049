//! LeCun's networks for handwritten digits.
//!
//! Simplified as everybody does today: every filter of the second layer sees all maps, subsampling
//! has no weights of its own, tanh is not scaled, and the output is a dense layer.

use super::Layer;
use super::chain::Chain;
use crate::base::{ImageShape, Window};
use crate::experiment::ExperimentSpec;
use crate::operation::Conv2d;

/// LeNet-1. LeCun et al. 1989, "Handwritten digit recognition with a back-propagation network":
/// 4 and 12 filters of 5×5, each with subsampling, and one dense layer, for images of 28×28.
pub(super) fn lenet1(spec: &ExperimentSpec, classes: usize) -> Layer {
    let mut chain = Chain::new(spec);
    for filters in [4, 12] {
        chain.conv(Conv2d::new(filters, 5));
        chain.pool(Window::tiles(2));
    }
    chain.classify(&[], classes)
}

/// LeNet-5. LeCun, Bottou, Bengio and Haffner 1998, "Gradient-based learning applied to document
/// recognition": 6 and 16 filters of 5×5, then 120, 84 and 10 outputs. The paper's input is 32×32;
/// smaller images are padded by two pixels on each side, as MNIST's 28×28 were.
pub(super) fn lenet5(spec: &ExperimentSpec, input: ImageShape, classes: usize) -> Layer {
    let first_padding = if input.height.min(input.width) < 32 {
        2
    } else {
        0
    };
    let mut chain = Chain::new(spec);
    for (filters, padding) in [(6, first_padding), (16, 0)] {
        chain.conv(Conv2d {
            padding: [padding; 2],
            ..Conv2d::new(filters, 5)
        });
        chain.pool(Window::tiles(2));
    }
    chain.classify(&[120, 84], classes)
}
