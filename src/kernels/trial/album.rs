//! Samples to make batches from, on a device and on the host.

use burn::tensor::{Device, Tensor};

use super::super::DeviceSamples;
use crate::base::ImageShape;

/// How many.
const SAMPLES: usize = 50;

/// Samples whose bytes differ, and what each byte stands for.
pub(super) struct Album {
    shape: ImageShape,
    tables: Vec<[f32; 256]>,
    /// On a GPU.
    on_device: Option<DeviceSamples>,
}

fn byte(index: usize, place: usize) -> u8 {
    (index * 89 + place * 37) as u8
}

fn label(index: usize) -> u8 {
    (index % 10) as u8
}

impl Album {
    /// Images `[channels, height, width]`.
    pub(super) fn on([channels, height, width]: [usize; 3], device: &Device) -> Self {
        let shape = ImageShape {
            channels,
            height,
            width,
        };
        let scaled =
            |channel: usize| std::array::from_fn(|byte| (byte * (channel + 1)) as f32 - 99.5);
        let tables: Vec<_> = (0..channels).map(scaled).collect();
        let write = |index: usize, bytes: &mut [u8]| {
            for (place, out) in bytes.iter_mut().enumerate() {
                *out = byte(index, place);
            }
        };
        let labels: Vec<u8> = (0..SAMPLES).map(label).collect();
        Self {
            on_device: DeviceSamples::upload(shape, write, &labels, &tables, device),
            shape,
            tables,
        }
    }

    /// Images and labels at these places, made on the GPU; nothing where there is none.
    pub(super) fn gather_on_device(&self, places: &[u32]) -> Vec<Tensor<1>> {
        let batch = self.on_device.as_ref().and_then(|all| all.gather(places));
        batch.map_or_else(Vec::new, |(images, labels)| {
            vec![images.flatten(0, 3), labels.float().flatten(0, 1)]
        })
    }

    /// Images and labels at these places, made on the host.
    pub(super) fn gather(&self, places: &[u32], device: &Device) -> Vec<Tensor<1>> {
        let image = |place: &u32| {
            let index = *place as usize;
            (0..self.shape.len()).map(move |at| (at / self.shape.area(), byte(index, at)))
        };
        let images: Vec<f32> = places
            .iter()
            .flat_map(image)
            .map(|(channel, byte)| self.tables[channel][usize::from(byte)])
            .collect();
        let labels: Vec<f32> = places
            .iter()
            .map(|place| f32::from(label(*place as usize)))
            .collect();
        [images, labels]
            .map(|numbers| Tensor::from_data(&numbers[..], device))
            .into()
    }
}
