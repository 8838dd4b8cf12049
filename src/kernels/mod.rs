//! The project's own operations, with their gradients, where burn's backends lack a fast path.
//!
//! Each is a function here that chooses an implementation by where its tensors are. On burn-flex that is
//! `flex`, which wraps the loops of the crate `kernels` for burn's autodiff; on a GPU it is `webgpu`; elsewhere
//! it is `reference`, the same in burn's operations. The tests check the fast ones against the reference.

use burn::tensor::activation::relu;
use burn::tensor::{Device, Int, Tensor, TensorData};
pub(crate) use cnn_playground_kernels::Tail;
pub(crate) use cnn_playground_kernels::activation::Activation;
pub(crate) use cnn_playground_kernels::optimizer::AdamStep;

#[cfg(not(feature = "webgpu"))]
use crate::base::ImageShape;
use crate::base::Window;

#[cfg(feature = "cpu")]
mod flex;
mod formula;
mod numbers;
mod reduced;
mod reference;
#[cfg(all(test, feature = "cpu"))]
mod tests;
#[cfg(any(feature = "cpu", feature = "webgpu"))]
mod track;
#[cfg(feature = "trial")]
pub mod trial;
#[cfg(feature = "webgpu")]
mod webgpu;

#[cfg(feature = "webgpu")]
pub(crate) use webgpu::DeviceSamples;

pub(crate) use numbers::numbers;
pub(crate) use reduced::{every, pad};

/// Falls back to burn's operation, except in the module for GPUs: burn's matrix products would be half of that
/// module, and no network needs them there.
macro_rules! leave_to_burn {
    ($operation:expr) => {
        if cfg!(any(feature = "cpu", feature = "trial")) {
            $operation
        } else {
            unreachable!("every network's convolutions and dense layers are ours")
        }
    };
}

/// The pooling that a tail can have: 2×2.
pub(crate) const POOL: Window = Window::tiles(2);

/// Stride, padding, dilation and groups of a convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Walk {
    /// Pixels from one window to the next.
    pub(crate) stride: usize,
    /// Zeros on each side.
    pub(crate) padding: usize,
    /// Pixels from one tap to the next.
    pub(crate) dilation: usize,
    /// Groups of channels and filters that are convolved separately.
    pub(crate) groups: usize,
}

/// Convolves `[batch, channels, height, width]` with `[filters, channels, kernel, kernel]`, adds a
/// bias `[filters]`, and applies the tail: `[batch, filters, height, width]`.
///
/// The fast implementations have one group and a dilation of one; on the CPU also a group for each channel. All others become
/// such ones.
pub(crate) fn convolve(
    images: Tensor<4>,
    weights: Tensor<4>,
    bias: Option<Tensor<1>>,
    walk: Walk,
    tail: Tail,
) -> Tensor<4> {
    let [_, seen, rows, columns] = weights.dims();
    if walk.dilation > 1 && rows * columns > 1 {
        return reference::finish(reduced::dilated(images, weights, bias, walk), tail);
    }
    let walk = Walk {
        dilation: 1,
        ..walk
    };
    if walk.groups > 1 && seen == 1 {
        #[cfg(feature = "cpu")]
        {
            let images = reduced::repeated(&images, weights.dims()[0] / walk.groups);
            let output = flex::convolve_depthwise(&images, &weights, bias.as_ref(), walk);
            if let Some(output) = output {
                return reference::finish(output, tail);
            }
        }
        let plain = Walk { groups: 1, ..walk };
        let weights = reduced::spread(weights, walk.groups);
        return convolve(images, weights, bias, plain, tail);
    }
    if walk.groups > 1 {
        return reduced::in_groups(&images, &weights, bias.as_ref(), walk, tail);
    }
    #[cfg(feature = "cpu")]
    if let Some(output) = flex::convolve(&images, &weights, bias.as_ref(), walk, tail) {
        return output;
    }
    #[cfg(feature = "webgpu")]
    if let Some(output) = webgpu::convolve(&images, &weights, bias.as_ref(), walk, tail) {
        return output;
    }
    #[cfg(feature = "webgpu")]
    if columns > webgpu::WIDEST {
        let output = reduced::narrower(images, &weights, bias, walk, webgpu::WIDEST);
        return reference::finish(output, tail);
    }
    leave_to_burn!(reference::convolve(images, weights, bias, walk, tail))
}

/// Max pooling of `[batch, channels, height, width]`; padding never wins.
pub(crate) fn max_pool(images: Tensor<4>, window: Window) -> Tensor<4> {
    #[cfg(feature = "cpu")]
    if let Some(output) = flex::max_pool(&images, window) {
        return output;
    }
    reference::max_pool(images, window)
}

