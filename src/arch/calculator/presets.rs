//! Layers worth a look.

use super::{layer, shown};
use crate::experiment::Choices;

/// By name: what differs from the defaults.
const PRESETS: &[(&str, &[(&str, u32)])] = &[
    // The course's: 3·3·3·4 = 108 weights, 112 with biases.
    ("course", &[("size", 64), ("channels", 3), ("filters", 4)]),
    // GoogLeNet's 3×3 branch, with and without its reduction. Szegedy et al. 2014,
    // <https://arxiv.org/abs/1409.4842>.
    (
        "inception",
        &[
            ("channels", 256),
            ("filters", 192),
            ("padding", 1),
            ("bias", 0),
        ],
    ),
    (
        "pointwise",
        &[
            ("channels", 256),
            ("filters", 64),
            ("kernel", 1),
            ("bias", 0),
        ],
    ),
    // AlexNet's first: Krizhevsky, Sutskever and Hinton 2012.
    (
        "alexnet",
        &[
            ("size", 227),
            ("channels", 3),
            ("filters", 96),
            ("kernel", 11),
            ("stride", 4),
        ],
    ),
    // One kernel a channel. Howard et al. 2017, <https://arxiv.org/abs/1704.04861>.
    (
        "depthwise",
        &[
            ("channels", 32),
            ("filters", 32),
            ("padding", 1),
            ("groups", 32),
        ],
    ),
    // Yu and Koltun 2015, <https://arxiv.org/abs/1511.07122>.
    (
        "dilated",
        &[("channels", 16), ("padding", 2), ("dilation", 2)],
    ),
    (
        "dense",
        &[("layer", 1), ("channels", 3), ("size", 32), ("filters", 10)],
    ),
];

/// The presets: for each its name, and the numbers that differ from the defaults.
pub fn presets() -> Vec<(&'static str, Choices)> {
    let kinds = layer(&Choices::new()).fields;
    let value = |key: &str, number| {
        let kind = kinds.iter().find(|field| field.key == key);
        kind.map(|field| (key.to_owned(), shown(&field.kind, number)))
    };
    let numbers = |all: &[(&str, u32)]| all.iter().filter_map(|(key, n)| value(key, *n)).collect();
    PRESETS
        .iter()
        .map(|(name, all)| (*name, numbers(all)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arch::examples;

    #[test]
    fn what_is_an_example_too_has_the_same_count() {
        for (preset, example) in [("course", "first-conv"), ("inception", "inception-direct")] {
            let (_, choices) = presets()
                .into_iter()
                .find(|(name, _)| *name == preset)
                .unwrap();
            let counted = examples::summary(example).unwrap();
            assert_eq!(layer(&choices).parameters, counted.parameters, "{preset}");
        }
    }
}
