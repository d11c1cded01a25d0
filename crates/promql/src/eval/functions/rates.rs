//! How fast values change.

mod extended;
mod histogram;
mod starts;

use model::{ResetHint, SampleValue};

use super::super::annotations::{Annotations, Operation};
use super::kernel::{Point, PointValue, Window};
use crate::ast::RangeExtension;
use starts::{is_reset_by_start, overlaps};

/// What a change is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    /// Of a counter, per second.
    Rate,
    /// Of a counter.
    Increase,
    /// Of a gauge.
    Delta,
}

impl Change {
    fn is_of_counter(self) -> bool {
        self != Change::Delta
    }
}

/// Per second, counter resets evened out.
pub(super) fn rate(window: &Window<'_>, notes: &mut Annotations) -> Option<SampleValue> {
    change(window, notes, Change::Rate)
}

/// Over the window, counter resets evened out.
pub(super) fn increase(window: &Window<'_>, notes: &mut Annotations) -> Option<SampleValue> {
    change(window, notes, Change::Increase)
}

/// Over the window, for gauges.
pub(super) fn delta(window: &Window<'_>, notes: &mut Annotations) -> Option<SampleValue> {
    change(window, notes, Change::Delta)
}

fn change(window: &Window<'_>, notes: &mut Annotations, kind: Change) -> Option<SampleValue> {
    let has_histograms = !window.part.histograms.is_empty();
    if has_histograms && !window.samples.is_empty() {
        notes.mixed_types(window.range, window.name);
        return None;
    }
    match (window.extension, has_histograms) {
        (None, false) => extrapolated(window, notes, kind).map(SampleValue::Float),
        (None, true) => histogram::extrapolated(window, notes, kind).map(SampleValue::from),
        (Some(extension), false) => {
            extended::of_samples(window, extension, kind).map(SampleValue::Float)
        }
        (Some(extension), true) => {
            extended::of_histograms(window, notes, extension, kind).map(SampleValue::from)
        }
    }
}

/// The change between the first and the last sample, extrapolated to the ends of the window where
/// the samples come close to them.
fn extrapolated(window: &Window<'_>, notes: &mut Annotations, kind: Change) -> Option<f64> {
    let [first, .., last] = window.samples else { return only_sample(window, kind) };
    let mut change = last.value - first.value;
    if kind.is_of_counter() {
        let mut has_overlap = false;
        for (position, pair) in window.samples.windows(2).enumerate() {
            let [previous, current] = [position, position + 1].map(|at| window.start_of(at));
            let times = [pair[0].t_ms, pair[1].t_ms];
            has_overlap |= overlaps([previous, current], times[0]);
            let by_start = is_reset_by_start([previous, current], times);
            if pair[1].value < pair[0].value || by_start {
                change += pair[0].value;
            }
        }
        if has_overlap {
            notes.start_time_overlaps(window.range, window.name);
        }
    }
    let mut ends = Ends::of(window, kind, [first.t_ms, last.t_ms], window.samples.len());
    if ends.has_known_start(window.start_of(0)) {
        change += first.value;
    } else if kind.is_of_counter() && change > 0.0 && first.value >= 0.0 {
        ends.stop_at_zero(first.value / change);
    }
    Some(change * ends.factor(window))
}

/// A single sample has a change if it is known when it was zero.
fn only_sample(window: &Window<'_>, kind: Change) -> Option<f64> {
    let [only] = window.samples else { return None };
    let mut ends = Ends::of(window, kind, [only.t_ms; 2], 1);
    let is_known = ends.has_known_start(window.start_of(0));
    is_known.then(|| only.value * ends.factor(window))
}

/// How far the samples of a window are from its ends.
struct Ends {
    kind: Change,
    window_start_ms: i64,
    first_ms: i64,
    last_ms: i64,
    /// Seconds between the samples.
    sampled: f64,
    /// Seconds to extrapolate.
    to_start: f64,
    to_end: f64,
}

impl Ends {
    fn of(window: &Window<'_>, kind: Change, [first_ms, last_ms]: [i64; 2], count: usize) -> Self {
        let seconds = |ms: i64| ms as f64 / 1000.0;
        let sampled = seconds(last_ms - first_ms);
        let average = if count > 1 { sampled / (count - 1) as f64 } else { 0.0 };
        // Where a sample would have been expected the series has probably begun or ended, on
        // average half an interval away.
        let threshold = average * 1.1;
        let reach = |gap: f64| if gap >= threshold { average / 2.0 } else { gap };
        let window_start_ms = window.start_ms;
        let to_start = reach(seconds(first_ms - window_start_ms));
        let to_end = reach(seconds(window.end_ms - last_ms));
        Ends { kind, window_start_ms, first_ms, last_ms, sampled, to_start, to_end }
    }