/// A dense layer: `[batch, inputs]` times `[inputs, outputs]`, a bias `[outputs]`, and a ReLU if wanted.
pub(crate) fn connect(
    inputs: Tensor<2>,
    weights: Tensor<2>,
    bias: Option<Tensor<1>>,
    with_relu: bool,
) -> Tensor<2> {
    let bias = bias.unwrap_or_else(|| Tensor::zeros([weights.dims()[1]], &weights.device()));
    #[cfg(feature = "cpu")]
    if let Some(output) = flex::connect(&inputs, &weights, &bias) {
        return if with_relu { relu(output) } else { output };
    }
    #[cfg(feature = "webgpu")]
    if let Some(output) = webgpu::connect(&inputs, &weights, &bias, with_relu) {
        return output;
    }
    leave_to_burn!(reference::connect(inputs, weights, bias, with_relu))
}

/// An activation function, elementwise. A ReLU is burn's, which is one fast program on every device.
pub(crate) fn activate<const D: usize>(of: Activation, x: Tensor<D>) -> Tensor<D> {
    if of == Activation::Relu {
        return relu(x);
    }
    #[cfg(feature = "cpu")]
    if let Some(output) = flex::activate(of, &x) {
        return output;
    }
    reference::activate(of, x)
}

/// The settings of [`normalize`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Normalizer {
    /// Added to each variance.
    pub(crate) epsilon: f64,
    /// The weight of a new statistic in the running one (momentum, as in PyTorch).
    pub(crate) momentum: f64,
    /// Whether a ReLU follows.
    pub(crate) relu: bool,
}

/// The results of [`normalize`].
pub(crate) struct Normalized {
    /// The normalized batch, of the input's shape.
    pub(crate) output: Tensor<4>,
    /// The running mean and variance from now on, each `[channels]`, without gradients.
    pub(crate) running: [Tensor<1>; 2],
}

/// Batch normalization of `[batch, channels, height, width]` by the batch's own statistics. The running
/// statistics, each `[channels]` and without gradients, are updated by them.
pub(crate) fn normalize(
    images: Tensor<4>,
    [gamma, beta]: [Tensor<1>; 2],
    running: &[Tensor<1>; 2],
    how: Normalizer,
) -> Normalized {
    #[cfg(feature = "webgpu")]
    if let Some(normalized) = webgpu::normalize(&images, [&gamma, &beta], running, how) {
        return normalized;
    }
    let [batch, _, height, width] = images.dims();
    let count = (batch * height * width) as f64;
    let Measured {
        output,
        mean,
        variance,
    } = measure_and_normalize(images, gamma, beta, how.epsilon, how.relu);
    // PyTorch remembers the unbiased variance, though it normalizes with the biased one.
    let unbiased = count / (count - 1.0).max(1.0);
    let remember = |old: &Tensor<1>, new: Tensor<1>, factor: f64| {
        old.clone().mul_scalar(1.0 - how.momentum) + new.mul_scalar(how.momentum * factor)
    };
    Normalized {
        output,
        running: [
            remember(&running[0], mean, 1.0),
            remember(&running[1], variance, unbiased),
        ],
    }
}

/// Each row of `[rows, numbers]` less its mean, over its standard deviation with 1e-5 added to the variance: what layer and group
/// normalization are made of. To the kernels it is a batch normalization of one image with as many channels.
pub(crate) fn standardize(rows: Tensor<2>) -> Tensor<2> {
    if !rows.is_autodiff() {
        // They are for tensors with gradients alone.
        return standardize(rows.autodiff()).inner();
    }
    let [count, length] = rows.dims();
    let one = |value: f32| Tensor::<1>::full([count], value, &rows.device());
    let [ones, zeros] = [one(1.0), one(0.0)];
    let running = [zeros.clone().inner(), ones.clone().inner()];
    let how = Normalizer {
        epsilon: 1e-5,
        momentum: 0.0,
        relu: false,
    };
    let images = rows.reshape([1, count, length, 1]);
    let normalized = normalize(images, [ones, zeros], &running, how);
    normalized.output.reshape([count, length])
}

/// A normalized batch, and the statistics that it was normalized with.
struct Measured {
    output: Tensor<4>,
    /// The batch's mean of each channel, `[channels]`, without gradients.
    mean: Tensor<1>,
    /// Its biased variance, `[channels]`.
    variance: Tensor<1>,
}

fn measure_and_normalize(
    images: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    epsilon: f64,
    relu: bool,
) -> Measured {
    #[cfg(feature = "cpu")]
    if let Some(measured) = flex::normalize(&images, &gamma, &beta, epsilon, relu) {
        return measured;
    }
    reference::normalize(images, gamma, beta, epsilon, relu)
}

/// The sum of two batches of images, after a ReLU: where a residual block ends.
pub(crate) fn add_relu(left: Tensor<4>, right: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "cpu")]
    if let Some(output) = flex::add_relu(&left, &right) {
        return output;
    }
    #[cfg(feature = "webgpu")]
    if let Some(output) = webgpu::add_relu(&left, &right) {
        return output;
    }
    reference::add_relu(left, right)
}

