//! Cutting a split into shards.

use std::fs;
use std::path::Path;

use anyhow::Result;
use cnn_playground::base::sha256;
use cnn_playground::data::manifest::Shard;
use cnn_playground::data::samples::Samples;
use cnn_playground::data::shard::{MAX_BYTES, encode};
use indicatif::{ProgressBar, ProgressStyle};

/// The samples in a split's first shard: few, so that training can start early.
const FIRST: usize = 500;
/// How full the others should become: how well images compress varies.
const FULL: usize = MAX_BYTES / 100 * 97;

/// Writes `SPLIT-00.png`, `SPLIT-01.png`, … of about the same size each, except for the first.
pub(super) fn write(folder: &Path, split: &str, samples: &Samples) -> Result<Vec<Shard>> {
    println!("Writing the shards of the {split} split");
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} samples, {eta} left")?;
    let bar = ProgressBar::new(samples.len() as u64).with_style(style);
    let mut shards: Vec<Shard> = Vec::new();
    let (mut start, mut count) = (0, FIRST.min(samples.len()));
    while start < samples.len() {
        let bytes = encode(&part(samples, start, count))?;
        if bytes.len() > MAX_BYTES {
            count = (count * FULL / bytes.len()).max(1);
            continue;
        }
        let file = format!("{split}-{:02}.png", shards.len());
        fs::write(folder.join(&file), &bytes)?;
        shards.push(Shard {
            file,
            samples: count,
            bytes: bytes.len(),
            sha256: sha256(&bytes),
        });
        start += count;
        bar.set_position(start as u64);
        count = even_share(samples.len() - start, count, bytes.len());
    }
    bar.finish_and_clear();
    Ok(shards)
}

/// How many of the `left` samples go into each of as few shards as possible, if `count` took `bytes`.
fn even_share(left: usize, count: usize, bytes: usize) -> usize {
    let fit = (FULL * count / bytes).max(1);
    left.div_ceil(left.div_ceil(fit).max(1))
}

fn part(samples: &Samples, start: usize, count: usize) -> Samples {
    let size = samples.shape.len();
    Samples {
        shape: samples.shape,
        pixels: samples.pixels[start * size..(start + count) * size].to_vec(),
        labels: samples.labels[start..start + count].to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use cnn_playground::base::ImageShape;
    use cnn_playground::data::manifest::Manifest;
    use cnn_playground::data::shard::decode;

    use super::*;

    #[test]
    fn shards_are_small_and_hold_every_sample_in_order() {
        // Noise does not compress: 3,000 images of 3,072 bytes need five shards and the small one.
        let shape = ImageShape {
            channels: 3,
            height: 32,
            width: 32,
        };
        let mut state = 1_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let pixels = (0..3_000 * shape.len()).map(|_| noise()).collect();
        let samples = Samples {
            shape,
            pixels,
            labels: (0..3_000).map(|i| (i % 7) as u8).collect(),
        };

        let folder = tempfile::tempdir().unwrap();
        let train = write(folder.path(), "train", &samples).unwrap();
        assert_eq!(train[0].samples, FIRST);
        assert!(train.iter().all(|shard| shard.bytes <= MAX_BYTES));
        let manifest = Manifest {
            name: "noise".into(),
            shape,
            classes: (0..7).map(|c| c.to_string()).collect(),
            source: String::new(),
            mean: vec![],
            deviation: vec![],
            train,
            test: vec![],
        };
        let mut found = Samples::empty(shape);
        for shard in &manifest.train {
            let bytes = fs::read(folder.path().join(&shard.file)).unwrap();
            found.append(decode(&bytes, shard, &manifest).unwrap());
        }
        assert!(found == samples);
    }
}
