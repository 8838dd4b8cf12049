//! The networks of the course's code exercises, as its notebooks build them.

use super::Layer;
use super::chain::Chain;
use crate::base::{ImageShape, Window};
use crate::experiment::ExperimentSpec;
use crate::operation::Conv2d;

/// The dense network of exercise 1: two hidden layers of `w` units. 8 units and MNIST's images make 6,442 parameters.
pub(super) fn one_dense(spec: &ExperimentSpec, classes: usize) -> Layer {
    let units = spec.width as usize;
    Chain::new(spec).classify(&[units, units], classes)
}

/// The CNN of exercise 1, beside which its dense network has as many parameters: twice `w` filters of 5×5, each
/// followed by a 2×2 pooling, then 50 hidden units. 6 filters and MNIST's images of 28×28 make 6,422 parameters.
pub(super) fn one(spec: &ExperimentSpec, classes: usize) -> Layer {
    let mut chain = Chain::new(spec);
    for _ in 0..2 {
        chain.conv(Conv2d::new(spec.width as usize, 5));
        chain.pool(Window::tiles(2));
    }
    chain.classify(&[50], classes)
}

/// The simplified VGG of exercise 3: eight 3×3 convolutions of `w`, `2w`, `4w`, `4w` and four times `8w` filters in
/// five stages, and one dense layer. The notebook has w = 64 and images of 32×32, which end as one pixel; a smaller
/// image is halved as often as it can be.
pub(super) fn three(spec: &ExperimentSpec, input: ImageShape, classes: usize) -> Layer {
    let mut chain = Chain::new(spec);
    let mut edge = input.height.min(input.width);
    for stage in [&[1][..], &[2], &[4, 4], &[8, 8], &[8, 8]] {
        for times in stage {
            chain.conv(Conv2d::same(spec.width as usize * times, 3));
        }
        if edge > 1 {
            chain.pool(Window::tiles(2));
            edge /= 2;
        }
    }
    chain.classify(&[], classes)
}
