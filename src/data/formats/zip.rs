//! Zip archives, and NumPy's `.npz`, which is one.

use std::io::Cursor;

use super::{Head, OpenedFile, Source, path};
use crate::base::error::{Code, Problem, Result};
use crate::data::fault::{damaged, too_many_members};
use crate::data::limits::MEMBERS;

/// What the directory of an archive has for each member (APPNOTE.TXT 4.3.12).
const ENTRY: &[u8] = b"PK\x01\x02";

pub(super) fn is(head: &Head) -> bool {
    // A member, or the end of an archive that has none.
    head.bytes.starts_with(b"PK\x03\x04") || head.bytes.starts_with(b"PK\x05\x06")
}

pub(super) fn read(source: Source, opened: &mut OpenedFile) -> Result<()> {
    let (name, depth) = (source.name.clone(), source.depth + 1);
    let before = opened.found();
    let bytes = source.bytes()?;
    // Before the directory is held: it takes hundreds of bytes for each member.
    let is_entry = |window: &&[u8]| *window == ENTRY;
    if bytes.windows(ENTRY.len()).filter(is_entry).count() > MEMBERS {
        return Err(too_many_members(&name));
    }
    let mut archive = ::zip::ZipArchive::new(Cursor::new(&bytes[..]))
        .map_err(|error| damaged(&name, error.into()))?;
    for at in 0..archive.len() {
        match archive.by_index(at) {
            Ok(member) if member.is_file() => {
                let path = path(member.name_raw());
                opened.member(&name, &path, depth, member);
            }
            Ok(_) => {}
            // Locked with a password, or packed in a way that is rare.
            Err(_) => opened.leave_out(Problem::new(Code::Packed).with("file", &name)),
        }
    }
    opened.has_parts(&name, before)
}
