//! What the families of networks let a person choose.

use super::Family;

/// The least, the most and the default of a number; `None` where a family's paper fixes it.
pub(super) type Limits = Option<(u32, u32, u32)>;

/// How deep a family can be: see [`super::ExperimentSpec::blocks`].
pub(super) fn depth(family: Family) -> Limits {
    match family {
        Family::LeNet1
        | Family::LeNet
        | Family::AlexNet
        | Family::Exercise1Dense
        | Family::Exercise1
        | Family::Exercise3
        | Family::Own => None,
        Family::Mlp => Some((1, 8, 2)),
        Family::Cnn => Some((1, 4, 1)),
        Family::Vgg | Family::GoogLeNet | Family::MobileNet => Some((1, 4, 2)),
        Family::ResNet => Some((1, 9, 1)),
        Family::DenseNet => Some((1, 12, 3)),
        Family::UNet => Some((1, 4, 2)),
    }
}

/// How wide a family can be: see [`super::ExperimentSpec::width`].
pub(super) fn width(family: Family) -> Limits {
    match family {
        Family::LeNet1 | Family::LeNet | Family::Own => None,
        Family::Mlp => Some((8, 512, 128)),
        Family::AlexNet | Family::GoogLeNet => Some((4, 64, 12)),
        Family::DenseNet => Some((4, 40, 12)),
        Family::UNet => Some((4, 64, 8)),
        Family::Cnn | Family::Vgg | Family::ResNet | Family::MobileNet => Some((4, 64, 16)),
        Family::Exercise1Dense => Some((1, 512, 8)),
        Family::Exercise1 => Some((1, 64, 6)),
        Family::Exercise3 => Some((4, 64, 64)),
    }
}

/// Whether it is one of LeCun's, with the nonlinearity and the pooling of their time.
pub(super) fn is_lenet(family: Family) -> bool {
    matches!(family, Family::LeNet1 | Family::LeNet)
}

/// Whether shortcuts go around its blocks or levels.
pub(super) fn has_shortcuts(family: Family) -> bool {
    matches!(family, Family::ResNet | Family::UNet)
}

/// Whether it has convolutions, whatever else is chosen.
pub(super) fn convolves(family: Family) -> bool {
    !matches!(family, Family::Mlp | Family::Exercise1Dense | Family::Own)
}

/// Whether its images become smaller by pooling.
pub(super) fn pools(family: Family) -> bool {
    convolves(family) && !matches!(family, Family::ResNet | Family::MobileNet)
}

/// Whether it is made of choices, and not of a text.
pub(super) fn is_made(family: Family) -> bool {
    family != Family::Own
}

/// Whether its paper's pooling is an average.
pub(super) fn averages(family: Family) -> bool {
    is_lenet(family) || family == Family::DenseNet
}

/// Whether it flattens its last maps into dense layers.
pub(super) fn flattens(family: Family) -> bool {
    use Family::{AlexNet, Cnn, Exercise1, Exercise3, LeNet, LeNet1, Vgg};
    matches!(
        family,
        Cnn | LeNet1 | LeNet | AlexNet | Vgg | Exercise1 | Exercise3
    )
}
