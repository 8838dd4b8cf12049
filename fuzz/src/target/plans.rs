//! Small networks whose weights are read.

use std::sync::LazyLock;

use cnn_playground::arch::{self, Shaped};
use cnn_playground::base::ImageShape;
use cnn_playground::experiment::{link, resolve};

fn plan(link: &str) -> Option<Shaped> {
    let spec = resolve(&link::open(link).choices).spec;
    let shape = ImageShape {
        channels: 1,
        height: 4,
        width: 4,
    };
    arch::build(&spec, shape, 2).ok()
}

/// A dense one and a convolutional one, of images of 4×4 pixels in two classes.
pub(super) static PLANS: LazyLock<Vec<Shaped>> = LazyLock::new(|| {
    let links = [
        "net=mlp&blocks=1&width=8",
        "net=cnn&blocks=1&width=4&batchnorm=on",
    ];
    links.into_iter().filter_map(plan).collect()
});
