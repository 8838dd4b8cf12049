//! A dense layer, optionally with the ReLU after it.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::tensor::Tensor;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use burn_wgpu::Wgpu;

use super::super::track::track;
use super::cube::{self, Pair, Product};
use super::{Training, back, dims, plain, tracked};

/// [`super::super::connect`], if the tensors are on this backend.
pub(in super::super) fn connect(
    inputs: &Tensor<2>,
    weights: &Tensor<2>,
    bias: &Tensor<1>,
    relu: bool,
) -> Option<Tensor<2>> {
    if let (Some(inputs), Some(weights), Some(bias)) = (plain(inputs), plain(weights), plain(bias))
    {
        return Some(back(cube::dense(&inputs, &weights, &bias, relu)));
    }
    let (inputs, input_numbers) = tracked(inputs)?;
    let (weights, weight_numbers) = tracked(weights)?;
    let (bias, biases) = tracked(bias)?;
    let output = cube::dense(&input_numbers, &weight_numbers, &biases, relu);
    let kept = (
        [input_numbers, weight_numbers],
        relu.then(|| output.clone()),
    );
    let output = track(Dense, [&inputs, &weights, &bias], kept, output);
    Some(Tensor::from_primitive::<Training>(output))
}

#[derive(Debug, Clone, Copy)]
struct Dense;

impl Backward<Wgpu, 3> for Dense {
    /// Inputs and weights, and the output if a ReLU follows.
    type State = ([CubeTensor; 2], Option<CubeTensor>);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let [of_inputs, of_weights, of_bias] = ops.parents;
        let gradient = into_contiguous(grads.consume::<Wgpu>(&ops.node));
        let ([inputs, weights], output) = &ops.state;
        let gradient = match output {
            Some(output) => cube::pair::<2>(&gradient, output, Pair::Mask),
            None => gradient,
        };
        let [batch, outputs] = dims(&gradient);
        let [width, _]: [usize; 2] = dims(weights);
        if let Some(node) = of_inputs {
            let product = Product::plain(false, true);
            let [result, _] = product.run([&gradient, weights], [batch, width, outputs]);
            grads.register::<Wgpu>(node.id, result);
        }
        if of_weights.is_none() && of_bias.is_none() {
            return;
        }
        let product = Product::plain(true, false).with_sums();
        let [result, biases] = product.run([inputs, &gradient], [width, outputs, batch]);
        if let Some(node) = of_weights {
            grads.register::<Wgpu>(node.id, result);
        }
        if let Some(node) = of_bias {
            grads.register::<Wgpu>(node.id, biases);
        }
    }
}
