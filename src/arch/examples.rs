//! The course's own examples as networks, to be counted and compared; none of them is trained.

use super::googlenet::{self, Filters};
use super::resnet::BlockStyle;
use super::{Layer, Shaped, Summary, sequential};
use crate::base::ImageShape;
use crate::base::error::{Code, Problem, Result};
use crate::experiment::link;
use crate::operation::{Conv2d, Flatten, GlobalAveragePool, Linear, Shape};

/// An example: its name, and the network with the image that enters it.
type Example = (&'static str, fn() -> (Layer, ImageShape));

/// The examples that the calculator offers.
const EXAMPLES: &[Example] = &[
    // Three by three pixels, three colours, four filters: 108 weights, 112 with biases.
    ("first-conv", || (one(conv(4, 3, true)), image(3, 64))),
    // GoogLeNet's 3×3 branch: Szegedy et al. 2014, <https://arxiv.org/abs/1409.4842>.
    ("inception-direct", || {
        (one(conv(192, 3, false)), image(256, 28))
    }),
    ("inception-reduced", || {
        (two(conv(64, 1, false), conv(192, 3, false)), image(256, 28))
    }),
    // Szegedy et al. 2015, <https://arxiv.org/abs/1512.00567>, figure 1; one pair of channels.
    ("one-five", || (one(conv(1, 5, false)), image(1, 28))),
    ("two-threes", || {
        (two(conv(1, 3, false), conv(1, 3, false)), image(1, 28))
    }),
    ("head-dense", || {
        let dense = Linear::new(10);
        let head = [("flatten", Flatten.into()), ("fc", dense.into())];
        (sequential(head), image(64, 8))
    }),
    // Lin, Chen and Yan 2013, <https://arxiv.org/abs/1312.4400>.
    ("head-conv", || {
        let pool = GlobalAveragePool;
        let head = [("conv", conv(10, 1, true)), ("pool", pool.into())];
        (sequential(head), image(64, 8))
    }),
    // Two 3×3 convolutions with the bottleneck's outer channels.
    ("block-basic", || {
        (style("net=resnet").block(256, 256, 1), image(256, 28))
    }),
    // He et al. 2015, <https://arxiv.org/abs/1512.03385>, figure 5.
    ("block-bottleneck", || {
        (
            style("net=resnet&block=bottleneck").block(256, 64, 1),
            image(256, 28),
        )
    }),
];

/// Parts of networks that are only drawn.
const PARTS: &[Example] = &[
    ("block-plain", || {
        (
            style("net=resnet&residual=off").block(16, 16, 1),
            image(16, 32),
        )
    }),
    ("block-residual", || {
        (style("net=resnet").block(16, 16, 1), image(16, 32))
    }),
    ("block-shrinking", || {
        (style("net=resnet").block(16, 32, 2), image(16, 32))
    }),
    ("bottleneck-shrinking", || {
        (
            style("net=resnet&block=bottleneck").block(256, 128, 2),
            image(256, 28),
        )
    }),
    ("module-naive", || (module("naive"), image(256, 28))),
    ("module-reduced", || (module("reduced"), image(256, 28))),
];

/// Two examples that answer a question together: its name, and theirs.
pub const PAIRS: &[(&str, &str, &str)] = &[
    ("inception", "inception-direct", "inception-reduced"),
    ("factorised", "one-five", "two-threes"),
    ("head", "head-dense", "head-conv"),
    ("block", "block-basic", "block-bottleneck"),
];

/// The names of the examples that the calculator offers.
pub fn names() -> Vec<&'static str> {
    EXAMPLES.iter().map(|(name, _)| *name).collect()
}

/// The table of an example.
///
/// # Errors
/// [`Code::UnknownChoice`] where there is none of this name.
pub fn summary(name: &str) -> Result<Summary> {
    let mut all = EXAMPLES.iter().chain(PARTS);
    let found = all.find(|(known, _)| *known == name);
    let (_, make) = found.ok_or_else(|| {
        Problem::new(Code::UnknownChoice)
            .with("value", name)
            .with("choices", names().join(", "))
    })?;
    let (layer, input) = make();
    Shaped::infer(&layer, Shape::Image(input)).map(|network| Summary::of(&network))
}

