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
use cnn_playground::base::ImageShape;
use cnn_playground::base::error::Code;
use cnn_playground::data::{Split, folder};
use cnn_playground::event::Event;
use cnn_playground::experiment::{ExperimentSpec, Init, link};
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

/// What PyTorch wrote, by `fixtures/saved.py`.
fn saved(name: &str) -> Vec<u8> {
    fs::read(format!("tests/fixtures/saved/{name}.pt")).unwrap()
}

/// The network of those files, with so many classes.
fn small(link: &str, classes: usize) -> Shaped {
    let (channels, height, width) = (1, 4, 4);
    let shape = ImageShape {
        channels,
        height,
        width,
    };
    arch::build(&link::known_spec(link), shape, classes).unwrap()
}

const SAVED: &str = "net=mlp&blocks=1&width=8";

#[test]
fn what_torch_save_writes_is_read_without_running_anything() {
    let plan = small(SAVED, 2);
    let row = |count: usize, begin: f32| -> Vec<f32> {
        (0..count).map(|at| at as f32 / 8.0 + begin).collect()
    };
    // Dense layers hold theirs the other way round here.
    let turned = |columns: usize, values: Vec<f32>| -> Vec<f32> {
        let each = (0..columns).flat_map(|column| {
            let values = &values;
            (column..values.len()).step_by(columns).map(|at| values[at])
        });
        each.collect()
    };
    let expected = State {
        weights: vec![
            turned(16, row(128, -8.0)),
            row(8, 1.0),
            turned(8, row(16, -1.0)),
            row(2, 3.0),
        ],
        statistics: Vec::new(),
    };
    for name in ["state", "checkpoint"] {
        assert_eq!(
            State::from_tensors(&plan, &saved(name)),
            Ok(expected.clone()),
            "{name}"
        );
    }
    let refusal = |name: &str| State::from_tensors(&plan, &saved(name)).unwrap_err();
    assert_eq!(refusal("old").code, Code::OldTensors);
    assert_eq!(refusal("network").code, Code::NoStateDict);
    let half = refusal("half");
    assert_eq!(half.code, Code::TensorKind);
    assert_eq!(
        (&*half.params["name"], &*half.params["kind"]),
        ("fc1.weight", "HalfStorage")
    );
    let wide = State::from_tensors(&small("net=mlp&blocks=1&width=9", 2), &saved("state"));
    let wide = wide.unwrap_err();
    let facts = ["name", "found", "expected"].map(|name| &*wide.params[name]);
    assert_eq!(facts, ["fc1.weight", "8×16", "9×16"]);
    // Cut off anywhere, it is refused.
    let whole = saved("state");
    for end in (0..whole.len()).step_by(7) {
        assert!(State::from_tensors(&plan, &whole[..end]).is_err(), "{end}");
    }
}

#[test]
fn all_but_the_last_layer_fits_a_task_with_other_classes() {
    let plan = small(SAVED, 5);
    let first = State::draw(&plan, Init::PyTorch, 1);
    let file = saved("state");
    let misfit = State::from_tensors(&plan, &file).unwrap_err();
    assert_eq!(
        (misfit.code, &*misfit.params["name"]),
        (Code::TensorDiffers, "fc2.weight")
    );
    let body = State::from_body(&plan, &file, &first).unwrap();
    let whole = State::from_tensors(&small(SAVED, 2), &file).unwrap();
    assert_eq!(body.weights[..2], whole.weights[..2]);
    assert_eq!(body.weights[2..], first.weights[2..]);
    // A layer before it that does not fit is named, and a network of one layer would begin with nothing of the file.
    let other = small("net=mlp&blocks=1&width=9", 2);
    let first = State::draw(&other, Init::PyTorch, 1);
    let refused = State::from_body(&other, &file, &first).unwrap_err();
    assert_eq!(&*refused.params["name"], "fc1.weight");
    let single = small("net=own&layers=flatten,fc", 2);
    let first = State::draw(&single, Init::PyTorch, 1);
    assert_eq!(
        State::from_body(&single, &file, &first).unwrap_err().code,
        Code::TensorMissing
    );
}

/// Reads the weights that PyTorch saved of each network, where [`for_pytorch`] wrote it, and comes to PyTorch's logits.
#[test]
#[ignore = "the tier PyTorch runs it, behind what PyTorch itself says"]
fn from_pytorch() {
    let folder = PathBuf::from(env::var_os("EXPORTED").unwrap());
    for (at, (link, _, plan)) in experiments().enumerate() {
        let here = folder.join(format!("{at:02}"));
        let floats = |name: &str| -> Vec<f32> {
            let bytes = fs::read(here.join(name)).unwrap();
            let (each, _) = bytes.as_chunks();
            each.iter()
                .map(|&bytes| f32::from_le_bytes(bytes))
                .collect()
        };
        let state = State::from_tensors(&plan, &fs::read(here.join("saved.pt")).unwrap());
        let state = state.unwrap_or_else(|problem| panic!("{link}: {problem}"));
        let device = Device::flex().autodiff();
        let mut network = Network::new(plan.clone(), &state, &device);
        let size = [100].into_iter().chain(plan.input.sizes());
        let size: [usize; 4] = size.collect::<Vec<_>>().try_into().unwrap();
        let images = Tensor::from_data(TensorData::new(floats("images.f32"), size), &device);
        let logits = block_on(numbers::read(network.forward(images, Mode::Testing)));
        let expected = floats("saved.f32");
        assert_eq!(logits.len(), expected.len(), "{link}");
        let largest = expected
            .iter()
            .fold(0.0_f32, |most, value| most.max(value.abs()));
        for (found, expected) in logits.into_iter().zip(expected) {
            let apart = (found as f32 - expected).abs() / largest;
            assert!(apart <= 1e-4, "{link}: logits are {apart:.1e} apart");
        }
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
