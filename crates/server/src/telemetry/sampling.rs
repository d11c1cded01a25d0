//! Which of the server's own requests are traced.

use std::sync::Arc;

use env::Clock;
use parking_lot::Mutex;

/// Traces per second that are kept whatever the load; failures are kept beyond that.
const TRACES_PER_SECOND: u32 = 10;

/// Takes the first few traces of every second, so that a flood of requests does not trace itself.
pub(super) struct Sampler {
    clock: Arc<dyn Clock>,
    taken: Mutex<(u64, u32)>,
}

impl Sampler {
    /// One that has taken nothing yet.
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Sampler { clock, taken: Mutex::new((0, 0)) }
    }

    /// Whether the trace that begins now is kept.
    pub(super) fn take(&self) -> bool {
        let second = self.clock.monotonic_ns() / 1_000_000_000;
        let mut taken = self.taken.lock();
        if taken.0 != second {
            *taken = (second, 0);
        }
        taken.1 += 1;
        taken.1 <= TRACES_PER_SECOND
    }
}

#[cfg(test)]
mod tests {
    use env::SimClock;

    use super::*;

    #[test]
    fn each_second_has_its_share() {
        let clock = Arc::new(SimClock::at_ms(0));
        let sampler = Sampler::new(clock.clone());
        let taken = (0..50).filter(|_| sampler.take()).count();
        assert_eq!(taken, TRACES_PER_SECOND as usize);
        clock.advance_ms(1000);
        assert!(sampler.take());
    }
}
