//! Training on WebGPU, in a browser's worker: the same results as on the CPU. A browser without an
//! adapter fails these tests.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod browser;
mod numbers;
mod single;

use std::cell::RefCell;

use cnn_playground::kernels::trial;
use cnn_playground::train::Device;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The one WebGPU device that a module can open.
async fn webgpu() -> Device {
    thread_local!(static OPENED: RefCell<Option<Device>> = const { RefCell::new(None) });
    let opened = OPENED.with_borrow(Clone::clone);
    let device = match opened {
        Some(device) => device,
        None => Device::open("webgpu").await.unwrap(),
    };
    OPENED.set(Some(device.clone()));
    device
}

/// Runs a link on both devices and compares every loss, and the accuracy on the test images.
async fn compare(link: &str) {
    let webgpu = webgpu().await;
    let cpu = Device::open("cpu").await.unwrap();
    let (gpu, cpu) = (
        browser::run(link, &webgpu).await,
        browser::run(link, &cpu).await,
    );
    assert_eq!(gpu.losses.len(), cpu.losses.len());
    let apart = |(a, b): (&f32, &f32)| (a - b).abs();
    let largest = gpu
        .losses
        .iter()
        .zip(&cpu.losses)
        .map(apart)
        .fold(0.0, f32::max);
    console_log!(
        "{link}: losses {largest:e} apart; accuracy {} and {}",
        gpu.accuracy,
        cpu.accuracy
    );
    assert!(
        largest < 1e-3,
        "WebGPU {:?}\nCPU {:?}",
        gpu.losses,
        cpu.losses
    );
    assert!(
        (gpu.accuracy - cpu.accuracy).abs() <= 0.01,
        "{} {}",
        gpu.accuracy,
        cpu.accuracy
    );
}

/// Each of the project's own operations on WebGPU, against burn's on the CPU: results and gradients.
#[wasm_bindgen_test]
async fn every_operation_is_its_reference() {
    let webgpu = webgpu().await;
    let cpu = Device::open("cpu").await.unwrap();
    let mut wrong = Vec::new();
    for trial in trial::all() {
        let apart = trial::apart(trial, &webgpu.inner(), &cpu.inner())
            .await
            .unwrap();
        if !apart.iter().all(|apart| *apart < 1e-4) {
            wrong.push(format!("{trial:?}: {apart:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Those that no family has, and the activation functions, of which some are made of burn's own on WebGPU.
#[wasm_bindgen_test]
async fn results_and_gradients_of_each_operation_are_pytorchs() {
    let webgpu = webgpu().await.inner().autodiff();
    let mut wrong = Vec::new();
    for case in single::cases() {
        let found = single::differences(&case, &webgpu).await;
        wrong.extend(found.iter().map(|each| format!("{}: {each}", case.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[wasm_bindgen_test]
async fn twenty_steps_of_the_small_cnn_agree() {
    compare("train=500&test=200&stop=steps&steps=20").await;
}

/// The same in each family, from the smallest graph to the U-Net's, with skips over levels.
#[wasm_bindgen_test]
async fn twenty_steps_of_every_family_lower_its_loss() {
    for network in [
        "net=mlp",
        "net=lenet1",
        "net=lenet",
        "net=cnn&width=8",
        "net=alexnet&width=6",
        "net=vgg&width=4",
        "net=googlenet&width=4&blocks=1",
        "net=resnet&width=4",
        "net=densenet&width=4&blocks=1",
        "net=mobilenet&width=4&blocks=1",
        "net=unet&width=4",
    ] {
        let link = format!("{network}&train=500&test=50&stop=steps&steps=20&batch=16&lr=0.003");
        let curve = browser::run(&link, &webgpu().await).await;
        let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
        let (first, last) = (mean(&curve.losses[..4]), mean(&curve.losses[16..]));
        console_log!("{link}: loss {first} to {last}");
        assert!(
            curve.losses.len() == 20 && last < 0.97 * first,
            "{link}: {:?}",
            curve.losses
        );
    }
}

#[wasm_bindgen_test]
async fn five_steps_of_resnet_8_agree() {
    compare("net=resnet&train=500&test=200&stop=steps&steps=5&batch=16").await;
}

#[wasm_bindgen_test]
async fn each_optimizer_and_each_layer_agrees() {
    compare("net=lenet&optimizer=sgd&train=500&test=50&stop=steps&steps=5&batch=16").await;
    compare("net=mlp&optimizer=adamw&train=500&test=50&stop=steps&steps=5&batch=16").await;
    compare("net=lenet&optimizer=sgd&nesterov=on&init=he&smoothing=0.1&train=500&test=50&stop=steps&steps=5&batch=16")
        .await;
    compare("net=cnn&width=8&augment=flip-crop&order=sorted&train=500&test=50&stop=steps&steps=5&batch=16")
        .await;
    compare("net=resnet&width=4&shortcut=zero-pad&train=500&test=50&stop=steps&steps=3&batch=16")
        .await;
}

#[wasm_bindgen_test]
async fn what_only_some_families_have_agrees() {
    for network in [
        "net=alexnet&width=6",
        "net=googlenet&width=4&blocks=1&inception=factorised",
        "net=googlenet&width=4&blocks=1&auxiliary=on",
        "net=resnet&width=4&stages=4",
        "net=cnn&width=8&attention=cbam&activation=gelu&head=conv",
        "net=cnn&width=8&attention=eca&pool=conv",
        "net=cnn&width=8&activation=leaky-relu&batchnorm=on",
        "net=cnn&width=8&activation=hardswish",
        "net=resnet&width=4&join=concat&attention=se",
        "net=densenet&width=4&blocks=1",
        "net=mobilenet&width=4&blocks=1",
        "net=unet&width=4",
        "net=unet&width=4&pool=conv",
    ] {
        compare(&format!(
            "{network}&train=500&test=50&stop=steps&steps=3&batch=16"
        ))
        .await;
    }
}

/// What losing the device needs: a run leaves WebGPU at the end of an epoch, and goes on elsewhere.
#[wasm_bindgen_test]
async fn a_run_goes_on_from_its_checkpoint_on_the_cpu() {
    use cnn_playground::event::Event;
    use cnn_playground::train::Session;
    let data = browser::digits();
    let spec = browser::spec("train=64&test=50&epochs=2&batch=16");
    let webgpu = webgpu().await;
    let (mut session, _) = Session::begin(spec, &data.facts, &webgpu).unwrap();
    // Four steps, and the only batch of the test.
    session.advance(&data, 5).await.unwrap();
    let checkpoint = session.checkpoint().await.unwrap().unwrap();
    let cpu = Device::open("cpu").await.unwrap();
    let (mut resumed, started) = Session::resume(&checkpoint, &data.facts, &cpu).unwrap();
    assert!(
        matches!(
            started,
            Event::Started {
                step: 4,
                total_steps: 8,
                ..
            }
        ),
        "{started:?}"
    );
    let [here, there] = [
        session.advance(&data, 4).await.unwrap(),
        resumed.advance(&data, 4).await.unwrap(),
    ];
    let losses = |events: &[Event]| match &events[0] {
        Event::Steps {
            first: 5, losses, ..
        } => losses.clone(),
        other => panic!("{other:?}"),
    };
    for (a, b) in losses(&here).into_iter().zip(losses(&there)) {
        assert!((a - b).abs() < 1e-3, "{a} {b}");
    }
}
