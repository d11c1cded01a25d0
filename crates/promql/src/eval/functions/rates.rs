//! How fast values change.

use super::window::Window;

/// Per second, counter resets evened out.
pub(super) fn rate(window: &Window<'_>) -> Option<f64> {
    extrapolated(window, true, true)
}

/// Over the window, counter resets evened out.
pub(super) fn increase(window: &Window<'_>) -> Option<f64> {
    extrapolated(window, true, false)
}

/// Over the window, for gauges.
pub(super) fn delta(window: &Window<'_>) -> Option<f64> {
    extrapolated(window, false, false)
}

/// The change between the first and the last sample, extrapolated to the ends of the window where
/// the samples come close to them.
fn extrapolated(window: &Window<'_>, is_counter: bool, per_second: bool) -> Option<f64> {
    let [first, .., last] = window.samples else { return None };
    let mut change = last.value - first.value;
    if is_counter {
        for pair in window.samples.windows(2) {
            if pair[1].value < pair[0].value {
                change += pair[0].value;
            }
        }
    }
    let mut to_start = (first.t_ms - window.start_ms) as f64 / 1000.0;
    let mut to_end = (window.end_ms - last.t_ms) as f64 / 1000.0;
    let sampled = (last.t_ms - first.t_ms) as f64 / 1000.0;
    let average = sampled / (window.samples.len() - 1) as f64;
    // Where a sample would have been expected the series has probably begun or ended, on average
    // half an interval away.
    let threshold = average * 1.1;
    if to_start >= threshold {
        to_start = average / 2.0;
    }
    if is_counter {
        // A counter began at zero, not below.
        let mut to_zero = to_start;
        if change > 0.0 && first.value >= 0.0 {
            to_zero = sampled * (first.value / change);
        }
        if to_zero < to_start {
            to_start = to_zero;
        }
    }
    if to_end >= threshold {
        to_end = average / 2.0;
    }
    let mut factor = if sampled == 0.0 { 1.0 } else { (sampled + to_start + to_end) / sampled };
    if per_second {
        factor /= window.seconds();
    }
    Some(change * factor)
}

/// Per second, between the last two samples, a counter reset evened out.
pub(super) fn irate(window: &Window<'_>) -> Option<f64> {
    last_change(window, true)
}

/// Between the last two samples.
pub(super) fn idelta(window: &Window<'_>) -> Option<f64> {
    last_change(window, false)
}

fn last_change(window: &Window<'_>, is_rate: bool) -> Option<f64> {
    let [.., previous, last] = window.samples else { return None };
    let interval_ms = last.t_ms - previous.t_ms;
    if interval_ms == 0 {
        return None;
    }
    let is_reset = is_rate && last.value < previous.value;
    let change = if is_reset { last.value } else { last.value - previous.value };
    Some(if is_rate { change / (interval_ms as f64 / 1000.0) } else { change })
}

/// How often a counter fell.
pub(super) fn resets(window: &Window<'_>) -> Option<f64> {
    let resets = window.samples.windows(2).filter(|pair| pair[1].value < pair[0].value);
    Some(resets.count() as f64)
}

/// How often the value changed; from NaN to NaN is no change.
pub(super) fn changes(window: &Window<'_>) -> Option<f64> {
    let is_change = |a: f64, b: f64| a != b && !(a.is_nan() && b.is_nan());
    let changes = window.samples.windows(2).filter(|pair| is_change(pair[0].value, pair[1].value));
    Some(changes.count() as f64)
}
