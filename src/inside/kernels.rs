//! The first layer's weights as images.

use super::palette;
use super::{Inside, Tiles};
use crate::base::ImageShape;
use crate::base::error::Result;
use crate::kernels::numbers;
use crate::operation::{Conv2d, Linear, Operation, Shape};

/// More dense units than this are not shown.
const MOST: usize = 128;

impl Inside {
    /// The weights of the first layer that has any: a convolution's kernels, or a dense layer's
    /// weights in the shape of the image. In colour where the image has colours: grey is zero.
    pub(super) async fn kernels(&self) -> Result<Option<Tiles>> {
        let operations = self.plan().operations();
        let mut before = 0;
        let mut first = None;
        for (part, operation) in operations {
            let arrays = operation.parameters(part.input).len();
            if arrays > 0 {
                first = Some((operation, part.input));
                break;
            }
            before += arrays;
        }
        let Some((operation, input)) = first else {
            return Ok(None);
        };
        let weights = numbers(self.network.weights()[before].clone().inner()).await?;
        Ok(match (operation, input) {
            (Operation::Conv2d(Conv2d { kernel, groups, .. }), Shape::Image(image)) => {
                let shape = ImageShape {
                    channels: image.channels / groups,
                    height: kernel[0],
                    width: kernel[1],
                };
                Some(tiles(&weights, shape))
            }
            (Operation::Linear(Linear { out_features, .. }), Shape::Vector(inputs))
                if inputs == self.facts.shape.len() =>
            {
                // [in, out] to [out, in].
                let shown = out_features.min(MOST);
                let turned =
                    (0..shown).flat_map(|unit| (0..inputs).map(move |at| at * out_features + unit));
                let turned: Vec<f32> = turned.map(|at| weights[at]).collect();
                Some(tiles(&turned, self.facts.shape))
            }
            _ => None,
        })
    }
}

/// `[count, channels, height, width]` as pictures, on one scale.
fn tiles(weights: &[f32], shape: ImageShape) -> Tiles {
    let largest = palette::largest(weights);
    let pixels = if shape.channels == 3 {
        let shades: Vec<f32> = weights.iter().map(|w| 0.5 + 0.5 * w / largest).collect();
        palette::opaque(&shades, 3, shape.area())
    } else {
        palette::signed(weights, largest)
    };
    Tiles {
        width: shape.width,
        height: shape.height,
        count: pixels.len() / 4 / shape.area(),
        pixels: pixels.into(),
        largest,
    }
}
