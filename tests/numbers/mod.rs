//! Numbers that both sides make by the same formula, here and in `fixtures/*.py`, and those that come out.

use burn::tensor::Tensor;
use cnn_playground::arch::Shaped;
use cnn_playground::experiment::Init;
use cnn_playground::nn::State;
use cnn_playground::operation::Initial;

/// `count` numbers from -1 to 1, the same in every language.
pub(crate) fn noise(array: usize, count: usize) -> Vec<f64> {
    (1..=count)
        .map(|at| {
            let wave = (at as f64 * 12.9898 + (array + 1) as f64 * 78.233).sin() * 43758.5453;
            2.0 * (wave - wave.floor()) - 1.0
        })
        .collect()
}

pub(crate) fn single(values: Vec<f64>) -> Vec<f32> {
    values.into_iter().map(|value| value as f32).collect()
}

/// The numbers of every array of this network.
pub(crate) fn state(plan: &Shaped) -> State {
    let mut state = State::draw(plan, Init::PyTorch, 1);
    let parameters = plan.operations().into_iter();
    let parameters = parameters.flat_map(|(part, operation)| operation.parameters(part.input));
    for (array, parameter) in parameters.enumerate() {
        let scaled = |value: f64| match (parameter.multiplies(), parameter.initial) {
            (true, Initial::FanIn(fan_in)) => value / (fan_in as f64).sqrt(),
            (true, Initial::Constant(_)) => 1.0 + 0.1 * value,
            (false, _) => 0.1 * value,
        };
        let values = noise(array, parameter.len()).into_iter().map(scaled);
        state.weights[array] = single(values.collect());
    }
    state
}

pub(crate) async fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    let values: Vec<f32> = tensor
        .into_data_async()
        .await
        .unwrap()
        .try_to_vec()
        .unwrap();
    values.into_iter().map(f64::from).collect()
}

#[allow(dead_code, reason = "not every test that reads the numbers needs it")]
pub(crate) fn norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}
