//! What is wrong with a file, as every reader says it.

use std::io::{self, ErrorKind, Read};

use super::limits::{MEMBERS, UNPACKED};
use crate::base::SIDES;
use crate::base::error::{Code, Problem, Result, shown};

/// At most `limit` bytes. What is allocated grows with what is there, not with what is promised.
pub(super) fn read_up_to(name: &str, file: &mut dyn Read, limit: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match file.take(limit as u64).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Err(truncated(name, limit, bytes.len()))
        }
        Err(error) => Err(damaged(name, error)),
    }
}

/// A file that ends after `found` bytes.
pub(super) fn truncated(name: &str, expected: usize, found: usize) -> Problem {
    Problem::new(Code::Truncated)
        .with("file", name)
        .with("expected", expected)
        .with("found", found)
}

/// A file that holds something else than it should.
pub(super) fn bad(name: &str, expected: impl ToString, found: impl ToString) -> Problem {
    Problem::new(Code::BadContent)
        .with("file", name)
        .with("expected", expected)
        .with("found", found)
}

/// A packed file that cannot be unpacked, or that is more than is read.
pub(super) fn damaged(name: &str, error: io::Error) -> Problem {
    match error.kind() {
        ErrorKind::FileTooLarge => too_large(name, UNPACKED),
        _ => Problem::new(Code::Damaged).with("file", name),
    }
}

/// A file that unpacks to more than is read.
pub(super) fn too_large(name: &str, limit: u64) -> Problem {
    Problem::new(Code::Expands)
        .with("file", name)
        .with("limit", limit / 1_000_000)
}

/// An archive of more members than are looked at.
pub(super) fn too_many_members(name: &str) -> Problem {
    Problem::new(Code::TooManyMembers)
        .with("file", name)
        .with("limit", MEMBERS)
}

/// An array that is neither images nor labels.
pub(super) fn unfit(name: &str, found: &str) -> Problem {
    let (least, most) = (SIDES.start(), SIDES.end());
    Problem::new(Code::UnfitArray)
        .with("file", name)
        .with("found", shown(found))
        .with("least", least)
        .with("most", most)
}
