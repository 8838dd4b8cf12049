//! Networks as data: a tree of layers, without weights and without a device.
//!
//! A family is a function from a spec to a [`Layer`]. Everything else is derived from that tree:
//! its shapes, or the reason why they do not fit ([`Shaped`]), its layer table and its drawing
//! ([`summary`]), and the network that trains ([`crate::nn`]).

mod alexnet;
mod attention;
pub mod calculator;
mod chain;
mod cnn;
mod densenet;
pub mod editor;
pub mod examples;
mod exercise;
pub mod googlenet;
mod lenet;
pub mod memory;
mod mlp;
mod mobilenet;
pub mod notation;
mod original;
pub mod own;
pub mod pytorch;
pub mod resnet;
mod shaped;
pub mod summary;
pub mod touch;
mod unet;
mod vgg;

pub use original::original;
pub use shaped::{Form, Shaped};
pub use summary::Summary;

use serde::Serialize;

use crate::base::error::{Code, Problem, Result};
use crate::base::{ImageShape, Window};
use crate::experiment::{ExperimentSpec, Family, Pool};
use crate::operation::{
    AveragePool2d, BatchNorm, Conv2d, Dropout, GlobalAveragePool, Linear, MaxPool2d, Operation,
    Shape,
};

/// More parameters than this do not fit a browser tab beside their gradients and moments.
pub const MOST_WEIGHTS: usize = 20_000_000;

/// More bytes than this a run cannot count on: WebAssembly addresses 4 GiB, and no array uses the gaps
/// between those that are there.
pub const MOST_BYTES: u64 = 3_000_000_000;

/// How much an auxiliary classifier's loss counts. Szegedy et al. 2014, <https://arxiv.org/abs/1409.4842>, section 5.
pub const AUXILIARY_WEIGHT: f64 = 0.3;

/// A network, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    /// An operation, without parts.
    Operation(Operation),
    /// Parts with names, one after the other. A part without a name passes its parent's on.
    Sequential(Vec<(String, Layer)>),
    /// Branches with names, which all get the same input, and how their outputs become one.
    Merge {
        /// How.
        join: Join,
        /// The branches, in the order in which they are computed.
        branches: Vec<(String, Layer)>,
    },
}

/// How the outputs of several branches become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Join {
    /// Their sum: all have the same shape. He et al. 2015, <https://arxiv.org/abs/1512.03385>.
    Add,
    /// Their channels concatenated: all have the same height and width. Szegedy et al.
    /// 2014, <https://arxiv.org/abs/1409.4842>; Ronneberger et al. 2015, <https://arxiv.org/abs/1505.04597>;
    /// Huang et al. 2016, <https://arxiv.org/abs/1608.06993>.
    Concat,
    /// Their product. Every branch but the first is a gate: it has the first one's shape, or one
    /// number for each channel, or one channel for all. Hu et al. 2017, <https://arxiv.org/abs/1709.01507>.
    Multiply,
    /// The first one's alone. Every other branch is an auxiliary classifier: while the network learns,
    /// [`AUXILIARY_WEIGHT`] times its loss is added to the network's own, and nothing else comes of it.
    Auxiliary,
}

impl Join {
    /// The branches on which depends what leaves.
    pub fn joined<T>(self, branches: &[T]) -> &[T] {
        match self {
            Self::Auxiliary => &branches[..branches.len().min(1)],
            Self::Add | Self::Concat | Self::Multiply => branches,
        }
    }
}

impl<T: Into<Operation>> From<T> for Layer {
    fn from(operation: T) -> Self {
        Self::Operation(operation.into())
    }
}

