//! Batch normalization, optionally with the ReLU after it: one cube computes the statistics of a channel, then an
//! elementwise kernel normalizes.

mod program;

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{EACH, LINE, buffer, empty, together, units};
use program::{SizesLaunch, denormalize, measure_channels, normalize, sum_slopes};

/// The shape of a batch, without the batch size.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Extent {
    pub(in super::super) channels: usize,
    /// Pixels of an image.
    pub(in super::super) area: usize,
}

/// How a batch is normalized.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Norm {
    pub(in super::super) extent: Extent,
    pub(in super::super) epsilon: f32,
    /// The weight of a new statistic in the running one.
    pub(in super::super) momentum: f32,
    pub(in super::super) relu: bool,
}

/// The results of [`Norm::measure`].
#[derive(Debug, Clone)]
pub(in super::super) struct Statistics {
    /// `[channels, 4]`: mean, 1 / √(variance + ε), scale and shift of each channel; the output is
    /// `input · scale + shift`.
    pub(in super::super) channels: CubeTensor,
    /// The updated running mean and variance, each `[channels]`.
    pub(in super::super) running: [CubeTensor; 2],
}

fn batch(images: &CubeTensor) -> usize {
    images.meta.shape()[0]
}

impl Norm {
    fn cubes(&self) -> CubeCount {
        CubeCount::Static(self.extent.channels as u32, 1, 1)
    }

    /// Cubes of an elementwise kernel: each takes `LINE * EACH` vectors of one channel.
    fn all_cubes(&self, images: &CubeTensor) -> CubeCount {
        let vectors = batch(images) * self.extent.area / self.together();
        let parts = vectors.div_ceil(LINE * EACH);
        CubeCount::Static(self.extent.channels as u32, parts as u32, 1)
    }

    /// The vector width.
    fn together(&self) -> usize {
        together(self.extent.area)
    }

    fn sizes(&self, images: &CubeTensor) -> SizesLaunch {
        SizesLaunch::new(
            batch(images),
            self.extent.channels,
            self.extent.area / self.together(),
        )
    }

    /// The statistics of images `[batch, channels, height, width]`, with the scale and shift that follow from each
    /// channel's weight and bias. The running variance takes up the unbiased one.
    pub(in super::super) fn measure(
        &self,
        images: &CubeTensor,
        affine: [&CubeTensor; 2],
        running: [&CubeTensor; 2],
    ) -> Statistics {
        let array = || empty(images, [self.extent.channels]);
        let channels = empty(images, [self.extent.channels, 4]);
        let new = [array(), array()];
        // SAFETY: One cube for each channel, whose indices are below `batch · area`; every other array
        // has at least one value for each channel.
        unsafe {
            measure_channels::launch_unchecked(
                &images.client,
                self.cubes(),
                units(LINE),
                self.together(),
                buffer(images),
                buffer(affine[0]),
                buffer(affine[1]),
                buffer(running[0]),
                buffer(running[1]),
                buffer(&channels),
                buffer(&new[0]),
                buffer(&new[1]),
                self.sizes(images),
                self.epsilon,
                self.momentum,
            );
        }
        Statistics {
            channels,
            running: new,
        }
    }

    /// The normalized batch, after a ReLU if `relu` is set.
    pub(in super::super) fn forward(
        &self,
        images: &CubeTensor,
        channels: &CubeTensor,
    ) -> CubeTensor {
        let output = empty(images, images.meta.shape().dims::<4>());
        // SAFETY: One row of cubes for each channel, whose indices are below `batch · area`; `output`
        // is as large as `images`.
        unsafe {
            normalize::launch_unchecked(
                &images.client,
                self.all_cubes(images),
                units(LINE),
                self.together(),
                buffer(images),
                buffer(channels),
                buffer(&output),
                self.sizes(images),
                self.relu,
            );
        }
        output
    }

    /// The gradients of images, weights and biases, from the gradient of the output.
    pub(in super::super) fn backward(
        &self,
        images: &CubeTensor,
        channels: &CubeTensor,
        gradient: &CubeTensor,
    ) -> [CubeTensor; 3] {
        let array = || empty(images, [self.extent.channels]);
        let (gamma, beta) = (array(), array());
        let output = empty(images, images.meta.shape().dims::<4>());
        // SAFETY: As for the statistics; `gradient` is as large as `images`.
        unsafe {
            sum_slopes::launch_unchecked(
                &images.client,
                self.cubes(),
                units(LINE),
                self.together(),
                buffer(images),
                buffer(gradient),
                buffer(channels),
                buffer(&gamma),
                buffer(&beta),
                self.sizes(images),
                self.relu,
            );
        }
        // SAFETY: As for the forward pass; `gradient` and `output` are as large as `images`.
        unsafe {
            denormalize::launch_unchecked(
                &images.client,
                self.all_cubes(images),
                units(LINE),
                self.together(),
                buffer(images),
                buffer(gradient),
                buffer(channels),
                buffer(&gamma),
                buffer(&beta),
                buffer(&output),
                self.sizes(images),
                self.relu,
            );
        }
        [output, gamma, beta]
    }
}
