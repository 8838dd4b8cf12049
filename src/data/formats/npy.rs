//! NumPy's `.npy`: a header in Python's words, then the numbers
//! (<https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>).

use super::{Head, OpenedFile, Source};
use crate::base::error::Result;
use crate::data::array::{Layout, Number};
use crate::data::fault::{read_up_to, truncated, unfit};

const MAGIC: &[u8] = b"\x93NUMPY";
/// The longest header that is read; that of an array of numbers has about a hundred bytes.
const HEADER: usize = 4_096;

pub(super) fn is(head: &Head) -> bool {
    head.bytes.starts_with(MAGIC)
}

pub(super) fn read(source: Source, opened: &mut OpenedFile) -> Result<()> {
    let name = source.name.clone();
    let mut file = source.reader();
    let start = read_up_to(&name, &mut file, MAGIC.len() + 2)?;
    // Version 1 has two bytes for the header's length, later ones four.
    let digits = if start.last_chunk() == Some(&[1, 0]) {
        2
    } else {
        4
    };
    let length = read_up_to(&name, &mut file, digits)?;
    let length = length
        .iter()
        .rev()
        .fold(0, |sum, &byte| sum << 8 | usize::from(byte));
    let header = read_up_to(&name, &mut file, length.min(HEADER))?;
    if header.len() < length {
        return Err(truncated(&name, length, header.len()));
    }
    let header = String::from_utf8_lossy(&header);
    let layout = layout(&header).ok_or_else(|| unfit(&name, &kind(&header)))?;
    let content = layout.read(&name, &mut file)?;
    opened.push(&name, content);
    Ok(())
}

/// The kind and the order of an array that is not read, such as `<f2` or `<f4, fortran_order`.
fn kind(header: &str) -> String {
    let mut words = header.split('\'').skip(1).step_by(2);
    let kind = words.find(|word| *word == "descr").and(words.next());
    let turned = header.contains("'fortran_order': True");
    let order = if turned { ", fortran_order" } else { "" };
    format!("{}{order}", kind.unwrap_or("?"))
}

/// Of `{'descr': '<f4', 'fortran_order': False, 'shape': (60000, 28, 28), }`.
fn layout(header: &str) -> Option<Layout> {
    let value = |key: &str| Some(header.split_once(key)?.1.split_once(':')?.1.trim_start());
    let kind = value("'descr'")?.strip_prefix('\'')?.split('\'').next()?;
    let (number, is_big_endian) = number(kind)?;
    let is_by_rows = value("'fortran_order'")?.starts_with("False");
    let shape = value("'shape'")?.strip_prefix('(')?.split(')').next()?;
    let sizes = shape
        .split(',')
        .map(str::trim)
        .filter(|size| !size.is_empty());
    let shape: Vec<usize> = sizes.map(|size| size.parse().ok()).collect::<Option<_>>()?;
    is_by_rows.then_some(Layout {
        shape,
        number,
        is_big_endian,
        is_grey: false,
    })
}

/// The numbers that NumPy calls `<i4`, and whether their most significant byte comes first.
pub(super) fn number(kind: &str) -> Option<(Number, bool)> {
    let (order, kind) = match kind.strip_prefix(['<', '>', '|', '=']) {
        Some(rest) => (kind.as_bytes()[0], rest),
        None => (b'|', kind),
    };
    let number = match kind {
        "u1" | "b1" => Number::Unsigned(1),
        "u2" => Number::Unsigned(2),
        "u4" => Number::Unsigned(4),
        "u8" => Number::Unsigned(8),
        "i1" => Number::Signed(1),
        "i2" => Number::Signed(2),
        "i4" => Number::Signed(4),
        "i8" => Number::Signed(8),
        "f4" => Number::Float(4),
        "f8" => Number::Float(8),
        _ => return None,
    };
    Some((number, order == b'>'))
}
