//! 3×3 convolutions with a stride of one, in fewer multiplications.
//!
//! A 4×4 block of outputs needs 144 products for each channel; in a transformed space it needs 36, one for each element
//! (“spot”) of a 6×6 tile of the input: F(4×4, 3×3) of Lavin and Gray 2015, <https://arxiv.org/abs/1509.09308>. The
//! transforms only add and multiply by small numbers. For each spot there is then a matrix product: weights of filters ×
//! channels with channels × tiles.
//!
//! Large images go through all of it one part of a batch after the other. Of small ones, whose many weights would be
//! fetched for few tiles, the whole batch takes each step together, a few channels or filters at a time.

mod convolver;
mod gradient;
mod grid;
mod transform;

use wide::f32x4;

use crate::axis::Axis;
use crate::frame::Sizes;
use crate::gradients::{ConvolutionGradients, Part, in_parts, sum};
use crate::parts;
use crate::tile::{FILTERS, WIDTH};
use convolver::Convolver;
use gradient::Correlation;
use grid::{Grid, InputTransform, Products};
use transform::{SPOTS, apart, both_ways, of_kernel};

/// Numbers of a kernel.
const TAPS: usize = 9;
/// Most tiles of an image that is small.
const SMALL: usize = 4;
/// Tiles that are computed together, about.
const TOGETHER: usize = 64;

/// Whether this algorithm can compute a convolution, and is faster.
pub(crate) fn suits(shape: &Sizes) -> bool {
    let axis =
        |axis: Axis| axis.kernel == 3 && axis.stride == 1 && axis.padding <= 2 && axis.output() > 1;
    // With few channels the transforms cost more than the products they save.
    axis(shape.rows) && axis(shape.columns) && shape.channels >= 8 && shape.filters >= 8
}

/// Images that are computed together.
fn together(shape: &Sizes) -> usize {
    TOGETHER.div_ceil(Grid::each(shape))
}

fn is_small(shape: &Sizes) -> bool {
    Grid::each(shape) <= SMALL
}

/// Transformed kernels, `[groups of filters, spots, channels]`; `kernel(filter, channel)` are the nine weights of one.
fn transformed(
    shape: &Sizes,
    kernel: impl Fn(usize, usize) -> [f32; TAPS] + Sync,
) -> Vec<[f32; FILTERS]> {
    let (channels, filters) = (shape.channels, shape.filters);
    let group = SPOTS * apart(channels);
    let mut results = vec![[0.0; FILTERS]; filters.div_ceil(FILTERS) * group];
    let cost = results.len() * FILTERS;
    let groups = results.chunks_exact_mut(group).enumerate();
    parts::each(
        groups,
        cost,
        || (),
        |(), (group, results)| {
            for channel in 0..channels {
                let of_lane = |lane: usize| {
                    let filter = group * FILTERS + lane;
                    if filter < filters {
                        kernel(filter, channel)
                    } else {
                        [0.0; TAPS]
                    }
                };
                let kernels: [[f32; TAPS]; FILTERS] = std::array::from_fn(of_lane);
                let lanes = |tap: usize| f32x4::from(kernels.each_ref().map(|kernel| kernel[tap]));
                let square = std::array::from_fn(|row| {
                    std::array::from_fn(|column| lanes(3 * row + column))
                });
                let square = both_ways(&square, of_kernel);
                for (spot, value) in square.as_flattened().iter().enumerate() {
                    results[spot * apart(channels) + channel] = value.to_array();
                }
            }
        },
    );
    results
}

