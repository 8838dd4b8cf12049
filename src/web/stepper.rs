//! What the benchmark beside other libraries drives.

use wasm_bindgen::prelude::*;

use super::{from_js, thrown};
use crate::base::ImageShape;
use crate::data::Batch;
use crate::experiment::ExperimentSpec;
use crate::train::{self, Device};

type Thrown<T> = Result<T, JsValue>;

/// A network that learns from given batches, from given weights.
#[wasm_bindgen]
pub struct Stepper(train::Stepper);

#[wasm_bindgen]
impl Stepper {
    /// The network of a spec on a device (`"cpu"` or `"webgpu"`), for ten classes of images of these
    /// sizes; `weights` are all arrays concatenated in the network's order, or the ones that the
    /// spec's seed gives.
    pub async fn open(
        device: String,
        spec: JsValue,
        channels: usize,
        height: usize,
        width: usize,
        weights: Option<Vec<f32>>,
    ) -> Thrown<Stepper> {
        const CLASSES: usize = 10;
        let spec: ExperimentSpec = from_js(spec).map_err(thrown)?;
        let device = Device::open(&device).await.map_err(thrown)?;
        let image = ImageShape {
            channels,
            height,
            width,
        };
        train::Stepper::new(spec, image, CLASSES, weights.as_deref(), &device)
            .map(Self)
            .map_err(thrown)
    }

    /// One step of learning from images `[batch, channels, height, width]`.
    pub fn step(&mut self, images: Vec<f32>, labels: Vec<u8>) {
        self.0.step(Batch::labelled(images, labels));
    }

    /// The loss of the last step, once the device has done it.
    pub async fn loss(&mut self) -> Thrown<Option<f32>> {
        self.0.loss().await.map_err(thrown)
    }

    /// How many of these the network has right.
    pub async fn right(&mut self, images: Vec<f32>, labels: Vec<u8>) -> Thrown<u32> {
        self.0
            .right(Batch::labelled(images, labels))
            .await
            .map_err(thrown)
    }
}
