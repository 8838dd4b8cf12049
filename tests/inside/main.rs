//! Looking inside networks: what is asked of them, and that what is shown is so.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod activations;
mod arithmetic;
mod every;
mod explain;
#[path = "../families/mod.rs"]
mod families;
mod maps;
mod meeting;
mod samples;
mod shift;
mod touch;
mod touched;
mod trained;

use burn::tensor::Device as Tensors;
use cnn_playground::arch;
use cnn_playground::data::{Dataset, Split, folder};
use cnn_playground::experiment::{ExperimentSpec, link, resolve};
use cnn_playground::inside::{Answer, Inside, Picture, Question};
use cnn_playground::nn::State;
use pollster::block_on;

const SIZE: usize = 28;

fn mnist(train: usize, test: usize) -> Dataset {
    let folder = folder::cache().unwrap().join("mnist");
    folder::load(&folder, train, test).unwrap_or_else(|problem| {
        panic!("{problem}\nThe data sets are missing. Type: cargo xtask data mnist")
    })
}

fn spec(text: &str) -> ExperimentSpec {
    let opened = link::open(text);
    assert!(opened.problems.is_empty(), "{text}: {:?}", opened.problems);
    resolve(&opened.choices).spec
}

fn ask(inside: &mut Inside, data: &Dataset, question: Question) -> Answer {
    block_on(inside.ask(question, data.samples(Split::Test))).unwrap()
}

/// A network that has not learned, with its numbers changed by hand.
fn made(text: &str, data: &Dataset, change: impl Fn(&mut State)) -> Inside {
    let spec = spec(text);
    let plan = arch::build(&spec, data.facts.shape, data.facts.classes.len()).unwrap();
    let mut state = State::draw(&plan, spec.init, spec.seed);
    change(&mut state);
    Inside::new(spec, &data.facts, &state, &Tensors::flex()).unwrap()
}

fn look(inside: &mut Inside, pixels: Vec<u8>) {
    let split = Split::Test;
    inside
        .look(Picture {
            pixels,
            split,
            index: 0,
        })
        .unwrap();
}

/// Black, with white squares of two pixels at these places.
fn dots(places: &[(usize, usize)]) -> Vec<u8> {
    let mut pixels = vec![0; SIZE * SIZE];
    for &(y, x) in places {
        for at in [
            y * SIZE + x,
            y * SIZE + x + 1,
            (y + 1) * SIZE + x,
            (y + 1) * SIZE + x + 1,
        ] {
            pixels[at] = 255;
        }
    }
    pixels
}

/// Kernels of 3×3 that pass their first input on to their first output, and nothing else.
fn identity(weights: &mut [f32]) {
    weights.fill(0.0);
    weights[4] = 1.0;
}

/// Channel 0 carries the image through both convolutions; the logit of class 3 is its sum.
fn carry(state: &mut State) {
    for (at, array) in state.weights.iter_mut().enumerate() {
        match at {
            0 | 2 => identity(array),
            // [32·… inputs, 64 outputs]: the first channel's 7×7 numbers to the first output.
            4 => {
                array.fill(0.0);
                (0..49).for_each(|input| array[input * 64] = 1.0);
            }
            6 => {
                array.fill(0.0);
                array[3] = 1.0;
            }
            _ => array.fill(0.0),
        }
    }
}
