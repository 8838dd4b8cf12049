//! How convolutional networks developed, from LeNet to ConvNeXt.

use serde::Serialize;

use crate::arch;
use crate::experiment::{Choices, Family, link};

/// A network that made a difference, or an event between two of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Milestone {
    /// Its words are `timeline.<id>` and `timeline.<id>.about`; what these rest on is in `super::sources`.
    pub id: &'static str,
    /// When it was published.
    pub year: u32,
    /// The top-5 error of the best entry of that year's ImageNet challenge, if this was it.
    pub top5: Option<f64>,
    /// Trainable numbers of the original, where it is counted.
    pub parameters: Option<u64>,
    /// What sets the playground up with its mini version, where there is one.
    pub mini: Option<Choices>,
    /// The paper's own networks for images as small as the playground's.
    pub named: Vec<Published>,
}

/// A network that the playground has as it was published.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Published {
    /// Its name, the same in each language.
    pub name: &'static str,
    /// Trainable numbers, counted.
    pub parameters: u64,
    /// The paper's test error, 0 to 1.
    pub error: f64,
    /// What sets the playground up with it.
    pub choices: Choices,
}

/// In order of time.
///
/// Errors of the challenge: Russakovsky et al. 2015, <https://arxiv.org/abs/1409.0575>; He et al. 2015,
/// <https://arxiv.org/abs/1512.03385>, table 5; Hu et al. 2017, <https://arxiv.org/abs/1709.01507>, abstract.
pub fn timeline() -> Vec<Milestone> {
    vec![
        Milestone::of("lenet1", 1989).mini("net=lenet1"),
        Milestone::of("lenet", 1998).mini("net=lenet"),
        Milestone::of("alexnet", 2012)
            .best(0.164)
            .mini("data=cifar10&net=alexnet"),
        Milestone::of("auction", 2012),
        Milestone::of("challenge", 2013).best(0.117),
        Milestone::of("vgg", 2014).mini("data=cifar10&net=vgg"),
        Milestone::of("googlenet", 2014)
            .best(0.067)
            .mini("data=cifar10&net=googlenet"),
        Milestone::of("resnet", 2015)
            .best(0.0357)
            .mini("data=cifar10&net=resnet"),
        Milestone {
            named: cifar_resnets(),
            ..Milestone::of("resnet-cifar", 2015)
        },
        Milestone::of("densenet", 2016).mini("data=cifar10&net=densenet"),
        Milestone::of("mobilenet", 2017).mini("data=cifar10&net=mobilenet"),
        Milestone::of("senet", 2017)
            .best(0.02251)
            .mini("data=cifar10&net=resnet&attention=se"),
        Milestone::of("efficientnet", 2019),
        Milestone::of("vit", 2020),
        Milestone::of("swin", 2021),
        Milestone::of("convnext", 2022),
    ]
}

impl Milestone {
    fn of(id: &'static str, year: u32) -> Self {
        let original = Family::parse(id).and_then(arch::original);
        Self {
            id,
            year,
            top5: None,
            parameters: original.map(|original| original.parameters as u64),
            mini: None,
            named: Vec::new(),
        }
    }

    /// With the top-5 error by which it was the best of its year.
    fn best(self, top5: f64) -> Self {
        let top5 = Some(top5);
        Self { top5, ..self }
    }

    /// With the link of its mini version.
    fn mini(self, link: &str) -> Self {
        let mini = Some(link::known(link));
        Self { mini, ..self }
    }
}

/// The residual networks for CIFAR-10 of He et al. 2015, <https://arxiv.org/abs/1512.03385>, section 4.2: 6n + 2 layers,
/// shortcuts of option A, first weights as in <https://arxiv.org/abs/1502.01852>. The errors are table 6's.
fn cifar_resnets() -> Vec<Published> {
    let rows = [
        ("ResNet-20", 3, 0.0875),
        ("ResNet-32", 5, 0.0751),
        ("ResNet-44", 7, 0.0717),
    ];
    let network = |(name, blocks, error)| {
        let link = format!("data=cifar10&net=resnet&blocks={blocks}&shortcut=zero-pad&init=he");
        let spec = link::known_spec(&link);
        let network = arch::build(&spec, spec.data.shape()?, CLASSES).ok()?;
        Some(Published {
            name,
            parameters: network.weights() as u64,
            error,
            choices: link::known(&link),
        })
    };
    rows.into_iter().filter_map(network).collect()
}

/// The classes of CIFAR-10.
const CLASSES: usize = 10;
