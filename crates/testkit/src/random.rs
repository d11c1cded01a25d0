//! Random choices that a seed determines.

use env::{Random, SimRandom};

/// A sequence of random choices.
pub struct Rng(SimRandom);

impl Rng {
    /// The sequence of this seed.
    pub fn seeded(seed: u64) -> Self {
        Rng(SimRandom::seeded(seed))
    }

    /// Any 64 bits.
    pub fn bits(&self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `end`, which must not be 0.
    pub fn below(&self, end: usize) -> usize {
        (self.0.next_u64() % end as u64) as usize
    }

    /// True once in `n` times.
    pub fn one_in(&self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of these.
    pub fn pick<'a, T>(&self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}
