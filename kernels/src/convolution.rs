//! Convolution of a batch of images, and both its gradients, over arrays on the host.
//!
//! It is a matrix product without a copy of each window (im2col): the second matrix is an image's
//! frame, read at one offset for each row. The same holds for the gradient of the input, which is a
//! convolution of the output's gradient, and for the gradient of the weights.

use crate::axis::Axis;
use crate::frame::Shape;
use crate::tile::{FILTERS, TAPS, WIDTH, correlate, gather};
use crate::winograd::{self, Winograd};

/// Weights in the order in which tiles read them: for each group of filters, for each tap, one
/// weight of each filter; filters that are not there are zeros.
pub(crate) fn pack(
    filters: usize,
    taps: usize,
    weight: impl Fn(usize, usize) -> f32,
) -> Vec<[f32; FILTERS]> {
    let mut packed = Vec::with_capacity(filters.div_ceil(FILTERS) * taps);
    for first in (0..filters).step_by(FILTERS) {
        for tap in 0..taps {
            packed.push(std::array::from_fn(|lane| {
                let filter = first + lane;
                if filter < filters {
                    weight(filter, tap)
                } else {
                    0.0
                }
            }));
        }
    }
    packed
}

/// Every filter's results for one frame, a filter at a time: `each(filter, results)`.
fn filter(
    frame: &[f32],
    offsets: &[usize],
    weights: &[[f32; FILTERS]],
    results: &mut [f32],
    filters: usize,
    mut each: impl FnMut(usize, &[f32]),
) {
    for (group, weights) in weights.chunks_exact(offsets.len()).enumerate() {
        gather(frame, offsets, weights, results);
        let there = FILTERS.min(filters - group * FILTERS);
        let lanes = results.chunks_exact(results.len() / FILTERS).take(there);
        for (lane, results) in lanes.enumerate() {
            each(group * FILTERS + lane, results);
        }
    }
}

/// Convolves each image of a batch: `each(image, filter, results, pitch)`, where the output at row
/// `y` and column `x` is `results[y * pitch + x]`, without bias.
///
/// `images` is `[batch, channels, height, width]`, `weights` `[filters, channels, kernel, kernel]`.
pub(crate) fn forward(
    shape: &Shape,
    images: &[f32],
    weights: &[f32],
    mut each: impl FnMut(usize, usize, &[f32], usize),
) {
    let images = images.chunks_exact(shape.input()).enumerate();
    if winograd::suits(shape) {
        let mut convolution = winograd_forward(shape, weights);
        let pitch = convolution.pitch();
        for (index, image) in images {
            convolution.take(image);
            convolution.give(|filter, results| each(index, filter, results, pitch));
        }
        return;
    }
    let (taps, pitch) = (shape.taps(), shape.pitch);
    let offsets = shape.offsets();
    let packed = pack(shape.filters, taps, |filter, tap| {
        weights[filter * taps + tap]
    });
    let mut frame = vec![0.0; shape.frame()];
    let mut results = vec![0.0; FILTERS * shape.run()];
    for (index, image) in images {
        shape.fill(image, &mut frame);
        filter(
            &frame,
            &offsets,
            &packed,
            &mut results,
            shape.filters,
            |filter, results| each(index, filter, results, pitch),
        );
    }
}

fn winograd_forward(shape: &Shape, weights: &[f32]) -> Winograd {
    let kernels = weights.as_chunks().0;
    Winograd::new(shape, |filter, channel| {
        kernels[filter * shape.channels + channel]
    })
}

/// What a convolution's backward pass gives.
pub struct Gradients {
    /// `[batch, channels, height, width]`, if it was wanted.
    pub images: Option<Vec<f32>>,
    /// `[filters, channels, kernel, kernel]`.
    pub weights: Vec<f32>,
    /// `[filters]`.
    pub bias: Vec<f32>,
}

