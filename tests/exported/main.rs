//! Networks with their weights as files for PyTorch and ONNX, and such a file as weights. What PyTorch and onnxruntime themselves
//! say of them is compared by `fixtures/exported.py`, which runs what [`for_pytorch`] writes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

#[path = "../families/mod.rs"]
mod families;
#[path = "../numbers/mod.rs"]
mod numbers;
mod own;
#[path = "../notation/random.rs"]
mod random;
mod saved;
mod scripts;
mod trained;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use burn::tensor::{Device, Tensor, TensorData};
use cnn_playground::arch::pytorch::{self, SourceWords};
use cnn_playground::arch::{self, Shaped};
use cnn_playground::base::error::Code;
use cnn_playground::data::{Split, folder};
use cnn_playground::experiment::{ExperimentSpec, link};
use cnn_playground::nn::{Network, State};
use cnn_playground::operation::Mode;
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

/// These, and networks of one's own at random; and which of both.
fn networks() -> Vec<(ExperimentSpec, Shaped, &'static str)> {
    let known = experiments().map(|(_, spec, plan)| (spec, plan, "family"));
    let random = own::networks(50).into_iter();
    known
        .chain(random.map(|(spec, plan)| (spec, plan, "own")))
        .collect()
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
        assert_eq!(State::from_tensors(&plan, &file), Ok(state), "{link}");
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
    let refusal = |plan: &Shaped, file: &[u8]| State::from_tensors(plan, file).unwrap_err();

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

/// Writes into the folder `EXPORTED`: each network, and some of one's own at random, with weights, a hundred test images, and the
/// logits of them; training of each; scripts; and the curves of a run.
#[test]
#[ignore = "the tier PyTorch runs it, and compares"]
fn for_pytorch() {
    let folder = PathBuf::from(env::var_os("EXPORTED").unwrap());
    for (at, (spec, plan, kind)) in networks().iter().enumerate() {
        let here = folder.join(format!("{at:03}"));
        network(spec, plan, kind, &BTreeSet::new(), &here);
        trained::write(&trained::spec(spec, at), &here);
    }
    for (at, (link, cut)) in CUT.iter().enumerate() {
        let spec = link::known_spec(link);
        let plan = arch::build(&spec, spec.data.shape().unwrap(), CLASSES).unwrap();
        let cut = cut.iter().copied().collect();
        network(&spec, &plan, "cut", &cut, &folder.join(format!("cut{at}")));
    }
    for (at, spec) in trained::every().iter().enumerate() {
        trained::write(spec, &folder.join(format!("trained{at:02}")));
    }
    for (at, (link, is_same)) in scripts::EACH.iter().enumerate() {
        scripts::write(link, *is_same, &folder.join(format!("script{at}")));
    }
    curves(&folder.join("curves"));
}

/// Networks in which somebody has switched branches off: which join, and which branch of it.
const CUT: &[(&str, &[(usize, usize)])] = &[
    ("net=resnet&width=4&attention=se", &[(1, 0), (3, 1)]),
    ("net=googlenet&width=4&auxiliary=on", &[(0, 1), (4, 2)]),
];

/// Writes a network with weights, images, and what it says of them where these branches are off.
fn network(
    spec: &ExperimentSpec,
    plan: &Shaped,
    kind: &str,
    cut: &BTreeSet<(usize, usize)>,
    here: &Path,
) {
    let link = link::text(spec);
    let set = folder::cache().unwrap().join(spec.data.word());
    let data = folder::load(&set, 10, 100).unwrap();
    let samples = data.samples(Split::Test);
    let pixels = samples.pixels.iter().map(|&pixel| f32::from(pixel) / 255.0);
    let pixels: Vec<f32> = pixels.take(100 * data.facts.shape.len()).collect();
    let state = state(plan);
    let shape = data.facts.shape;
    let size = [100, shape.channels, shape.height, shape.width];
    let logits = logits(plan, &state, cut, pixels.clone(), size);
    fs::create_dir_all(here).unwrap();
    let source = pytorch::source(plan, spec.init, &link, &SourceWords::english());
    fs::write(here.join("network.py"), source).unwrap();
    fs::write(
        here.join("weights.safetensors"),
        state.safetensors(plan).unwrap(),
    )
    .unwrap();
    fs::write(
        here.join("network.onnx"),
        state.onnx(spec, &data.facts, cut).unwrap(),
    )
    .unwrap();
    fs::write(here.join("images.f32"), bytes(&pixels)).unwrap();
    fs::write(here.join("logits.f32"), bytes(&logits)).unwrap();
    let about = serde_json::json!({
        "kind": kind, "link": link, "images": size, "weights": plan.weights(), "classes": data.facts.classes,
    });
    fs::write(here.join("about.json"), about.to_string()).unwrap();
}

/// What a network says of images of this size in a test.
fn logits(
    plan: &Shaped,
    state: &State,
    cut: &BTreeSet<(usize, usize)>,
    pixels: Vec<f32>,
    size: [usize; 4],
) -> Vec<f32> {
    let device = Device::flex().autodiff();
    let mut network = Network::new(plan.clone(), state, &device);
    network.cut(cut.clone());
    let images = Tensor::from_data(TensorData::new(pixels, size), &device);
    let logits = block_on(numbers::read(network.forward(images, Mode::Testing)));
    logits.into_iter().map(|value| value as f32).collect()
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

/// Runs an experiment in a terminal, whose curves go into files as events, as a table, and for TensorBoard.
fn curves(here: &Path) {
    fs::create_dir_all(here).unwrap();
    let mut run = Command::new(env!("CARGO_BIN_EXE_cnn-playground"));
    run.args([
        "--format",
        "json",
        "--tensorboard",
        "board",
        "--csv",
        "curves.csv",
    ]);
    run.arg("net=mlp&train=640&test=100&epochs=2&schedule=cosine");
    let output = run.current_dir(here).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    fs::write(here.join("events.jsonl"), output.stdout).unwrap();
}
