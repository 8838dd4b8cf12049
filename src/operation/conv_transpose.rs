//! A transposed convolution whose windows do not overlap.

use super::notation::{Setting, Slot, Stem, Word, Written, classes};
use super::{Describe, Learned, Parameter, Reach, Shape, Slide, Snippet};
use crate::base::error::Result;

/// Each pixel becomes a square, by weights: a transposed convolution whose stride is its kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConvTranspose2d {
    /// Output channels.
    pub out_channels: usize,
    /// Edge of the square, of the kernel and of the stride.
    pub scale: usize,
}

impl Describe for ConvTranspose2d {
    fn kind(&self) -> &'static str {
        "conv-transpose"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        input.enlarge(self.scale, self.out_channels)
    }

    fn reach(&self) -> Reach {
        Reach::Square(self.scale)
    }

    fn source(&self, input: Shape) -> Snippet {
        let (channels, scale) = (input.channels(), self.scale);
        Snippet::module(format!(
            "nn.ConvTranspose2d({channels}, {}, kernel_size={scale}, stride={scale})",
            self.out_channels
        ))
    }

    fn learned(&self, input: Shape) -> Learned {
        let (channels, filters, scale) = (input.channels(), self.out_channels, self.scale);
        // PyTorch takes the output channels here.
        let fan_in = filters * scale * scale;
        Learned {
            parameters: vec![
                Parameter::uniform("weight", &[channels, filters, scale, scale], fan_in),
                Parameter::uniform("bias", &[filters], fan_in),
            ],
            factors: vec![scale, scale, channels, filters],
            uses: input.area(),
        }
    }

    fn slide(&self) -> Slide {
        Slide {
            kernel: Some(self.scale),
            stride: Some(self.scale),
            padding: Some(0),
        }
    }

    fn is_layer(&self) -> bool {
        true
    }

    fn kept(&self, output: Shape) -> usize {
        // The output, also before it was put in its place.
        2 * output.len()
    }
}

impl Written for ConvTranspose2d {
    fn words() -> Vec<Word<Self>> {
        vec![Word {
            word: "convt",
            stem: Stem::Counted("conv"),
            start: Self {
                out_channels: 1,
                scale: 1,
            },
            settings: vec![
                Setting::new(
                    ("", "out_channels"),
                    Slot::Whole(|it| &mut it.out_channels),
                    |_| (1.0, 4_096.0),
                    classes,
                ),
                Setting::new(
                    ("k", "kernel_size"),
                    Slot::Whole(|it| &mut it.scale),
                    |_| (1.0, 8.0),
                    |_, _| Some(2.0),
                ),
            ],
        }]
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::ConvTranspose2d;
    use burn::tensor::Tensor;

    use crate::kernels::{self, Tail, Walk};
    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for ConvTranspose2d {
        /// As a 1×1 convolution that gives all pixels of the square, which are put where they belong.
        fn compute(&self, x: Flow, inputs: &mut Inputs<'_, '_>) -> Flow {
            let (x, weights, bias) = (x.image(), inputs.weight::<4>(), inputs.bias());
            let (out_channels, scale) = (self.out_channels, self.scale);
            let [batch, channels, height, width] = x.dims();
            let area = scale * scale;
            let weights: Tensor<2> = weights.reshape([channels, out_channels * area]);
            let weights = weights.transpose();
            let bias = bias.reshape([out_channels, 1]).repeat_dim(1, area);
            let squares = kernels::convolve(
                x,
                weights.reshape([out_channels * area, channels, 1, 1]),
                Some(bias.reshape([out_channels * area])),
                Walk {
                    stride: 1,
                    padding: 0,
                    dilation: 1,
                    groups: 1,
                },
                Tail::Linear,
            );
            let squares: Tensor<6> =
                squares.reshape([batch, out_channels, scale, scale, height, width]);
            let rows = squares.permute([0, 1, 4, 2, 5, 3]);
            Flow::Image(rows.reshape([batch, out_channels, height * scale, width * scale]))
        }
    }
}
