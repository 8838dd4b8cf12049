//! A small plain convolutional network, the course's first one.

use super::Layer;
use super::chain::Chain;
use crate::base::Window;
use crate::experiment::ExperimentSpec;
use crate::operation::Conv2d;

/// `blocks` 3×3 convolutions of `width` filters and the same number of `2 · width`, each group pooled 2×2,
/// then `64 → classes`.
pub(super) fn cnn(spec: &ExperimentSpec, classes: usize) -> Layer {
    let width = spec.width as usize;
    let mut chain = Chain::new(spec);
    for filters in [width, 2 * width] {
        for _ in 0..spec.blocks {
            chain.conv(Conv2d::same(filters, 3));
        }
        chain.pool(Window::tiles(2));
    }
    chain.classify(&[64], classes)
}
