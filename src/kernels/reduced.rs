//! Convolutions without a fast kernel of their own, as others that have one. Everything here moves numbers without changing
//! them, so that the results are as exact, and on every CPU the same, as those of the fast kernels.

use burn::tensor::Tensor;
use burn::tensor::module::avg_pool2d;
use burn::tensor::ops::AvgPoolOptions;

use super::{Tail, Walk, convolve};

/// Images with zeros around them: `[before, behind]` of the rows, and of the columns.
pub(crate) fn pad(images: Tensor<4>, sides: [[usize; 2]; 2]) -> Tensor<4> {
    let mut images = images;
    for (axis, sides) in [2, 3].into_iter().zip(sides) {
        if sides == [0, 0] {
            continue;
        }
        let zeros = |count: usize| {
            let mut sizes = images.dims();
            sizes[axis] = count;
            (count > 0).then(|| Tensor::zeros(sizes, &images.device()))
        };
        let [before, behind] = sides.map(zeros);
        let all = [before, Some(images), behind];
        images = Tensor::cat(all.into_iter().flatten().collect(), axis);
    }
    images
}

/// Every pixel whose row and column are multiples of the stride.
pub(crate) fn every(images: Tensor<4>, stride: usize) -> Tensor<4> {
    if stride == 1 {
        return images;
    }
    // A window of one pixel: its average is the pixel, and its gradient goes back there.
    let options = AvgPoolOptions {
        stride: [stride; 2],
        ..AvgPoolOptions::new([1; 2])
    };
    avg_pool2d(images, options)
}

/// A dilated convolution. The pixels that one output sees are a dilation apart, so the image is taken apart into as many
/// small ones, in each of which they are neighbours; what those give is put together again.
pub(super) fn dilated(
    images: Tensor<4>,
    weights: Tensor<4>,
    bias: Option<Tensor<1>>,
    walk: Walk,
) -> Tensor<4> {
    let step = walk.dilation;
    let [_, _, rows, columns] = weights.dims();
    let [batch, channels, height, width] = images.dims();
    let [height, width] = [height, width].map(|size| size + 2 * walk.padding);
    // Up to the next multiple; the outputs that see those zeros are cut off below.
    let sides = [height, width].map(|size| {
        let missing = size.next_multiple_of(step) - size;
        [walk.padding, walk.padding + missing]
    });
    let [high, wide] = [height, width].map(|size| size.div_ceil(step));
    let apart: Tensor<6> = pad(images, sides).reshape([batch, channels, high, step, wide, step]);
    let apart =
        apart
            .permute([0, 3, 5, 1, 2, 4])
            .reshape([batch * step * step, channels, high, wide]);
    let plain = Walk {
        stride: 1,
        padding: 0,
        dilation: 1,
        ..walk
    };
    let found = convolve(apart, weights, bias, plain, Tail::Linear);
    let [_, filters, high, wide] = found.dims();
    let found: Tensor<6> = found.reshape([batch, step, step, filters, high, wide]);
    let whole =
        found
            .permute([0, 3, 4, 1, 5, 2])
            .reshape([batch, filters, high * step, wide * step]);
    let whole =
        whole
            .narrow(2, 0, height - step * (rows - 1))
            .narrow(3, 0, width - step * (columns - 1));
    every(whole, walk.stride)
}

/// A convolution whose groups are convolved one after the other.
pub(super) fn in_groups(
    images: &Tensor<4>,
    weights: &Tensor<4>,
    bias: Option<&Tensor<1>>,
    walk: Walk,
    tail: Tail,
) -> Tensor<4> {
    let [filters, seen, ..] = weights.dims();
    let each = filters / walk.groups;
    let plain = Walk { groups: 1, ..walk };
    let parts = (0..walk.groups).map(|group| {
        convolve(
            images.clone().narrow(1, group * seen, seen),
            weights.clone().narrow(0, group * each, each),
            bias.map(|bias| bias.clone().narrow(0, group * each, each)),
            plain,
            tail,
        )
    });
    Tensor::cat(parts.collect(), 1)
}

/// Each channel so many times, one behind the other.
#[cfg(feature = "cpu")]
pub(super) fn repeated(images: &Tensor<4>, times: usize) -> Tensor<4> {
    if times == 1 {
        return images.clone();
    }
    let [batch, channels, height, width] = images.dims();
    let apart: Tensor<5> = images.clone().reshape([batch, channels, 1, height, width]);
    let all = apart.repeat_dim(2, times);
    all.reshape([batch, channels * times, height, width])
}

/// The kernels `[filters, channels, rows, columns]` of a convolution that computes what one in groups does with
/// `[filters, channels / groups, rows, columns]`: zeros wherever a filter sees a channel of another group.
pub(super) fn spread(weights: Tensor<4>, groups: usize) -> Tensor<4> {
    let [filters, seen, rows, columns] = weights.dims();
    let each = filters / groups;
    let size = each * seen * rows * columns;
    let zeros = Tensor::zeros([groups, groups * size], &weights.device());
    // Each group's kernels with as many arrays of zeros behind them as there are groups, cut anew into pieces that are one
    // shorter: that puts the kernels on the diagonal.
    let pieces = Tensor::cat(vec![weights.reshape([groups, size]), zeros], 1);
    let pieces: Tensor<2> = pieces.reshape([groups * (groups + 1), size]);
    let kept = pieces.narrow(0, 0, groups * groups);
    let kept: Tensor<6> = kept.reshape([groups, groups, each, seen, rows, columns]);
    let kept = kept.permute([0, 2, 1, 3, 4, 5]);
    kept.reshape([filters, groups * seen, rows, columns])
}

/// A convolution with kernels of more columns than `most`, as the sum of several with fewer.
#[cfg(feature = "webgpu")]
pub(super) fn narrower(
    images: Tensor<4>,
    weights: &Tensor<4>,
    bias: Option<Tensor<1>>,
    walk: Walk,
    most: usize,
) -> Tensor<4> {
    let images = pad(images, [[walk.padding; 2]; 2]);
    let columns = weights.dims()[3];
    let rest = images.dims()[3] - columns;
    let seen = rest - rest % walk.stride;
    let plain = Walk { padding: 0, ..walk };
    let part = |first: usize, bias: Option<Tensor<1>>| {
        let count = most.min(columns - first);
        let images = images.clone().narrow(3, first, seen + count);
        let weights = weights.clone().narrow(3, first, count);
        convolve(images, weights, bias, plain, Tail::Linear)
    };
    let others = (most..columns).step_by(most);
    others.fold(part(0, bias), |sum, first| sum + part(first, None))
}
