//! A transposed convolution.

use super::notation::{Call, Setting, Slot, Stem, Word, Written, classes};
use super::{Describe, Learned, Parameter, Reach, Shape, Slide, Snippet};
use crate::base::error::{Code, Problem, Result};
use crate::base::{ImageShape, Window};

/// Each pixel becomes a square, by weights, and the squares are a stride apart; where they overlap, they are added. It is the
/// inverse of a convolution as to sizes, and its gradient as to numbers. Dumoulin and Visin 2016,
/// <https://arxiv.org/abs/1603.07285>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConvTranspose2d {
    /// Output channels.
    pub out_channels: usize,
    /// Edge of the square, of the kernel.
    pub kernel: usize,
    /// Pixels from one square to the next.
    pub stride: usize,
    /// Rows and columns that are cut off on each side.
    pub padding: usize,
    /// Rows below and columns on the right that are cut off less, or that have the bias alone; fewer than the stride.
    pub output_padding: usize,
    /// Whether a number is added to each output channel.
    pub bias: bool,
}

impl ConvTranspose2d {
    /// Squares of this edge side by side.
    pub const fn tiles(out_channels: usize, edge: usize) -> Self {
        Self {
            out_channels,
            kernel: edge,
            stride: edge,
            padding: 0,
            output_padding: 0,
            bias: true,
        }
    }

    /// Its kernel, as the window of the convolution that it inverts.
    const fn window(self) -> Window {
        Window {
            size: self.kernel,
            stride: self.stride,
            padding: self.padding,
        }
    }

    /// Output pixels along an axis of this many, if anything is left.
    fn places(self, size: usize) -> Result<usize> {
        let whole = (size - 1) * self.stride + self.kernel + self.output_padding;
        let left = whole.checked_sub(2 * self.padding).filter(|left| *left > 0);
        left.ok_or_else(|| {
            Problem::new(Code::PaddingTooLarge)
                .with("padding", self.padding)
                .with("most", (whole - 1) / 2)
        })
    }
}

impl Describe for ConvTranspose2d {
    fn kind(&self) -> &'static str {
        "conv-transpose"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        let image = input.image()?;
        if self.output_padding >= self.stride {
            return Err(Problem::new(Code::OutputPaddingTooLarge)
                .with("padding", self.output_padding)
                .with("stride", self.stride));
        }
        Ok(Shape::Image(ImageShape {
            channels: self.out_channels,
            height: self.places(image.height)?,
            width: self.places(image.width)?,
        }))
    }

    fn reach(&self) -> Reach {
        Reach::Inverse(self.window())
    }

    fn source(&self, input: Shape) -> Snippet {
        let mut text = format!(
            "nn.ConvTranspose2d({}, {}, kernel_size={}",
            input.channels(),
            self.out_channels,
            self.kernel
        );
        for (name, value, default) in [
            ("stride", self.stride, 1),
            ("padding", self.padding, 0),
            ("output_padding", self.output_padding, 0),
        ] {
            if value != default {
                text += &format!(", {name}={value}");
            }
        }
        if !self.bias {
            text += ", bias=False";
        }
        Snippet::module(text + ")")
    }

    /// Weights `[channels, filters, kernel, kernel]`.
    fn learned(&self, input: Shape) -> Learned {
        let (channels, filters, kernel) = (input.channels(), self.out_channels, self.kernel);
        // PyTorch takes the output channels here.
        let fan_in = filters * kernel * kernel;
        let weight = Parameter::uniform("weight", &[channels, filters, kernel, kernel], fan_in);
        let bias = Parameter::uniform("bias", &[filters], fan_in);
        Learned {
            parameters: [Some(weight), self.bias.then_some(bias)]
                .into_iter()
                .flatten()
                .collect(),
            factors: vec![kernel, kernel, channels, filters],
            uses: input.area(),
        }
    }

    fn slide(&self) -> Slide {
        self.window().into()
    }

    fn is_layer(&self) -> bool {
        true
    }

    fn kept(&self, _: Shape, output: Shape) -> usize {
        // The output, also before it was put in its place.
        2 * output.len()
    }
}

