//! Batch normalization with its ReLU.

use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;
use cnn_playground_kernels::norm::{self, Channel, Extent};

use super::super::Measured;
use super::super::track::track;
use super::{Training, dims, tensor, tracked, values};

/// [`super::super::measure_and_normalize`], if the tensors are on this backend and keep gradients.
pub(in super::super) fn normalize(
    images: &Tensor<4>,
    gamma: &Tensor<1>,
    beta: &Tensor<1>,
    epsilon: f64,
    relu: bool,
) -> Option<Measured> {
    let (images, gamma, beta) = (tracked(images)?, tracked(gamma)?, tracked(beta)?);
    let shape: [usize; 4] = dims(images.primitive());
    let [_, channels, height, width] = shape;
    let extent = Extent {
        channels,
        area: height * width,
    };
    let input = values(images.primitive());
    let moments = norm::measure(&input, extent);
    let affine = (values(gamma.primitive()), values(beta.primitive()));
    let channels: Vec<Channel> = moments
        .iter()
        .zip(affine.0.iter().zip(affine.1.iter()))
        .map(|(moments, (gamma, beta))| moments.channel(*gamma, *beta, epsilon))
        .collect();
    let output = tensor(norm::forward(&input, extent, &channels, relu), shape);
    let statistic = |of: fn(&Channel) -> f32| {
        let each = channels.iter().map(of).collect();
        Tensor::from_primitive::<Flex>(tensor(each, [channels.len()]))
    };
    let (mean, variance) = (
        statistic(|channel| channel.mean),
        statistic(|channel| channel.variance),
    );
    drop(input);
    let step = Normalization { extent, relu };
    let kept = (images.primitive().clone(), channels);
    let output = track(step, [&images, &gamma, &beta], kept, output);
    Some(Measured {
        output: Tensor::from_primitive::<Training>(output),
        mean,
        variance,
    })
}

#[derive(Debug, Clone, Copy)]
struct Normalization {
    extent: Extent,
    relu: bool,
}

impl Backward<Flex, 3> for Normalization {
    type State = (FlexTensor, Vec<Channel>);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [images, gamma, beta] = ops.parents;
        let gradient = grads.consume::<Flex>(&ops.node);
        let (input, channels) = ops.state;
        let result = norm::backward(
            &values(&input),
            self.extent,
            &channels,
            self.relu,
            &values(&gradient),
        );
        if let Some(node) = images {
            grads.register::<Flex>(node.id, tensor(result.images, dims::<4>(&input)));
        }
        for (node, values) in [(gamma, result.gamma), (beta, result.beta)] {
            if let Some(node) = node {
                grads.register::<Flex>(node.id, tensor(values, [channels.len()]));
            }
        }
    }
}
