//! Batch normalization, optionally with the ReLU after it.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops};
use burn::tensor::Tensor;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use burn_wgpu::Wgpu;

use super::super::track::track;
use super::super::{Normalized, Normalizer};
use super::cube::{Extent, Norm};
use super::{Training, back, dims, plain, tracked};

/// [`super::super::normalize`], if the tensors are on this backend and keep gradients.
pub(in super::super) fn normalize(
    images: &Tensor<4>,
    affine: [&Tensor<1>; 2],
    running: &[Tensor<1>; 2],
    how: Normalizer,
) -> Option<Normalized> {
    let (images, numbers) = tracked(images)?;
    let ((gamma, gammas), (beta, betas)) = (tracked(affine[0])?, tracked(affine[1])?);
    let (mean, variance) = (plain(&running[0])?, plain(&running[1])?);
    let [_, channels, height, width] = dims(&numbers);
    let norm = Norm {
        extent: Extent {
            channels,
            area: height * width,
        },
        epsilon: how.epsilon as f32,
        momentum: how.momentum as f32,
        relu: how.relu,
    };
    let statistics = norm.measure(&numbers, [&gammas, &betas], [&mean, &variance]);
    let output = norm.forward(&numbers, &statistics.channels);
    let output = track(
        Normalization(norm),
        [&images, &gamma, &beta],
        [numbers, statistics.channels],
        output,
    );
    Some(Normalized {
        output: Tensor::from_primitive::<Training>(output),
        running: statistics.running.map(back),
    })
}

#[derive(Debug, Clone, Copy)]
struct Normalization(Norm);

impl Backward<Wgpu, 3> for Normalization {
    /// The images, `[batch, channels, height, width]`, and the statistics of each channel, `[channels, 4]`.
    type State = [CubeTensor; 2];

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let gradient = into_contiguous(grads.consume::<Wgpu>(&ops.node));
        let [images, channels] = &ops.state;
        let results = self.0.backward(images, channels, &gradient);
        for (node, result) in ops.parents.into_iter().zip(results) {
            if let Some(node) = node {
                grads.register::<Wgpu>(node.id, result);
            }
        }
    }
}