impl Written for ConvTranspose2d {
    fn words() -> Vec<Word<Self>> {
        vec![Word {
            word: "convt",
            stem: Stem::Counted("conv"),
            start: Self::tiles(1, 1),
            settings: vec![
                Setting::new(
                    ("", "out_channels"),
                    Slot::Whole(|it| &mut it.out_channels),
                    |_| (1.0, 4_096.0),
                    classes,
                ),
                Setting::new(
                    ("k", "kernel_size"),
                    Slot::Whole(|it| &mut it.kernel),
                    |_| (1.0, 11.0),
                    |_, _| Some(2.0),
                ),
                Setting::new(
                    ("s", "stride"),
                    Slot::Whole(|it| &mut it.stride),
                    |_| (1.0, 32.0),
                    |it, _| Some(it.kernel as f64),
                ),
                Setting::new(
                    ("p", "padding"),
                    Slot::Whole(|it| &mut it.padding),
                    |it| (0.0, (it.kernel - 1) as f64),
                    |_, _| Some(0.0),
                ),
                Setting::new(
                    ("o", "output_padding"),
                    Slot::Whole(|it| &mut it.output_padding),
                    |it| (0.0, (it.stride - 1) as f64),
                    |_, _| Some(0.0),
                ),
                Setting::new(
                    ("b", "bias"),
                    Slot::Switch(|it| &mut it.bias),
                    |_| (0.0, 1.0),
                    |_, around| Some(if around.normalized { 0.0 } else { 1.0 }),
                ),
            ],
        }]
    }

    fn calls() -> Vec<Call> {
        vec![Call::new(
            "convt",
            "ConvTranspose2d(in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros')",
        )]
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::ConvTranspose2d;
    use burn::tensor::Tensor;

    use crate::kernels::{self, Tail, Walk};
    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for ConvTranspose2d {
        /// As a convolution that gives squares as large as the stride, which lie side by side and are put where they belong.
        /// Each sees the pixels whose own squares reach it. Shi et al. 2016, <https://arxiv.org/abs/1609.07009>.
        fn compute(&self, x: Flow, inputs: &mut Inputs<'_, '_>) -> Flow {
            let (x, weights) = (x.image(), inputs.weight::<4>());
            let bias = self.bias.then(|| inputs.bias());
            let (filters, stride) = (self.out_channels, self.stride);
            let [batch, channels, height, width] = x.dims();
            // The pixels that a square sees along an axis; a kernel that is smaller than their squares gets zeros.
            let taps = (self.kernel + self.output_padding).div_ceil(stride);
            let missing = taps * stride - self.kernel;
            let weights: Tensor<6> = kernels::pad(weights, [[0, missing]; 2])
                .reshape([channels, filters, taps, stride, taps, stride]);
            // What a pixel's square has farthest from it is seen by the square that is farthest from it.
            let weights = match taps {
                1 => weights,
                _ => weights.flip([2, 4]),
            };
            let area = stride * stride;
            let weights = weights.permute([1, 3, 5, 0, 2, 4]);
            let bias = bias.map(|bias| {
                let all = bias.reshape([filters, 1]).repeat_dim(1, area);
                all.reshape([filters * area])
            });
            let squares = kernels::convolve(
                x,
                weights.reshape([filters * area, channels, taps, taps]),
                bias,
                Walk {
                    stride: 1,
                    padding: taps - 1,
                    dilation: 1,
                    groups: 1,
                },
                Tail::Linear,
            );
            let [_, _, rows, columns] = squares.dims();
            let squares: Tensor<6> =
                squares.reshape([batch, filters, stride, stride, rows, columns]);
            let squares = squares.permute([0, 1, 4, 2, 5, 3]);
            let mut whole = squares.reshape([batch, filters, rows * stride, columns * stride]);
            for (axis, size) in [(2, height), (3, width)] {
                let kept = (size - 1) * stride + self.kernel + self.output_padding;
                let kept = kept - 2 * self.padding;
                if whole.dims()[axis] != kept {
                    whole = whole.narrow(axis, self.padding, kept);
                }
            }
            Flow::Image(whole)
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::ConvTranspose2d;
    use crate::operation::Shape;
    use crate::operation::graph::{Attribute, Exported, Graph, Value};

    impl Exported for ConvTranspose2d {
        fn export(&self, x: Value, _: Shape, graph: &mut Graph) -> Value {
            let attributes = vec![
                ("kernel_shape", Attribute::counts([self.kernel; 2])),
                ("strides", Attribute::counts([self.stride; 2])),
                ("pads", Attribute::counts([self.padding; 4])),
                (
                    "output_padding",
                    Attribute::counts([self.output_padding; 2]),
                ),
            ];
            let [weight, bias] = ["weight", "bias"].map(|name| graph.own(name));
            let inputs = [&x, &weight, &bias];
            graph.node(
                "ConvTranspose",
                &inputs[..2 + usize::from(self.bias)],
                attributes,
            )
        }
    }
}
