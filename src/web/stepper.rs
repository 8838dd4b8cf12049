//! What the benchmark beside other libraries drives.

use wasm_bindgen::prelude::*;

use super::{thrown, to_js};
use crate::data::{Batch, ImageShape};
use crate::spec::{link, resolve};
use crate::train::{self, Device};

type Thrown<T> = Result<T, JsValue>;

/// A network that learns from given batches, from given weights.
#[wasm_bindgen]
pub struct Stepper(train::Stepper);

#[wasm_bindgen]
impl Stepper {
    /// The network of a link on a device (`"cpu"` or `"webgpu"`), for ten classes of images of these
    /// sizes; `weights` are all arrays one behind the other, in the network's order.
    pub async fn open(
        device: String,
        link: String,
        channels: usize,
        height: usize,
        width: usize,
        weights: Vec<f32>,
    ) -> Thrown<Stepper> {
        const CLASSES: usize = 10;
        let opened = link::open(&link);
        if !opened.problems.is_empty() {
            return Err(to_js(&opened.problems)?);
        }
        let device = Device::open(&device).await.map_err(thrown)?;
        let image = ImageShape {
            channels,
            height,
            width,
        };
        let spec = resolve(&opened.choices).spec;
        train::Stepper::new(spec, image, CLASSES, &weights, &device)
            .map(Self)
            .map_err(thrown)
    }

    /// One step of learning from images `[batch, channels, height, width]`.
    pub fn step(&mut self, images: Vec<f32>, labels: Vec<u8>) {
        self.0.step(&Batch::labelled(images, labels));
    }

    /// The loss of the last step, once the device has done it.
    pub async fn loss(&mut self) -> Thrown<Option<f32>> {
        self.0.loss().await.map_err(thrown)
    }

    /// How many of these the network has right.
    pub async fn right(&mut self, images: Vec<f32>, labels: Vec<u8>) -> Thrown<u32> {
        self.0
            .right(&Batch::labelled(images, labels))
            .await
            .map_err(thrown)
    }
}
