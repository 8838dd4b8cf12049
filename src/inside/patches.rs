//! The patches of test images with the highest activation of a channel. Zeiler and Fergus 2013,
//! <https://arxiv.org/abs/1311.2901>.

use serde::Serialize;

use super::network::{area, most};
use super::receptive::{ReceptiveField, window};
use super::{Inside, Tiles};
use crate::base::ImageShape;
use crate::base::error::{Problem, Result};
use crate::data::Samples;
use crate::operation::Shape;

/// How many are shown.
const SHOWN: usize = 9;

/// A part of a test image.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Patch {
    /// Which test image.
    pub index: usize,
    /// Its class.
    pub label: u8,
    /// The channel's activation.
    pub value: f32,
    /// The receptive field of the channel's highest activation.
    pub window: ReceptiveField,
}

/// The patches with the highest activation of a channel.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Patches {
    /// The highest activation first, at most one from each image.
    pub patches: Vec<Patch>,
    /// Their whole images.
    pub tiles: Tiles,
    /// How many images were searched.
    pub images: usize,
}

impl Inside {
    /// The patches of the first `images` test images. An image's pixels are where the data set has them;
    /// the window is where the network, which may get them in another order, looks.
    pub(super) async fn patches(
        &mut self,
        test: &Samples,
        row: usize,
        channel: usize,
        images: usize,
    ) -> Result<Patches> {
        let shape = self.shape(row)?;
        let (size, columns) = match shape {
            Shape::Image(image) => (area(shape), image.width),
            Shape::Vector(_) => (1, 1),
        };
        if channel >= shape.channels() {
            return Err(Problem::internal(format!(
                "row {row} has no channel {channel}"
            )));
        }
        let mut patches = Vec::new();
        let mut tried = 0;
        for range in Self::ranges(test, images)? {
            tried = range.end;
            let batch = self.batch(test, range.clone());
            let activation = self.forward_to(batch, row).await?;
            for (index, values) in range.zip(activation.values.chunks_exact(shape.len())) {
                let values = &values[channel * size..(channel + 1) * size];
                let at = most(values);
                patches.push(Patch {
                    index,
                    label: test.labels[index],
                    value: values[at],
                    window: window(self.plan(), row, at / columns, at % columns),
                });
            }
        }
        patches.sort_by(|a, b| b.value.total_cmp(&a.value));
        patches.truncate(SHOWN);
        let indices: Vec<usize> = patches.iter().map(|patch| patch.index).collect();
        Ok(Patches {
            tiles: self.tiles(test, &indices),
            patches,
            images: tried,
        })
    }
}

impl Tiles {
    /// Images of this size as they are, `[images, channels, height, width]`.
    pub fn of_pixels(bytes: &[u8], shape: ImageShape) -> Self {
        Self {
            width: shape.width,
            height: shape.height,
            count: bytes.len() / shape.len(),
            pixels: crate::data::preview::rgba(bytes, shape.channels, shape.area(), |byte| byte)
                .into(),
            largest: 1.0,
        }
    }
}
