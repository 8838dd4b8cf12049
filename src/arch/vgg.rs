//! VGG. Simonyan and Zisserman 2014, "Very Deep Convolutional Networks for Large-Scale Image
//! Recognition", <https://arxiv.org/abs/1409.1556>.

use super::Layer;
use super::chain::Chain;
use crate::base::Window;
use crate::experiment::ExperimentSpec;
use crate::operation::Conv2d;

/// Nothing but 3×3 convolutions, `blocks` in each stage, and 2×2 poolings, with twice the filters
/// after each.
///
/// Scaled down: three stages of `w`, `2w` and `4w` filters in place of five from 64 to 512, since a
/// small image can be halved no more often; one hidden dense layer of 128 units in place of two of
/// 4,096; and batch normalization, without which the paper had to grow its networks step by step.
pub(super) fn vgg(spec: &ExperimentSpec, classes: usize) -> Layer {
    let mut chain = Chain::new(spec);
    for stage in 0..3 {
        for _ in 0..spec.blocks {
            chain.conv(Conv2d::same((spec.width as usize) << stage, 3));
        }
        chain.pool(Window::tiles(2));
    }
    chain.classify(&[128], classes)
}
