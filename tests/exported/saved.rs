//! Weights that PyTorch saved.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{env, fs};

use cnn_playground::arch::{self, Shaped};
use cnn_playground::base::ImageShape;
use cnn_playground::base::error::Code;
use cnn_playground::experiment::{Init, link};
use cnn_playground::nn::State;

use super::{logits, networks};

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

/// Reads the weights that PyTorch saved of each network, where [`for_pytorch`](super::for_pytorch) wrote it, and comes to PyTorch's
/// logits.
#[test]
#[ignore = "the tier PyTorch runs it, behind what PyTorch itself says"]
fn from_pytorch() {
    let folder = PathBuf::from(env::var_os("EXPORTED").unwrap());
    for (at, (spec, plan, _)) in networks().iter().enumerate() {
        let here = folder.join(format!("{at:03}"));
        let link = link::text(spec);
        let floats = |name: &str| -> Vec<f32> {
            let bytes = fs::read(here.join(name)).unwrap();
            let (each, _) = bytes.as_chunks();
            each.iter()
                .map(|&bytes| f32::from_le_bytes(bytes))
                .collect()
        };
        let state = State::from_tensors(plan, &fs::read(here.join("saved.pt")).unwrap());
        let state = state.unwrap_or_else(|problem| panic!("{link}: {problem}"));
        let size = [100].into_iter().chain(plan.input.sizes());
        let size: [usize; 4] = size.collect::<Vec<_>>().try_into().unwrap();
        let logits = logits(plan, &state, &BTreeSet::new(), floats("images.f32"), size);
        let expected = floats("saved.f32");
        assert_eq!(logits.len(), expected.len(), "{link}");
        let largest = expected
            .iter()
            .fold(0.0_f32, |most, value| most.max(value.abs()));
        for (found, expected) in logits.into_iter().zip(expected) {
            let apart = (found - expected).abs() / largest;
            assert!(apart <= 1e-4, "{link}: logits are {apart:.1e} apart");
        }
    }
}
