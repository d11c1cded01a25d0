//! Randomness: for identifiers, jitter and nonces; secrets are not made from it.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

/// Where random numbers come from.
pub trait Random: Send + Sync {
    /// The next number, uniform over all 64 bits.
    fn next_u64(&self) -> u64;

    /// Fills `out` with random bytes.
    fn fill(&self, out: &mut [u8]) {
        for chunk in out.chunks_mut(8) {
            let bytes = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
    }
}

/// A sequence that starts elsewhere in each process: keys the operating system gave, in counter mode.
pub struct RealRandom {
    keys: RandomState,
    counter: AtomicU64,
}

impl RealRandom {
    /// A sequence with fresh keys.
    pub fn new() -> Self {
        RealRandom { keys: RandomState::new(), counter: AtomicU64::new(0) }
    }
}

impl Default for RealRandom {
    fn default() -> Self {
        Self::new()
    }
}

impl Random for RealRandom {
    fn next_u64(&self) -> u64 {
        let mut hasher = self.keys.build_hasher();
        hasher.write_u64(self.counter.fetch_add(1, Ordering::Relaxed));
        hasher.finish()
    }
}

/// A sequence that a seed determines: SplitMix64 (Steele, Lea and Flood, 2014).
pub struct SimRandom {
    state: AtomicU64,
}

impl SimRandom {
    /// The sequence of this seed.
    pub fn seeded(seed: u64) -> Self {
        SimRandom { state: AtomicU64::new(seed) }
    }
}

impl Random for SimRandom {
    fn next_u64(&self) -> u64 {
        let step = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.state.fetch_add(step, Ordering::SeqCst).wrapping_add(step);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
