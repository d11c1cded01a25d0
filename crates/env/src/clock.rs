//! Time.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Where time comes from.
pub trait Clock: Send + Sync {
    /// Nanoseconds since the Unix epoch; may jump when the machine's clock is set.
    fn now_ns(&self) -> i64;

    /// Nanoseconds since some fixed moment; never goes back.
    fn monotonic_ns(&self) -> u64;

    /// Milliseconds since the Unix epoch.
    fn now_ms(&self) -> i64 {
        self.now_ns().div_euclid(1_000_000)
    }
}

/// The machine's clock.
pub struct RealClock {
    start: Instant,
}

impl RealClock {
    /// A clock whose monotonic time starts now.
    pub fn new() -> Self {
        RealClock { start: Instant::now() }
    }
}

impl Default for RealClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for RealClock {
    fn now_ns(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_nanos()).unwrap_or(i64::MAX),
        }
    }

    fn monotonic_ns(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// A clock that tests move.
#[derive(Debug, Default)]
pub struct SimClock {
    wall_ns: AtomicI64,
    monotonic_ns: AtomicI64,
}

impl SimClock {
    /// A clock standing at this instant.
    pub fn at_ms(now_ms: i64) -> Self {
        let clock = SimClock::default();
        clock.set_ms(now_ms);
        clock
    }

    /// Lets time pass on both clocks.
    pub fn advance_ms(&self, by_ms: i64) {
        self.wall_ns.fetch_add(by_ms * 1_000_000, Ordering::SeqCst);
        self.monotonic_ns.fetch_add(by_ms * 1_000_000, Ordering::SeqCst);
    }

    /// Sets the wall clock, forwards or back, without time passing.
    pub fn set_ms(&self, now_ms: i64) {
        self.wall_ns.store(now_ms * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for SimClock {
    fn now_ns(&self) -> i64 {
        self.wall_ns.load(Ordering::SeqCst)
    }

    fn monotonic_ns(&self) -> u64 {
        self.monotonic_ns.load(Ordering::SeqCst).unsigned_abs()
    }
}
