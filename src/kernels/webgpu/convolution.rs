//! A convolution and the operations fused with it ([`Tail`]).

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::tensor::Tensor;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use burn_wgpu::Wgpu;

use super::super::track::track;
use super::super::{Tail, Walk};
use super::cube::{self, Correlation, Gather, Pair};
use super::{Tracked, Training, back, dims, plain, tracked};

/// [`super::super::convolve`], if the tensors are on this backend.
pub(in super::super) fn convolve(
    images: &Tensor<4>,
    weights: &Tensor<4>,
    bias: Option<&Tensor<1>>,
    walk: Walk,
    tail: Tail,
) -> Option<Tensor<4>> {
    if let (Some(images), Some(weights)) = (plain(images), plain(weights)) {
        let bias = bias.and_then(plain);
        let step = Convolution::new(&images, &weights, walk, tail)?;
        let (output, _) = step.forward(&images, &weights, bias.as_ref());
        return Some(back(output));
    }
    let (images, image_numbers) = tracked(images)?;
    let (weights, weight_numbers) = tracked(weights)?;
    let bias = bias.and_then(tracked);
    let step = Convolution::new(&image_numbers, &weight_numbers, walk, tail)?;
    let biases = bias.as_ref().map(|(_, numbers)| numbers);
    let (output, kept) = step.forward(&image_numbers, &weight_numbers, biases);
    // A convolution without a bias gets an array of one value, which is never read and needs no gradient.
    let bias = bias.map_or_else(
        || Tracked::new(cube::empty(&image_numbers, [1])),
        |(bias, _)| bias,
    );
    let output = track(
        step,
        [&images, &weights, &bias],
        ([image_numbers, weight_numbers], kept),
        output,
    );
    Some(Tensor::from_primitive::<Training>(output))
}

/// A convolution and the operations fused with it.
#[derive(Debug, Clone, Copy)]
struct Convolution {
    shape: Correlation,
    tail: Tail,
}

/// What the backward pass of the tail needs from the forward pass.
#[derive(Debug, Clone)]
enum Kept {
    Nothing,
    /// The output, `[batch, filters, height, width]`: the gradient passes where it is positive.
    Output(CubeTensor),
    /// The position of the largest value in each 2×2 window, `[batch, filters, height / 2, width / 2]`.
    Winners(CubeTensor),
}

impl Convolution {
    /// `None` for dilated, grouped or too wide convolutions, which have no kernel here.
    fn new(images: &CubeTensor, weights: &CubeTensor, walk: Walk, tail: Tail) -> Option<Self> {
        if walk.dilation != 1 || walk.groups != 1 {
            return None;
        }
        let [_, channels, height, width] = dims(images);
        let [filters, _, rows, columns] = dims(weights);
        let side =
            |size: usize, kernel: usize| (size + 2 * walk.padding - kernel) / walk.stride + 1;
        let step = Self {
            shape: Correlation {
                channels,
                filters,
                kernel: [rows, columns],
                input: [height, width],
                output: [side(height, rows), side(width, columns)],
                stride: walk.stride,
                padding: walk.padding,
            },
            tail,
        };
        step.shape.fits().then_some(step)
    }

    fn gather(&self, bias: bool) -> Gather {
        let shape = self.shape;
        Gather {
            channels: shape.channels,
            filters: shape.filters,
            kernel: shape.kernel,
            input: shape.input,
            output: shape.output,
            stride: shape.stride,
            padding: shape.padding,
            backward: false,
            bias,
            relu: self.tail != Tail::Linear,
        }
    }

    /// The convolution that computes the gradient of the images from the gradient of the output.
    fn turned(&self) -> Gather {
        let shape = self.shape;
        Gather {
            channels: shape.filters,
            filters: shape.channels,
            input: shape.output,
            output: shape.input,
            backward: true,
            relu: false,
            ..self.gather(false)
        }
    }

    fn forward(
        &self,
        images: &CubeTensor,
        weights: &CubeTensor,
        bias: Option<&CubeTensor>,
    ) -> (CubeTensor, Kept) {
        let gather = self.gather(bias.is_some());
        let bias = bias.unwrap_or(weights);
        let output = gather.run(images, weights, bias);
        match self.tail {
            Tail::Linear => (output, Kept::Nothing),
            Tail::Relu => (output.clone(), Kept::Output(output)),
            Tail::ReluPool => {
                let [output, winners] = cube::pool(&output);
                (output, Kept::Winners(winners))
            }
        }
    }
}

impl Backward<Wgpu, 3> for Convolution {
    type State = ([CubeTensor; 2], Kept);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [of_images, of_weights, of_bias] = ops.parents;
        let gradient = into_contiguous(grads.consume::<Wgpu>(&ops.node));
        let ([images, weights], kept) = &ops.state;
        let gradient = match kept {
            Kept::Nothing => gradient,
            Kept::Output(output) => cube::pair::<4>(&gradient, output, Pair::Mask),
            Kept::Winners(winners) => cube::unpool(&gradient, winners, self.shape.output),
        };
        if let Some(node) = of_images {
            let result = self.turned().run(&gradient, weights, weights);
            grads.register::<Wgpu>(node.id, result);
        }
        if of_weights.is_none() && of_bias.is_none() {
            return;
        }
        let [result, biases] = self.shape.run(images, &gradient);
        if let Some(node) = of_weights {
            grads.register::<Wgpu>(node.id, result);
        }
        if let Some(node) = of_bias {
            grads.register::<Wgpu>(node.id, biases);
        }
    }
}
