//! How long to wait before trying again.

use env::Random;

const FIRST_MS: f64 = 500.0;
const FACTOR: f64 = 1.5;
const LONGEST_MS: f64 = 60_000.0;

/// Waits that grow, each somewhere between half and one and a half of what is due.
pub(super) struct Backoff {
    next_ms: f64,
}

impl Backoff {
    pub(super) fn new() -> Self {
        Backoff { next_ms: FIRST_MS }
    }

    /// The next wait in milliseconds.
    pub(super) fn wait_ms(&mut self, random: &dyn Random) -> u64 {
        let unit = (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
        let wait = self.next_ms * (0.5 + unit);
        self.next_ms = (self.next_ms * FACTOR).min(LONGEST_MS);
        wait as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_minute() {
        let random = env::SimRandom::seeded(7);
        let mut backoff = Backoff::new();
        let waits: Vec<u64> = (0..30).map(|_| backoff.wait_ms(&random)).collect();
        assert!((250..750).contains(&waits[0]), "{waits:?}");
        assert!(waits[20..].iter().all(|wait| (30_000..90_000).contains(wait)), "{waits:?}");
        assert!(waits[20..].windows(2).any(|pair| pair[0] != pair[1]), "{waits:?}");
    }
}
