//! Training on the CPU, in a browser's worker, on real digits.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod browser;
mod numbers;
mod single;
mod twenty;

use cnn_playground::train::Device;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

async fn cpu() -> Device {
    Device::open("cpu").await.unwrap()
}

#[wasm_bindgen_test]
async fn a_small_network_learns_digits() {
    let curve = browser::run("train=500&test=200&epochs=5&batch=32", &cpu().await).await;
    assert_eq!(curve.losses.len(), 5 * 16);
    assert!(
        curve.losses[0] > 2.0,
        "it starts without knowing anything: {}",
        curve.losses[0]
    );
    assert!(curve.accuracy > 0.75, "{}", curve.accuracy);
}

#[wasm_bindgen_test]
async fn the_same_link_gives_the_same_losses_to_the_last_bit() {
    let link = "net=resnet&train=500&test=50&stop=steps&steps=5&batch=16";
    let curves = [
        browser::run(link, &cpu().await).await,
        browser::run(link, &cpu().await).await,
    ];
    assert_eq!(curves[0].losses, curves[1].losses);
}

#[wasm_bindgen_test]
async fn every_family_and_switch_gives_the_bits_that_it_gives_natively() {
    let cpu = cpu().await;
    let mut found = String::new();
    for link in twenty::LINKS {
        let digest = twenty::digest(link, &cpu).await;
        found += &format!("{digest} {link}\n");
    }
    assert_eq!(found, twenty::DIGESTS);
}

#[wasm_bindgen_test]
async fn results_and_gradients_of_each_operation_are_pytorchs() {
    let cpu = cpu().await.inner().autodiff();
    for case in single::cases() {
        let wrong = single::differences(&case, &cpu).await;
        assert!(wrong.is_empty(), "{}: {wrong:?}", case.name);
    }
}

#[wasm_bindgen_test]
async fn a_device_that_this_module_has_not_is_refused() {
    let problem = Device::open("abacus").await.unwrap_err();
    assert_eq!(problem.code.text(), "no-device");
}