    /// Whether the counter is known to have begun at zero within the window; it is followed from
    /// there on then.
    fn has_known_start(&mut self, start_ms: i64) -> bool {
        let is_known = self.kind.is_of_counter()
            && start_ms != 0
            && start_ms > self.window_start_ms
            && start_ms < self.first_ms;
        if is_known {
            self.to_start = 0.0;
            self.sampled = (self.last_ms - start_ms) as f64 / 1000.0;
        }
        is_known
    }

    /// A counter began at zero, not below; its first value is this part of its change.
    fn stop_at_zero(&mut self, part: f64) {
        let to_zero = self.sampled * part;
        if to_zero < self.to_start {
            self.to_start = to_zero;
        }
    }

    fn factor(&self, window: &Window<'_>) -> f64 {
        let mut factor = 1.0;
        if self.sampled != 0.0 {
            factor = (self.sampled + self.to_start + self.to_end) / self.sampled;
        }
        if self.kind == Change::Rate { factor / window.seconds() } else { factor }
    }
}

/// Per second, between the last two samples, a counter reset evened out.
pub(super) fn irate(window: &Window<'_>, notes: &mut Annotations) -> Option<SampleValue> {
    last_change(window, notes, true)
}

/// Between the last two samples.
pub(super) fn idelta(window: &Window<'_>, notes: &mut Annotations) -> Option<SampleValue> {
    last_change(window, notes, false)
}

fn last_change(window: &Window<'_>, notes: &mut Annotations, is_rate: bool) -> Option<SampleValue> {
    let points = window.points();
    let [.., previous, last] = points.as_slice() else { return None };
    let interval_ms = last.t_ms - previous.t_ms;
    if interval_ms == 0 {
        return None;
    }
    let seconds = interval_ms as f64 / 1000.0;
    let by_start = is_rate && is_point_reset_by_start(previous, last);
    match (previous.value, last.value) {
        (PointValue::Float(before), PointValue::Float(now)) => {
            let is_reset = by_start || is_rate && now < before;
            let change = if is_reset { now } else { now - before };
            Some(SampleValue::Float(if is_rate { change / seconds } else { change }))
        }
        (PointValue::Histogram(before), PointValue::Histogram(now)) => {
            let is_gauge = [before, now].map(|h| h.hint == ResetHint::Gauge);
            if is_rate && is_gauge.contains(&true) {
                notes.not_a_counter(window.range, window.name);
            }
            if !is_rate && is_gauge.contains(&false) {
                notes.not_a_gauge(window.range, window.name);
            }
            let mut change = (**now).clone();
            if !is_rate || !by_start && !now.is_reset_after(before) {
                let Ok((difference, combined)) = now.minus(before) else {
                    notes.mixed_schemes(window.range, window.name);
                    return None;
                };
                if combined.bounds_reconciled {
                    notes.bounds_reconciled(window.range, Operation::Subtraction);
                }
                change = difference;
            }
            change.hint = ResetHint::Gauge;
            let change = change.compact();
            Some(if is_rate { change.divided_by(seconds).into() } else { change.into() })
        }
        _ => {
            notes.mixed_types(window.range, window.name);
            None
        }
    }
}

fn is_point_reset_by_start(previous: &Point<'_>, current: &Point<'_>) -> bool {
    is_reset_by_start([previous.start_ms, current.start_ms], [previous.t_ms, current.t_ms])
}

/// The samples that are compared: those of the window, and if it is anchored the one before it.
fn compared<'w>(window: &Window<'w>) -> Option<Vec<Point<'w>>> {
    let mut points = window.points();
    if window.extension == Some(RangeExtension::Anchored) {
        let before = points.partition_point(|point| point.t_ms <= window.start_ms);
        if before == points.len() {
            return None;
        }
        points.drain(..before.saturating_sub(1));
    }
    Some(points)
}

/// How often a counter began anew.
pub(super) fn resets(window: &Window<'_>, _: &mut Annotations) -> Option<SampleValue> {
    let is_reset = |pair: &&[Point<'_>]| {
        let by_start = is_point_reset_by_start(&pair[0], &pair[1]);
        match (pair[0].value, pair[1].value) {
            (PointValue::Float(before), PointValue::Float(now)) => now < before || by_start,
            (PointValue::Histogram(before), PointValue::Histogram(now)) => {
                by_start || now.is_reset_after(before)
            }
            _ => true,
        }
    };
    let count = compared(window)?.windows(2).filter(is_reset).count();
    Some(SampleValue::Float(count as f64))
}

/// How often the value changed; from NaN to NaN is no change.
pub(super) fn changes(window: &Window<'_>, _: &mut Annotations) -> Option<SampleValue> {
    let is_change = |pair: &&[Point<'_>]| match (pair[0].value, pair[1].value) {
        (PointValue::Float(a), PointValue::Float(b)) => a != b && !(a.is_nan() && b.is_nan()),
        (PointValue::Histogram(a), PointValue::Histogram(b)) => !a.is_same(b),
        _ => true,
    };
    let count = compared(window)?.windows(2).filter(is_change).count();
    Some(SampleValue::Float(count as f64))
}
