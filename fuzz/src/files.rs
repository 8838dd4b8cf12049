//! Files that are whole, whatever is in them: with the checksums that a reader looks at first, so that
//! fuzzing gets behind them.

use std::io::{Cursor, Write};

use cnn_playground::base::{MAX_CLASSES, MAX_SAMPLES, SIDES};
use cnn_playground::data::formats::{Decoder, Encoding, open};
use cnn_playground::data::open::{FileKind, JUDGED, judge};
use cnn_playground::data::part::{Content, Images, Labels};
use flate2::{Compression, Crc, write::GzEncoder};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// In place of a browser: every second text is of letters that it knows.
pub(crate) const DECODER: Decoder = Decoder {
    decode: |_, raw| raw[0].is_multiple_of(2).then(|| "猫".to_owned()),
    own: Some(Encoding::Big5),
};

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

/// A zip of these files, packed or as they are.
pub(crate) fn zip(members: &[(&str, Vec<u8>)], is_packed: bool) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(match is_packed {
        true => CompressionMethod::Deflated,
        false => CompressionMethod::Stored,
    });
    for (path, content) in members {
        // Nothing can go wrong in memory, unless a name stands there twice.
        if writer.start_file(*path, options).is_ok() {
            let _ = writer.write_all(content);
        }
    }
    writer.finish().map(Cursor::into_inner).unwrap_or_default()
}

/// NumPy's array of these dimensions, in its own words.
pub(crate) fn npy(kind: &str, shape: &str, content: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}\n");
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), content].concat()
}

/// Whether a file is read. What comes of it is checked: counts that agree, sides and classes within their limits, and that
/// its beginning alone does not have it refused.
pub(crate) fn opens(name: &str, file: &[u8]) -> bool {
    let Ok(opened) = open(name, file, Some(DECODER)) else {
        return false;
    };
    let judged = judge(name, file.len() as u64, &file[..file.len().min(JUDGED)]);
    // Of an archive the beginning does not say what it holds.
    assert!(
        matches!(judged, Ok(FileKind::Data | FileKind::Archive)),
        "what opens is not refused by its beginning"
    );
    let images = |images: &Images| {
        assert!(SIDES.contains(&images.shape.height) && SIDES.contains(&images.shape.width));
        assert!((1..=MAX_SAMPLES).contains(&images.len()) && images.len() <= images.of);
        assert_eq!(images.pixels.len(), images.len() * images.shape.len());
    };
    let labels = |labels: &Labels| {
        assert!(labels.classes.len() <= MAX_CLASSES);
        let known = |&value: &u8| usize::from(value) < labels.classes.len();
        assert!(labels.values.iter().all(known));
    };
    for part in &opened.parts {
        match &part.content {
            Content::Images(read) => images(read),
            Content::Labels(read) => labels(read),
            Content::Samples(read, said) => {
                images(read);
                labels(said);
                assert_eq!(read.of, said.len());
            }
            Content::Names(names) => assert!(names.len() <= MAX_CLASSES),
        }
    }
    !opened.parts.is_empty()
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
