//! What networks that are looked into look at, and what they are asked.

use cnn_playground::data::{Dataset, Split, folder};
use cnn_playground::experiment::{ExperimentSpec, link, resolve};
use cnn_playground::inside::{Answer, Inside, Question};
use pollster::block_on;

pub(crate) fn mnist(train: usize, test: usize) -> Dataset {
    let folder = folder::cache().unwrap().join("mnist");
    folder::load(&folder, train, test).unwrap_or_else(|problem| {
        panic!("{problem}\nThe data sets are missing. Type: cargo xtask data mnist")
    })
}

pub(crate) fn spec(text: &str) -> ExperimentSpec {
    let opened = link::open(text);
    assert!(opened.problems.is_empty(), "{text}: {:?}", opened.problems);
    resolve(&opened.choices).spec
}

pub(crate) fn ask(inside: &mut Inside, data: &Dataset, question: Question) -> Answer {
    block_on(inside.ask(question, data.samples(Split::Test))).unwrap()
}
