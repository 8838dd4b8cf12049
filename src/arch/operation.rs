//! The operations that networks are made of: output shape, parameters, and what the layer table, the drawing and the
//! PyTorch source say of each. A new operation is a variant here and its forward pass in [`crate::nn`].

use super::{Conv2d, Shape, Window, shape::Parameter};
use crate::base::ImageShape;
use crate::base::error::{Code, Problem, Result};
use crate::experiment::Activation;

/// An operation: a layer without parts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Operation {
    /// The input as it is.
    Identity,
    /// A convolution.
    Conv2d(Conv2d),
    /// Batch normalization over each channel. Ioffe and Szegedy 2015, <https://arxiv.org/abs/1502.03167>.
    BatchNorm2d,
    /// An activation function, elementwise.
    Activation(Activation),
    /// The largest pixel of each window.
    MaxPool2d(Window),
    /// The mean of each window; padding counts as zeros, as in PyTorch.
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
    /// Dropout: in training this share of the values becomes zero, and the others are scaled up to make up for it.
    /// Srivastava et al. 2014, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting".
    Dropout {
        /// The share, below 1.
        rate: f64,
    },
    /// Each pixel becomes a square of this side.
    Upsample {
        /// Edge of the square.
        scale: usize,
    },
    /// Each pixel becomes a square, by weights: a transposed convolution whose stride is its kernel.
    ConvTranspose2d {
        /// Output channels.
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
        /// Output channels.
        out_channels: usize,
        /// Pixels from one place to the next.
        stride: usize,
    },
}

/// Which positions of the input a position of the output depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The same place.
    Same,
    /// Those in a window.
    Window(Window),
    /// One pixel, which becomes a square of this side.
    Square(usize),
    /// All of them.
    All,
}

impl Operation {
    /// The output shape for this input shape.
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

    /// Its parameters, in the order in which they are drawn: convolutions as
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

    /// The factors whose product is the number of its weights, kernels first; none without weights.
    pub fn factors(self, input: Shape) -> Vec<usize> {
        let channels = input.channels();
        match self {
            Self::Conv2d(conv) => {
                let (kernel, seen) = (conv.kernel, channels / conv.groups);
                vec![kernel, kernel, seen, conv.out_channels]
            }
            Self::ConvTranspose2d {
                out_channels,
                scale,
            } => vec![scale, scale, channels, out_channels],
            Self::Linear { out_features } => vec![channels, out_features],
            Self::ChannelConv { kernel } => vec![kernel],
            // Two dense layers, there and back.
            Self::PooledMlp { hidden } => vec![2, channels, hidden],
            Self::BatchNorm2d => vec![channels],
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

    /// Multiply-adds of one sample.
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

    /// Its kind: a word with an entry `layer.<kind>` in the locale files.
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

    /// Whether it is a layer as a network's depth counts them: a convolution or a dense layer.
    pub fn is_layer(self) -> bool {
        matches!(
            self,
            Self::Conv2d(_) | Self::ConvTranspose2d { .. } | Self::Linear { .. }
        )
    }

    /// Whether it works on the numbers of the layer before, in whose box it is drawn.
    pub fn is_attached(self) -> bool {
        matches!(
            self,
            Self::BatchNorm2d | Self::Activation(_) | Self::Dropout { .. }
        )
    }

    /// Whether a trained network's output here is its input, so that there is nothing new to see.
    pub fn passes_on(self) -> bool {
        matches!(self, Self::Identity | Self::Flatten | Self::Dropout { .. })
    }

    /// Which positions of the input a position of the output depends on.
    pub fn reach(self) -> Reach {
        match self {
            Self::Identity
            | Self::Activation(_)
            | Self::BatchNorm2d
            | Self::Dropout { .. }
            | Self::ChannelPool => Reach::Same,
            Self::Conv2d(conv) => Reach::Window(Window {
                size: conv.span(),
                stride: conv.stride,
                padding: conv.padding,
            }),
            Self::MaxPool2d(window) | Self::AveragePool2d(window) => Reach::Window(window),
            Self::ZeroPad { stride, .. } => Reach::Window(Window {
                stride,
                ..Window::tiles(1)
            }),
            Self::Upsample { scale } | Self::ConvTranspose2d { scale, .. } => Reach::Square(scale),
            Self::GlobalAveragePool
            | Self::Flatten
            | Self::Linear { .. }
            | Self::ChannelConv { .. }
            | Self::PooledMlp { .. } => Reach::All,
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
