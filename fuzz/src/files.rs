//! Files that are whole, whatever is in them: with the checksums that a reader looks at first, so that
//! fuzzing gets behind them.

use std::io::Write;

use flate2::{Compression, Crc, write::GzEncoder};

/// What gzip makes of these bytes.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Nothing can go wrong in memory.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// An IDX file with these dimensions and this content.
pub(crate) fn idx(magic: u32, dimensions: &[u32], content: &[u8]) -> Vec<u8> {
    let header = [magic].into_iter().chain(dimensions.iter().copied());
    let header = header.flat_map(u32::to_be_bytes);
    header.chain(content.iter().copied()).collect()
}

/// A member of a tar: its name, its kind, the size that it says, and its content.
pub(crate) struct Member {
    pub(crate) path: Vec<u8>,
    pub(crate) kind: u8,
    pub(crate) declared: u64,
    pub(crate) content: Vec<u8>,
}

/// A tar of these members, each header with the right checksum.
pub(crate) fn tar(members: &[Member]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for member in members {
        let mut header = tar::Header::new_gnu();
        let name = &mut header.as_old_mut().name;
        let length = member.path.len().min(name.len());
        name[..length].copy_from_slice(&member.path[..length]);
        header.set_entry_type(tar::EntryType::new(member.kind));
        header.set_size(member.declared);
        header.set_cksum();
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(&member.content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize(bytes.len() + 1_024, 0);
    bytes
}

/// The same PNG with the right checksum in each chunk.
pub(crate) fn png(bytes: &[u8]) -> Vec<u8> {
    const SIGNATURE: usize = 8;
    let mut mended = bytes.to_vec();
    let mut at = SIGNATURE;
    while let Some(length) = mended.get(at..).and_then(|rest| rest.first_chunk::<4>()) {
        let length = u32::from_be_bytes(*length) as usize;
        let end = (at + 8).saturating_add(length);
        let Some(said) = mended.get(at + 4..end) else {
            break;
        };
        let mut sum = Crc::new();
        sum.update(said);
        match mended.get_mut(end..end + 4) {
            Some(place) => place.copy_from_slice(&sum.sum().to_be_bytes()),
            None => break,
        }
        at = end + 4;
    }
    mended
}
