//! Average pooling to a given size.

use super::notation::{Call, Setting, Slot, Stem, Word, Written};
use super::{Describe, Reach, Shape, Snippet};
use crate::base::ImageShape;
use crate::base::error::Result;

/// The mean of each part of an image that is cut into so many: as even as can be, and overlapping where they do not divide its
/// size ([`super::part`]). The output has this size whatever the input's is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdaptiveAveragePool2d {
    /// Rows and columns of the output.
    pub size: [usize; 2],
}

impl Describe for AdaptiveAveragePool2d {
    fn kind(&self) -> &'static str {
        "adaptive-average-pool"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        let channels = input.image()?.channels;
        let [height, width] = self.size;
        Ok(Shape::Image(ImageShape {
            channels,
            height,
            width,
        }))
    }

    fn reach(&self) -> Reach {
        Reach::Parts(self.size)
    }

    fn source(&self, _: Shape) -> Snippet {
        let [height, width] = self.size;
        Snippet::module(format!("nn.AdaptiveAvgPool2d(({height}, {width}))"))
    }
}

impl Written for AdaptiveAveragePool2d {
    fn words() -> Vec<Word<Self>> {
        vec![Word {
            word: "aavg",
            stem: Stem::Counted("pool"),
            start: Self { size: [1; 2] },
            settings: vec![
                Setting::new(
                    ("", "output_size"),
                    Slot::Whole(|it| &mut it.size[0]),
                    |_| (1.0, 64.0),
                    |_, _| Some(1.0),
                ),
                Setting::new(
                    ("w", "output_size[1]"),
                    Slot::Whole(|it| &mut it.size[1]),
                    |_| (1.0, 64.0),
                    |it, _| Some(it.size[0] as f64),
                ),
            ],
        }]
    }

    fn calls() -> Vec<Call> {
        vec![Call::new("aavg", "AdaptiveAvgPool2d(output_size)")]
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::AdaptiveAveragePool2d;
    use burn::tensor::module::adaptive_avg_pool2d;

    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for AdaptiveAveragePool2d {
        fn compute(&self, x: Flow, _: &mut Inputs<'_, '_>) -> Flow {
            Flow::Image(adaptive_avg_pool2d(x.image(), self.size))
        }
    }
}
