//! Archives made by tar, in every dialect.

use std::io::Read;

use ::tar::Entry;

use super::{Head, OpenedFile, Source, is_company, letters, names, recognise, table};
use crate::base::error::Result;
use crate::data::fault::{damaged, read_up_to, too_many_members};
use crate::data::limits::MEMBERS;
use crate::data::picture;

/// The length of a header, which stands before each member.
const HEADER: usize = 512;

/// Bytes of a name that fit into a header.
const LONGEST_NAME: usize = 99;

/// The most bytes that are read of what says more of the next member.
const EXTENSION: usize = 65_536;

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
    let before = opened.found();
    let mut archive = ::tar::Archive::new(source.reader());
    let mut named = None;
    let mut paths = letters::Paths::new(opened.decoder);
    // Raw: what stands before a member to give it a longer name would be read as a whole, however long.
    let entries = archive.entries().map_err(|error| damaged(&name, error))?;
    for (at, entry) in entries.raw(true).enumerate() {
        if at == MEMBERS {
            return Err(too_many_members(&name));
        }
        match entry {
            Ok(mut entry) => match said(&mut entry) {
                Said::Next(path) => named = path.or(named),
                Said::File => {
                    let raw = named.take();
                    let raw = raw.unwrap_or_else(|| entry.path_bytes().into_owned());
                    // In UTF-8, or nobody knows in which letters.
                    let path = paths.read(&raw, true, || letters::bytes(&raw));
                    opened.member(&name, &path, depth, entry);
                }
                Said::Other => named = None,
            },
            // What came before it counts.
            Err(error) => {
                opened.leave_out(damaged(&name, error));
                break;
            }
        }
    }
    opened.has_parts(&name, before)
}

/// What a member is.
enum Said {
    /// It says more of the next one: a path, if that is too long for a header, or not in its letters.
    Next(Option<Vec<u8>>),
    File,
    /// A folder, a link and the like.
    Other,
}

fn said<R: Read>(entry: &mut Entry<R>) -> Said {
    let kind = entry.header().entry_type();
    let mut content = || read_up_to("", entry, EXTENSION).unwrap_or_default();
    if kind.is_gnu_longname() {
        let mut path = content();
        path.truncate(
            path.iter()
                .position(|&byte| byte == 0)
                .unwrap_or(path.len()),
        );
        Said::Next(Some(path))
    } else if kind.is_pax_local_extensions() {
        // POSIX.1-2001, pax: lines of a length, a word and a value. Python and macOS write every path so that is not ASCII.
        let content = content();
        let mut records = ::tar::PaxExtensions::new(&content).flatten();
        let path = records.find(|record| record.key() == Ok("path"));
        Said::Next(path.map(|record| record.value_bytes().to_vec()))
    } else if kind.is_gnu_longlink() || kind.is_pax_global_extensions() {
        Said::Next(None)
    } else if kind.is_file() {
        Said::File
    } else {
        Said::Other
    }
}

/// What stands before, between and behind files of these names and sizes, so that all together are an archive.
pub(super) fn around(files: &[(String, u64)]) -> Vec<Vec<u8>> {
    let mut pieces = vec![Vec::new()];
    for (name, size) in files {
        let mut header = ::tar::Header::new_gnu();
        // Its end says more than its beginning.
        let starts = name.char_indices().map(|(at, _)| at);
        let start = starts
            .into_iter()
            .find(|at| name.len() - at <= LONGEST_NAME);
        let short = &name[start.unwrap_or_default()..];
        // A name with folders that go up is none: the file is found by what is in it.
        if header.set_path(short).is_err() {
            let _ = header.set_path("file");
        }
        header.set_size(*size);
        header.set_mode(0o644);
        header.set_cksum();
        if let Some(before) = pieces.last_mut() {
            before.extend(header.as_bytes());
        }
        let over = *size as usize % HEADER;
        pieces.push(vec![0; (HEADER - over) % HEADER]);
    }
    if let Some(last) = pieces.last_mut() {
        last.extend([0; 2 * HEADER]);
    }
    pieces
}

/// Whether the first member that says so is data: of the archives of CIFAR the beginning is enough. Tables and lists of names may
/// lie beside pictures.
pub(super) fn begins_with_data(head: &Head) -> bool {
    let mut archive = ::tar::Archive::new(head.bytes);
    let entries = archive.entries().into_iter().flat_map(|all| all.raw(true));
    for mut entry in entries.flatten() {
        let raw = entry.path_bytes().into_owned();
        let path = letters::Paths::new(None).read(&raw, true, || letters::bytes(&raw));
        let file = path.rsplit('/').next().unwrap_or_default();
        if !entry.header().entry_type().is_file() || is_company(&path, file) {
            continue;
        }
        let bytes = read_up_to(&path, &mut entry, super::HEAD).unwrap_or_default();
        let member = Head {
            name: &path,
            bytes: &bytes,
        };
        if picture::is_picture(&bytes) {
            return false;
        }
        if recognise(&member).is_ok() && !table::is(&member) && !names::is(&member) {
            return true;
        }
    }
    false
}
