//! Changes between the very ends of a window, for `anchored` and `smoothed`.

use model::{Histogram, HistogramSample, ResetHint};

use super::super::super::annotations::{Annotations, Operation};
use super::super::super::extension::{histogram_between, left, right, span};
use super::super::kernel::Window;
use super::Change;
use super::histogram::sum;
use crate::ast::RangeExtension;

/// The samples of a window that count, and whether there is interpolation.
fn counted<T>(
    samples: &[T],
    time: impl Fn(&T) -> i64,
    window: &Window<'_>,
    extension: RangeExtension,
) -> Option<([usize; 2], bool)> {
    let is_smoothed = extension == RangeExtension::Smoothed;
    let times: Vec<i64> = samples.iter().map(time).collect();
    let [first, last] = span(&times, [window.start_ms, window.end_ms], is_smoothed)?;
    let is_after = is_smoothed && times[first] > window.end_ms;
    (!is_after).then_some(([first, last], is_smoothed))
}

pub(super) fn of_samples(
    window: &Window<'_>,
    extension: RangeExtension,
    kind: Change,
) -> Option<f64> {
    let samples = window.samples;
    let (span, is_smoothed) = counted(samples, |sample| sample.t_ms, window, extension)?;
    let [first, last] = span;
    let is_counter = kind.is_of_counter();
    let left = left(samples, first, window.start_ms, is_smoothed, is_counter);
    let right = right(samples, last, window.end_ms, is_smoothed, is_counter);
    let mut change = right - left;
    if is_counter {
        let is_within = |t_ms: i64| t_ms > window.start_ms && t_ms < window.end_ms;
        let within = samples[first..=last].iter().filter(|sample| is_within(sample.t_ms));
        let mut previous = left;
        for value in within.map(|sample| sample.value).chain([right]) {
            if value < previous {
                change += previous;
            }
            previous = value;
        }
    }
    Some(if kind == Change::Rate { change / window.seconds() } else { change })
}

pub(super) fn of_histograms(
    window: &Window<'_>,
    notes: &mut Annotations,
    extension: RangeExtension,
    kind: Change,
) -> Option<Histogram> {
    let samples = window.part.histograms;
    let (span, is_smoothed) = counted(samples, |sample| sample.t_ms, window, extension)?;
    let [first, last] = span;
    let is_counter = kind.is_of_counter();
    let has_custom = samples[first].histogram.has_custom_bounds();
    for sample in &samples[first..=last] {
        if sample.histogram.has_custom_bounds() != has_custom {
            notes.mixed_schemes(window.range, window.name);
            return None;
        }
        if is_counter && sample.histogram.hint == ResetHint::Gauge {
            notes.not_a_counter(window.range, window.name);
        }
    }
    let mut at = |before: usize, t_ms: i64| {
        let [before, after] = [&samples[before], &samples[before + 1]];
        histogram_between(before, after, t_ms, is_counter, (notes, window.range))
    };
    let left = if is_smoothed && samples[first].t_ms < window.start_ms {
        at(first, window.start_ms)
    } else {
        Ok((*samples[first].histogram).clone())
    };
    let right = if is_smoothed && last > 0 && samples[last].t_ms > window.end_ms {
        at(last - 1, window.end_ms)
    } else {
        Ok((*samples[last].histogram).clone())
    };
    let (Ok(left), Ok(right)) = (left, right) else {
        notes.mixed_schemes(window.range, window.name);
        return None;
    };
    let is_gauge = |histogram: &Histogram| histogram.hint == ResetHint::Gauge;
    if !is_counter && (!is_gauge(&left) || !is_gauge(&right)) {
        notes.not_a_gauge(window.range, window.name);
    }
    let Ok((mut change, combined)) = right.minus(&left) else {
        notes.mixed_schemes(window.range, window.name);
        return None;
    };
    if combined.bounds_reconciled {
        notes.bounds_reconciled(window.range, Operation::Subtraction);
    }
    if is_counter {
        let lost = lost_by_resets(window, &samples[first..=last], [&left, &right], is_smoothed);
        let lost = lost.into_iter().try_fold(None, |sum_so_far: Option<Histogram>, value| {
            let sum = match sum_so_far {
                None => Some(value.clone()),
                Some(so_far) => sum(&so_far, value, window, notes),
            };
            sum.map(Some)
        })?;
        if let Some(lost) = lost {
            change = sum(&change, &lost, window, notes)?;
        }
    }
    if kind == Change::Rate {
        change = change.divided_by(window.seconds());
    }
    change.hint = ResetHint::Gauge;
    Some(change.compact())
}

/// What a counter had each time before it began anew, from the value at the start of the window to
/// that at its end.
fn lost_by_resets<'h>(
    window: &Window<'_>,
    samples: &'h [HistogramSample],
    [left, right]: [&'h Histogram; 2],
    is_smoothed: bool,
) -> Vec<&'h Histogram> {
    let [first, rest @ ..] = samples else { return Vec::new() };
    let mut within = rest;
    let mut previous = left;
    // A value at the start that was interpolated across a reset is one of after the reset.
    if let [second, after @ ..] = rest
        && is_smoothed
        && first.t_ms < window.start_ms
        && second.histogram.is_reset_after(&first.histogram)
    {
        (previous, within) = (&second.histogram, after);
    }
    // The value at the end stands for the last sample.
    let Some((_, within)) = within.split_last() else { return Vec::new() };
    let mut lost = Vec::new();
    for value in within.iter().map(|sample| &*sample.histogram).chain([right]) {
        if value.is_reset_after(previous) {
            lost.push(previous);
        }
        previous = value;
    }
    lost
}
