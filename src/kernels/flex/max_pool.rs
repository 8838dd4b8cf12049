//! Max pooling.

use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;
use cnn_playground_kernels::MaxPool;

use super::super::track::track;
use super::{Training, dims, plain, tensor, tracked, values};
use crate::base::Window;

/// [`super::super::max_pool`], if the tensor is on this backend.
pub(in super::super) fn max_pool(images: &Tensor<4>, window: Window) -> Option<Tensor<4>> {
    if let Some(images) = plain(images) {
        let (output, _) = Pooling::new(&images, window).forward(&images);
        return Some(Tensor::from_primitive::<Flex>(output));
    }
    let images = tracked(images)?;
    let step = Pooling::new(images.primitive(), window);
    let (output, winners) = step.forward(images.primitive());
    let output = track(step, [&images], winners, output);
    Some(Tensor::from_primitive::<Training>(output))
}

/// A max pooling of a batch, `[batch, channels, height, width]`.
#[derive(Debug, Clone, Copy)]
struct Pooling {
    images: [usize; 4],
    pool: MaxPool,
}

impl Pooling {
    fn new(images: &FlexTensor, window: Window) -> Self {
        let images = dims(images);
        let [_, _, height, width] = images;
        let pool = MaxPool {
            height,
            width,
            size: window.size,
            stride: window.stride,
            padding: window.padding,
        };
        Self { images, pool }
    }

    fn forward(&self, images: &FlexTensor) -> (FlexTensor, Vec<i32>) {
        let (output, winners) = self.pool.forward(&values(images));
        let [batch, channels, ..] = self.images;
        let [height, width] = self.pool.output();
        (tensor(output, [batch, channels, height, width]), winners)
    }
}

impl Backward<Flex, 1> for Pooling {
    type State = Vec<i32>;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [images] = ops.parents;
        let gradient = grads.consume::<Flex>(&ops.node);
        let Some(node) = images else { return };
        let numbers = self.images.iter().product();
        let result = self.pool.backward(numbers, &ops.state, &values(&gradient));
        grads.register::<Flex>(node.id, tensor(result, self.images));
    }
}
