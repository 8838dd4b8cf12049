//! What networks that are looked into look at, and what they are asked.

use cnn_playground::data::{Dataset, Split, folder};
use cnn_playground::insight::{Answer, Insight, Question};
use cnn_playground::spec::{ExperimentSpec, link, resolve};
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

pub(crate) fn ask(insight: &mut Insight, data: &Dataset, question: Question) -> Answer {
    block_on(insight.ask(question, data.samples(Split::Test))).unwrap()
}
