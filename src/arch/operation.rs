//! The steps of which networks are made: what leaves each, and what it learns.

use super::{Shape, shape::Parameter};
use crate::data::ImageShape;
use crate::error::{Code, Problem, Result};
use crate::spec::Activation;

/// A square convolution over zero padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv2d {
    /// Filters.
    pub out_channels: usize,
    /// Edge of the kernel, in pixels.
    pub kernel: usize,
    /// Pixels from one place to the next.
    pub stride: usize,
    /// Rows and columns of zeros on each side.
    pub padding: usize,
    /// Pixels from one weight of the kernel to the next.
    pub dilation: usize,
    /// Parts into which the channels are cut; each filter sees one of them.
    pub groups: usize,
    /// Whether a number is added to each output channel.
    pub bias: bool,
}

impl Conv2d {
    /// So many filters with a bias, pixel by pixel, without padding.
    pub const fn new(out_channels: usize, kernel: usize) -> Self {
        Self {
            out_channels,
            kernel,
            stride: 1,
            padding: 0,
            dilation: 1,
            groups: 1,
            bias: true,
        }
    }

    /// The same with as much padding as keeps the size at stride 1 (odd kernels).
    pub const fn same(out_channels: usize, kernel: usize) -> Self {
        Self {
            padding: kernel / 2,
            ..Self::new(out_channels, kernel)
        }
    }

    /// Edge of the part of the input that one output sees.
    pub const fn span(self) -> usize {
        self.dilation * (self.kernel - 1) + 1
    }
}

/// A square window that slides over an image; what lies outside does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Edge of the window, in pixels.
    pub size: usize,
    /// Pixels from one place to the next.
    pub stride: usize,
    /// Rows and columns by which it may reach beyond each edge.
    pub padding: usize,
}

impl Window {
    /// Windows of this edge, side by side.
    pub const fn tiles(size: usize) -> Self {
        Self {
            size,
            stride: size,
            padding: 0,
        }
    }
}

/// One step of a network that has no parts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operation {
    /// The input as it is.
    Identity,
    /// A convolution.
    Conv2d(Conv2d),
    /// Batch normalization over each channel. Ioffe and Szegedy 2015, <https://arxiv.org/abs/1502.03167>.
    BatchNorm2d,
    /// A nonlinearity, on each number by itself.
    Activation(Activation),
    /// The largest pixel of each window.
    MaxPool2d(Window),
    /// The mean of each window, of the pixels that lie in the image.
    AveragePool2d(Window),
    /// Each channel becomes its mean.
    GlobalAveragePool,
    /// An image becomes a vector: channels, then rows, then columns.
    Flatten,
    /// A dense layer.
    Linear {
        /// Outputs.
        out_features: usize,
    },
    /// This share of the numbers becomes zero while learning, and the others grow by as much. Srivastava
    /// et al. 2014, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting".
    Dropout {
        /// The share, below 1.
        rate: f64,
    },
    /// Each pixel becomes a square of so many by so many.
    Upsample {
        /// Edge of the square.
        scale: usize,
    },
    /// Each pixel becomes a square, by weights: a transposed convolution whose stride is its kernel.
    ConvTranspose2d {
        /// Channels afterwards.
        out_channels: usize,
        /// Edge of the square, of the kernel and of the stride.
        scale: usize,
    },
    /// A convolution along a vector's features, which are an image's channels; it keeps their number.
    ChannelConv {
        /// Length of the kernel, which is odd.
        kernel: usize,
    },
    /// Each channel's mean goes through two dense layers with a ReLU between them, each channel's
    /// largest value goes through the same two, and both are added: a number for each channel.
    PooledMlp {
        /// Units between the two layers.
        hidden: usize,
    },
    /// At each pixel, the mean and the largest of its channels: an image of two channels.
    ChannelPool,
    /// The shortcut without weights: every `stride`-th pixel, and channels of zeros behind the
    /// input's. He et al. 2015, option A, <https://arxiv.org/abs/1512.03385>.
    ZeroPad {
        /// Channels afterwards.
        out_channels: usize,
        /// Pixels from one place to the next.
        stride: usize,
    },
}

