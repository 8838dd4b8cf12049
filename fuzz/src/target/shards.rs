//! Shards: the PNG, and a manifest that may promise something else.

use cnn_playground::base::{ImageShape, sha256};
use cnn_playground::data::Samples;
use cnn_playground::data::manifest::{Manifest, Shard};
use cnn_playground::data::shard::{decode, encode};

use super::MB;
use crate::Target;
use crate::files::png;

pub(super) const TARGET: Target = Target {
    name: "shards",
    memory: 64 * MB,
    longest: 4_096,
    seeds,
    run,
};

/// Five bytes of what the manifest says: channels, height, width, samples, classes; then the file.
const PROMISE: usize = 5;

fn seeds() -> Vec<Vec<u8>> {
    let seed = |channels: u8, side: u8, samples: u8| {
        let shape = ImageShape {
            channels: channels.into(),
            height: side.into(),
            width: side.into(),
        };
        let pixels = (0..shape.len() * usize::from(samples)).map(|at| (at * 37) as u8);
        let samples_of = Samples {
            shape,
            pixels: pixels.collect(),
            labels: (0..samples).map(|label| label % 10).collect(),
        };
        let file = encode(&samples_of).unwrap_or_default();
        [&[channels, side, side, samples, 10], &file[..]].concat()
    };
    vec![seed(1, 4, 12), seed(3, 5, 3), seed(1, 28, 2)]
}

/// What a byte says, up to far more than there is.
fn promised(byte: u8) -> usize {
    match byte {
        250 => 70_000,
        251 => 1 << 16,
        252 => 1 << 24,
        253 => u32::MAX as usize,
        254 => usize::MAX / 4,
        255 => usize::MAX,
        small => small.into(),
    }
}

fn run(input: &[u8]) -> bool {
    let Some((promise, file)) = input.split_first_chunk::<PROMISE>() else {
        return false;
    };
    let [channels, height, width, samples, classes] = promise.map(promised);
    let file = png(file);
    let shard = Shard {
        file: "train-00.png".to_owned(),
        samples,
        bytes: file.len(),
        sha256: sha256(&file),
    };
    let manifest = Manifest {
        name: "test".to_owned(),
        shape: ImageShape {
            channels,
            height,
            width,
        },
        classes: vec![String::new(); classes.min(100)],
        source: String::new(),
        mean: vec![0.5; channels.min(4)],
        deviation: vec![0.5; channels.min(4)],
        train: vec![shard.clone()],
        test: vec![shard.clone()],
    };
    let Ok(read) = decode(&file, &shard, &manifest) else {
        return false;
    };
    assert_eq!((read.len(), read.shape), (samples, manifest.shape));
    assert_eq!(read.pixels.len(), samples * read.shape.len());
    assert!(
        read.labels
            .iter()
            .all(|&label| usize::from(label) < manifest.classes.len())
    );
    true
}
