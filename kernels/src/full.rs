//! A convolution of which each output sees the whole image is a dense layer, whose weights stand in it more than once.

use std::ops::Range;

use crate::axis::Axis;
use crate::dense::{Ready, columns, rows};
use crate::frame::Sizes;
use crate::gradients::{ConvolutionGradients, sum};
use crate::parts;
use crate::tile::WIDTH;

/// Whether this one is.
pub(crate) fn suits(shape: &Sizes) -> bool {
    let whole = |axis: Axis| {
        axis.padding >= (axis.output() - 1) * axis.stride
            && axis.input + axis.padding <= axis.kernel
    };
    whole(shape.rows) && whole(shape.columns)
}

/// For each pixel of a channel's input and each place of a filter's output, these and the weight of a kernel that is between them:
/// `[pixel, place, tap]`.
fn between(shape: &Sizes) -> Vec<[usize; 3]> {
    let (rows, columns) = (shape.rows, shape.columns);
    let mut all = Vec::new();
    for (down, across) in (0..rows.input).flat_map(|y| (0..columns.input).map(move |x| (y, x))) {
        for (y, x) in (0..rows.output()).flat_map(|y| (0..columns.output()).map(move |x| (y, x))) {
            let row = down + rows.padding - y * rows.stride;
            let column = across + columns.padding - x * columns.stride;
            all.push([
                down * columns.input + across,
                y * columns.output() + x,
                row * columns.kernel + column,
            ]);
        }
    }
    all
}

/// The kernels of a convolution as a dense layer's weights.
struct Full<'a> {
    shape: &'a Sizes,
    /// `[filters, channels, kernel, kernel]`.
    weights: &'a [f32],
    /// As [`between`] gives it.
    between: Vec<[usize; 3]>,
    /// Pixels of a channel.
    pixels: usize,
    /// Weights of a kernel.
    taps: usize,
}

impl<'a> Full<'a> {
    fn new(shape: &'a Sizes, weights: &'a [f32]) -> Self {
        Self {
            shape,
            weights,
            between: between(shape),
            pixels: shape.rows.input * shape.columns.input,
            taps: shape.rows.kernel * shape.columns.kernel,
        }
    }

    fn kernel(&self, filter: usize, channel: usize) -> &[f32] {
        &self.weights[(filter * self.shape.channels + channel) * self.taps..][..self.taps]
    }

    /// Calls `each` with the lanes of a register that are one channel's or filter's, which has so many numbers.
    fn lanes(
        first: usize,
        end: usize,
        numbers: usize,
        mut each: impl FnMut(usize, Range<usize>, usize),
    ) {
        for owner in first / numbers..end.div_ceil(numbers) {
            let start = owner * numbers;
            each(owner, first.max(start)..end.min(start + numbers), start);
        }
    }

    /// `[inputs, outputs]`.
    fn forward(&self) -> Ready {
        let (inputs, area) = (self.shape.input(), self.shape.area());
        let outputs = self.shape.filters * area;
        Ready::filled(inputs, outputs, |first, register| {
            let end = outputs.min(first + WIDTH);
            Self::lanes(first, end, area, |filter, lanes, start| {
                for channel in 0..self.shape.channels {
                    let kernel = self.kernel(filter, channel);
                    let register = &mut register[channel * self.pixels..][..self.pixels];
                    for &[pixel, place, tap] in &self.between {
                        if lanes.contains(&(start + place)) {
                            register[pixel][start + place - first] = kernel[tap];
                        }
                    }
                }
            });
        })
    }

    /// `[outputs, inputs]`.
    fn backward(&self) -> Ready {
        let (inputs, area) = (self.shape.input(), self.shape.area());
        Ready::filled(self.shape.filters * area, inputs, |first, register| {
            let end = inputs.min(first + WIDTH);
            Self::lanes(first, end, self.pixels, |channel, lanes, start| {
                for filter in 0..self.shape.filters {
                    let kernel = self.kernel(filter, channel);
                    let register = &mut register[filter * area..][..area];
                    for &[pixel, place, tap] in &self.between {
                        if lanes.contains(&(start + pixel)) {
                            register[place][start + pixel - first] = kernel[tap];
                        }
                    }
                }
            });
        })
    }

