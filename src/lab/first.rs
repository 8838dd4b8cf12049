//! First steps for who opens the page and does not know where to begin: two runs of some seconds that differ in one
//! setting, so that there is something to see at once.

use serde::Serialize;

use crate::experiment::{Choices, link};

/// A first step.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct FirstStep {
    /// Its words are `first.<id>`.
    pub id: &'static str,
    /// The two experiments; the second has the setting that the step is about.
    pub runs: [Choices; 2],
}

/// The first steps, in the order in which they are shown. Each takes about ten seconds on two cores of an ordinary
/// laptop.
pub fn first_steps() -> Vec<FirstStep> {
    let step = |id, common: &str, changed: &str| FirstStep {
        id,
        runs: [common.to_owned(), format!("{common}&{changed}")].map(|text| link::known(&text)),
    };
    vec![
        step("shuffled", "train=4000&test=1000&epochs=1", "permute=fixed"),
        step(
            "plain",
            "data=cifar10&net=resnet&blocks=3&width=8&batchnorm=off&train=1200&test=500&epochs=1&batch=32",
            "residual=off",
        ),
        step(
            "mistake",
            "train=4000&test=1000&epochs=1",
            "normalize=wrong",
        ),
        step(
            "skips",
            "net=unet&train=600&test=100&epochs=1&batch=16",
            "residual=off",
        ),
    ]
}
