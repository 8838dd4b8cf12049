//! Networks as data: a tree of layers, without weights and without a device.
//!
//! A family is a function from a spec to a [`Layer`]. Everything else is derived from that tree:
//! its shapes, or the reason why it cannot work ([`shape`]), its layer table and its picture
//! ([`summary`]), and the modules that train ([`crate::nn`]).

mod cnn;
mod lenet;
mod mlp;
pub mod resnet;
pub mod shape;
pub mod summary;

pub use shape::{Form, Shape, Shaped};
pub use summary::Summary;

use crate::data::ImageShape;
use crate::error::{Code, Problem, Result};
use crate::spec::{Activation, ExperimentSpec, Family, Pool};

/// More than this many trainable numbers do not fit a browser tab beside their gradients.
pub const MOST_WEIGHTS: usize = 20_000_000;

/// One step of a network that has no parts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operation {
    /// The input as it is.
    Identity,
    /// A square convolution over zero padding.
    Conv2d {
        /// Filters.
        out_channels: usize,
        /// Edge of the kernel, in pixels.
        kernel: usize,
        /// Pixels from one place to the next.
        stride: usize,
        /// Rows and columns of zeros on each side.
        padding: usize,
        /// Whether a number is added to each output channel.
        bias: bool,
    },
    /// Batch normalization over each channel. Ioffe and Szegedy 2015, <https://arxiv.org/abs/1502.03167>.
    BatchNorm2d,
    /// A nonlinearity, on each number by itself.
    Activation(Activation),
    /// A square window becomes one pixel.
    Pool2d {
        /// How.
        pool: Pool,
        /// Edge of the window, which is also its stride.
        size: usize,
    },
    /// Each channel becomes its mean.
    GlobalAveragePool,
    /// An image becomes a vector: channels, then rows, then columns.
    Flatten,
    /// A dense layer.
    Linear {
        /// Outputs.
        out_features: usize,
    },
    /// The shortcut without weights: every `stride`-th pixel, and channels of zeros behind the
    /// input's. He et al. 2015, option A, <https://arxiv.org/abs/1512.03385>.
    ZeroPad {
        /// Channels afterwards.
        out_channels: usize,
        /// Pixels from one place to the next.
        stride: usize,
    },
}

/// A network, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub enum Layer {
    /// A step without parts.
    Operation(Operation),
    /// Parts with names, one after the other. A part without a name passes its parent's on.
    Sequential(Vec<(String, Layer)>),
    /// `body(x) + shortcut(x)`. He et al. 2015.
    Residual {
        /// What learns the difference.
        body: Box<Layer>,
        /// What the difference is added to.
        shortcut: Box<Layer>,
    },
}

impl From<Operation> for Layer {
    fn from(operation: Operation) -> Self {
        Self::Operation(operation)
    }
}

/// The network of this spec, for images of this size and so many classes, with its shapes.
///
/// # Errors
/// [`Code::NoMasks`] as [`ExperimentSpec::mask_threshold`];
/// [`Code::LayerNeeds`], [`Code::KernelTooLarge`] and [`Code::ShapesDiffer`] where a layer cannot
/// take what reaches it; [`Code::TooManyWeights`].
pub fn build(spec: &ExperimentSpec, input: ImageShape, classes: usize) -> Result<Shaped> {
    spec.mask_threshold()?;
    let layer = match spec.net {
        Family::Mlp => mlp::mlp(spec, classes),
        Family::LeNet => lenet::lenet5(spec, input, classes),
        Family::Cnn => cnn::cnn(spec, classes),
        Family::ResNet => resnet::resnet(spec, classes),
    };
    let network = Shaped::infer(&layer, Shape::from(input))?;
    let weights = network.weights();
    if weights > MOST_WEIGHTS {
        return Err(Problem::new(Code::TooManyWeights)
            .with("weights", weights)
            .with("limit", MOST_WEIGHTS));
    }
    Ok(network)
}

/// Parts in order, each under its name.
fn sequential<const N: usize>(parts: [(&str, Layer); N]) -> Layer {
    Layer::Sequential(parts.map(|(name, layer)| (name.to_owned(), layer)).into())
}

/// A convolution that keeps the size at stride 1 (odd kernels), with its normalization behind it
/// if there is one; a bias only if there is none, since the normalization would cancel it.
fn conv(
    parts: &mut Vec<(String, Layer)>,
    number: usize,
    out_channels: usize,
    kernel: usize,
    stride: usize,
    batchnorm: bool,
) {
    let conv = Operation::Conv2d {
        out_channels,
        kernel,
        stride,
        padding: kernel / 2,
        bias: !batchnorm,
    };
    parts.push((format!("conv{number}"), conv.into()));
    if batchnorm {
        parts.push((format!("bn{number}"), Operation::BatchNorm2d.into()));
    }
}

fn push(parts: &mut Vec<(String, Layer)>, name: impl Into<String>, layer: impl Into<Layer>) {
    parts.push((name.into(), layer.into()));
}

fn dense(parts: &mut Vec<(String, Layer)>, number: usize, out_features: usize) {
    push(
        parts,
        format!("fc{number}"),
        Operation::Linear { out_features },
    );
}