fn conv(out_channels: usize, kernel: usize, bias: bool) -> Layer {
    let conv = Conv2d {
        bias,
        ..Conv2d::same(out_channels, kernel)
    };
    conv.into()
}

fn one(only: Layer) -> Layer {
    sequential([("conv", only)])
}

fn two(first: Layer, second: Layer) -> Layer {
    sequential([("conv1", first), ("conv2", second)])
}

fn image(channels: usize, size: usize) -> ImageShape {
    ImageShape {
        channels,
        height: size,
        width: size,
    }
}

/// The style of the blocks of the network at this link.
fn style(text: &str) -> BlockStyle {
    BlockStyle::of(&link::known_spec(text))
}

/// GoogLeNet's module 3b, with the course's reduction to 64 channels before its 3×3.
fn module(form: &str) -> Layer {
    let spec = link::known_spec(&format!("net=googlenet&inception={form}"));
    let filters = Filters {
        one: 128,
        three: [64, 192],
        five: [32, 96],
        pooled: 64,
    };
    googlenet::ModuleStyle::of(&spec).module(filters, 256)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without biases.
    fn weights(name: &str) -> usize {
        summary(name)
            .unwrap()
            .rows
            .iter()
            .map(|row| row.weights)
            .sum()
    }

    #[test]
    fn the_figures_of_the_course() {
        assert_eq!(weights("first-conv"), 108);
        assert_eq!(summary("first-conv").unwrap().parameters, 112);
        assert_eq!(weights("inception-direct"), 442_368);
        assert_eq!(weights("inception-reduced"), 16_384 + 110_592);
        assert_eq!(weights("one-five"), 25);
        assert_eq!(weights("two-threes"), 18);
        let sees = |name| summary(name).unwrap().rows.last().unwrap().receptive_field;
        assert_eq!((sees("one-five"), sees("two-threes")), (Some(5), Some(5)));
        assert_eq!(weights("head-dense"), 64 * 8 * 8 * 10);
        assert_eq!(weights("head-conv"), 64 * 10);
    }

    #[test]
    fn the_bottleneck_is_the_course_s() {
        let rows = summary("block-bottleneck").unwrap().rows;
        let convs: Vec<_> = rows
            .iter()
            .filter(|row| row.kind == "conv2d")
            .map(|row| (row.kernel, row.input[0], row.output[0], row.weights))
            .collect();
        assert_eq!(
            convs,
            [
                (Some([1; 2]), 256, 64, 16_384),
                (Some([3; 2]), 64, 64, 36_864),
                (Some([1; 2]), 64, 256, 16_384),
            ]
        );
    }

    #[test]
    fn parts_are_what_the_course_says() {
        let weights = |name| weights_of_3x3_branch(&summary(name).unwrap());
        assert_eq!(weights("module-naive"), 442_368);
        assert_eq!(weights("module-reduced"), 126_976);
        for (name, shape) in [
            ("block-plain", [16, 32, 32]),
            ("block-residual", [16, 32, 32]),
            ("block-shrinking", [32, 16, 16]),
            ("bottleneck-shrinking", [512, 14, 14]),
        ] {
            assert_eq!(summary(name).unwrap().rows.last().unwrap().output, shape);
        }
    }

    fn weights_of_3x3_branch(network: &Summary) -> usize {
        let branch = network
            .rows
            .iter()
            .filter(|row| row.path.starts_with("three") && row.kind == "conv2d");
        branch.map(|row| row.weights).sum()
    }

    #[test]
    fn pairs_name_examples_that_there_are() {
        for (name, a, b) in PAIRS {
            assert!(summary(a).is_ok() && summary(b).is_ok(), "{name}");
        }
        assert_eq!(summary("none").unwrap_err().code, Code::UnknownChoice);
    }
}
