//! Each of the project's own operations against burn's: results and gradients.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use cnn_playground::kernels::trial::{self, Trial};
use cnn_playground::train::Device;

fn compare(device: &str) {
    let (ours, cpu) = pollster::block_on(async {
        (
            Device::open(device).await.unwrap().inner(),
            Device::open("cpu").await.unwrap().inner(),
        )
    });
    // The CPU has its samples where it computes.
    let is_there = |trial: &Trial| device != "cpu" || !matches!(trial, Trial::Gather(..));
    for trial in trial::all().into_iter().filter(is_there) {
        let apart = pollster::block_on(trial::apart(trial, &ours, &cpu)).unwrap();
        assert!(
            apart.iter().all(|apart| *apart < 1e-4),
            "{trial:?}: {apart:?}"
        );
    }
}

#[test]
fn on_the_cpu() {
    compare("cpu");
}

/// Needs a Vulkan adapter; Debian's `mesa-vulkan-drivers` brings one without a GPU.
#[cfg(feature = "webgpu")]
#[test]
fn on_a_gpu() {
    compare("webgpu");
}