/// As [`crate::convolution::forward`].
pub(crate) fn forward<T: Send>(
    shape: &Sizes,
    images: &[f32],
    weights: &[f32],
    targets: impl Iterator<Item = T> + Send,
    each: impl Fn(&mut T, usize, usize, &[f32], usize) + Sync,
) {
    let kernels = weights.as_chunks::<TAPS>().0;
    let kernels = transformed(shape, |filter, channel| {
        kernels[filter * shape.channels + channel]
    });
    let input = shape.input();
    let batch = images.len() / input;
    let size = parts::images(batch);
    let cost = batch * shape.products();
    let give = |target: &mut T, at: usize, (grid, image): (&Grid, usize), outputs: &[f32]| {
        for (filter, outputs) in outputs
            .chunks_exact(grid.images() * grid.plane())
            .enumerate()
        {
            let output = &outputs[image * grid.plane()..][..grid.plane()];
            each(target, at, filter, output, grid.pitch());
        }
    };
    if !is_small(shape) {
        let parts = images.chunks(size * input).zip(targets);
        parts::each(
            parts,
            cost,
            || Convolver::new(shape, &kernels, together(shape)),
            |convolver, (images, mut target)| {
                let some = together(shape) * input;
                for (index, images) in images.chunks(some).enumerate() {
                    let (grid, outputs) = convolver.convolve(images);
                    for image in 0..grid.images() {
                        give(
                            &mut target,
                            index * together(shape) + image,
                            (grid, image),
                            outputs,
                        );
                    }
                }
            },
        );
        return;
    }
    let mut targets = targets;
    let some = together(shape).div_ceil(size) * size;
    for images in images.chunks(some * input) {
        let (grid, outputs) = convolve(shape, images, &kernels, cost);
        let targets: Vec<T> = targets
            .by_ref()
            .take(grid.images().div_ceil(size))
            .collect();
        parts::each(
            targets.into_iter().enumerate(),
            cost,
            || (),
            |(), (part, mut target)| {
                for image in part * size..grid.images().min((part + 1) * size) {
                    give(&mut target, image - part * size, (&grid, image), &outputs);
                }
            },
        );
    }
}

/// The transformed tiles of these images, by all threads.
fn transformed_tiles(shape: &Sizes, grid: &Grid, images: &[f32], cost: usize) -> Vec<[f32; WIDTH]> {
    let mut tiles = grid.transformed(shape.channels);
    // So many images have whole registers of tiles.
    let registers = Grid::each(shape) * SPOTS * apart(shape.channels);
    let pieces = tiles
        .chunks_mut(registers)
        .zip(images.chunks(WIDTH * shape.input()));
    let scratch = || InputTransform::new(&Grid::new(shape, WIDTH.min(grid.images())));
    parts::each(pieces, cost, scratch, |inputs, (tiles, images)| {
        inputs.transform(images, shape.channels, tiles)
    });
    tiles
}

/// The outputs of these images, `[filters, images, plane]`, by all threads.
fn convolve(
    shape: &Sizes,
    images: &[f32],
    kernels: &[[f32; FILTERS]],
    cost: usize,
) -> (Grid, Vec<f32>) {
    let grid = Grid::new(shape, images.len() / shape.input());
    let tiles = transformed_tiles(shape, &grid, images, cost);
    let of_filter = grid.images() * grid.plane();
    let mut outputs = vec![0.0; shape.filters * of_filter];
    let piece = parts::piece(shape.filters, cost).next_multiple_of(FILTERS);
    let pieces = outputs.chunks_mut(piece * of_filter).enumerate();
    let scratch = || Products::new(&grid, shape.channels, piece);
    parts::each(pieces, cost, scratch, |products, (index, outputs)| {
        products.outputs(&tiles, kernels, index * piece, outputs);
    });
    (grid, outputs)
}

/// As [`crate::convolution::backward`].
pub(crate) fn backward(
    shape: &Sizes,
    images: &[f32],
    weights: &[f32],
    wants_images: bool,
    each: impl Fn(usize, usize, &mut [f32], usize) + Sync,
) -> ConvolutionGradients {
    // The input's gradient is the convolution of the output's with the same kernels, turned round.
    let turned = |axis: Axis| Axis {
        input: axis.output(),
        padding: axis.kernel - 1 - axis.padding,
        ..axis
    };
    let back = Sizes::new(
        shape.filters,
        shape.channels,
        turned(shape.rows),
        turned(shape.columns),
    );
    let kernels = weights.as_chunks::<TAPS>().0;
    let kernels = wants_images.then(|| {
        transformed(&back, |channel, filter| {
            let mut kernel = kernels[filter * shape.channels + channel];
            kernel.reverse();
            kernel
        })
    });
    let each = |first: usize, gradient: &mut [f32]| {
        for (index, gradient) in gradient.chunks_exact_mut(back.input()).enumerate() {
            for (filter, rows) in gradient.chunks_exact_mut(shape.area()).enumerate() {
                each(first + index, filter, rows, shape.columns.output());
            }
        }
    };
    if is_small(shape) {
        return backward_together(shape, &back, images, kernels.as_deref(), each);
    }
    let some = together(shape);
    let scratch = || {
        let convolver = Convolver::new(shape, &[], some);
        let back = kernels
            .as_deref()
            .map(|kernels| Convolver::new(&back, kernels, some));
        let gradient = vec![0.0; some * shape.filters * shape.area()];
        (convolver, Correlation::new(shape, some), back, gradient)
    };
    let numbers = gradient::sums(shape);
    let mut result = in_parts(
        shape,
        images,
        wants_images,
        numbers,
        scratch,
        |(convolver, correlation, back, gradient), part| {
            let Part {
                first,
                images,
                result,
                sums,
                bias,
            } = part;
            let mut results = result.chunks_mut(some * shape.input());
            for (index, images) in images.chunks(some * shape.input()).enumerate() {
                let count = images.len() / shape.input();
                let gradient = &mut gradient[..count * shape.filters * shape.area()];
                each(first + index * some, gradient);
                for planes in gradient.chunks_exact(shape.filters * shape.area()) {
                    for (bias, plane) in bias.iter_mut().zip(planes.chunks_exact(shape.area())) {
                        *bias += sum(plane);
                    }
                }
                convolver.transform(images);
                correlation.add(
                    (shape, &convolver.grid),
                    &convolver.tiles,
                    gradient,
                    0,
                    sums,
                );
                let (Some(back), Some(results)) = (back.as_mut(), results.next()) else {
                    continue;
                };
                let (grid, outputs) = back.convolve(gradient);
                for (image, result) in results.chunks_exact_mut(shape.input()).enumerate() {
                    put_back(shape, (grid, image), outputs, result);
                }
            }
        },
    );
    result.weights = gradient::weights(&result.weights, shape);
    result
}