/// The gradients of a convolution.
///
/// `each(image, filter, rows, pitch)` must write the output's gradient for row `y` and column `x` to
/// `rows[y * pitch + x]`; before, these are zeros for the first image, and later what it wrote last.
pub(crate) fn backward(
    shape: &Shape,
    images: &[f32],
    weights: &[f32],
    wants_images: bool,
    mut each: impl FnMut(usize, usize, &mut [f32], usize),
) -> Gradients {
    if winograd::suits(shape) {
        return winograd_backward(shape, images, weights, wants_images, each);
    }
    let (plane, start, run) = (shape.gradient_plane(), shape.gradient_start(), shape.run());
    let taps = shape.taps();
    let offsets = shape.offsets();
    let blocks = shape.filters.div_ceil(WIDTH);
    let mut frame = vec![0.0; shape.frame()];
    let mut gradient = vec![0.0; shape.filters * plane + run + shape.slack()];
    let mut columns = vec![[0.0; WIDTH]; shape.rows.output() * shape.pitch];
    let mut sums = vec![[0.0; WIDTH]; blocks * taps];
    let mut bias = vec![0.0; shape.filters];
    let mut input = wants_images.then(|| InputGradient::new(shape, weights, images.len()));

    for (index, image) in images.chunks_exact(shape.input()).enumerate() {
        shape.fill(image, &mut frame);
        for (filter, bias) in bias.iter_mut().enumerate() {
            let rows = &mut gradient[filter * plane + start..];
            let rows = &mut rows[..shape.rows.output() * shape.pitch];
            each(index, filter, rows, shape.pitch);
            *bias += sum(rows);
        }
        for (block, sums) in sums.chunks_exact_mut(taps).enumerate() {
            let filters = block * WIDTH..shape.filters.min((block + 1) * WIDTH);
            interleave(&gradient[start..], plane, filters, &mut columns);
            let (groups, rest) = offsets.as_chunks::<TAPS>();
            let (group_sums, rest_sums) = sums.split_at_mut(groups.len() * TAPS);
            for (group, sums) in groups.iter().zip(group_sums.chunks_exact_mut(TAPS)) {
                correlate(group.map(|offset| &frame[offset..]), &columns, sums);
            }
            for (&offset, sums) in rest.iter().zip(rest_sums.chunks_exact_mut(1)) {
                correlate([&frame[offset..]], &columns, sums);
            }
        }
        if let Some(input) = &mut input {
            input.add(shape, index, &gradient);
        }
    }

    let mut weights = vec![0.0; shape.filters * taps];
    for (filter, row) in weights.chunks_exact_mut(taps).enumerate() {
        let sums = &sums[filter / WIDTH * taps..][..taps];
        for (weight, sums) in row.iter_mut().zip(sums) {
            *weight = sums[filter % WIDTH];
        }
    }
    Gradients {
        images: input.map(|input| input.images),
        weights,
        bias,
    }
}

/// [`backward`], where that suits.
fn winograd_backward(
    shape: &Shape,
    images: &[f32],
    weights: &[f32],
    wants_images: bool,
    mut each: impl FnMut(usize, usize, &mut [f32], usize),
) -> Gradients {
    let (area, width) = (shape.area(), shape.columns.output());
    let mut forward = winograd_forward(shape, weights);
    let mut sums = winograd::Sums::new(&forward, shape);
    // The input's gradient is the convolution of the output's with the same kernels, turned round.
    let turned = |axis: Axis| Axis {
        input: axis.output(),
        padding: axis.kernel - 1 - axis.padding,
        ..axis
    };
    let back = Shape::new(
        shape.filters,
        shape.channels,
        turned(shape.rows),
        turned(shape.columns),
    );
    let kernels = weights.as_chunks::<9>().0;
    let mut back = wants_images.then(|| {
        Winograd::new(&back, |channel, filter| {
            let mut kernel = kernels[filter * shape.channels + channel];
            kernel.reverse();
            kernel
        })
    });
    let mut result = vec![0.0; if wants_images { images.len() } else { 0 }];
    let mut gradient = vec![0.0; shape.filters * area];
    let mut bias = vec![0.0; shape.filters];
    for (index, image) in images.chunks_exact(shape.input()).enumerate() {
        for (filter, rows) in gradient.chunks_exact_mut(area).enumerate() {
            each(index, filter, rows, width);
            bias[filter] += sum(rows);
        }
        forward.take(image);
        sums.add(&mut forward, shape, &gradient);
        if let Some(back) = &mut back {
            let pitch = back.pitch();
            let (height, width) = (shape.rows.input, shape.columns.input);
            let image = &mut result[index * shape.input()..][..shape.input()];
            back.take(&gradient);
            back.give(|channel, results| {
                let plane = &mut image[channel * height * width..][..height * width];
                for (row, results) in plane.chunks_exact_mut(width).zip(results.chunks(pitch)) {
                    row.copy_from_slice(&results[..width]);
                }
            });
        }
    }
    Gradients {
        images: wants_images.then_some(result),
        weights: sums.weights(shape),
        bias,
    }
}

