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

#[cfg(feature = "train")]
mod onnx {
    use super::AdaptiveAveragePool2d;
    use crate::operation::Shape;
    use crate::operation::graph::{Attribute, Exported, Graph, Value};
    use crate::operation::part;

    /// A row for each part of so many numbers, whose product with them is their mean.
    fn means(size: usize, parts: usize) -> Vec<f32> {
        let row = |at: usize| {
            let part = part(size, parts, at);
            let share = 1.0 / part.len() as f32;
            (0..size).map(move |index| if part.contains(&index) { share } else { 0.0 })
        };
        (0..parts).flat_map(row).collect()
    }

    /// A matrix of so many columns with its rows as columns.
    fn turned(matrix: &[f32], columns: usize) -> Vec<f32> {
        let column = |at: usize| matrix.iter().skip(at).step_by(columns).copied();
        (0..columns).flat_map(column).collect()
    }

    impl Exported for AdaptiveAveragePool2d {
        fn export(&self, x: Value, input: Shape, graph: &mut Graph) -> Value {
            let Shape::Image(image) = input else { return x };
            let ([height, width], [rows, columns]) = ([image.height, image.width], self.size);
            if height.is_multiple_of(rows) && width.is_multiple_of(columns) {
                let sizes = || Attribute::counts([height / rows, width / columns]);
                let attributes = vec![("kernel_shape", sizes()), ("strides", sizes())];
                return graph.node("AveragePool", &[&x], attributes);
            }
            // The means along the rows, and then along the columns, as products with matrices.
            let above = graph.numbers(means(height, rows), &[rows, height]);
            let beside = graph.numbers(turned(&means(width, columns), width), &[width, columns]);
            let x = graph.node("MatMul", &[&above, &x], Vec::new());
            graph.node("MatMul", &[&x, &beside], Vec::new())
        }
    }
}
