//! Recognizes a dropped file by its beginning, before it is read.

use serde::Serialize;

use super::formats::{self, Head, gzip};
use super::{limits, picture};
use crate::base::error::{Code, Problem, Result};

/// What a file is by its beginning, before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// Images, labels, or an archive of both.
    Data,
    /// Runs that the page saved.
    Runs,
    /// A picture that browsers decode.
    Picture,
    /// An archive of pictures, or of data after all.
    Archive,
}

/// So much of a file is enough to tell what it is.
pub const JUDGED: usize = formats::HEAD;

/// Tells what a file of `bytes` bytes is by its first [`JUDGED`] ones.
///
/// # Errors
/// A problem that names the file and says what it is instead; [`Code::DataTooLarge`].
pub fn judge(name: &str, bytes: u64, beginning: &[u8]) -> Result<FileKind> {
    let kind = kind_of(name, beginning)?;
    let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
    let is_read = matches!(kind, FileKind::Data | FileKind::Archive);
    match is_read && bytes > limits::FILE {
        true => Err(Problem::new(Code::DataTooLarge)
            .with("file", name)
            .with("found", megabytes(bytes))
            .with("limit", megabytes(limits::FILE))),
        false => Ok(kind),
    }
}

fn kind_of(name: &str, beginning: &[u8]) -> Result<FileKind> {
    let packed = Head {
        name,
        bytes: beginning,
    };
    let unpacked = gzip::is(&packed).then(|| gzip::beginning(beginning));
    let name = unpacked.as_ref().map_or(name, |_| gzip::inner(name));
    let bytes = unpacked.as_deref().unwrap_or(beginning);
    if holds_runs(bytes) {
        return Ok(FileKind::Runs);
    }
    if picture::is_picture(bytes) {
        return Ok(FileKind::Picture);
    }
    let head = Head { name, bytes };
    match formats::may_hold_pictures(&head) {
        true => Ok(FileKind::Archive),
        false => formats::recognise(&head).map(|()| FileKind::Data),
    }
}

fn holds_runs(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let contains = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    first == Some(&b'{') && contains(b"\"format\"") && contains(b"\"runs\"")
}

#[cfg(test)]
mod tests;
