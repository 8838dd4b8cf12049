//! A multilayer perceptron: dense layers that see an image as an unordered list of numbers.

use super::Layer;
use super::chain::Chain;
use crate::experiment::ExperimentSpec;

/// `pixels → width → width / 2 → … → classes`, with `blocks` hidden layers.
pub(super) fn mlp(spec: &ExperimentSpec, classes: usize) -> Layer {
    let units = |depth: usize| (spec.width as usize >> depth).max(classes);
    let hidden: Vec<_> = (0..spec.blocks as usize).map(units).collect();
    Chain::new(spec).classify(&hidden, classes)
}
