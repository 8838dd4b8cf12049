//! A small plain convolutional network, the course's first one.

use super::{Layer, Operation, conv, dense, push};
use crate::spec::ExperimentSpec;

/// Two 3×3 convolutions of `width` and `2 · width` filters, each pooled 2×2, then `64 → classes`.
pub(super) fn cnn(spec: &ExperimentSpec, classes: usize) -> Layer {
    let width = spec.width as usize;
    let mut parts = Vec::new();
    for (number, channels) in [(1, width), (2, 2 * width)] {
        conv(&mut parts, number, channels, 3, 1, spec.batchnorm);
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
    dense(&mut parts, 1, 64);
    push(&mut parts, "act3", Operation::Activation(spec.activation));
    dense(&mut parts, 2, classes);
    Layer::Sequential(parts)
}