/// Weights and optimizer moments: flat arrays without gradients.
pub(crate) type Moved<const MOMENTS: usize> = (Vec<Tensor<1>>, [Vec<Tensor<1>>; MOMENTS]);

/// All weights and their two moments after a step; all are flat arrays without gradients. The moments
/// may change in place.
pub(crate) fn adam(
    weights: Vec<Tensor<1>>,
    gradients: Vec<Tensor<1>>,
    moments: [Vec<Tensor<1>>; 2],
    step: AdamStep,
) -> Moved<2> {
    #[cfg(feature = "webgpu")]
    if let Some(moved) = webgpu::adam(&weights, &gradients, [&moments[0], &moments[1]], step) {
        return moved;
    }
    let arrays = weights.into_iter().zip(gradients);
    let [first, second] = moments;
    let mut moved = Moved::default();
    for ((weights, gradient), moments) in arrays.zip(first.into_iter().zip(second)) {
        let (weights, [first, second]) = adam_array(weights, gradient, moments.into(), step);
        moved.0.push(weights);
        moved.1[0].push(first);
        moved.1[1].push(second);
    }
    moved
}

fn adam_array(
    weights: Tensor<1>,
    gradient: Tensor<1>,
    moments: [Tensor<1>; 2],
    step: AdamStep,
) -> (Tensor<1>, [Tensor<1>; 2]) {
    #[cfg(feature = "cpu")]
    if let Some(weights) = flex::plain(&weights) {
        return flex::adam(weights, gradient, moments, step);
    }
    reference::adam(weights, gradient, moments, step)
}

/// One step of SGD with momentum: with `g = gradient + decay·w` the velocity becomes `v ← momentum·v + g`, and the
/// weights `w ← w − rate·v`; with Nesterov's momentum, `w ← w − rate·(g + momentum·v)`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SgdStep {
    /// The learning rate.
    pub(crate) rate: f64,
    /// Momentum: the share of the velocity that is kept.
    pub(crate) momentum: f64,
    /// Weight decay.
    pub(crate) decay: f64,
    /// Whether the momentum is Nesterov's.
    pub(crate) nesterov: bool,
}

/// All weights and their velocities after a step, as [`adam`].
pub(crate) fn sgd(
    weights: Vec<Tensor<1>>,
    gradients: Vec<Tensor<1>>,
    velocities: Vec<Tensor<1>>,
    step: SgdStep,
) -> Moved<1> {
    #[cfg(feature = "webgpu")]
    if let Some(moved) = webgpu::sgd(&weights, &gradients, &velocities, step) {
        return moved;
    }
    let arrays = weights.into_iter().zip(gradients).zip(velocities);
    let moved = arrays
        .map(|((weights, gradient), velocity)| reference::sgd(weights, gradient, velocity, step));
    let (weights, velocities) = moved.unzip();
    (weights, [velocities])
}

/// Flat arrays on a device, in the layout that the optimizers read fastest: on a GPU, parts of one buffer.
pub(crate) fn pack(arrays: &[Vec<f32>], device: &Device) -> Vec<Tensor<1>> {
    #[cfg(feature = "webgpu")]
    if let Some(packed) = webgpu::pack(arrays, device) {
        return packed;
    }
    let flat = |values: &Vec<f32>| {
        Tensor::from_data(TensorData::new(values.clone(), [values.len()]), device)
    };
    arrays.iter().map(flat).collect()
}

/// The mean softmax cross-entropy, in nats, of logits `[batch, classes]`, and the number of
/// right predictions: `[2]`. Only the loss has a gradient. Labels are `[batch, 1]`.
pub(crate) fn classify(logits: Tensor<2>, labels: &Tensor<2, Int>) -> Tensor<1> {
    #[cfg(feature = "cpu")]
    if let Some(output) = flex::classify(&logits, labels) {
        return output;
    }
    #[cfg(feature = "webgpu")]
    if let Some(output) = webgpu::classify(&logits, labels) {
        return output;
    }
    reference::classify(logits, labels)
}

/// Samples in a GPU's memory; an empty type in a build without WebGPU.
#[cfg(not(feature = "webgpu"))]
pub(crate) enum DeviceSamples {}

#[cfg(not(feature = "webgpu"))]
impl DeviceSamples {
    pub(crate) fn upload(
        _: ImageShape,
        _: impl Fn(usize, &mut [u8]),
        _: &[u8],
        _: &[[f32; 256]],
        _: &Device,
    ) -> Option<Self> {
        None
    }

    pub(crate) fn gather(&self, _: &[u32]) -> Option<(Tensor<4>, Tensor<2, Int>)> {
        match *self {}
    }
}
