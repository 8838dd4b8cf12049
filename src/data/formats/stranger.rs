//! What a file is that cannot be used, as far as its beginning tells.

use super::{Head, letters};
use crate::base::error::{Code, Problem};
use crate::data::fault::truncated;
use crate::data::picture;

/// How pictures begin that browsers do not read, or not all: TIFF and what cameras make of it, Photoshop, JPEG XL, JPEG 2000.
const UNDECODED: [&[u8]; 6] = [
    b"II*\0",
    b"MM\0*",
    b"8BPS",
    b"\xff\x0a",
    b"\0\0\0\x0cJXL ",
    b"\0\0\0\x0cjP  ",
];

/// The problem that says so.
pub(super) fn of(head: &Head) -> Problem {
    let bytes = head.bytes;
    if bytes.is_empty() {
        return truncated(head.name, 1, 0);
    }
    let starts = |with: &[u8]| bytes.starts_with(with);
    let lower: Vec<u8> = bytes.iter().take(512).map(u8::to_ascii_lowercase).collect();
    let contains = |part: &[u8]| lower.windows(part.len()).any(|window| window == part);
    let code = if contains(b"<!doctype html") || contains(b"<html") {
        Code::SavedPage
    } else if starts(b"version https://git-lfs") {
        Code::Pointer
    } else if starts(b"7z\xbc\xaf") || starts(b"Rar!") || starts(b"BZh") || starts(b"\xfd7zXZ") {
        Code::Packed
    } else if picture::is_picture(bytes) {
        Code::Picture
    } else if UNDECODED.iter().any(|with| starts(with)) || contains(b"<svg") {
        Code::Undecodable
    } else if is_text(bytes) {
        Code::PlainText
    } else {
        Code::UnknownFormat
    };
    let found: Vec<_> = bytes
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Problem::new(code)
        .with("file", head.name)
        .with("found", found.join(" "))
}

/// Whether this is the beginning of a text, in whatever letters.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let bytes = letters::plain(bytes);
    let is_cut = |valid: usize| valid + 4 > bytes.len();
    let is_utf8 =
        std::str::from_utf8(&bytes).map_or_else(|error| is_cut(error.valid_up_to()), |_| true);
    // A text of one country's letters has lines, most of which are ASCII; nothing else has no byte of control.
    let is_lines = || {
        bytes.contains(&b'\n')
            && 2 * bytes.iter().filter(|byte| byte.is_ascii()).count() > bytes.len()
    };
    !bytes.is_empty() && (is_utf8 || is_lines()) && !bytes.iter().any(|&byte| byte < 9)
}
