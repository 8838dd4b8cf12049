//! A run between two steps, as bytes: what is gone on with must be whole, and goes on.

use std::sync::LazyLock;

use cnn_playground::base::ImageShape;
use cnn_playground::base::error::Result;
use cnn_playground::data::{Dataset, Samples};
use cnn_playground::experiment::{link, resolve};
use cnn_playground::train::{Device, Session};
use pollster::block_on;

use super::MB;
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "checkpoints",
    memory: 16 * MB,
    longest: 16_384,
    seeds,
    run,
};

/// Ten training and ten test images of 4×4 pixels.
static DATA: LazyLock<Result<Dataset>> = LazyLock::new(|| {
    let samples = || Samples {
        shape: ImageShape {
            channels: 1,
            height: 4,
            width: 4,
        },
        pixels: (0..160).collect(),
        labels: (0..10).map(|at| at % 2).collect(),
    };
    Dataset::whole(samples(), samples(), ["0", "1"].map(str::to_owned).into())
});

static DEVICE: LazyLock<Result<Device>> = LazyLock::new(|| block_on(Device::open("cpu")));

const LINKS: [&str; 3] = [
    "v=1&data=file&train=10&test=10&batch=8&net=mlp&blocks=1&width=8&optimizer=sgd",
    "v=1&data=file&train=10&test=10&batch=8&net=mlp&blocks=1&width=8",
    "v=1&data=file&train=10&test=10&batch=8&net=cnn&blocks=1&width=4&batchnorm=on&dropout=0.5",
];

fn seeds() -> Vec<Vec<u8>> {
    LINKS
        .iter()
        .filter_map(|link| kept(link).ok().flatten())
        .collect()
}

/// A checkpoint after one step of this link.
fn kept(link: &str) -> Result<Option<Vec<u8>>> {
    let (data, device) = (DATA.as_ref(), DEVICE.as_ref());
    let (Ok(data), Ok(device)) = (data, device) else {
        return Ok(None);
    };
    let spec = resolve(&link::open(link).choices).spec;
    let (mut session, _) = Session::begin(spec, &data.facts, device)?;
    block_on(session.advance(data, 1))?;
    block_on(session.checkpoint())
}

fn run(input: &[u8]) -> bool {
    let (Ok(data), Ok(device)) = (DATA.as_ref(), DEVICE.as_ref()) else {
        return false;
    };
    match Session::resume(input, &data.facts, device) {
        Ok((mut session, _)) => block_on(session.advance(data, 3)).is_ok(),
        Err(_) => false,
    }
}
