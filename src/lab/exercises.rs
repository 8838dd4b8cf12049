//! The course's code exercises: its notebooks' experiments as links, and what the notebooks report.
//!
//! Source: `OUCTheoryGroup/colab_demo` on GitHub, notebooks `05_01_ConvNet`, `05_02_CNN_CIFAR10` and
//! `05_03_VGG_CIFAR10`.

use serde::Serialize;

use crate::experiment::{Choices, link};

/// An experiment of an exercise.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct ExerciseRun {
    /// Its words are `exercise.run.<id>`.
    pub id: &'static str,
    /// The experiment.
    pub choices: Choices,
    /// The test accuracy that the notebook reports, 0 to 1; none for a version that is scaled down.
    pub reported: Option<f64>,
}

/// A code exercise.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Exercise {
    /// Its number in the course: its words are `exercise.<number>`.
    pub number: u32,
    /// Its experiments.
    pub runs: Vec<ExerciseRun>,
}

/// The exercises, in order.
pub fn exercises() -> Vec<Exercise> {
    const ONE: &str = "train=60000&test=10000&epochs=1&optimizer=sgd&lr=0.01&momentum=0.5";
    const TWO: &str = "data=cifar10&net=lenet&activation=relu&pool=max&normalize=half&train=50000&test=10000&epochs=10";
    const THREE: &str = "data=cifar10&net=exercise3&normalize=copied&batch=128";
    let run = |id, link: &str, reported| ExerciseRun {
        id,
        choices: link::known(link),
        reported,
    };
    let dense = format!("net=exercise1-dense&{ONE}");
    let cnn = format!("net=exercise1&{ONE}");
    vec![
        Exercise {
            number: 1,
            runs: vec![
                run("dense", &dense, Some(0.87)),
                run("cnn", &cnn, Some(0.96)),
                run(
                    "dense-shuffled",
                    &format!("{dense}&permute=fixed"),
                    Some(0.83),
                ),
                run("cnn-shuffled", &format!("{cnn}&permute=fixed"), Some(0.80)),
            ],
        },
        Exercise {
            number: 2,
            runs: vec![run("lenet", TWO, Some(0.64))],
        },
        Exercise {
            number: 3,
            runs: vec![
                run(
                    "vgg",
                    &format!("{THREE}&train=50000&test=10000&epochs=10"),
                    Some(0.8492),
                ),
                run(
                    "vgg-small",
                    &format!("{THREE}&width=8&train=10000&test=2000&epochs=3"),
                    None,
                ),
            ],
        },
    ]
}
