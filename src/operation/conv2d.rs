//! A convolution.

use super::notation::{Call, Setting, Slot, Stem, Word, Written, classes};
use super::{Describe, Learned, Parameter, Reach, Shape, Slide, Snippet};
use crate::base::Window;
use crate::base::error::{Code, Problem, Result};

/// A convolution over zero padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv2d {
    /// Filters.
    pub out_channels: usize,
    /// Rows and columns of the kernel.
    pub kernel: [usize; 2],
    /// Pixels from one place to the next.
    pub stride: usize,
    /// Rows of zeros above and below, and columns of zeros on the left and on the right.
    pub padding: [usize; 2],
    /// Pixels from one weight of the kernel to the next.
    pub dilation: usize,
    /// Parts into which the channels are cut; each filter sees one of them.
    pub groups: usize,
    /// Whether a number is added to each output channel.
    pub bias: bool,
}

impl Conv2d {
    /// So many filters with a bias and a square kernel, pixel by pixel, without padding.
    pub const fn new(out_channels: usize, kernel: usize) -> Self {
        Self {
            out_channels,
            kernel: [kernel; 2],
            stride: 1,
            padding: [0; 2],
            dilation: 1,
            groups: 1,
            bias: true,
        }
    }

    /// The same with as much padding as keeps the size at stride 1 (odd kernels).
    pub const fn same(out_channels: usize, kernel: usize) -> Self {
        Self {
            padding: [kernel / 2; 2],
            ..Self::new(out_channels, kernel)
        }
    }

    /// Rows and columns of the part of the input that one output sees.
    pub fn span(self) -> [usize; 2] {
        self.kernel.map(|edge| self.dilation * (edge - 1) + 1)
    }

    /// What one output sees: along the rows, and along the columns.
    fn windows(self) -> [Window; 2] {
        let span = self.span();
        [0, 1].map(|axis| Window {
            size: span[axis],
            stride: self.stride,
            padding: self.padding[axis],
        })
    }
}

