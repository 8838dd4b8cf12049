//! What the benchmark of the project's own operations drives.

use wasm_bindgen::prelude::*;

use super::thrown;
use crate::kernels::trial::{Bench, Way, layers};
use crate::train::Device;

/// The operations of real layers on a device, one after another.
#[wasm_bindgen]
pub struct Kernels {
    device: Device,
    layer: Option<Bench>,
}

#[wasm_bindgen]
impl Kernels {
    /// Opens a device: `"cpu"` or `"webgpu"`, as far as this module has it. Throws a `Problem`.
    pub async fn open(device: String) -> Result<Kernels, JsValue> {
        let device = Device::open(&device).await.map_err(thrown)?;
        Ok(Self {
            device,
            layer: None,
        })
    }

    /// The layers' names.
    pub fn names(&self) -> Vec<String> {
        layers().into_iter().map(|(name, _)| name).collect()
    }

    /// Goes on with this layer.
    pub fn choose(&mut self, index: usize) {
        let layer = layers().into_iter().nth(index);
        self.layer = layer.map(|(_, trial)| trial.on(&self.device.inner()));
    }

    /// Runs it `times` times, forward and backward: the project's operation, or the reference. Resolves when the
    /// device is done.
    pub async fn repeat(&self, ours: bool, times: usize) -> Result<(), JsValue> {
        let way = if ours { Way::Ours } else { Way::Reference };
        match &self.layer {
            Some(layer) => layer.repeat(way, times).await.map_err(thrown),
            None => Ok(()),
        }
    }
}
