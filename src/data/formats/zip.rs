//! Zip archives, and NumPy's `.npz`, which is one.

use std::io::Cursor;

use super::{Head, MEMBERS, OpenedFile, Source};
use crate::base::error::{Code, Problem, Result};
use crate::data::fault::damaged;

pub(super) fn is(head: &Head) -> bool {
    // A member, or the end of an archive that has none.
    head.bytes.starts_with(b"PK\x03\x04") || head.bytes.starts_with(b"PK\x05\x06")
}

pub(super) fn read(source: Source, opened: &mut OpenedFile) -> Result<()> {
    let (name, depth) = (source.name.clone(), source.depth + 1);
    let before = opened.parts.len();
    let bytes = source.bytes()?;
    let mut archive = ::zip::ZipArchive::new(Cursor::new(&bytes[..]))
        .map_err(|error| damaged(&name, error.into()))?;
    for at in 0..archive.len().min(MEMBERS) {
        match archive.by_index(at) {
            Ok(member) if member.is_file() => {
                let path = String::from_utf8_lossy(member.name_raw()).into_owned();
                opened.member(&name, &path, depth, member);
            }
            Ok(_) => {}
            // Locked with a password, or packed in a way that is rare.
            Err(_) => opened.leave_out(Problem::new(Code::Packed).with("file", &name)),
        }
    }
    opened.has_parts(&name, before)
}