impl Describe for Conv2d {
    fn kind(&self) -> &'static str {
        // A filter for each channel, which it alone sees: Howard et al. 2017, <https://arxiv.org/abs/1704.04861>.
        if self.groups > 1 && self.groups == self.out_channels {
            "depthwise"
        } else {
            "conv2d"
        }
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        let channels = input.image()?.channels;
        let divides = |count: usize| count.is_multiple_of(self.groups);
        if !divides(channels) || !divides(self.out_channels) {
            return Err(Problem::new(Code::GroupsDoNotDivide)
                .with("groups", self.groups)
                .with("filters", self.out_channels));
        }
        input.slide(self.windows(), self.out_channels)
    }

    fn reach(&self) -> Reach {
        Reach::Windows(self.windows())
    }

    fn source(&self, input: Shape) -> Snippet {
        let mut text = format!(
            "nn.Conv2d({}, {}, kernel_size={}",
            input.channels(),
            self.out_channels,
            pair(self.kernel)
        );
        for (name, value, default) in [
            ("stride", self.stride.to_string(), "1"),
            ("padding", pair(self.padding), "0"),
            ("dilation", self.dilation.to_string(), "1"),
            ("groups", self.groups.to_string(), "1"),
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

    /// Weights `[filters, channels / groups, rows, columns]`.
    fn learned(&self, input: Shape) -> Learned {
        let (filters, [rows, columns]) = (self.out_channels, self.kernel);
        let seen = input.channels() / self.groups;
        let fan_in = seen * rows * columns;
        let weight = Parameter::uniform("weight", &[filters, seen, rows, columns], fan_in);
        let bias = Parameter::uniform("bias", &[filters], fan_in);
        Learned {
            parameters: [Some(weight), self.bias.then_some(bias)]
                .into_iter()
                .flatten()
                .collect(),
            factors: vec![rows, columns, seen, filters],
            uses: self.output(input).map_or(0, Shape::area),
        }
    }

    fn slide(&self) -> Slide {
        Slide {
            kernel: Some(self.kernel),
            stride: Some(self.stride),
            padding: Some(self.padding),
        }
    }

    fn is_layer(&self) -> bool {
        true
    }

    fn kept(&self, input: Shape, output: Shape) -> usize {
        // What is taken apart and put together again (`src/kernels/reduced.rs`) is there twice.
        let twice = self.dilation > 1 || self.groups > 1 && self.kind() == "conv2d";
        let framed = self.padding[0] != self.padding[1];
        output.len() * if twice { 2 } else { 1 } + if twice || framed { input.len() } else { 0 }
    }
}

/// Two numbers as PyTorch takes them: one if they are the same.
fn pair([rows, columns]: [usize; 2]) -> String {
    match rows == columns {
        true => rows.to_string(),
        false => format!("({rows}, {columns})"),
    }
}

impl Written for Conv2d {
    fn words() -> Vec<Word<Self>> {
        vec![Word {
            word: "conv",
            stem: Stem::Counted("conv"),
            start: Self::new(1, 1),
            settings: vec![
                Setting::new(
                    ("", "out_channels"),
                    Slot::Whole(|it| &mut it.out_channels),
                    |_| (1.0, 4_096.0),
                    classes,
                ),
                Setting::new(
                    ("k", "kernel_size"),
                    Slot::Whole(|it| &mut it.kernel[0]),
                    |_| (1.0, 11.0),
                    |_, _| Some(3.0),
                ),
                Setting::new(
                    ("w", "kernel_size[1]"),
                    Slot::Whole(|it| &mut it.kernel[1]),
                    |_| (1.0, 11.0),
                    |it, _| Some(it.kernel[0] as f64),
                ),
                Setting::new(
                    ("s", "stride"),
                    Slot::Whole(|it| &mut it.stride),
                    |_| (1.0, 32.0),
                    |_, _| Some(1.0),
                ),
                Setting::new(
                    ("d", "dilation"),
                    Slot::Whole(|it| &mut it.dilation),
                    |_| (1.0, 32.0),
                    |_, _| Some(1.0),
                ),
                Setting::new(
                    ("p", "padding"),
                    Slot::Whole(|it| &mut it.padding[0]),
                    |it| (0.0, (it.span()[0] - 1) as f64),
                    |it, _| Some((it.span()[0] / 2) as f64),
                ),
                Setting::new(
                    ("q", "padding[1]"),
                    Slot::Whole(|it| &mut it.padding[1]),
                    |it| (0.0, (it.span()[1] - 1) as f64),
                    |it, _| {
                        let square = it.kernel[0] == it.kernel[1];
                        Some(if square {
                            it.padding[0] as f64
                        } else {
                            (it.span()[1] / 2) as f64
                        })
                    },
                ),
                Setting::new(
                    ("g", "groups"),
                    Slot::Whole(|it| &mut it.groups),
                    |it| (1.0, it.out_channels as f64),
                    |_, _| Some(1.0),
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
            "conv",
            "Conv2d(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros')",
        )]
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::Conv2d;
    use crate::kernels::{self, Walk};
    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for Conv2d {
        fn compute(&self, x: Flow, inputs: &mut Inputs<'_, '_>) -> Flow {
            let weight = inputs.weight();
            let bias = self.bias.then(|| inputs.bias());
            // The kernels pad all sides alike; what one axis has beyond that is put around the images.
            let [rows, columns] = self.padding;
            let padding = rows.min(columns);
            let images = kernels::pad(x.image(), [[rows - padding; 2], [columns - padding; 2]]);
            let walk = Walk {
                stride: self.stride,
                padding,
                dilation: self.dilation,
                groups: self.groups,
            };
            Flow::Image(kernels::convolve(images, weight, bias, walk, inputs.tail))
        }
    }
}

#[cfg(feature = "train")]
mod onnx {
    use super::Conv2d;
    use crate::operation::Shape;
    use crate::operation::graph::{Attribute, Exported, Graph, Value, whole};

    impl Exported for Conv2d {
        fn export(&self, x: Value, _: Shape, graph: &mut Graph) -> Value {
            let [rows, columns] = self.padding;
            let attributes = vec![
                ("kernel_shape", Attribute::counts(self.kernel)),
                ("strides", Attribute::counts([self.stride; 2])),
                ("pads", Attribute::counts([rows, columns, rows, columns])),
                ("dilations", Attribute::counts([self.dilation; 2])),
                ("group", Attribute::Whole(whole(self.groups))),
            ];
            let [weight, bias] = ["weight", "bias"].map(|name| graph.own(name));
            let inputs = [&x, &weight, &bias];
            graph.node("Conv", &inputs[..2 + usize::from(self.bias)], attributes)
        }
    }
}
