//! A world that tests command: a clock they move, a disk they break, numbers a seed determines.

use std::sync::Arc;

use crate::{Env, SimClock, SimFs, SimRandom};

/// The parts of a simulated world, as the test sees them; [`Simulation::env`] is what the tested
/// code sees.
#[derive(Clone)]
pub struct Simulation {
    /// Stands still unless moved.
    pub clock: Arc<SimClock>,
    /// Fails on demand.
    pub fs: Arc<SimFs>,
    /// Repeats itself for the same seed.
    pub random: Arc<SimRandom>,
}

/// 2024-01-01T12:00:00Z: the middle of a day, so that a test meets midnight only on purpose.
const START_MS: i64 = 1_704_110_400_000;

impl Simulation {
    /// A world with an empty disk, at noon on the first of January 2024.
    pub fn seeded(seed: u64) -> Self {
        Simulation {
            clock: Arc::new(SimClock::at_ms(START_MS)),
            fs: Arc::new(SimFs::seeded(seed)),
            random: Arc::new(SimRandom::seeded(seed.rotate_left(32))),
        }
    }

    /// The same world for the tested code.
    pub fn env(&self) -> Env {
        Env { clock: self.clock.clone(), fs: self.fs.clone(), random: self.random.clone() }
    }
}
