//! Samples that lie where the network is.

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::reference;
use crate::data::ImageShape;

/// Bytes of a word.
pub(super) const BYTES: usize = size_of::<i32>();

/// Images and labels on a device, a byte for each number of an image: a batch costs its places only.
pub(crate) struct DeviceSamples {
    pub(super) shape: ImageShape,
    /// `[samples, words]`: four bytes in each, the first one lowest.
    pub(super) words: Tensor<2, Int>,
    /// `[samples]`.
    pub(super) labels: Tensor<1, Int>,
    /// `[channels, 256]`: what the network gets of each byte.
    pub(super) tables: Tensor<2>,
}

impl DeviceSamples {
    /// Copies a sample for each label to a device without gradients; `write(index, bytes)` gives its image,
    /// `[channels, height, width]`, and there is a table for each channel.
    pub(crate) fn upload(
        shape: ImageShape,
        write: impl Fn(usize, &mut [u8]),
        labels: &[u8],
        tables: &[[f32; 256]],
        device: &Device,
    ) -> Self {
        let each = shape.len().div_ceil(BYTES);
        let mut bytes = vec![0; each * BYTES];
        let mut words = Vec::with_capacity(labels.len() * each);
        for index in 0..labels.len() {
            write(index, &mut bytes[..shape.len()]);
            let (chunks, _) = bytes.as_chunks();
            words.extend(chunks.iter().map(|word| i32::from_le_bytes(*word)));
        }
        let labels: Vec<i32> = labels.iter().map(|label| i32::from(*label)).collect();
        let (count, channels) = (labels.len(), tables.len());
        let tables = TensorData::new(tables.concat(), [channels, 256]);
        Self {
            shape,
            words: Tensor::from_data(TensorData::new(words, [count, each]), device),
            labels: Tensor::from_data(TensorData::new(labels, [count]), device),
            tables: Tensor::from_data(tables, device),
        }
    }

    /// Places on the samples' device.
    pub(super) fn places(&self, places: &[u32]) -> Tensor<1, Int> {
        let numbers: Vec<i32> = places.iter().map(|&place| place as i32).collect();
        let numbers = TensorData::new(numbers, [places.len()]);
        Tensor::from_data(numbers, &self.words.device())
    }

    /// The samples at these places: images `[batch, channels, height, width]`, labels `[batch, 1]`.
    pub(crate) fn gather(&self, places: &[u32]) -> (Tensor<4>, Tensor<2, Int>) {
        let places = self.places(places);
        #[cfg(feature = "webgpu")]
        if let Some(batch) = super::webgpu::gather(self, &places) {
            return batch;
        }
        reference::gather(self, places)
    }
}

#[cfg(all(test, feature = "cpu"))]
mod tests {
    use super::*;

    #[test]
    fn a_batch_has_the_images_and_labels_at_its_places() {
        // Fifteen bytes, so that the last word is not full.
        let shape = ImageShape {
            channels: 3,
            height: 1,
            width: 5,
        };
        let write = |index: usize, bytes: &mut [u8]| {
            for (place, byte) in bytes.iter_mut().enumerate() {
                *byte = (100 * index + 10 * place) as u8;
            }
        };
        let tables = [1.0, 2.0, 4.0].map(|scale| std::array::from_fn(|byte| scale * byte as f32));
        let device = Device::flex();
        let samples = DeviceSamples::upload(shape, write, &[7, 8, 9], &tables, &device);
        let (images, labels) = samples.gather(&[2, 0]);
        let expected = [2, 0].into_iter().flat_map(|index| {
            let number = move |place| f32::from((100 * index + 10 * place) as u8);
            (0..15).map(move |place| number(place) * [1.0, 2.0, 4.0][place / 5])
        });
        assert_eq!(images.dims(), [2, 3, 1, 5]);
        let found: Vec<f32> = images.into_data().try_to_vec().unwrap();
        assert_eq!(found, expected.collect::<Vec<f32>>());
        let found: Vec<f32> = labels.float().into_data().try_to_vec().unwrap();
        assert_eq!(found, [9.0, 7.0]);
    }
}