/// The network of this spec, for images of this size and this number of classes, with its shapes.
///
/// # Errors
/// [`Code::NoMasks`] as [`ExperimentSpec::mask_threshold`]; otherwise as [`Shaped::infer`], and of a network of one's own
/// whatever is wrong with its text or its output;
/// [`Code::MaskDiffers`]; [`Code::TooManyWeights`]; [`Code::TooMuchMemory`].
pub fn build(spec: &ExperimentSpec, input: ImageShape, classes: usize) -> Result<Shaped> {
    spec.mask_threshold()?;
    let network = match spec.net {
        Family::Own => own::network(spec, input, classes)?,
        _ => Shaped::infer(&family(spec, input, classes), Shape::from(input))?,
    };
    if let (Family::UNet, Shape::Image(mask)) = (spec.net, network.output)
        && (mask.height, mask.width) != (input.height, input.width)
    {
        return Err(Problem::new(Code::MaskDiffers)
            .with("mask", network.output)
            .with("image", network.input));
    }
    let weights = network.weights();
    if weights > MOST_WEIGHTS {
        return Err(Problem::new(Code::TooManyWeights)
            .with("weights", weights)
            .with("limit", MOST_WEIGHTS));
    }
    memory::check(&network, spec)?;
    Ok(network)
}

/// The tree of a family; of a network of one's own, an empty one.
fn family(spec: &ExperimentSpec, input: ImageShape, classes: usize) -> Layer {
    match spec.net {
        Family::Own => Layer::Sequential(Vec::new()),
        Family::Mlp => mlp::mlp(spec, classes),
        Family::LeNet1 => lenet::lenet1(spec, classes),
        Family::LeNet => lenet::lenet5(spec, input, classes),
        Family::Cnn => cnn::cnn(spec, classes),
        Family::AlexNet => alexnet::alexnet(spec, classes),
        Family::Vgg => vgg::vgg(spec, classes),
        Family::GoogLeNet => googlenet::googlenet(spec, classes),
        Family::ResNet => resnet::resnet(spec, classes),
        Family::DenseNet => densenet::densenet(spec, classes),
        Family::MobileNet => mobilenet::mobilenet(spec, classes),
        Family::UNet => unet::unet(spec),
        Family::Exercise1Dense => exercise::one_dense(spec, classes),
        Family::Exercise1 => exercise::one(spec, classes),
        Family::Exercise3 => exercise::three(spec, input, classes),
    }
}

/// Parts in order, each under its name.
fn sequential<const N: usize>(parts: [(&str, Layer); N]) -> Layer {
    Layer::Sequential(parts.map(|(name, layer)| (name.to_owned(), layer)).into())
}

/// Branches under their names, joined.
fn merge<const N: usize>(join: Join, branches: [(&str, Layer); N]) -> Layer {
    Layer::Merge {
        join,
        branches: branches
            .map(|(name, layer)| (name.to_owned(), layer))
            .into(),
    }
}

/// A convolution, followed by its normalization if there is one; a bias only if there is none,
/// since the normalization would cancel it.
fn conv(parts: &mut Vec<(String, Layer)>, number: usize, conv: Conv2d, batchnorm: bool) {
    let bias = !batchnorm;
    push(parts, format!("conv{number}"), Conv2d { bias, ..conv });
    if batchnorm {
        push(parts, format!("bn{number}"), BatchNorm);
    }
}

/// What makes an image of `channels` channels smaller: a pooling, or instead of it a convolution
/// with the same window and stride, which learns what to keep. Springenberg et al. 2014,
/// <https://arxiv.org/abs/1412.6806>.
fn pool(pool: Pool, window: Window, channels: usize) -> Operation {
    match pool {
        Pool::Max => MaxPool2d(window).into(),
        Pool::Average => AveragePool2d::new(window).into(),
        Pool::Conv => Conv2d {
            stride: window.stride,
            padding: [window.padding; 2],
            ..Conv2d::new(channels, window.size)
        }
        .into(),
    }
}

fn push(parts: &mut Vec<(String, Layer)>, name: impl Into<String>, layer: impl Into<Layer>) {
    parts.push((name.into(), layer.into()));
}

fn dense(parts: &mut Vec<(String, Layer)>, number: usize, out_features: usize) {
    push(parts, format!("fc{number}"), Linear::new(out_features));
}

/// Global average pooling, dropout, and one dense layer.
fn mean_and_dense(parts: &mut Vec<(String, Layer)>, dropout: f64, classes: usize) {
    push(parts, "pool", GlobalAveragePool);
    if dropout > 0.0 {
        push(parts, "drop", Dropout { rate: dropout });
    }
    let out_features = classes;
    push(parts, "fc", Linear::new(out_features));
}
