//! Convolution of a batch of images, and both its gradients, over arrays on the host.
//!
//! A matrix product without im2col, that is without a copy of each window: the second matrix is the
//! image's frame, read at one offset for each row. The gradient of the input (a convolution of the
//! output's gradient) and the gradient of the weights are computed in the same way.

use crate::frame::Sizes;
use crate::gradients::{ConvolutionGradients, in_parts, sum};
use crate::input_gradient::InputGradient;
use crate::parts;
use crate::tile::{Room, TAPS, WIDTH, correlate, filter, interleave, pack};
use crate::{full, winograd};

/// Convolves each image of a batch: `each(target, image, filter, results, pitch)`, where the output at
/// row `y` and column `x` is `results[y * pitch + x]`, without bias. Each part of the batch has its own
/// target and numbers its images from zero.
///
/// `images` is `[batch, channels, height, width]`, `weights` `[filters, channels, kernel, kernel]`.
pub(crate) fn forward<T: Send>(
    shape: &Sizes,
    images: &[f32],
    weights: &[f32],
    targets: impl Iterator<Item = T> + Send,
    each: impl Fn(&mut T, usize, usize, &[f32], usize) + Sync,
) {
    if full::suits(shape) {
        return full::forward(shape, images, weights, targets, each);
    }
    if winograd::suits(shape) {
        return winograd::forward(shape, images, weights, targets, each);
    }
    let batch = images.len() / shape.input();
    let parts = images.chunks(parts::images(batch) * shape.input());
    let parts = parts.zip(targets);
    let cost = batch * shape.products();
    let (taps, pitch) = (shape.taps(), shape.pitch);
    let offsets = shape.offsets();
    let packed = pack(shape.filters, taps, |filter, tap| {
        weights[filter * taps + tap]
    });
    let room = || Room::new(taps, shape.filters, shape.run());
    let scratch = || (vec![0.0; shape.frame()], room());
    parts::each(
        parts,
        cost,
        scratch,
        |(frame, room), (images, mut target)| {
            for (index, image) in images.chunks_exact(shape.input()).enumerate() {
                shape.fill(image, frame);
                filter(
                    frame,
                    &offsets,
                    &packed,
                    room,
                    [shape.filters, shape.run()],
                    |filter, results| each(&mut target, index, filter, results, pitch),
                );
            }
        },
    );
}

/// The backward pass of a convolution.
///
/// `each(image, filter, rows, pitch)` must write the output's gradient for row `y` and column `x` to
/// `rows[y * pitch + x]`. `rows` holds zeros at first, and later what was written for another image.
pub(crate) fn backward(
    shape: &Sizes,
    images: &[f32],
    weights: &[f32],
    wants_images: bool,
    each: impl Fn(usize, usize, &mut [f32], usize) + Sync,
) -> ConvolutionGradients {
    if full::suits(shape) {
        return full::backward(shape, images, weights, wants_images, each);
    }
    if winograd::suits(shape) {
        return winograd::backward(shape, images, weights, wants_images, each);
    }
    let (plane, start, run) = (shape.gradient_plane(), shape.gradient_start(), shape.run());
    let taps = shape.taps();
    let offsets = shape.offsets();
    let blocks = shape.filters.div_ceil(WIDTH);
    let input = wants_images.then(|| InputGradient::new(shape, weights));
    let scratch = || {
        let frame = vec![0.0; shape.frame()];
        let gradient = vec![0.0; shape.filters * plane + run + shape.slack()];
        let columns = vec![[0.0; WIDTH]; shape.rows.output() * shape.pitch];
        let room = input.as_ref().map(|input| input.room(shape));
        (frame, gradient, columns, room)
    };
    let numbers = blocks * taps * WIDTH;
    let mut result = in_parts(
        shape,
        images,
        wants_images,
        numbers,
        scratch,
        |(frame, gradient, columns, room), part| {
            for (index, image) in part.images.chunks_exact(shape.input()).enumerate() {
                shape.fill(image, frame);
                for (filter, bias) in part.bias.iter_mut().enumerate() {
                    let rows = &mut gradient[filter * plane + start..];
                    let rows = &mut rows[..shape.rows.output() * shape.pitch];
                    each(part.first + index, filter, rows, shape.pitch);
                    *bias += sum(rows);
                }
                let sums = part.sums.as_chunks_mut().0;
                for (block, sums) in sums.chunks_exact_mut(taps).enumerate() {
                    let filters = block * WIDTH..shape.filters.min((block + 1) * WIDTH);
                    interleave(&gradient[start..], plane, filters, columns);
                    let (groups, rest) = offsets.as_chunks::<TAPS>();
                    let (group_sums, rest_sums) = sums.split_at_mut(groups.len() * TAPS);
                    for (group, sums) in groups.iter().zip(group_sums.chunks_exact_mut(TAPS)) {
                        correlate(group.map(|offset| &frame[offset..]), columns, sums);
                    }
                    for (&offset, sums) in rest.iter().zip(rest_sums.chunks_exact_mut(1)) {
                        correlate([&frame[offset..]], columns, sums);
                    }
                }
                if let (Some(input), Some(room)) = (&input, room.as_mut()) {
                    let image = &mut part.result[index * shape.input()..][..shape.input()];
                    input.put(shape, gradient, room, image);
                }
            }
        },
    );

    let sums: &[[f32; WIDTH]] = result.weights.as_chunks().0;
    let mut weights = vec![0.0; shape.filters * taps];
    for (filter, row) in weights.chunks_exact_mut(taps).enumerate() {
        let sums = &sums[filter / WIDTH * taps..][..taps];
        for (weight, sums) in row.iter_mut().zip(sums) {
            *weight = sums[filter % WIDTH];
        }
    }
    result.weights = weights;
    result
}
