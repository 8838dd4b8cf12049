//! Fuzzing: everything that reads what a stranger wrote, given what nobody would write.
//!
//! A [`Target`] takes bytes, hands them to the code that reads such a thing, and panics where a promise
//! is broken. Two engines drive the same targets: `tests/bounded.rs`, some seconds of damaged
//! seeds with a fixed seed, and `src/main.rs`, libFuzzer, which follows what the code does
//! (`cargo xtask fuzz`).

mod files;
mod target;

use peak_alloc::PeakAlloc;

pub use target::{ALL, of};

/// Counts what is allocated, so that a header which promises 4 GB is found out.
#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Something that reads what a stranger wrote.
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// The most bytes that may be allocated at once, whatever the input.
    pub memory: usize,
    /// The longest input that is worth a try, in bytes.
    pub longest: usize,
    /// Inputs that are as they should be, made by the project's own writers: where fuzzing begins.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Hands the input over, and says whether it was taken for what it should be.
    ///
    /// # Panics
    /// Where a promise is broken.
    pub run: fn(&[u8]) -> bool,
}

impl Target {
    /// Runs the input, and says whether it was taken. No two may run at once in one process.
    ///
    /// # Panics
    /// Where a promise is broken, or more is allocated than [`Target::memory`].
    pub fn execute(&self, input: &[u8]) -> bool {
        let before = HEAP.current_usage();
        HEAP.reset_peak_usage();
        let taken = (self.run)(input);
        let peak = HEAP.peak_usage().saturating_sub(before);
        assert!(
            peak <= self.memory,
            "{}: {peak} bytes allocated for an input of {}, more than {}",
            self.name,
            input.len(),
            self.memory
        );
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "bytes allocated for an input of 4")]
    fn a_length_that_lies_is_found_out() {
        let believer = Target {
            name: "believer",
            memory: 1_000_000,
            longest: 4,
            seeds: Vec::new,
            run: |input| {
                let length = input
                    .first_chunk()
                    .map_or(0, |bytes| u32::from_be_bytes(*bytes));
                Vec::<u8>::with_capacity(length as usize).is_empty()
            },
        };
        believer.execute(&[0, 0, 0, 9]);
        believer.execute(&[4, 0, 0, 0]);
    }
}
