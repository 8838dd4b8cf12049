//! One file, packed with gzip.

use flate2::read::MultiGzDecoder;
use std::io::Read;

use super::{HEAD, Head, OpenedFile, Source, unpack};
use crate::base::error::Result;

pub(in crate::data) fn is(head: &Head) -> bool {
    head.bytes.starts_with(&[0x1f, 0x8b])
}

/// The beginning of what is packed, as far as the packed beginning reaches.
pub(in crate::data) fn beginning(bytes: &[u8]) -> Vec<u8> {
    let mut head = Vec::new();
    // It ends in the middle, which is no fault here.
    let _ = MultiGzDecoder::new(bytes)
        .take(HEAD as u64)
        .read_to_end(&mut head);
    head
}

/// The name of what is packed.
pub(in crate::data) fn inner(name: &str) -> &str {
    let stripped = name.strip_suffix(".gz");
    stripped
        .or_else(|| name.strip_suffix(".tgz"))
        .unwrap_or(name)
}

pub(super) fn read(source: Source, opened: &mut OpenedFile) -> Result<()> {
    let name = source.name.clone();
    let name = inner(&name).to_owned();
    let depth = source.depth + 1;
    let unpacked = opened.metered(MultiGzDecoder::new(source.reader()));
    unpack(name, depth, unpacked, opened)
}
