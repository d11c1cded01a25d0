//! When a group is evaluated.
//!
//! Evaluations are an interval apart by the monotonic clock, which nobody sets. Their timestamps lie
//! on slots of the wall clock, a fixed offset apart from full intervals, so that groups are spread
//! and a restart changes nothing. When the wall clock jumps, so do the slots, and the jump is told.

use crate::Moment;
use crate::fingerprint::hash;

/// The next evaluation of a group.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    interval_ms: i64,
    offset_ms: i64,
    /// The timestamp of the next evaluation.
    next_ms: i64,
    /// When it is due by the monotonic clock.
    due_mono_ms: i64,
}

/// An evaluation whose time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tick {
    /// Its timestamp.
    pub(super) at_ms: i64,
    /// How many should have been since the last.
    pub(super) missed: u64,
    /// How far the wall clock was set since the last.
    pub(super) jumped_ms: i64,
}

/// By how much the clocks may differ before one of them was set.
const TOLERANCE_MS: i64 = 1000;

impl Schedule {
    pub(super) fn new(file: &str, name: &str, interval_ms: i64, now: Moment) -> Self {
        let interval_ms = interval_ms.max(1);
        let bytes = file.bytes().chain([255]).chain(name.bytes());
        let offset_ms = (hash(bytes) % interval_ms.unsigned_abs()).cast_signed();
        let mut schedule = Schedule { interval_ms, offset_ms, next_ms: 0, due_mono_ms: 0 };
        schedule.next_ms = schedule.slot(now.wall.timestamp_millis()) + interval_ms;
        schedule.align(now);
        schedule
    }

    /// The latest slot that is not after an instant.
    fn slot(&self, wall_ms: i64) -> i64 {
        wall_ms - (wall_ms - self.offset_ms).rem_euclid(self.interval_ms)
    }

    fn align(&mut self, now: Moment) {
        self.due_mono_ms = now.mono_ms + (self.next_ms - now.wall.timestamp_millis()).max(1);
    }

    /// How long there is to wait.
    pub(super) fn wait_ms(&self, mono_ms: i64) -> i64 {
        (self.due_mono_ms - mono_ms).max(0)
    }

    /// The evaluation that is due now; the next one is an interval later.
    pub(super) fn tick(&mut self, now: Moment) -> Tick {
        let wall_ms = now.wall.timestamp_millis();
        let late_ms = (now.mono_ms - self.due_mono_ms).max(0);
        let missed = late_ms / self.interval_ms;
        let expected_ms = self.next_ms + missed * self.interval_ms;
        let ahead_ms = wall_ms - expected_ms - late_ms % self.interval_ms;
        let tolerance_ms = TOLERANCE_MS.min(self.interval_ms / 2);
        let mut tick = Tick { at_ms: expected_ms, missed: missed.unsigned_abs(), jumped_ms: 0 };
        if ahead_ms.abs() > tolerance_ms {
            let last_ms = self.next_ms - self.interval_ms;
            tick.at_ms = self.slot(wall_ms);
            tick.at_ms += if tick.at_ms == last_ms { self.interval_ms } else { 0 };
            tick.jumped_ms = ahead_ms;
        }
        self.next_ms = tick.at_ms + self.interval_ms;
        self.align(now);
        tick
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    const BASE_MS: i64 = 1_700_000_000_000;

    fn at(wall_ms: i64, mono_ms: i64) -> Moment {
        Moment { wall: Timestamp::from_timestamp_millis(BASE_MS + wall_ms).unwrap(), mono_ms }
    }

    #[test]
    fn slots_are_stable_and_spread() {
        let slots = |name: &str, from: i64| {
            let mut schedule = Schedule::new("f", name, 60_000, at(from, 0));
            let wait = schedule.wait_ms(0);
            assert!((1..=60_000).contains(&wait));
            schedule.tick(at(from + wait, wait)).at_ms.rem_euclid(60_000)
        };
        assert_eq!(slots("a", 0), slots("a", 123_456), "the same slot after a restart");
        assert_ne!(slots("a", 0), slots("b", 0));
    }

    #[test]
    fn a_steady_clock() {
        let mut schedule = Schedule::new("f", "g", 1000, at(0, 0));
        let first = schedule.wait_ms(0);
        let tick = schedule.tick(at(first, first));
        assert_eq!(schedule.wait_ms(first), 1000);
        let late = first + 1000 + 300;
        let second = schedule.tick(at(late, late));
        assert_eq!(second, Tick { at_ms: tick.at_ms + 1000, missed: 0, jumped_ms: 0 });
        assert_eq!(schedule.wait_ms(late), 700, "being late once does not move the slots");
        let very_late = first + 2000 + 3500;
        let third = schedule.tick(at(very_late, very_late));
        assert_eq!(third, Tick { at_ms: tick.at_ms + 5000, missed: 3, jumped_ms: 0 });
    }

    #[test]
    fn a_clock_that_is_set() {
        for jump in [600_000, -6 * 3_600_000, 31_536_000_000, 90_500, -1_500, 1_500] {
            let mut schedule = Schedule::new("f", "g", 60_000, at(0, 0));
            let first = schedule.wait_ms(0);
            let before = schedule.tick(at(first, first)).at_ms;
            let (wall, mono) = (first + 60_000 + jump, first + 60_000);
            let tick = schedule.tick(at(wall, mono));
            assert_eq!((tick.jumped_ms, tick.missed), (jump, 0));
            let now_ms = BASE_MS + wall;
            assert!(
                (tick.at_ms - now_ms).abs() < 60_000 && tick.at_ms != before,
                "{jump}: {tick:?}"
            );
            let wait = schedule.wait_ms(mono);
            assert!((1..=61_500).contains(&wait), "{jump}: evaluations go on: {wait}");
            let next = schedule.tick(at(wall + wait, mono + wait));
            assert_eq!(next, Tick { at_ms: tick.at_ms + 60_000, missed: 0, jumped_ms: 0 });
        }
    }
}
