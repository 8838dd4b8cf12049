//! How convolutional networks developed, from LeNet to ResNet.

use serde::Serialize;

use crate::arch;
use crate::experiment::{Choices, Family, link};

/// A network that made a difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Milestone {
    /// Its words are `timeline.<id>` and `timeline.<id>.about`.
    pub id: &'static str,
    /// When it was published.
    pub year: u32,
    /// The top-5 error of the best entry of that year's ImageNet challenge, if this was it.
    pub top5: Option<f64>,
    /// Trainable numbers of the original, where it is counted.
    pub parameters: Option<u64>,
    /// What sets the playground up with its mini version, where there is one.
    pub mini: Option<Choices>,
}

/// In order of time.
///
/// Errors: Russakovsky et al. 2015, <https://arxiv.org/abs/1409.0575>, and He et al. 2015,
/// <https://arxiv.org/abs/1512.03385>.
pub fn timeline() -> Vec<Milestone> {
    let rows = [
        ("lenet1", 1989, None, Some("net=lenet1")),
        ("lenet", 1998, None, Some("net=lenet")),
        (
            "alexnet",
            2012,
            Some(0.164),
            Some("data=cifar10&net=alexnet"),
        ),
        ("challenge", 2013, Some(0.117), None),
        ("vgg", 2014, None, Some("data=cifar10&net=vgg")),
        (
            "googlenet",
            2014,
            Some(0.067),
            Some("data=cifar10&net=googlenet"),
        ),
        (
            "resnet",
            2015,
            Some(0.0357),
            Some("data=cifar10&net=resnet"),
        ),
    ];
    rows.map(|(id, year, top5, mini)| Milestone {
        id,
        year,
        top5,
        parameters: Family::parse(id)
            .and_then(arch::original)
            .map(|original| original.parameters as u64),
        mini: mini.map(link::known),
    })
    .into()
}
