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
    /// A script or a notebook, in which a network may be.
    Python,
    /// The weights of a network.
    Weights,
}

/// How the names of scripts and notebooks end.
const SCRIPTS: [&str; 2] = [".py", ".ipynb"];

/// How the names of files of weights end.
const WEIGHTS: [&str; 3] = [".safetensors", ".pt", ".pth"];

/// Whether a text that somebody pastes is likely PyTorch: it imports it, or names layers as one does there. Neither is in a link
/// or in a network in the notation.
pub fn is_pytorch(text: &str) -> bool {
    let is_word = |before: Option<char>| {
        before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    };
    let mut named = text.match_indices("nn.").filter(|(at, _)| {
        let next = text[at + 3..].chars().next();
        !is_word(text[..*at].chars().next_back()) && next.is_some_and(char::is_uppercase)
    });
    ["import torch", "from torch"]
        .iter()
        .any(|words| text.contains(words))
        || named.next().is_some()
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
    let is_read = !matches!(kind, FileKind::Runs | FileKind::Picture);
    match is_read && bytes > limits::FILE {
        true => Err(Problem::new(Code::DataTooLarge)
            .with("file", name)
            .with("found", megabytes(bytes))
            .with("limit", megabytes(limits::FILE))),
        false => Ok(kind),
    }
}

fn kind_of(name: &str, beginning: &[u8]) -> Result<FileKind> {
    let small = name.to_lowercase();
    if SCRIPTS.iter().any(|end| small.ends_with(end)) {
        return Ok(FileKind::Python);
    }
    if WEIGHTS.iter().any(|end| small.ends_with(end)) {
        return Ok(FileKind::Weights);
    }
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
