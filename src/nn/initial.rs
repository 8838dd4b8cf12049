//! The first weights.

use std::f64::consts::PI;

use crate::base::rng::Stream;
use crate::experiment::Init;
use crate::operation::{Initial, Parameter};

/// The first values of one array of the layer at this path.
pub(super) fn array(parameter: &Parameter, init: Init, seed: u32, path: &str) -> Vec<f32> {
    let count = parameter.len();
    let mut stream = Stream::new(seed, &format!("weights/{path}.{}", parameter.name));
    match (parameter.initial, init) {
        (Initial::FanIn(fan_in), Init::PyTorch | Init::Permuted) => {
            let bound = 1.0 / (fan_in as f32).sqrt();
            (0..count).map(|_| bound * stream.symmetric()).collect()
        }
        (Initial::FanIn(fan_in), Init::He) if parameter.multiplies() => {
            let deviation = (2.0 / fan_in as f64).sqrt();
            let draw = |_| (deviation * normal(&mut stream)) as f32;
            (0..count).map(draw).collect()
        }
        (Initial::FanIn(_), Init::He) => vec![0.0; count],
        (Initial::Constant(value), _) => vec![value; count],
    }
}

/// Moves the weights of a dense layer, `[channels · pixels, features]`, as a permutation moves the pixels of each channel:
/// those of the pixel at `order[i]` move to `i`.
pub(super) fn permute(weights: &mut [f32], channels: usize, order: &[u32]) {
    let features = weights.len() / (channels * order.len());
    let before = weights.to_vec();
    let planes = weights.chunks_exact_mut(order.len() * features);
    for (to, from) in planes.zip(before.chunks_exact(order.len() * features)) {
        for (to, &at) in to.chunks_exact_mut(features).zip(order) {
            to.copy_from_slice(&from[at as usize * features..][..features]);
        }
    }
}

/// A number of the standard normal distribution. Box and Muller 1958, <https://doi.org/10.1214/aoms/1177706645>.
fn normal(stream: &mut Stream) -> f64 {
    // Above 0, where a logarithm is, and at most 1.
    let share = (f64::from(stream.below(u32::MAX)) + 1.0) / f64::from(u32::MAX);
    let angle = PI * f64::from(stream.symmetric());
    (-2.0 * libm::log(share)).sqrt() * libm::cos(angle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{BatchNorm, Describe, Shape};

    fn weight(name: &'static str) -> Parameter {
        Parameter {
            name,
            shape: vec![200, 50],
            initial: Initial::FanIn(50),
        }
    }

    #[test]
    fn normal_numbers_have_the_moments_of_their_distribution() {
        let mut stream = Stream::new(7, "test");
        let draws: Vec<f64> = (0..40_000).map(|_| normal(&mut stream)).collect();
        let moment = |power: i32| draws.iter().map(|x| x.powi(power)).sum::<f64>() / 4e4;
        // Within five standard errors of 0, 1, 0 and 3.
        for (power, expected, within) in [
            (1, 0.0, 0.025),
            (2, 1.0, 0.036),
            (3, 0.0, 0.1),
            (4, 3.0, 0.25),
        ] {
            let found = moment(power);
            assert!((found - expected).abs() < within, "moment {power}: {found}");
        }
        let share = draws.iter().filter(|x| x.abs() < 1.0).count() as f64 / 4e4;
        assert!((share - 0.6827).abs() < 0.012, "{share}");
    }

    #[test]
    fn hes_weights_have_a_variance_of_two_over_fan_in_and_its_biases_are_zero() {
        let weights = array(&weight("weight"), Init::He, 1, "fc1");
        let square = weights.iter().map(|x| f64::from(x * x)).sum::<f64>() / 1e4;
        assert!((square - 0.04).abs() < 0.003, "{square}");
        let largest = weights.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        assert!(largest > 0.5, "more than uniform numbers reach: {largest}");
        assert_eq!(array(&weight("bias"), Init::He, 1, "fc1"), [0.0; 10_000]);
    }

    #[test]
    fn weights_move_with_the_pixels_of_each_channel() {
        // Two channels of three pixels, two features.
        let mut weights: Vec<f32> = (0..12_u8).map(f32::from).collect();
        permute(&mut weights, 2, &[2, 0, 1]);
        let moved = [4, 5, 0, 1, 2, 3, 10, 11, 6, 7, 8, 9_u8].map(f32::from);
        assert_eq!(weights, moved);
    }

    #[test]
    fn pytorchs_are_within_one_over_the_root_of_fan_in() {
        let bound = 1.0 / 50.0_f32.sqrt();
        for name in ["weight", "bias"] {
            let values = array(&weight(name), Init::PyTorch, 1, "fc1");
            assert!(values.iter().all(|x| x.abs() <= bound));
            let square = values.iter().map(|x| f64::from(x * x)).sum::<f64>() / 1e4;
            assert!((square - 1.0 / 150.0).abs() < 3e-4, "{square}");
        }
    }

    #[test]
    fn the_factors_of_batch_normalization_begin_with_one() {
        for init in [Init::PyTorch, Init::He] {
            let of = |name| {
                let plan = BatchNorm.learned(Shape::Vector(2)).parameters;
                let constant = plan.into_iter().find(|each| each.name == name).unwrap();
                array(&constant, init, 1, "bn1")
            };
            assert_eq!((of("weight"), of("bias")), (vec![1.0; 2], vec![0.0; 2]));
        }
    }
}
