//! AlexNet. Krizhevsky, Sutskever and Hinton 2012, "ImageNet Classification with Deep
//! Convolutional Neural Networks".

use super::Layer;
use super::chain::Chain;
use crate::base::Window;
use crate::experiment::ExperimentSpec;
use crate::operation::Conv2d;

/// The paper's five convolutions, with filters in its proportions 96 : 256 : 384 : 384 : 256, its
/// three overlapping 3×3 poolings, and its two hidden dense layers with dropout.
///
/// Scaled down: a first kernel of 5×5 at stride 1 in place of 11×11 at stride 4, since the images
/// are seven times smaller; an eighth of the filters; 128 and 64 dense units in place of 4,096; and
/// batch normalization for local response normalization, which is no longer used.
pub(super) fn alexnet(spec: &ExperimentSpec, classes: usize) -> Layer {
    let width = spec.width as usize;
    let overlapping = Window {
        size: 3,
        stride: 2,
        padding: 0,
    };
    let mut chain = Chain::new(spec);
    chain.conv(Conv2d::same(width, 5));
    chain.pool(overlapping);
    chain.conv(Conv2d::same(width * 8 / 3, 5));
    chain.pool(overlapping);
    for filters in [4 * width, 4 * width, width * 8 / 3] {
        chain.conv(Conv2d::same(filters, 3));
    }
    chain.pool(overlapping);
    chain.classify(&[128, 64], classes)
}
