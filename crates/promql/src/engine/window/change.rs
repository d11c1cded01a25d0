//! How fast values change. Each step looks at the ends of its window and at the places between
//! where the series is known to fall.

use model::Sample;

use super::slide::{Kernel, Window};
use crate::ast::seconds;

/// `rate`, `increase`, `delta`: the change between the first and the last sample, extrapolated to
/// the ends of the window where the samples come close to them.
pub(super) struct Change {
    is_counter: bool,
    per_second: bool,
    /// The positions of the samples that are less than those before them.
    resets: Vec<usize>,
    /// The first of those that lies after the first sample of the window.
    next: usize,
}

impl Change {
    pub(super) fn rate() -> Self {
        Change { is_counter: true, per_second: true, resets: Vec::new(), next: 0 }
    }

    pub(super) fn increase() -> Self {
        Change { per_second: false, ..Change::rate() }
    }

    pub(super) fn delta() -> Self {
        Change { is_counter: false, ..Change::increase() }
    }

    /// The change, counter resets evened out in their order.
    fn change(&mut self, window: &Window<'_>) -> f64 {
        let mut change = window.last().value - window.first().value;
        while self.resets.get(self.next).is_some_and(|reset| *reset <= window.from) {
            self.next += 1;
        }
        for reset in self.resets[self.next..].iter().take_while(|reset| **reset < window.to) {
            change += window.samples[reset - 1].value;
        }
        change
    }
}

impl Kernel for Change {
    fn begin(&mut self, samples: &[Sample]) {
        self.resets.clear();
        self.next = 0;
        if self.is_counter {
            let is_reset =
                |position: &usize| samples[*position].value < samples[position - 1].value;
            self.resets.extend((1..samples.len()).filter(is_reset));
        }
    }

    fn value(&mut self, window: &Window<'_>) -> Option<f64> {
        let intervals = window.to - window.from - 1;
        if intervals == 0 {
            return None;
        }
        let change = self.change(window);
        let (first, last) = (window.first(), window.last());
        let duration = |ms: i64| ms as f64 / 1000.0;
        let sampled = duration(last.t_ms - first.t_ms);
        let average = sampled / intervals as f64;
        // Where a sample would have been expected the series has probably begun or ended, on
        // average half an interval away.
        let threshold = average * 1.1;
        let reach = |gap: f64| if gap >= threshold { average / 2.0 } else { gap };
        let mut to_start = reach(duration(first.t_ms - window.start_ms));
        let to_end = reach(duration(window.end_ms - last.t_ms));
        if self.is_counter && change > 0.0 && first.value >= 0.0 {
            // A counter began at zero, not below.
            let to_zero = sampled * (first.value / change);
            if to_zero < to_start {
                to_start = to_zero;
            }
        }
        let mut factor = 1.0;
        if sampled != 0.0 {
            factor = (sampled + to_start + to_end) / sampled;
        }
        if self.per_second {
            factor /= seconds(window.end_ms - window.start_ms);
        }
        Some(change * factor)
    }
}

/// `irate` and `idelta`: between the last two samples.
pub(super) enum LastChange {
    Rate,
    Delta,
}

impl Kernel for LastChange {
    fn value(&mut self, window: &Window<'_>) -> Option<f64> {
        let [.., previous, last] = window.inside() else { return None };
        let interval_ms = last.t_ms - previous.t_ms;
        match self {
            _ if interval_ms == 0 => None,
            LastChange::Delta => Some(last.value - previous.value),
            LastChange::Rate => {
                let is_reset = last.value < previous.value;
                let change = if is_reset { last.value } else { last.value - previous.value };
                Some(change / (interval_ms as f64 / 1000.0))
            }
        }
    }
}

/// `resets` and `changes`: how many neighbours differ in a certain way.
pub(super) struct Pairs {
    counts: fn(f64, f64) -> bool,
    /// For each sample, how many pairs count up to it.
    up_to: Vec<u32>,
}

impl Pairs {
    pub(super) fn resets() -> Self {
        Pairs { counts: |before, now| now < before, up_to: Vec::new() }
    }

    /// From NaN to NaN is no change.
    pub(super) fn changes() -> Self {
        let counts = |a: f64, b: f64| a != b && !(a.is_nan() && b.is_nan());
        Pairs { counts, up_to: Vec::new() }
    }
}

impl Kernel for Pairs {
    fn begin(&mut self, samples: &[Sample]) {
        self.up_to.clear();
        let mut count = 0;
        self.up_to.extend(samples.first().map(|_| count));
        self.up_to.extend(samples.windows(2).map(|pair| {
            count += u32::from((self.counts)(pair[0].value, pair[1].value));
            count
        }));
    }

    fn value(&mut self, window: &Window<'_>) -> Option<f64> {
        Some(f64::from(self.up_to[window.to - 1] - self.up_to[window.from]))
    }
}

/// `count_over_time`
pub(super) struct Count;

impl Kernel for Count {
    fn value(&mut self, window: &Window<'_>) -> Option<f64> {
        Some((window.to - window.from) as f64)
    }
}
