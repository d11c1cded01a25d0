//! The one door to clock, file system and randomness.
//!
//! Everything that makes two runs differ enters here, so that tests can replace it: a clock they
//! move, a disk that tears writes, forgets what was not synced, fills up or fails at the n-th
//! operation. No other crate names the clock or the disk; the linter refuses it.

#![allow(clippy::disallowed_methods, reason = "this is the door")]

mod clock;
mod fs;
mod glob;
mod random;
mod simulation;

use std::sync::Arc;

pub use clock::{Clock, RealClock, SimClock};
pub use fs::{Entry, File, Fs, Operation, RealFs, SimFs, Space, Survival, Volume};
pub use glob::{glob, is_pattern};
pub use random::{Random, RealRandom, SimRandom};
pub use simulation::Simulation;

/// The world as one value; a clone shares it.
#[derive(Clone)]
pub struct Env {
    /// Wall clock and monotonic clock.
    pub clock: Arc<dyn Clock>,
    /// Files.
    pub fs: Arc<dyn Fs>,
    /// Random numbers.
    pub random: Arc<dyn Random>,
}

impl Env {
    /// The real world.
    pub fn real() -> Self {
        Env {
            clock: Arc::new(RealClock::new()),
            fs: Arc::new(RealFs),
            random: Arc::new(RealRandom::new()),
        }
    }
}
