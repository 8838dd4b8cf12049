//! The famous networks as they were published, at their real input size. They are not trained here:
//! they stand beside the small ones of their families, to be counted.

use super::chain::Chain;
use super::densenet::Style;
use super::googlenet::{self, Filters};
use super::{Layer, Shaped, Summary, conv, lenet, mean_and_dense, mobilenet, push, resnet};
use crate::base::{ImageShape, Window};
use crate::experiment::{ExperimentSpec, Family, link};
use crate::operation::{Conv2d, MaxPool2d, Shape};

/// The classes of ImageNet.
const CLASSES: usize = 1_000;

/// What makes maps smaller from AlexNet to ResNet; with a padding of 1, the size is halved.
const OVERLAPPING: Window = Window {
    size: 3,
    stride: 2,
    padding: 0,
};

/// The published network of this family, if it has one.
pub fn original(family: Family) -> Option<Summary> {
    let (layer, [channels, edge]) = match family {
        Family::LeNet1 => (lenet::lenet1(&spec("net=lenet1"), 10), [1, 28]),
        Family::LeNet => (
            lenet::lenet5(&spec("net=lenet"), square([1, 32]), 10),
            [1, 32],
        ),
        Family::AlexNet => (alexnet(), [3, 227]),
        Family::Vgg => (vgg16(), [3, 224]),
        Family::GoogLeNet => (googlenet(), [3, 224]),
        Family::ResNet => (resnet50(), [3, 224]),
        Family::DenseNet => (densenet121(), [3, 224]),
        Family::MobileNet => (mobilenet(), [3, 224]),
        Family::Own
        | Family::Mlp
        | Family::Cnn
        | Family::UNet
        | Family::Exercise1Dense
        | Family::Exercise1
        | Family::Exercise3 => return None,
    };
    let input = Shape::Image(square([channels, edge]));
    let network = Shaped::infer(&layer, input).ok()?;
    Some(Summary::of(&network))
}

fn square([channels, edge]: [usize; 2]) -> ImageShape {
    ImageShape {
        channels,
        height: edge,
        width: edge,
    }
}

fn spec(link: &str) -> ExperimentSpec {
    link::known_spec(link)
}

/// Krizhevsky et al. 2012: two halves of the channels on two GPUs, which meet only in the third
/// convolution and in the dense layers. Its local response normalization has no weights and is
/// left out. 60,965,224 weights and biases.
fn alexnet() -> Layer {
    let spec = spec("net=alexnet&batchnorm=off");
    let halves = |filters, kernel| Conv2d {
        groups: 2,
        ..Conv2d::same(filters, kernel)
    };
    let mut chain = Chain::new(&spec);
    chain.conv(Conv2d {
        stride: 4,
        ..Conv2d::new(96, 11)
    });
    chain.pool(OVERLAPPING);
    chain.conv(halves(256, 5));
    chain.pool(OVERLAPPING);
    chain.conv(Conv2d::same(384, 3));
    chain.conv(halves(384, 3));
    chain.conv(halves(256, 3));
    chain.pool(OVERLAPPING);
    chain.classify(&[4_096, 4_096], CLASSES)
}

/// Simonyan and Zisserman 2014, configuration D.
fn vgg16() -> Layer {
    let spec = spec("net=vgg&batchnorm=off&dropout=0.5");
    let mut chain = Chain::new(&spec);
    for (filters, convs) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)] {
        for _ in 0..convs {
            chain.conv(Conv2d::same(filters, 3));
        }
        chain.pool(Window::tiles(2));
    }
    chain.classify(&[4_096, 4_096], CLASSES)
}

/// Szegedy et al. 2014, table 1, with its 5×5 kernels, a bias in each convolution, without batch
/// normalization and without the auxiliary classifiers: the network that answers.
fn googlenet() -> Layer {
    let spec = spec("net=googlenet&batchnorm=off&dropout=0.4");
    let style = googlenet::ModuleStyle::of(&spec);
    let halving = Window {
        padding: 1,
        ..OVERLAPPING
    };
    let mut chain = Chain::new(&spec);
    chain.conv(Conv2d {
        stride: 2,
        padding: [3; 2],
        ..Conv2d::new(64, 7)
    });
    chain.pool(halving);
    chain.conv(Conv2d::new(64, 1));
    chain.conv(Conv2d::same(192, 3));
    chain.pool(halving);
    let filters = |one, three, five, pooled| Filters {
        one,
        three,
        five,
        pooled,
    };
    let stages: [&[Filters]; 3] = [
        &[
            filters(64, [96, 128], [16, 32], 32),
            filters(128, [128, 192], [32, 96], 64),
        ],
        &[
            filters(192, [96, 208], [16, 48], 64),
            filters(160, [112, 224], [24, 64], 64),
            filters(128, [128, 256], [24, 64], 64),
            filters(112, [144, 288], [32, 64], 64),
            filters(256, [160, 320], [32, 128], 128),
        ],
        &[
            filters(256, [160, 320], [32, 128], 128),
            filters(384, [192, 384], [48, 128], 128),
        ],
    ];
    let mut channels = 192;
    for (number, modules) in (1..).zip(stages) {
        if number > 1 {
            chain.pool(halving);
        }
        channels = style.stage(&mut chain, number, modules, channels);
    }
    let mut parts = chain.parts();
    mean_and_dense(&mut parts, spec.dropout, CLASSES);
    Layer::Sequential(parts)
}

/// He et al. 2015, table 1: 3, 4, 6 and 3 bottlenecks. The stride is in their 3×3, as in torchvision ("v1.5"), and not in the
/// first 1×1 as in the paper, which states 3.8·10⁹ multiply-adds; the parameters are the same.
fn resnet50() -> Layer {
    let spec = spec("net=resnet&block=bottleneck");
    let style = resnet::BlockStyle::of(&spec);
    let mut parts = stem(&spec);
    style.stages(&mut parts, 64, 64, &[3, 4, 6, 3]);
    mean_and_dense(&mut parts, 0.0, CLASSES);
    Layer::Sequential(parts)
}

/// Huang et al. 2016, table 1: a DenseNet-BC of 6, 12, 24 and 16 layers with a growth rate of 32.
fn densenet121() -> Layer {
    let spec = spec("net=densenet");
    let style = Style {
        spec: &spec,
        growth: 32,
        is_bc: true,
    };
    style.finish(stem(&spec), 64, &[6, 12, 24, 16], CLASSES)
}

/// Howard et al. 2017, table 1; the last block at stride 1, since the table's stride 2 does not fit its own sizes.
fn mobilenet() -> Layer {
    let stem = Conv2d {
        stride: 2,
        ..Conv2d::same(32, 3)
    };
    let stages = [
        (1, 64, 1),
        (2, 128, 2),
        (2, 256, 2),
        (6, 512, 2),
        (2, 1_024, 2),
    ];
    mobilenet::of(&spec("net=mobilenet"), stem, &stages, CLASSES)
}

/// How ResNet and DenseNet begin on ImageNet: 64 filters of 7×7 and a pooling, each of which halves the image.
fn stem(spec: &ExperimentSpec) -> Vec<(String, Layer)> {
    let mut parts = Vec::new();
    let filters = Conv2d {
        stride: 2,
        padding: [3; 2],
        ..Conv2d::new(64, 7)
    };
    conv(&mut parts, 1, filters, spec.batchnorm);
    push(&mut parts, "act1", spec.activation);
    let halving = Window {
        padding: 1,
        ..OVERLAPPING
    };
    push(&mut parts, "pool1", MaxPool2d(halving));
    parts
}
