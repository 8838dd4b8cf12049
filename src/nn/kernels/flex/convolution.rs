//! A convolution with its tail.

use std::borrow::Cow;
use std::sync::Arc;

use burn::backend::Flex;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::tensor::Tensor;

use super::super::axis::Axis;
use super::super::convolution;
use super::super::frame::Shape;
use super::super::{Tail, Walk, pool};
use super::{Tracked, Training, dims, plain, tensor, tracked, values};

/// [`super::super::convolve`], if the tensors are on this backend.
pub(in super::super) fn convolve(
    images: &Tensor<4>,
    weights: &Tensor<4>,
    bias: Option<&Tensor<1>>,
    walk: Walk,
    tail: Tail,
) -> Option<Tensor<4>> {
    if walk.dilation != 1 || walk.groups != 1 {
        return None;
    }
    if let (Some(images), Some(weights)) = (plain(images), plain(weights)) {
        let bias = bias.map(plain);
        let bias = bias
            .as_ref()
            .map_or(Some(None), |bias| bias.as_ref().map(Some))?;
        let (output, _) =
            Convolution::new(&images, &weights, walk, tail).forward(&images, &weights, bias);
        return Some(Tensor::from_primitive::<Flex>(output));
    }
    let (images, weights) = (tracked(images)?, tracked(weights)?);
    let bias = match bias {
        Some(bias) => Some(tracked(bias)?),
        None => None,
    };
    let step = Convolution::new(images.primitive(), weights.primitive(), walk, tail);
    let (output, kept) = step.forward(
        images.primitive(),
        weights.primitive(),
        bias.as_ref().map(|bias| bias.primitive()),
    );
    // A convolution without a bias has one that nobody asks the gradient of.
    let none = || Tracked::new(tensor(Vec::new(), [0]));
    let bias = bias.unwrap_or_else(none);
    let nodes = [images.node(), weights.node(), bias.node()];
    let output = match step
        .prepare::<NoCheckpointing>(nodes)
        .compute_bound()
        .stateful()
    {
        OpsKind::Tracked(tracked) => {
            let inputs = [images.into_primitive(), weights.into_primitive()];
            tracked.finish((inputs, kept), output)
        }
        OpsKind::UnTracked(untracked) => untracked.finish(output),
    };
    Some(Tensor::from_primitive::<Training>(output))
}

/// A convolution with its tail.
#[derive(Debug, Clone, Copy)]
struct Convolution {
    shape: Shape,
    batch: usize,
    tail: Tail,
}

/// What the backward pass of a tail needs.
#[derive(Debug, Clone)]
enum Kept {
    Nothing,
    /// The output, which is positive where the gradient passes.
    Output(FlexTensor),
    /// Where each window's largest value was.
    Winners(Arc<[u8]>),
}

impl Convolution {
    fn new(images: &FlexTensor, weights: &FlexTensor, walk: Walk, tail: Tail) -> Self {
        let [batch, channels, height, width] = dims(images);
        let [filters, _, rows, columns] = dims(weights);
        let axis = |input, kernel| Axis {
            input,
            kernel,
            stride: walk.stride,
            padding: walk.padding,
        };
        let shape = Shape::new(channels, filters, axis(height, rows), axis(width, columns));
        Self { shape, batch, tail }
    }

    /// Height and width of what leaves the tail.
    fn output(&self) -> [usize; 2] {
        let side = if self.tail == Tail::ReluPool {
            pool::SIDE
        } else {
            1
        };
        [self.shape.rows, self.shape.columns].map(|axis| axis.output() / side)
    }

    fn forward(
        &self,
        images: &FlexTensor,
        weights: &FlexTensor,
        bias: Option<&FlexTensor>,
    ) -> (FlexTensor, Kept) {
        let [height, width] = self.output();
        let (area, filters) = (height * width, self.shape.filters);
        let count = self.batch * filters * area;
        let bias = bias.map_or(Cow::Owned(vec![0.0; filters]), values);
        let mut output = vec![0.0; count];
        let mut winners = vec![
            0;
            if self.tail == Tail::ReluPool {
                count
            } else {
                0
            }
        ];
        let low = if self.tail == Tail::Linear {
            f32::NEG_INFINITY
        } else {
            0.0
        };
        convolution::forward(
            &self.shape,
            &values(images),
            &values(weights),
            |image, filter, results, pitch| {
                let first = (image * filters + filter) * area;
                let output = &mut output[first..][..area];
                if self.tail == Tail::ReluPool {
                    let winners = &mut winners[first..][..area];
                    return pool::forward(results, pitch, bias[filter], width, output, winners);
                }
                for (output, results) in output.chunks_exact_mut(width).zip(results.chunks(pitch)) {
                    for (output, result) in output.iter_mut().zip(results) {
                        let value = result + bias[filter];
                        *output = if value < low { low } else { value };
                    }
                }
            },
        );
        let output = tensor(output, [self.batch, filters, height, width]);
        let kept = match self.tail {
            Tail::Linear => Kept::Nothing,
            Tail::Relu => Kept::Output(output.clone()),
            Tail::ReluPool => Kept::Winners(winners.into()),
        };
        (output, kept)
    }

    fn backward(
        &self,
        [images, weights]: [&FlexTensor; 2],
        kept: &Kept,
        gradient: &FlexTensor,
        wants_images: bool,
    ) -> convolution::Gradients {
        let [height, width] = self.output();
        let area = height * width;
        let gradient = values(gradient);
        let output = match kept {
            Kept::Output(output) => values(output),
            Kept::Nothing | Kept::Winners(_) => Cow::Borrowed(&[][..]),
        };
        convolution::backward(
            &self.shape,
            &values(images),
            &values(weights),
            wants_images,
            |image, filter, rows, pitch| {
                let first = (image * self.shape.filters + filter) * area;
                let gradient = &gradient[first..][..area];
                if let Kept::Winners(winners) = kept {
                    return pool::backward(gradient, &winners[first..][..area], width, pitch, rows);
                }
                let lines = rows.chunks_mut(pitch).zip(gradient.chunks_exact(width));
                if output.is_empty() {
                    for (line, gradient) in lines {
                        line[..width].copy_from_slice(gradient);
                    }
                    return;
                }
                for ((line, gradient), output) in lines.zip(output[first..].chunks_exact(width)) {
                    for ((value, gradient), output) in line.iter_mut().zip(gradient).zip(output) {
                        *value = if *output > 0.0 { *gradient } else { 0.0 };
                    }
                }
            },
        )
    }
}

impl Backward<Flex, 3> for Convolution {
    type State = ([FlexTensor; 2], Kept);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [images, weights, bias] = ops.parents;
        let gradient = grads.consume::<Flex>(&ops.node);
        let (inputs, kept) = &ops.state;
        let inputs = inputs.each_ref();
        let result = Self::backward(&self, inputs, kept, &gradient, images.is_some());
        let filters = self.shape.filters;
        if let (Some(node), Some(values)) = (images, result.images) {
            grads.register::<Flex>(node.id, tensor(values, dims::<4>(inputs[0])));
        }
        if let Some(node) = weights {
            grads.register::<Flex>(node.id, tensor(result.weights, dims::<4>(inputs[1])));
        }
        if let Some(node) = bias {
            grads.register::<Flex>(node.id, tensor(result.bias, [filters]));
        }
    }
}
