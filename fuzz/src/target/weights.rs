//! A network's numbers as bytes.

use std::sync::LazyLock;

use cnn_playground::arch::{self, Shaped};
use cnn_playground::base::ImageShape;
use cnn_playground::experiment::{ExperimentSpec, Init, link, resolve};
use cnn_playground::nn::State;

use super::MB;
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "weights",
    memory: 8 * MB,
    longest: 16_384,
    seeds,
    run,
};

fn plan(link: &str) -> Option<Shaped> {
    let spec: ExperimentSpec = resolve(&link::open(link).choices).spec;
    let shape = ImageShape {
        channels: 1,
        height: 4,
        width: 4,
    };
    arch::build(&spec, shape, 2).ok()
}

static PLANS: LazyLock<Vec<Shaped>> = LazyLock::new(|| {
    let links = [
        "net=mlp&blocks=1&width=8",
        "net=cnn&blocks=1&width=4&batchnorm=on",
    ];
    links.into_iter().filter_map(plan).collect()
});

fn seeds() -> Vec<Vec<u8>> {
    let states = PLANS.iter().map(|plan| State::draw(plan, Init::PyTorch, 1));
    states.filter_map(|state| state.bytes().ok()).collect()
}

fn run(input: &[u8]) -> bool {
    let Ok(state) = State::from_bytes(input) else {
        return false;
    };
    let written = state.bytes().and_then(|bytes| State::from_bytes(&bytes));
    let sizes = |state: &State| state.weights.iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(written.as_ref().map(sizes), Ok(sizes(&state)));
    PLANS.iter().any(|plan| state.fits(plan))
}
