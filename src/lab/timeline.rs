//! How convolutional networks developed, from LeNet to ResNet.

use serde::Serialize;

use crate::spec::{Choices, link};

/// A network that made a difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Milestone {
    /// Its words are `timeline.<id>` and `timeline.<id>.about`.
    pub id: &'static str,
    /// When it was published.
    pub year: u32,
    /// Its top-5 error on ImageNet, as its authors entered it into the yearly challenge.
    pub top5: Option<f64>,
    /// What sets the playground up with its mini version, where there is one.
    pub mini: Option<Choices>,
}

/// In order of time.
///
/// Errors: Russakovsky et al. 2015, <https://arxiv.org/abs/1409.0575>, table 8, and He et al. 2015,
/// <https://arxiv.org/abs/1512.03385>.
pub fn timeline() -> Vec<Milestone> {
    let rows: [(&str, u32, Option<f64>, Option<&str>); 2] = [
        ("lenet", 1998, None, Some("net=lenet")),
        (
            "resnet",
            2015,
            Some(0.0357),
            Some("data=cifar10&net=resnet&width=8"),
        ),
    ];
    rows.map(|(id, year, top5, mini)| Milestone {
        id,
        year,
        top5,
        mini: mini.map(|link| link::open(link).choices),
    })
    .into()
}
