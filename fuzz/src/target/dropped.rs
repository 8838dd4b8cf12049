//! Files dropped on the page, in any order, some of them damaged, some of them twice.

use arbitrary::{Result, Unstructured};
use cnn_playground::data::Split;
use cnn_playground::data::dropped::Dropped;
use cnn_playground::data::formats::idx::{IMAGES_MAGIC, LABELS_MAGIC};

use super::MB;
use crate::Target;
use crate::files::{gzip, idx};

pub(super) const TARGET: Target = Target {
    name: "dropped",
    memory: 32 * MB,
    longest: 1_024,
    seeds,
    run,
};

/// How the files are drawn is in [`file`].
fn seeds() -> Vec<Vec<u8>> {
    let images = |name: u8, count: u8| [0, name, count, 0, 0, 3];
    let labels = |name: u8, count: u8| [1, name, count, 0, 0, 3];
    let pairs = [images(0, 100), labels(1, 100), images(2, 20), labels(3, 20)];
    let mut backwards = pairs;
    backwards.reverse();
    let twice = [pairs[0], pairs[0], pairs[1], pairs[1]];
    let two = [pairs[0], pairs[1]];
    let all: [&[[u8; 6]]; 4] = [&pairs, &backwards, &twice, &two];
    all.into_iter().map(<[_]>::concat).collect()
}

const NAMES: [&str; 6] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
    "",
    "../一.bin",
];

fn run(input: &[u8]) -> bool {
    let (mut bytes, mut dropped, mut taken) = (Unstructured::new(input), Dropped::default(), false);
    for _ in 0..12 {
        let Ok((name, file)) = file(&mut bytes) else {
            break;
        };
        if let Ok(Some(data)) = dropped.add(name, &file) {
            taken = true;
            assert_eq!(data.facts.check("facts"), Ok(()));
            for (split, count) in [
                (Split::Train, data.facts.train),
                (Split::Test, data.facts.test),
            ] {
                let samples = data.samples(split);
                assert_eq!((samples.len(), samples.shape), (count, data.facts.shape));
                assert_eq!(samples.pixels.len(), count * samples.shape.len());
                let known = |&label: &u8| usize::from(label) < data.facts.classes.len();
                assert!(count > 0 && samples.labels.iter().all(known));
            }
        }
    }
    taken
}

/// Six bytes and more: what it is, its name, how many samples, the height and width of its images beyond 4,
/// and what is in it.
fn file(bytes: &mut Unstructured) -> Result<(&'static str, Vec<u8>)> {
    if bytes.is_empty() {
        return Err(arbitrary::Error::NotEnoughData);
    }
    let kind = bytes.arbitrary::<u8>()?;
    let name = NAMES[usize::from(bytes.arbitrary::<u8>()?) % NAMES.len()];
    let count = u32::from(bytes.arbitrary::<u8>()? % 128);
    let side = |byte: u8| 4 + u32::from(byte % 4);
    let (height, width) = (side(bytes.arbitrary()?), side(bytes.arbitrary()?));
    let modulus = u32::from(bytes.arbitrary::<u8>()?).max(1);
    let content = |length: u32| -> Vec<u8> { (0..length).map(|at| (at % modulus) as u8).collect() };
    let mut file = match kind % 4 {
        0 => idx(
            IMAGES_MAGIC,
            &[count, height, width],
            &content(count * height * width),
        ),
        1 => idx(LABELS_MAGIC, &[count], &content(count)),
        // A header that says more, or less, than there is.
        2 => idx(IMAGES_MAGIC, &[count, height, width], &content(modulus)),
        _ => content(count),
    };
    if kind & 4 != 0 {
        file = gzip(&file);
    }
    if kind & 8 != 0 {
        file.truncate(count as usize);
    }
    Ok((name, file))
}
