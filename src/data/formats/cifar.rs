//! CIFAR's binary version: records of the label and the red, the green and the blue plane of an image
//! (<https://www.cs.toronto.edu/~kriz/cifar.html>). A record of CIFAR-100 has two labels, that of the superclass first.

use super::{Head, OpenedFile, Source};
use crate::base::ImageShape;
use crate::base::error::Result;
use crate::data::fault::{bad, truncated};
use crate::data::limits::Share;
use crate::data::part::{Class, Content, Images, Labels};

/// The size of a CIFAR image.
pub const SHAPE: ImageShape = ImageShape {
    channels: 3,
    height: 32,
    width: 32,
};
/// What the labels of CIFAR-10 mean.
pub const CLASSES: [&str; 10] = [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
];

/// A class of CIFAR-10 by its name.
pub(super) fn named(class: &Class) -> Class {
    let known = match class {
        Class::Number(number) => usize::try_from(*number).ok(),
        Class::Name(_) => None,
    };
    known
        .and_then(|number| CLASSES.get(number))
        .map_or(class.clone(), |name| Class::Name((*name).to_owned()))
}

/// The bytes of an image.
const IMAGE: usize = 3 * 32 * 32;
/// Classes of CIFAR-100.
const HUNDRED: u8 = 100;

/// It begins with a label; the rest are grey values, so that the name has to say it.
pub(super) fn is(head: &Head) -> bool {
    head.file().ends_with(".bin") && head.bytes.first().is_some_and(|&label| label < HUNDRED)
}

pub(super) fn read(source: Source, opened: &mut OpenedFile) -> Result<()> {
    let name = source.name.clone();
    let bytes = source.bytes()?;
    let (labels, classes) = match bytes.len() {
        length if length.is_multiple_of(IMAGE + 1) => (1, CLASSES.len() as u8),
        length if length.is_multiple_of(IMAGE + 2) => (2, HUNDRED),
        length => return Err(truncated(&name, (length / IMAGE + 1) * (IMAGE + 1), length)),
    };
    let records = bytes.chunks_exact(labels + IMAGE);
    let share = Share::of(records.len(), IMAGE);
    let mut pixels = Vec::with_capacity(share.kept * IMAGE);
    let (mut said, mut coarse) = (Vec::with_capacity(share.kept), Vec::new());
    for (at, record) in records.enumerate() {
        let label = record[labels - 1];
        if label >= classes {
            return Err(bad(&name, format!("labels < {classes}"), label));
        }
        said.push(Class::Number(label.into()));
        if labels > 1 {
            coarse.push(Class::Number(record[0].into()));
        }
        if share.has(at) {
            pixels.extend_from_slice(&record[labels..]);
        }
    }
    let of = said.len();
    let mut labels = Labels::new(&name, said)?;
    if classes < HUNDRED {
        labels.classes = labels.classes.iter().map(named).collect();
    }
    let images = Images {
        shape: SHAPE,
        pixels,
        of,
    };
    opened.push(&name, Content::Samples(images, labels));
    if classes == HUNDRED {
        opened.also_coarse(Labels::new(&name, coarse)?);
    }
    Ok(())
}
