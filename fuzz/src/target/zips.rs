//! Zips and what is packed in them, once more too: damaged headers, sizes that lie, bombs.

use cnn_playground::data::formats;

use super::MB;
use crate::Target;
use crate::files::{DECODER, gzip, idx, npy, opens, zip};

pub(super) const TARGET: Target = Target {
    name: "zips",
    memory: 256 * MB,
    longest: 8_192,
    seeds,
    run,
};

fn seeds() -> Vec<Vec<u8>> {
    let arrays = [
        ("x_train.npy", npy("|u1", "2, 4, 4", &[7; 32])),
        ("y_train.npy", npy("|u1", "2,", &[0, 1])),
    ];
    let folder = [
        (
            "MNIST/raw/train-images-idx3-ubyte.gz",
            gzip(&idx(0x803, &[2, 4, 4], &[7; 32])),
        ),
        (
            "MNIST/raw/train-labels-idx1-ubyte",
            idx(0x801, &[2], &[0, 1]),
        ),
        ("MNIST/.DS_Store", vec![0, 0, 0, 1]),
    ];
    let within = [("data.zip", zip(&arrays, true))];
    let bomb = [("big.npy", npy("|u1", "100, 32, 32", &[0; 102_400]))];
    let pictures = [
        ("pets/cat/1.png", b"\x89PNG\r\n\x1a\n".to_vec()),
        ("pets/dog/1.png", b"\xff\xd8\xff\xe0".to_vec()),
    ];
    vec![
        zip(&pictures, true),
        zip(&arrays, false),
        zip(&arrays, true),
        zip(&folder, true),
        zip(&within, false),
        zip(&bomb, true),
    ]
}

fn run(input: &[u8]) -> bool {
    // Both readers, one after the other.
    let pictures = formats::pictures("archive.zip", input, Some(DECODER), |_, _| {});
    opens("archive.zip", input) | pictures.is_ok()
}
