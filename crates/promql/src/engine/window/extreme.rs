//! The largest and the smallest sample of a window, by a queue of those that may still become it
//! (the monotonic queue of "sliding window maximum").

use std::collections::VecDeque;

use model::Sample;

use super::slide::{Kernel, Window};

/// `max_over_time`, `min_over_time` and their times. NaN counts only where there is nothing else.
pub(super) struct Extreme {
    /// Whether the later of two samples makes the earlier one superfluous.
    outdoes: fn(f64, f64) -> bool,
    asks_time: bool,
    /// Positions in order of time, each of a sample that no later one outdoes.
    candidates: VecDeque<usize>,
    /// The first position that was not looked at.
    next: usize,
}

impl Extreme {
    /// Of equal values it is the first, but the last when it is asked for its time.
    pub(super) fn max(asks_time: bool) -> Self {
        let outdoes = if asks_time { |new, old| new >= old } else { |new: f64, old| new > old };
        Extreme { outdoes, asks_time, candidates: VecDeque::new(), next: 0 }
    }

    pub(super) fn min(asks_time: bool) -> Self {
        let outdoes = if asks_time { |new, old| new <= old } else { |new: f64, old| new < old };
        Extreme { outdoes, ..Extreme::max(asks_time) }
    }
}

impl Kernel for Extreme {
    fn begin(&mut self, _: &[Sample]) {
        self.candidates.clear();
        self.next = 0;
    }

    fn value(&mut self, window: &Window<'_>) -> Option<f64> {
        let samples = window.samples;
        for position in self.next.max(window.from)..window.to {
            let value = samples[position].value;
            if value.is_nan() {
                continue;
            }
            while self.candidates.back().is_some_and(|at| (self.outdoes)(value, samples[*at].value))
            {
                self.candidates.pop_back();
            }
            self.candidates.push_back(position);
        }
        self.next = window.to;
        while self.candidates.front().is_some_and(|position| *position < window.from) {
            self.candidates.pop_front();
        }
        let best = self.candidates.front().map_or(window.last(), |position| samples[*position]);
        Some(if self.asks_time { best.t_ms as f64 / 1000.0 } else { best.value })
    }
}
