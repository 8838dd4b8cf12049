//! Files of weights, as PyTorch's users have them: safetensors, and what `torch.save` writes.

use cnn_playground::experiment::Init;
use cnn_playground::nn::State;

use super::{MB, plans::PLANS};
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "tensors",
    memory: 32 * MB,
    longest: 16_384,
    seeds,
    run,
};

/// What PyTorch itself wrote for the first of the networks, of what is read.
const SAVED: [&[u8]; 2] = [
    include_bytes!("../../../tests/fixtures/saved/state.pt"),
    include_bytes!("../../../tests/fixtures/saved/checkpoint.pt"),
];

fn seeds() -> Vec<Vec<u8>> {
    let own = PLANS.iter().filter_map(|plan| {
        let state = State::draw(plan, Init::PyTorch, 1);
        state.safetensors(plan).ok()
    });
    own.chain(SAVED.map(<[u8]>::to_vec)).collect()
}

fn run(input: &[u8]) -> bool {
    let mut taken = false;
    for plan in PLANS.iter() {
        let first = State::draw(plan, Init::PyTorch, 1);
        if let Ok(state) = State::from_body(plan, input, &first) {
            assert!(state.fits(plan));
        }
        let Ok(state) = State::from_tensors(plan, input) else {
            continue;
        };
        assert!(state.fits(plan));
        let written = state.safetensors(plan);
        let back = written.and_then(|bytes| State::from_tensors(plan, &bytes));
        assert_eq!(back, Ok(state));
        taken = true;
    }
    taken
}
