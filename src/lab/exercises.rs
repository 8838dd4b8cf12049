//! The course's code exercises: its notebooks' experiments as links, and what the notebooks report.
//!
//! `super::sources` says which notebook each is from.

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
    /// The test accuracy that the notebook reports, 0 to 1; none where it reports none, and for a version that is
    /// scaled down.
    pub reported: Option<f64>,
}

/// A code exercise.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Exercise {
    /// Its number among the course's notebooks: its words are `exercise.<number>`.
    pub number: u32,
    /// Its experiments.
    pub runs: Vec<ExerciseRun>,
}

/// The exercises, in order.
pub fn exercises() -> Vec<Exercise> {
    const ONE: &str = "train=60000&test=10000&epochs=1&optimizer=sgd&lr=0.01&momentum=0.5";
    const TWO: &str = "data=cifar10&net=lenet&activation=relu&pool=max&normalize=half&train=50000&test=10000&epochs=10";
    const PHOTOS: &str = "data=cifar10&normalize=copied&augment=flip-crop&batch=128";
    const WHOLE: &str = "train=50000&test=10000&epochs=10";
    const SMALL: &str = "width=8&train=10000&test=2000&epochs=3";
    let run = |id, link: &str, reported| ExerciseRun {
        id,
        choices: link::known(link),
        reported,
    };
    let dense = format!("net=exercise1-dense&{ONE}");
    let cnn = format!("net=exercise1&{ONE}");
    let three = format!("net=exercise3&{PHOTOS}");
    let five = format!("net=googlenet&inception=factorised&dropout=0.5&{PHOTOS}");
    let six = format!("net=resnet&stages=4&blocks=2&{PHOTOS}");
    let seven = format!("{six}&attention=se");
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
                run("vgg", &format!("{three}&{WHOLE}"), Some(0.8492)),
                run("vgg-small", &format!("{three}&{SMALL}"), None),
            ],
        },
        Exercise {
            number: 5,
            runs: vec![
                run(
                    "googlenet",
                    &format!("{five}&width=64&{WHOLE}"),
                    Some(0.8540),
                ),
                run("googlenet-small", &format!("{five}&{SMALL}"), None),
                run(
                    "googlenet-auxiliary",
                    &format!("{five}&auxiliary=on&{SMALL}"),
                    None,
                ),
            ],
        },
        Exercise {
            number: 6,
            runs: vec![
                run("resnet", &format!("{six}&width=64&{WHOLE}"), Some(0.8596)),
                run("resnet-small", &format!("{six}&{SMALL}"), None),
            ],
        },
        // Without a number of its own; the notebook ends before training.
        Exercise {
            number: 7,
            runs: vec![
                run("senet", &format!("{seven}&width=64&{WHOLE}"), None),
                run("senet-small", &format!("{seven}&{SMALL}"), None),
            ],
        },
    ]
}
