//! Depthwise convolution: each channel of an image by itself, with a kernel of its own.

use std::ops::Range;

use crate::gradients::{ConvolutionGradients, sum};
use crate::parts;
use crate::tile::WIDTH;

/// A depthwise convolution of images `[batch, channels, height, width]` with kernels `[channels, 1, rows, columns]`.
/// Howard et al. 2017, <https://arxiv.org/abs/1704.04861>, section 3.1.
#[derive(Debug, Clone, Copy)]
pub struct Depthwise {
    /// Of an image.
    pub channels: usize,
    /// Of an image.
    pub height: usize,
    /// Of an image.
    pub width: usize,
    /// Rows and columns of a kernel.
    pub kernel: [usize; 2],
    /// Pixels from one window to the next.
    pub stride: usize,
    /// Zeros on each side.
    pub padding: usize,
}

impl Depthwise {
    /// Height and width of the output.
    pub fn output(&self) -> [usize; 2] {
        let places = |size, kernel| (size + 2 * self.padding - kernel) / self.stride + 1;
        let [rows, columns] = self.kernel;
        [places(self.height, rows), places(self.width, columns)]
    }

    /// The output `[batch, channels, height, width]`; `bias` is `[channels]`.
    pub fn forward(&self, images: &[f32], weights: &[f32], bias: Option<&[f32]>) -> Vec<f32> {
        let (plane, area, taps) = self.sizes();
        let count = images.len() / plane;
        let mut output = vec![0.0; count * area];
        let cost = output.len() * taps;
        let piece = parts::piece(count, cost);
        let pieces = images
            .chunks(piece * plane)
            .zip(output.chunks_mut(piece * area))
            .enumerate();
        parts::each(
            pieces,
            cost,
            || (),
            |(), (index, (images, output))| {
                let planes = images
                    .chunks_exact(plane)
                    .zip(output.chunks_exact_mut(area));
                for (at, (image, output)) in (index * piece..).zip(planes) {
                    let channel = at % self.channels;
                    output.fill(bias.map_or(0.0, |bias| bias[channel]));
                    let weights = &weights[channel * taps..][..taps];
                    self.each_run(|tap, outputs, first| {
                        self.add(weights[tap], &image[first..], &mut output[outputs]);
                    });
                }
            },
        );
        output
    }

    /// The gradients, from that of the output; those of the images only if they are wanted.
    pub fn backward(
        &self,
        [images, weights]: [&[f32]; 2],
        gradient: &[f32],
        wants_images: bool,
    ) -> ConvolutionGradients {
        let (plane, area, taps) = self.sizes();
        let count = images.len() / plane;
        let mut result = vec![0.0; if wants_images { images.len() } else { 0 }];
        // Of each image and channel: the gradient of the kernel, then that of the bias.
        let numbers = taps + 1;
        let mut sums = vec![0.0; count * numbers];
        let cost = 2 * gradient.len() * taps;
        let piece = parts::piece(count, cost);
        let mut results = result.chunks_mut(piece * plane);
        let pieces = images
            .chunks(piece * plane)
            .zip(gradient.chunks(piece * area))
            .zip(sums.chunks_mut(piece * numbers))
            .enumerate()
            .map(|(index, given)| (index, given, results.next().unwrap_or_default()));
        parts::each(
            pieces,
            cost,
            || (),
            |(), (index, ((images, gradient), sums), result)| {
                let mut results = result.chunks_exact_mut(plane);
                let planes = images
                    .chunks_exact(plane)
                    .zip(gradient.chunks_exact(area))
                    .zip(sums.chunks_exact_mut(numbers));
                for (at, ((image, gradient), sums)) in (index * piece..).zip(planes) {
                    let weights = &weights[at % self.channels * taps..][..taps];
                    sums[taps] = sum(gradient);
                    self.each_run(|tap, outputs, first| {
                        sums[tap] += self.product(&gradient[outputs], &image[first..]);
                    });
                    let Some(result) = results.next() else {
                        continue;
                    };
                    self.each_run(|tap, outputs, first| {
                        self.spread(weights[tap], &gradient[outputs], &mut result[first..]);
                    });
                }
            },
        );
        let mut gradients = ConvolutionGradients {
            images: wants_images.then_some(result),
            weights: vec![0.0; self.channels * taps],
            bias: vec![0.0; self.channels],
        };
        for (at, sums) in sums.chunks_exact(numbers).enumerate() {
            let channel = at % self.channels;
            let kernel = &mut gradients.weights[channel * taps..][..taps];
            for (total, sum) in kernel.iter_mut().zip(sums) {
                *total += sum;
            }
            gradients.bias[channel] += sums[taps];
        }
        gradients
    }

