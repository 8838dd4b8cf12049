//! Zip archives, and NumPy's `.npz`, which is one.

use std::io::Cursor;

use ::zip::HasZipMetadata;

use super::{Head, OpenedFile, Source, letters};
use crate::base::error::{Code, Problem, Result};
use crate::data::fault::{damaged, too_many_members};
use crate::data::limits::MEMBERS;

/// What the directory of an archive has for each member (APPNOTE.TXT 4.3.12).
const ENTRY: &[u8] = b"PK\x01\x02";
/// The flag of a member whose name is said to be UTF-8 (APPNOTE.TXT 4.4.4, bit 11).
const UTF8: u16 = 1 << 11;

pub(super) fn is(head: &Head) -> bool {
    // A member, or the end of an archive that has none.
    head.bytes.starts_with(b"PK\x03\x04") || head.bytes.starts_with(b"PK\x05\x06")
}

/// An archive in memory.
pub(super) type Archive<'a> = ::zip::ZipArchive<Cursor<&'a [u8]>>;

/// The archive in these bytes, if it has no more members than are looked at.
pub(super) fn open<'a>(name: &str, bytes: &'a [u8]) -> Result<Archive<'a>> {
    // Before the directory is held: it takes hundreds of bytes for each member.
    let is_entry = |window: &&[u8]| *window == ENTRY;
    if bytes.windows(ENTRY.len()).filter(is_entry).count() > MEMBERS {
        return Err(too_many_members(name));
    }
    ::zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(name, error.into()))
}

pub(super) fn read(source: Source, opened: &mut OpenedFile) -> Result<()> {
    let (name, depth) = (source.name.clone(), source.depth + 1);
    let before = opened.found();
    let bytes = source.bytes()?;
    let mut archive = open(&name, &bytes)?;
    // Where nothing says that a name is UTF-8, either all of the archive are, or none.
    let mut names = Vec::new();
    for at in 0..archive.len() {
        if let Ok(entry) = archive.by_index_data(at) {
            names.extend_from_slice(entry.name_raw());
            names.push(b'\n');
        }
    }
    let is_utf8 = std::str::from_utf8(&names).is_ok();
    let mut paths = letters::Paths::new(opened.decoder);
    if !is_utf8 {
        paths.look_at(&names);
    }
    for at in 0..archive.len() {
        match archive.by_index(at) {
            Ok(member) if member.is_file() => {
                let raw = member.name_raw();
                let is_utf8 = is_utf8 || member.get_metadata().flags.as_u16() & UTF8 != 0;
                // Else they are the letters of MS-DOS.
                let said = || member.name().unwrap_or_default().into_owned();
                let path = paths.read(raw, is_utf8, said);
                opened.member(&name, &path, depth, member);
            }
            Ok(_) => {}
            // Locked with a password, or packed in a way that is rare.
            Err(_) => opened.leave_out(Problem::new(Code::Packed).with("file", &name)),
        }
    }
    opened.has_parts(&name, before)
}
