//! Batches of samples that are stored on the GPU.

use burn::tensor::{Device, Int, Tensor, TensorData};
use burn_cubecl::tensor::CubeTensor;
use burn_wgpu::Wgpu;

use super::{back, cube, plain};
use crate::base::ImageShape;

/// Images and labels in the GPU's memory, one byte for each pixel value: for a batch, only indices are uploaded.
pub(crate) struct DeviceSamples {
    shape: ImageShape,
    /// `[samples, words]`: four bytes in each word, little-endian.
    words: CubeTensor,
    /// `[samples]`.
    labels: CubeTensor,
    /// `[channels, 256]`: the network's input for each byte.
    tables: CubeTensor,
    device: Device,
}

impl DeviceSamples {
    /// Copies a sample for each label to a device without gradients, if it is this backend's;
    /// `write(index, bytes)` writes its image, `[channels, height, width]`, and `tables` maps the bytes of
    /// each channel to the network's input.
    pub(crate) fn upload(
        shape: ImageShape,
        write: impl Fn(usize, &mut [u8]),
        labels: &[u8],
        tables: &[[f32; 256]],
        device: &Device,
    ) -> Option<Self> {
        let entries = TensorData::new(tables.concat(), [tables.len(), 256]);
        let tables = plain(&Tensor::<2>::from_data(entries, device))?;
        let each = shape.len().div_ceil(cube::BYTES);
        let mut bytes = vec![0; each * cube::BYTES];
        let mut words = Vec::with_capacity(labels.len() * each);
        for index in 0..labels.len() {
            write(index, &mut bytes[..shape.len()]);
            let (chunks, _) = bytes.as_chunks();
            words.extend(chunks.iter().map(|word| i32::from_le_bytes(*word)));
        }
        let count = labels.len();
        let labels = labels.iter().map(|label| i32::from(*label)).collect();
        Some(Self {
            shape,
            words: whole_numbers(words, [count, each], device)?,
            labels: whole_numbers(labels, [count], device)?,
            tables,
            device: device.clone(),
        })
    }

    /// The samples at these indices: images `[batch, channels, height, width]`, labels `[batch, 1]`.
    pub(crate) fn gather(&self, places: &[u32]) -> Option<(Tensor<4>, Tensor<2, Int>)> {
        let places = places.iter().map(|place| *place as i32).collect::<Vec<_>>();
        let count = places.len();
        let places = whole_numbers(places, [count], &self.device)?;
        let (images, labels) = cube::gather_samples(
            self.shape,
            [&self.words, &self.labels, &places],
            &self.tables,
        );
        Some((back(images), Tensor::from_primitive::<Wgpu>(labels)))
    }
}

fn whole_numbers<const D: usize>(
    numbers: Vec<i32>,
    shape: [usize; D],
    device: &Device,
) -> Option<CubeTensor> {
    let tensor = Tensor::<D, Int>::from_data(TensorData::new(numbers, shape), device);
    tensor.try_into_primitive::<Wgpu>().ok()
}