    /// Pixels of an image's channel, of an output's channel, and weights of a kernel.
    fn sizes(&self) -> (usize, usize, usize) {
        let [rows, columns] = self.output();
        let plane = self.height * self.width;
        (plane, rows * columns, self.kernel.iter().product())
    }

    /// Calls `each(tap, outputs, first)` for each tap and each row of outputs: where they are, and where the pixel is that the
    /// first of them reads through the tap; the next ones follow at the stride.
    fn each_run(&self, mut each: impl FnMut(usize, Range<usize>, usize)) {
        let [rows, columns] = self.output();
        for row in 0..rows {
            for down in 0..self.kernel[0] {
                let line = (row * self.stride + down).wrapping_sub(self.padding);
                if line >= self.height {
                    continue;
                }
                for across in 0..self.kernel[1] {
                    let outputs = self.reached(across, columns);
                    if outputs.is_empty() {
                        continue;
                    }
                    let start = outputs.start * self.stride + across - self.padding;
                    let outputs = row * columns + outputs.start..row * columns + outputs.end;
                    let tap = down * self.kernel[1] + across;
                    each(tap, outputs, line * self.width + start);
                }
            }
        }
    }

    /// The outputs of a row that read a pixel through this column of the kernel.
    fn reached(&self, across: usize, columns: usize) -> Range<usize> {
        let first = self.padding.saturating_sub(across).div_ceil(self.stride);
        let end = (self.width + self.padding)
            .saturating_sub(across)
            .div_ceil(self.stride);
        first.min(columns)..end.min(columns).max(first.min(columns))
    }

    fn add(&self, weight: f32, pixels: &[f32], outputs: &mut [f32]) {
        if self.stride == 1 {
            for (output, pixel) in outputs.iter_mut().zip(pixels) {
                *output += weight * pixel;
            }
        } else {
            let pixels = pixels.iter().step_by(self.stride);
            for (output, pixel) in outputs.iter_mut().zip(pixels) {
                *output += weight * pixel;
            }
        }
    }

    fn spread(&self, weight: f32, gradient: &[f32], pixels: &mut [f32]) {
        if self.stride == 1 {
            for (pixel, gradient) in pixels.iter_mut().zip(gradient) {
                *pixel += weight * gradient;
            }
        } else {
            let pixels = pixels.iter_mut().step_by(self.stride);
            for (pixel, gradient) in pixels.zip(gradient) {
                *pixel += weight * gradient;
            }
        }
    }

    /// The sum of the products, accumulated in SIMD lanes.
    fn product(&self, gradient: &[f32], pixels: &[f32]) -> f32 {
        if self.stride > 1 {
            let pairs = gradient.iter().zip(pixels.iter().step_by(self.stride));
            return pairs.map(|(gradient, pixel)| gradient * pixel).sum();
        }
        let (gradient, rest) = gradient.as_chunks::<WIDTH>();
        let (pixels, behind) = pixels.split_at(gradient.len() * WIDTH);
        let mut lanes = [0.0; WIDTH];
        for (gradient, pixels) in gradient.iter().zip(pixels.as_chunks::<WIDTH>().0) {
            for (lane, (gradient, pixel)) in lanes.iter_mut().zip(gradient.iter().zip(pixels)) {
                *lane += gradient * pixel;
            }
        }
        let rest = rest.iter().zip(behind);
        let rest = rest.map(|(gradient, pixel)| gradient * pixel);
        lanes.into_iter().chain(rest).sum()
    }
}