impl Operation {
    /// What leaves this operation when `input` enters it.
    pub(super) fn output(self, path: &str, input: Shape) -> Result<Shape> {
        let refused = |code| Problem::new(code).with("layer", path).with("shape", input);
        let needs_image = || match input {
            Shape::Image(image) => Ok(image),
            Shape::Vector(_) => Err(refused(Code::LayerNeeds)),
        };
        let slide = |span: usize, stride: usize, padding: usize, channels: usize| {
            let image = needs_image()?;
            let places = |size: usize| {
                (size + 2 * padding)
                    .checked_sub(span)
                    .map(|rest| rest / stride + 1)
            };
            match (places(image.height), places(image.width)) {
                (Some(height), Some(width)) => Ok(Shape::Image(ImageShape {
                    channels,
                    height,
                    width,
                })),
                _ => Err(refused(Code::KernelTooLarge).with("kernel", span)),
            }
        };
        match self {
            Self::Identity | Self::Activation(_) | Self::Dropout { .. } => Ok(input),
            Self::BatchNorm2d => needs_image().map(Shape::Image),
            Self::Conv2d(conv) => {
                let channels = needs_image()?.channels;
                if channels % conv.groups != 0 || conv.out_channels % conv.groups != 0 {
                    return Err(refused(Code::GroupsDoNotDivide)
                        .with("groups", conv.groups)
                        .with("filters", conv.out_channels));
                }
                slide(conv.span(), conv.stride, conv.padding, conv.out_channels)
            }
            Self::MaxPool2d(window) | Self::AveragePool2d(window) => {
                slide(window.size, window.stride, window.padding, input.channels())
            }
            Self::ZeroPad {
                out_channels,
                stride,
            } => slide(1, stride, 0, out_channels),
            Self::Upsample { scale } => needs_image().map(|image| enlarge(image, scale)),
            Self::ConvTranspose2d {
                out_channels: channels,
                scale,
            } => needs_image().map(|image| enlarge(ImageShape { channels, ..image }, scale)),
            Self::ChannelPool => needs_image().map(|image| {
                Shape::Image(ImageShape {
                    channels: 2,
                    ..image
                })
            }),
            Self::GlobalAveragePool | Self::PooledMlp { .. } => {
                needs_image().map(|image| Shape::Vector(image.channels))
            }
            Self::Flatten => Ok(Shape::Vector(input.len())),
            Self::Linear { out_features } => match input {
                Shape::Vector(_) => Ok(Shape::Vector(out_features)),
                Shape::Image(_) => Err(refused(Code::LayerNeeds)),
            },
            Self::ChannelConv { .. } => match input {
                Shape::Vector(_) => Ok(input),
                Shape::Image(_) => Err(refused(Code::LayerNeeds)),
            },
        }
    }

    /// Its trainable numbers, in the order in which they are drawn: convolutions as
    /// `[out, in / groups, height, width]`, dense layers as `[in, out]`.
    pub fn parameters(self, input: Shape) -> Vec<Parameter> {
        let channels = input.channels();
        let of = |name, shape: &[usize], fan_in| Parameter {
            name,
            shape: shape.to_vec(),
            fan_in,
        };
        match self {
            Self::Conv2d(conv) => {
                let seen = channels / conv.groups;
                let fan_in = Some(seen * conv.kernel * conv.kernel);
                let filters = [conv.out_channels, seen, conv.kernel, conv.kernel];
                let mut all = vec![of("weight", &filters, fan_in)];
                if conv.bias {
                    all.push(of("bias", &[conv.out_channels], fan_in));
                }
                all
            }
            Self::Linear { out_features } => vec![
                of("weight", &[channels, out_features], Some(channels)),
                of("bias", &[out_features], Some(channels)),
            ],
            Self::ConvTranspose2d {
                out_channels,
                scale,
            } => {
                // PyTorch takes the output channels here.
                let fan_in = Some(out_channels * scale * scale);
                vec![
                    of("weight", &[channels, out_channels, scale, scale], fan_in),
                    of("bias", &[out_channels], fan_in),
                ]
            }
            Self::ChannelConv { kernel } => vec![of("weight", &[kernel], Some(kernel))],
            Self::PooledMlp { hidden } => vec![
                of("weight1", &[channels, hidden], Some(channels)),
                of("bias1", &[hidden], Some(channels)),
                of("weight2", &[hidden, channels], Some(hidden)),
                of("bias2", &[channels], Some(hidden)),
            ],
            Self::BatchNorm2d => vec![
                of("weight", &[channels], None),
                of("bias", &[channels], None),
            ],
            Self::Identity
            | Self::Activation(_)
            | Self::MaxPool2d(_)
            | Self::AveragePool2d(_)
            | Self::GlobalAveragePool
            | Self::Flatten
            | Self::Dropout { .. }
            | Self::Upsample { .. }
            | Self::ChannelPool
            | Self::ZeroPad { .. } => Vec::new(),
        }
    }

    /// Multiplications with an addition, for one sample.
    pub fn multiply_adds(self, input: Shape, output: Shape) -> u64 {
        let all = self.parameters(input);
        let weights: usize = all
            .iter()
            .filter(|p| p.multiplies())
            .map(Parameter::len)
            .sum();
        let area = |shape: Shape| shape.len() / shape.channels();
        // As 64 bits: the original VGG-16 has more than a browser's 32-bit numbers hold.
        let times = |places: usize| weights as u64 * places as u64;
        match self {
            Self::Conv2d(_) => times(area(output)),
            Self::ConvTranspose2d { .. } => times(area(input)),
            Self::Linear { .. } => times(1),
            Self::ChannelConv { .. } => times(output.len()),
            // The same weights for the means and for the largest values.
            Self::PooledMlp { .. } => times(2),
            _ => 0,
        }
    }

    /// What it is: a word with an entry `layer.<kind>` in the locale files.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Conv2d(_) => "conv2d",
            Self::BatchNorm2d => "batch-norm",
            Self::Activation(activation) => activation.word(),
            Self::MaxPool2d(_) => "max-pool",
            Self::AveragePool2d(_) => "average-pool",
            Self::GlobalAveragePool => "global-average-pool",
            Self::Flatten => "flatten",
            Self::Linear { .. } => "linear",
            Self::Dropout { .. } => "dropout",
            Self::Upsample { .. } => "upsample",
            Self::ConvTranspose2d { .. } => "conv-transpose",
            Self::ChannelConv { .. } => "channel-conv",
            Self::PooledMlp { .. } => "pooled-mlp",
            Self::ChannelPool => "channel-pool",
            Self::ZeroPad { .. } => "zero-pad",
        }
    }
}

fn enlarge(image: ImageShape, scale: usize) -> Shape {
    Shape::Image(ImageShape {
        channels: image.channels,
        height: scale * image.height,
        width: scale * image.width,
    })
}
