//! Convolutions that see a part of the channels.

use burn::tensor::Tensor;

use super::{compare, numbers, walk};
use crate::kernels::{self, Tail, Walk, flex, reference};

#[test]
fn depthwise_convolutions_are_burns() {
    for [batch, channels, height, width, stride] in [
        [2, 3, 6, 8, 1],
        [2, 16, 9, 7, 2],
        [1, 2, 4, 4, 1],
        [3, 32, 8, 8, 2],
    ] {
        let walk = Walk {
            groups: channels,
            ..walk(stride, 1)
        };
        let images = |t: &[Tensor<1>]| t[0].clone().reshape([batch, channels, height, width]);
        let weights = |t: &[Tensor<1>]| t[1].clone().reshape([channels, 1, 3, 3]);
        let bias = |t: &[Tensor<1>]| Some(t[2].clone());
        let inputs = [
            ("images", batch * channels * height * width),
            ("weights", 9 * channels),
            ("bias", channels),
        ];
        compare(
            &format!("{channels} channels of {height}×{width} at stride {stride}"),
            &inputs,
            |t| kernels::convolve(images(t), weights(t), bias(t), walk, Tail::Relu),
            |t| reference::convolve(images(t), weights(t), bias(t), walk, Tail::Relu),
        );
        // What devices do that have no kernel of their own for it.
        let plain = Walk { groups: 1, ..walk };
        compare(
            "the same as an ordinary convolution",
            &inputs,
            |t| {
                let weights = kernels::reduced::spread(weights(t), channels);
                kernels::convolve(images(t), weights, bias(t), plain, Tail::Relu)
            },
            |t| reference::convolve(images(t), weights(t), bias(t), walk, Tail::Relu),
        );
    }
}

#[test]
fn dilated_and_grouped_convolutions_are_left_to_burn() {
    let images = numbers("images", [1, 4, 9, 9]);
    let weights = numbers("weights", [4, 2, 3, 3]);
    let walk = Walk {
        dilation: 2,
        groups: 2,
        ..walk(1, 1)
    };
    assert!(flex::convolve(&images, &weights, None, walk, Tail::Relu).is_none());
    let output = kernels::convolve(images, weights, None, walk, Tail::ReluPool);
    assert_eq!(output.dims(), [1, 4, 3, 3]);
}