    /// The gradient of the kernels, from that of a dense layer's weights, `[inputs, outputs]`.
    fn folded(&self, gradient: &[f32]) -> Vec<f32> {
        let (channels, filters) = (self.shape.channels, self.shape.filters);
        let (area, of_filter) = (self.shape.area(), channels * self.taps);
        let mut weights = vec![0.0; filters * of_filter];
        let cost = gradient.len();
        let piece = parts::piece(filters, cost);
        let pieces = weights.chunks_mut(piece * of_filter).enumerate();
        parts::each(
            pieces,
            cost,
            || (),
            |(), (index, weights)| {
                for channel in 0..channels {
                    for (filter, weights) in weights.chunks_exact_mut(of_filter).enumerate() {
                        let kernel = &mut weights[channel * self.taps..][..self.taps];
                        let first = (index * piece + filter) * area;
                        for &[pixel, place, tap] in &self.between {
                            let input = channel * self.pixels + pixel;
                            kernel[tap] += gradient[input * filters * area + first + place];
                        }
                    }
                }
            },
        );
        weights
    }
}

/// As [`crate::convolution::forward`].
pub(crate) fn forward<T: Send>(
    shape: &Sizes,
    images: &[f32],
    weights: &[f32],
    targets: impl Iterator<Item = T> + Send,
    each: impl Fn(&mut T, usize, usize, &[f32], usize) + Sync,
) {
    let (input, area) = (shape.input(), shape.area());
    let batch = images.len() / input;
    let outputs = shape.filters * area;
    let mut results = vec![0.0; batch * outputs];
    let pack = |first: usize, factors: &mut [_]| rows(images, input, first, factors);
    Full::new(shape, weights)
        .forward()
        .times(pack, &mut results);
    let parts = results.chunks(parts::images(batch) * outputs).zip(targets);
    parts::each(
        parts,
        results.len(),
        || (),
        |(), (results, mut target)| {
            for (image, results) in results.chunks_exact(outputs).enumerate() {
                for (filter, results) in results.chunks_exact(area).enumerate() {
                    each(&mut target, image, filter, results, shape.columns.output());
                }
            }
        },
    );
}

/// As [`crate::convolution::backward`].
pub(crate) fn backward(
    shape: &Sizes,
    images: &[f32],
    weights: &[f32],
    wants_images: bool,
    each: impl Fn(usize, usize, &mut [f32], usize) + Sync,
) -> ConvolutionGradients {
    let (input, area) = (shape.input(), shape.area());
    let outputs = shape.filters * area;
    let mut gradient = vec![0.0; images.len() / input * outputs];
    let mut bias = vec![0.0; shape.filters];
    for (image, gradient) in gradient.chunks_exact_mut(outputs).enumerate() {
        let planes = gradient.chunks_exact_mut(area).zip(&mut bias);
        for (filter, (gradient, bias)) in planes.enumerate() {
            each(image, filter, gradient, shape.columns.output());
            *bias += sum(gradient);
        }
    }
    let full = Full::new(shape, weights);
    let mut of_weights = vec![0.0; input * outputs];
    let pack = |first: usize, factors: &mut [_]| columns(images, input, first, factors);
    Ready::new(&gradient, outputs).times(pack, &mut of_weights);
    let images = wants_images.then(|| {
        let mut of_images = vec![0.0; images.len()];
        let pack = |first: usize, factors: &mut [_]| rows(&gradient, outputs, first, factors);
        full.backward().times(pack, &mut of_images);
        of_images
    });
    ConvolutionGradients {
        images,
        weights: full.folded(&of_weights),
        bias,
    }
}
