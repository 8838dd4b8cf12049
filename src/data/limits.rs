//! How much is read of what a person brings. Every reader keeps to these numbers before it takes memory.

use crate::base::MAX_SAMPLES;

/// The largest file, in bytes: the archive of CIFAR-10 has 170 million.
pub const FILE: u64 = 200_000_000;
/// What one file may unpack to, all of its members together, in bytes.
pub const UNPACKED: u64 = 600_000_000;
/// What is unpacked of a file that has to be in memory as a whole, in bytes.
pub const WHOLE: u64 = 256_000_000;
/// What is held of the pixels of all files together, in bytes: all of CIFAR-10 has 184 million.
pub const PIXELS: usize = 256_000_000;
/// The pixels of an album, in bytes: with its labels and names it is a file that can be read.
pub const ALBUM: usize = FILE as usize - 10_000_000;
/// The largest file of a picture that is decoded, in bytes.
pub const PICTURE: u64 = 50_000_000;
/// The most pixels that a picture may have: decoded, they take four bytes each.
pub const PICTURE_PIXELS: u64 = 50_000_000;
/// How many members an archive may have.
pub const MEMBERS: usize = 100_000;
/// How many times something may be packed: a `.tar.gz` within a `.tar.gz` is packed four times.
pub const DEPTH: usize = 4;
/// How many parts wait for others.
pub const WAITING: usize = 64;
/// How many remarks are kept; more are no help.
pub const NOTES: usize = 20;

/// An even share of samples that are too many: the same ones of the images and of their labels, and every
/// class of a sorted set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share {
    /// How many there are.
    pub(super) of: usize,
    /// How many of them are kept.
    pub(super) kept: usize,
}

impl Share {
    /// The share of `of` samples of `bytes` bytes each that is held.
    pub(super) fn of(of: usize, bytes: usize) -> Self {
        Self::at_most(of, MAX_SAMPLES.min(PIXELS / bytes.max(1)))
    }

    /// At most `kept` of them.
    pub(super) fn at_most(of: usize, kept: usize) -> Self {
        let kept = of.min(kept);
        Self { of, kept }
    }

    /// Whether some are not kept.
    pub(super) fn is_part(self) -> bool {
        self.kept < self.of
    }

    /// Whether the sample at this place is kept.
    pub(super) fn has(self, at: usize) -> bool {
        let before = |at: usize| at as u64 * self.kept as u64 / self.of.max(1) as u64;
        before(at + 1) > before(at)
    }

    /// The places of those that are kept.
    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        (0..self.of).filter(move |&at| self.has(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_even_and_of_the_size_that_it_says() {
        for (of, kept) in [(10, 3), (7, 7), (1_000, 999), (5, 0), (3, 9)] {
            let share = Share::at_most(of, kept);
            assert_eq!(share.places().count(), kept.min(of), "{kept} of {of}");
        }
        let places: Vec<_> = Share::at_most(10, 2).places().collect();
        assert_eq!(places, [4, 9]);
    }
}
