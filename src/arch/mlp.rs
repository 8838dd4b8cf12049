//! A multilayer perceptron: dense layers that see an image as an unordered list of numbers.

use super::{Layer, Operation, dense, push};
use crate::spec::ExperimentSpec;

/// `pixels → 128 → 64 → classes`.
pub(super) fn mlp(spec: &ExperimentSpec, classes: usize) -> Layer {
    let mut parts = Vec::new();
    push(&mut parts, "flatten", Operation::Flatten);
    for (index, features) in [128, 64].into_iter().enumerate() {
        dense(&mut parts, index + 1, features);
        push(
            &mut parts,
            format!("act{}", index + 1),
            Operation::Activation(spec.activation),
        );
    }
    dense(&mut parts, 3, classes);
    Layer::Sequential(parts)
}
