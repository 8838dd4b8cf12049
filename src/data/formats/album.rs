//! A person's pictures, as the page keeps them: samples with the names of their classes, in the parts that their folders say.

use super::{Head, OpenedFile, Source};
use crate::base::error::Result;
use crate::data::album::Album;
use crate::data::part::{Class, Content, Images, Labels};

pub(super) fn is(head: &Head) -> bool {
    Album::is_one(head.bytes)
}

pub(super) fn read(source: Source, opened: &mut OpenedFile) -> Result<()> {
    let name = source.name.clone();
    let album = Album::read(&name, &source.bytes()?)?;
    let (samples, is_test) = album.samples();
    let mut push = |file: &str, wanted: &dyn Fn(usize) -> bool| -> Result<()> {
        let places: Vec<usize> = (0..samples.len()).filter(|&at| wanted(at)).collect();
        let pixels = places.iter().flat_map(|&at| samples.image(at)).copied();
        let images = Images {
            shape: samples.shape,
            pixels: pixels.collect(),
            of: places.len(),
        };
        let class = |&at: &usize| class(&album.classes()[usize::from(samples.labels[at])]);
        let labels = Labels::new(&name, places.iter().map(class))?;
        opened.push(file, Content::Samples(images, labels));
        Ok(())
    };
    match is_test {
        None => push("album", &|_| true),
        Some(is_test) => {
            push("train", &|at| !is_test[at])?;
            push("test", &|at| is_test[at])
        }
    }
}

/// What a folder was called: numbers are in the order of their size.
fn class(name: &str) -> Class {
    match name.parse::<i64>() {
        Ok(number) if number.to_string() == name => Class::Number(number),
        _ => Class::Name(name.to_owned()),
    }
}
