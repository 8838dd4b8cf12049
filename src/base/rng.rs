//! Randomness: one seed, and an independent stream for each purpose.
//!
//! Everything random is drawn on the host, so that every device starts from the same weights and
//! sees the same batches. Only the generator's raw output is used (ChaCha8, fixed by its
//! definition), so that an update of a library cannot change what an old link does.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// A stream of random numbers.
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of this seed for this purpose, such as `"weights"`.
    pub fn new(seed: u32, purpose: &str) -> Self {
        let key = Sha256::new()
            .chain_update(seed.to_le_bytes())
            .chain_update(purpose)
            .finalize();
        Self(ChaCha8Rng::from_seed(key.into()))
    }

    /// A number from -1 (inclusive) to 1 (exclusive), with 24 random bits.
    pub fn symmetric(&mut self) -> f32 {
        const STEPS: f32 = (1 << 23) as f32;
        (self.0.next_u32() >> 8) as f32 / STEPS - 1.0
    }

    /// A whole number below `bound`. Lemire 2019, <https://arxiv.org/abs/1805.10941>, with rejection.
    pub fn below(&mut self, bound: u32) -> u32 {
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let product = u64::from(self.0.next_u32()) * u64::from(bound);
            if product as u32 >= threshold {
                return (product >> 32) as u32;
            }
        }
    }

    /// Puts the items in random order. Fisher and Yates.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u32 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_fixed_by_seed_and_purpose() {
        let draw = |seed, purpose| Stream::new(seed, purpose).below(u32::MAX);
        assert_eq!(draw(1, "order"), draw(1, "order"));
        assert_ne!(draw(1, "order"), draw(2, "order"));
        assert_ne!(draw(1, "order"), draw(1, "weights"));
    }

    #[test]
    fn symmetric_numbers_fill_their_range_evenly() {
        let mut stream = Stream::new(7, "test");
        let draws: Vec<f32> = (0..10_000).map(|_| stream.symmetric()).collect();
        assert!(draws.iter().all(|x| (-1.0..1.0).contains(x)));
        let mean = draws.iter().sum::<f32>() / 1e4;
        let square = draws.iter().map(|x| x * x).sum::<f32>() / 1e4;
        assert!(mean.abs() < 0.02, "mean {mean}");
        assert!((square - 1.0 / 3.0).abs() < 0.02, "mean square {square}");
    }

    #[test]
    fn a_shuffle_keeps_every_item() {
        let mut items: Vec<u32> = (0..1000).collect();
        Stream::new(3, "test").shuffle(&mut items);
        assert_ne!(items[..10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        items.sort_unstable();
        assert!(items.iter().copied().eq(0..1000));
    }
}
