//! Trained weights as a file for PyTorch, and such a file as weights. What PyTorch itself says of them is compared by
//! `fixtures/exported.py`, which runs what [`for_pytorch`] writes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod families;
mod numbers;

use std::path::{Path, PathBuf};
use std::{env, fs};

use burn::tensor::{Device, Tensor, TensorData};
use cnn_playground::arch::pytorch::{self, SourceWords};
use cnn_playground::arch::{self, Shaped};
use cnn_playground::base::error::Code;
use cnn_playground::data::{Split, folder};
use cnn_playground::event::Event;
use cnn_playground::experiment::{ExperimentSpec, link};
use cnn_playground::nn::{Network, State};
use cnn_playground::operation::Mode;
use cnn_playground::script::ScriptWords;
use cnn_playground::train::Session;
use pollster::block_on;

const CLASSES: usize = 10;

/// Networks that no family has, with operations that PyTorch keeps otherwise.
const OWN: &[&str] = &[
    "net=own&layers=conv8,gn4,relu,convt8s2,ln,scale0.5,max,flatten,fc,ln",
    "net=own&layers=train:conv4,class:2x(conv4,relu),0:(conv4,relu),add(conv4;(conv4k1,bn)),cat(add(conv4);conv4;conv2),gap,fc",
];

fn experiments() -> impl Iterator<Item = (&'static str, ExperimentSpec, Shaped)> {
    let links = families::EACH.iter().chain(families::SWITCHES).chain(OWN);
    links.map(|link| {
        let spec = link::known_spec(link);
        let plan = arch::build(&spec, spec.data.shape().unwrap(), CLASSES).unwrap();
        (*link, spec, plan)
    })
}

/// Weights of this network in which no number is what it would be without them.
fn state(plan: &Shaped) -> State {
    let mut state = numbers::state(plan);
    for (at, [mean, variance]) in state.statistics.iter_mut().enumerate() {
        let noise = numbers::single(numbers::noise(2_000 + at, mean.len()));
        for ((mean, variance), noise) in mean.iter_mut().zip(variance).zip(noise) {
            (*mean, *variance) = (0.1 * noise, 1.0 + 0.5 * noise);
        }
    }
    state
}

#[test]
fn weights_come_back_from_their_file() {
    for (link, _, plan) in experiments() {
        let state = state(&plan);
        let file = state.safetensors(&plan).unwrap();
        assert_eq!(State::from_safetensors(&plan, &file), Ok(state), "{link}");
    }
}

#[test]
fn the_first_tensor_that_does_not_fit_is_named() {
    let plan = |link: &str| {
        let spec = link::known_spec(link);
        arch::build(&spec, spec.data.shape().unwrap(), CLASSES).unwrap()
    };
    let (small, large) = (plan("net=resnet&width=4"), plan("net=resnet&width=8"));
    let file = state(&small).safetensors(&small).unwrap();
    let refusal = |plan: &Shaped, file: &[u8]| State::from_safetensors(plan, file).unwrap_err();

    let differs = refusal(&large, &file);
    assert_eq!(differs.code, Code::TensorDiffers);
    let facts = ["name", "found", "expected"].map(|name| &*differs.params[name]);
    assert_eq!(facts, ["conv1.weight", "4×1×3×3", "8×1×3×3"]);

    let gated = plan("net=resnet&width=4&attention=se");
    let missing = refusal(&gated, &file);
    assert_eq!(missing.code, Code::TensorMissing);
    assert_eq!(missing.params["name"], "stage1.0.attention.fc1.weight");
    let unknown = refusal(&small, &state(&gated).safetensors(&gated).unwrap());
    assert_eq!(unknown.code, Code::TensorUnknown);
    assert_eq!(unknown.params["name"], "stage1.0.attention.fc1.bias");

    let mut endless = state(&small);
    endless.weights[0][3] = f32::INFINITY;
    let endless = endless.safetensors(&small).unwrap();
    assert_eq!(refusal(&small, &endless).code, Code::TensorNotFinite);
    for end in [0, 7, 8, 100, file.len() - 1] {
        assert_eq!(refusal(&small, &file[..end]).code, Code::BadTensors);
    }
}