/// Copies the gradient of one image, `[channels, height, width]`, out of whole tiles.
fn put_back(shape: &Sizes, (grid, image): (&Grid, usize), outputs: &[f32], result: &mut [f32]) {
    let (height, width) = (shape.rows.input, shape.columns.input);
    let outputs = outputs.chunks_exact(grid.images() * grid.plane());
    for (plane, output) in result.chunks_exact_mut(height * width).zip(outputs) {
        let output = output[image * grid.plane()..].chunks(grid.pitch());
        for (row, output) in plane.chunks_exact_mut(width).zip(output) {
            row.copy_from_slice(&output[..width]);
        }
    }
}

/// [`backward`] of a batch of small images; `each` writes the output's gradients, `[filters, height, width]`, of some images
/// from this one on.
fn backward_together(
    shape: &Sizes,
    back: &Sizes,
    images: &[f32],
    kernels: Option<&[[f32; FILTERS]]>,
    each: impl Fn(usize, &mut [f32]) + Sync,
) -> ConvolutionGradients {
    let (input, output) = (shape.input(), back.input());
    let batch = images.len() / input;
    let cost = 2 * batch * shape.products();
    let some = together(shape);
    let mut gradient = vec![0.0; batch * output];
    let piece = parts::images(batch);
    let parts = gradient.chunks_mut(piece * output).enumerate();
    parts::each(
        parts,
        cost,
        || (),
        |(), (part, gradient)| each(part * piece, gradient),
    );

    let mut sums = vec![0.0; gradient::sums(shape)];
    let mut bias = vec![0.0; shape.filters];
    let mut result = vec![0.0; if kernels.is_some() { images.len() } else { 0 }];
    let of_block = sums.len() / shape.filters.div_ceil(WIDTH);
    let mut results = result.chunks_mut(some * input);
    for (images, gradient) in images
        .chunks(some * input)
        .zip(gradient.chunks(some * output))
    {
        let grid = Grid::new(shape, images.len() / input);
        let tiles = transformed_tiles(shape, &grid, images, cost);
        let blocks = sums
            .chunks_mut(of_block)
            .zip(bias.chunks_mut(WIDTH))
            .enumerate();
        let scratch = || Correlation::new(shape, grid.images());
        parts::each(
            blocks,
            cost,
            scratch,
            |correlation, (block, (sums, bias))| {
                correlation.add((shape, &grid), &tiles, gradient, block * WIDTH, sums);
                for planes in gradient.chunks_exact(output) {
                    let planes = planes.chunks_exact(shape.area()).skip(block * WIDTH);
                    for (bias, plane) in bias.iter_mut().zip(planes) {
                        *bias += sum(plane);
                    }
                }
            },
        );
        let (Some(kernels), Some(results)) = (kernels, results.next()) else {
            continue;
        };
        let (grid, outputs) = convolve(back, gradient, kernels, cost);
        parts::each(
            results.chunks_exact_mut(input).enumerate(),
            cost,
            || (),
            |(), (image, result)| {
                put_back(shape, (&grid, image), &outputs, result);
            },
        );
    }
    ConvolutionGradients {
        images: kernels.is_some().then_some(result),
        weights: gradient::weights(&sums, shape),
        bias,
    }
}
