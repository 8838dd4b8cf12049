//! The pictures of an archive, which are handed on one after the other.

use std::fmt;

/// Takes the path and the bytes of each picture.
pub(super) type Take = Box<dyn FnMut(&str, &[u8])>;

pub(super) struct Pictures {
    /// How many have been handed on.
    pub(super) count: usize,
    pub(super) take: Take,
}

impl fmt::Debug for Pictures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} pictures", self.count)
    }
}