/// Writes each network with its weights, a hundred test images, and the logits of them, into the folder `EXPORTED`.
#[test]
#[ignore = "the tier PyTorch runs it, and compares"]
fn for_pytorch() {
    let folder = PathBuf::from(env::var_os("EXPORTED").unwrap());
    for (at, (link, spec, plan)) in experiments().enumerate() {
        let set = folder::cache().unwrap().join(spec.data.word());
        let data = folder::load(&set, 10, 100).unwrap();
        let samples = data.samples(Split::Test);
        let pixels = samples.pixels.iter().map(|&pixel| f32::from(pixel) / 255.0);
        let pixels: Vec<f32> = pixels.take(100 * data.facts.shape.len()).collect();
        let state = state(&plan);
        let shape = data.facts.shape;
        let size = [100, shape.channels, shape.height, shape.width];
        let device = Device::flex().autodiff();
        let mut network = Network::new(plan.clone(), &state, &device);
        let images = Tensor::from_data(TensorData::new(pixels.clone(), size), &device);
        let logits = block_on(numbers::read(network.forward(images, Mode::Testing)));

        let here = folder.join(format!("{at:02}"));
        fs::create_dir_all(&here).unwrap();
        let source = pytorch::source(&plan, spec.init, link, &SourceWords::english());
        fs::write(here.join("network.py"), source).unwrap();
        let weights = state.safetensors(&plan).unwrap();
        fs::write(here.join("weights.safetensors"), weights).unwrap();
        let bytes = |values: &mut dyn Iterator<Item = f32>| -> Vec<u8> {
            values.flat_map(f32::to_le_bytes).collect()
        };
        fs::write(here.join("images.f32"), bytes(&mut pixels.into_iter())).unwrap();
        let logits = &mut logits.into_iter().map(|value| value as f32);
        fs::write(here.join("logits.f32"), bytes(logits)).unwrap();
        let about = serde_json::json!({ "link": link, "images": size, "weights": plan.weights() });
        fs::write(here.join("about.json"), about.to_string()).unwrap();
    }
    for (at, (link, is_same)) in SCRIPTS.iter().enumerate() {
        script(link, *is_same, &folder.join(format!("script{at}")));
    }
}

/// Experiments, and whether PyTorch comes to the same weights from the same first ones: where nothing is drawn at random.
const SCRIPTS: &[(&str, bool)] = &[
    (
        "net=lenet&permute=fixed&order=stored&train=320&test=100&batch=32",
        true,
    ),
    (
        "net=mlp&optimizer=sgd&schedule=cosine&smoothing=0.1&nesterov=on&normalize=half&order=sorted&train=330&test=90&epochs=2",
        true,
    ),
    (
        "net=resnet&width=4&data=cifar10&optimizer=adamw&schedule=step&order=stored&decay=0.01&train=256&test=64&batch=32",
        true,
    ),
    (
        "net=googlenet&width=4&auxiliary=on&schedule=one-cycle&stop=steps&steps=7&order=stored&train=160&test=50&batch=32",
        true,
    ),
    (
        "net=cnn&width=4&data=cifar10&augment=flip-crop&permute=per-image&dropout=0.2&train=128&test=50",
        false,
    ),
    (
        "net=mlp&permute=fixed&init=permuted&order=stored&train=128&test=50",
        false,
    ),
    ("net=unet&width=4&train=128&test=50&normalize=unit", false),
    (
        "net=unet&width=4&permute=per-image&data=fashion-mnist&train=64&test=50&optimizer=adamw&normalize=raw",
        false,
    ),
];

/// Writes an experiment as a script, with its samples and what comes of it.
fn script(link: &str, is_same: bool, here: &Path) {
    let spec = link::known_spec(link);
    let set = folder::cache().unwrap().join(spec.data.word());
    let (train, test) = (spec.train as usize, spec.test as usize);
    let data = folder::load(&set, train, test).unwrap();
    let shape = data.facts.shape;
    fs::create_dir_all(here).unwrap();
    let text = cnn_playground::script::script(&spec, &data.facts, &ScriptWords::english());
    fs::write(here.join("script.py"), text.unwrap()).unwrap();
    for (split, count) in [(Split::Train, train), (Split::Test, test)] {
        let samples = data.samples(split);
        let pixels = &samples.pixels[..count * shape.len()];
        fs::write(here.join(format!("{}.images", split.word())), pixels).unwrap();
        let labels = &samples.labels[..count];
        fs::write(here.join(format!("{}.labels", split.word())), labels).unwrap();
    }
    let mut rates = (0..spec.total_steps()).map(|step| spec.learning_rate(step));
    let about = serde_json::json!({
        "link": link,
        "shape": [shape.channels, shape.height, shape.width],
        "rates": rates.by_ref().collect::<Vec<_>>(),
        "same": is_same,
    });
    fs::write(here.join("script.json"), about.to_string()).unwrap();
    if !is_same {
        return;
    }
    let plan = arch::build(&spec, shape, CLASSES).unwrap();
    let first = State::draw(&plan, spec.init, spec.seed);
    fs::write(
        here.join("first.safetensors"),
        first.safetensors(&plan).unwrap(),
    )
    .unwrap();
    let last = block_on(async {
        let device = cnn_playground::train::Device::open("cpu").await.unwrap();
        let (mut session, _) = Session::begin(spec, &data.facts, &device).unwrap();
        while !matches!(
            session.advance(&data, 64).await.unwrap().last(),
            Some(Event::Finished { .. } | Event::Failed { .. })
        ) {}
        session.state().await.unwrap()
    });
    fs::write(
        here.join("last.safetensors"),
        last.safetensors(&plan).unwrap(),
    )
    .unwrap();
}
