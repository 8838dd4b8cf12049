//! A network's numbers as bytes.

use cnn_playground::experiment::Init;
use cnn_playground::nn::State;

use super::{MB, plans::PLANS};
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "weights",
    memory: 8 * MB,
    longest: 16_384,
    seeds,
    run,
};

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
