//! Batches from samples that lie on the device.

use burn::tensor::{Int, Tensor};
use burn_wgpu::Wgpu;

use super::super::DeviceSamples;
use super::{back, cube, plain};

/// [`DeviceSamples::gather`], if they are on this backend.
pub(in super::super) fn gather(
    samples: &DeviceSamples,
    places: &Tensor<1, Int>,
) -> Option<(Tensor<4>, Tensor<2, Int>)> {
    let tables = plain(&samples.tables)?;
    let words = samples.words.clone().try_into_primitive::<Wgpu>().ok()?;
    let labels = samples.labels.clone().try_into_primitive::<Wgpu>().ok()?;
    let places = places.clone().try_into_primitive::<Wgpu>().ok()?;
    let (images, chosen) = cube::gather_samples(samples.shape, [&words, &labels, &places], &tables);
    Some((back(images), Tensor::from_primitive::<Wgpu>(chosen)))
}
