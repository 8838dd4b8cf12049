//! Archives made by tar, in every dialect.

use super::{Head, MEMBERS, OpenedFile, Source};
use crate::base::error::Result;
use crate::data::fault::damaged;

/// The length of a header, which stands before each member.
const HEADER: usize = 512;

/// The header's checksum says so.
pub(super) fn is(head: &Head) -> bool {
    const FIELD: std::ops::Range<usize> = 148..156;
    let Some(header) = head.bytes.get(..HEADER) else {
        return false;
    };
    let octal = String::from_utf8_lossy(&header[FIELD]);
    let stated = u32::from_str_radix(octal.trim_matches(['\0', ' ']), 8);
    let counted = header
        .iter()
        .enumerate()
        .map(|(at, &byte)| if FIELD.contains(&at) { b' ' } else { byte });
    stated.is_ok_and(|stated| stated == counted.map(u32::from).sum::<u32>())
}

pub(super) fn read(source: Source, opened: &mut OpenedFile) -> Result<()> {
    let (name, depth) = (source.name.clone(), source.depth + 1);
    let before = opened.parts.len();
    let mut archive = ::tar::Archive::new(source.reader());
    // Raw: what stands before a member to give it a longer name would be read as a whole, however long.
    for entry in archive
        .entries()
        .map_err(|error| damaged(&name, error))?
        .raw(true)
        .take(MEMBERS)
    {
        match entry {
            Ok(entry) if entry.header().entry_type().is_file() => {
                let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                opened.member(&name, &path, depth, entry);
            }
            Ok(_) => {}
            // What came before it counts.
            Err(error) => {
                opened.leave_out(damaged(&name, error));
                break;
            }
        }
    }
    opened.has_parts(&name, before)
}