/// The sum of many numbers, in lanes.
pub(crate) fn sum(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<WIDTH>();
    let mut lanes = [0.0; WIDTH];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += value;
        }
    }
    lanes.iter().chain(rest).sum()
}

/// Puts the values of some filters, a plane apart, side by side.
pub(crate) fn interleave(
    planes: &[f32],
    plane: usize,
    filters: std::ops::Range<usize>,
    columns: &mut [[f32; WIDTH]],
) {
    let count = columns.len();
    for (lane, filter) in filters.enumerate() {
        for (column, value) in columns.iter_mut().zip(&planes[filter * plane..][..count]) {
            column[lane] = *value;
        }
    }
}

/// The input's gradient: for each phase of the input, a convolution of the output's gradient with
/// the taps of that phase.
struct InputGradient {
    images: Vec<f32>,
    phases: Vec<Phase>,
    results: Vec<f32>,
}

struct Phase {
    vertical: usize,
    horizontal: usize,
    offsets: Vec<usize>,
    weights: Vec<[f32; FILTERS]>,
}

impl InputGradient {
    fn new(shape: &Shape, weights: &[f32], numbers: usize) -> Self {
        let mut phases = Vec::new();
        for vertical in 0..shape.rows.phases() {
            for horizontal in 0..shape.columns.phases() {
                phases.push(Phase::new(shape, weights, vertical, horizontal));
            }
        }
        let most = |axis: Axis| {
            let places = |phase| axis.end(phase) - axis.first(phase).min(axis.end(phase));
            (0..axis.phases()).map(places).max().unwrap_or(0)
        };
        let run = (most(shape.rows) * shape.pitch).next_multiple_of(WIDTH);
        Self {
            images: vec![0.0; numbers],
            phases,
            results: vec![0.0; FILTERS * run],
        }
    }

    fn add(&mut self, shape: &Shape, index: usize, gradient: &[f32]) {
        let image = &mut self.images[index * shape.input()..][..shape.input()];
        let (width, pitch) = (shape.columns.input, shape.pitch);
        for phase in &self.phases {
            let (top, left) = (
                shape.rows.first(phase.vertical),
                shape.columns.first(phase.horizontal),
            );
            let height = shape.rows.end(phase.vertical).saturating_sub(top);
            let across = shape.columns.end(phase.horizontal).saturating_sub(left);
            if height == 0 || across == 0 {
                continue;
            }
            let run = (height * pitch).next_multiple_of(WIDTH);
            filter(
                gradient,
                &phase.offsets,
                &phase.weights,
                &mut self.results[..FILTERS * run],
                shape.channels,
                |channel, results| {
                    for (row, values) in results.chunks(pitch).take(height).enumerate() {
                        let source = shape.rows.source(phase.vertical, top + row);
                        let line = &mut image[(channel * shape.rows.input + source) * width..];
                        let line = &mut line[..width];
                        if shape.columns.stride == 1 {
                            line.copy_from_slice(&values[..width]);
                        } else {
                            let first = shape.columns.source(phase.horizontal, left);
                            let targets = line[first..].iter_mut().step_by(shape.columns.stride);
                            for (target, value) in targets.zip(values) {
                                *target = *value;
                            }
                        }
                    }
                },
            );
        }
    }
}

impl Phase {
    fn new(shape: &Shape, weights: &[f32], vertical: usize, horizontal: usize) -> Self {
        let taps = |axis: Axis, phase: usize| (phase..axis.kernel).step_by(axis.stride);
        let (before, left) = (shape.rows.before(), shape.columns.before());
        let (mut offsets, mut places) = (Vec::new(), Vec::new());
        for filter in 0..shape.filters {
            for row in taps(shape.rows, vertical) {
                for column in taps(shape.columns, horizontal) {
                    let down = before + shape.rows.first(vertical) - row / shape.rows.stride;
                    let right =
                        left + shape.columns.first(horizontal) - column / shape.columns.stride;
                    offsets.push(filter * shape.gradient_plane() + down * shape.pitch + right);
                    places.push((filter, row * shape.columns.kernel + column));
                }
            }
        }
        let area = shape.rows.kernel * shape.columns.kernel;
        let weights = pack(shape.channels, offsets.len(), |channel, tap| {
            let (filter, place) = places[tap];
            weights[(filter * shape.channels + channel) * area + place]
        });
        Self {
            vertical,
            horizontal,
            offsets,
            weights,
        }
    }
}
