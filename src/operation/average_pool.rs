//! Average pooling.

use super::notation::{Word, Written};
use super::{Describe, Reach, Shape, Slide, Snippet};
use crate::base::Window;
use crate::base::error::Result;

/// The mean of each window; padding counts as zeros, as in PyTorch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AveragePool2d(pub Window);

impl Describe for AveragePool2d {
    fn kind(&self) -> &'static str {
        "average-pool"
    }

    fn output(&self, input: Shape) -> Result<Shape> {
        input.slide(self.0, input.channels())
    }

    fn reach(&self) -> Reach {
        Reach::Window(self.0)
    }

    fn source(&self, _: Shape) -> Snippet {
        Snippet::pooling("AvgPool2d", self.0)
    }

    fn slide(&self) -> Slide {
        self.0.into()
    }
}

impl Written for AveragePool2d {
    fn words() -> Vec<Word<Self>> {
        vec![Word::pooling("avg", Self(Window::tiles(2)))]
    }
}

impl AsMut<Window> for AveragePool2d {
    fn as_mut(&mut self) -> &mut Window {
        &mut self.0
    }
}

#[cfg(feature = "train")]
mod forward {
    use super::AveragePool2d;
    use burn::tensor::module::avg_pool2d;
    use burn::tensor::ops::AvgPoolOptions;

    use crate::operation::{Compute, Flow, Inputs};

    impl Compute for AveragePool2d {
        fn compute(&self, x: Flow, _: &mut Inputs<'_, '_>) -> Flow {
            let window = self.0;
            let options = AvgPoolOptions {
                stride: [window.stride; 2],
                padding: [(window.padding, window.padding); 2],
                ..AvgPoolOptions::new([window.size; 2])
            };
            Flow::Image(avg_pool2d(x.image(), options))
        }
    }
}
