//! IDX, the format of the original MNIST files: the kind of the numbers, the dimensions, the numbers; the most significant
//! byte first. EMNIST, KMNIST, Fashion-MNIST and QMNIST have it too.

use super::{Head, OpenedFile, Source};
use crate::base::error::Result;
use crate::data::array::{Layout, Number};
use crate::data::fault::{bad, read_up_to, truncated};

/// The first four bytes of a file of images: unsigned bytes, three dimensions.
pub const IMAGES_MAGIC: u32 = 0x803;
/// The first four bytes of a file of labels: unsigned bytes, one dimension.
pub const LABELS_MAGIC: u32 = 0x801;

pub(super) fn is(head: &Head) -> bool {
    matches!(*head.bytes, [0, 0, kind, 1..=4, ..] if number(kind).is_some())
}

fn number(kind: u8) -> Option<Number> {
    Some(match kind {
        0x08 => Number::Unsigned(1),
        0x09 => Number::Signed(1),
        0x0b => Number::Signed(2),
        0x0c => Number::Signed(4),
        0x0d => Number::Float(4),
        0x0e => Number::Float(8),
        _ => return None,
    })
}

pub(super) fn read(source: Source, opened: &mut OpenedFile) -> Result<()> {
    let name = source.name.clone();
    let mut file = source.reader();
    let magic = read_up_to(&name, &mut file, 4)?;
    let dimensions = 4 * usize::from(magic[3]);
    let words = read_up_to(&name, &mut file, dimensions)?;
    if words.len() < dimensions {
        return Err(truncated(&name, 4 + dimensions, 4 + words.len()));
    }
    let word = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0, |sum, &byte| sum << 8 | usize::from(byte))
    };
    let layout = Layout {
        shape: words.chunks_exact(4).map(word).collect(),
        number: number(magic[2]).ok_or_else(|| bad(&name, "IDX", magic[2]))?,
        is_big_endian: true,
        is_grey: true,
    };
    let content = layout.read(&name, &mut file)?;
    opened.push(&name, content);
    Ok(())
}
