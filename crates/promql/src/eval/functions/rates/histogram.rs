//! Changes of native histograms.

use std::borrow::Cow;

use model::{Histogram, HistogramSample, IncompatibleSchemes, ResetHint, Scheme};

use super::super::super::annotations::{Annotations, Operation};
use super::super::kernel::Window;
use super::{Change, Ends, is_reset_by_start, overlaps};

/// The change between the first and the last histogram, extrapolated as that of numbers.
pub(super) fn extrapolated(
    window: &Window<'_>,
    notes: &mut Annotations,
    kind: Change,
) -> Option<Histogram> {
    let samples = window.part.histograms;
    let (first, last) = (samples.first()?, samples.last()?);
    let mut change = None;
    if samples.len() > 1 {
        change = Some(raw_change(window, notes, kind)?);
    }
    let mut ends = Ends::of(window, kind, [first.t_ms, last.t_ms], samples.len());
    if ends.has_known_start(first.start_ms) {
        change = Some(match change {
            None => (*first.histogram).clone(),
            Some(change) => sum(&change, &first.histogram, window, notes)?,
        });
    }
    let change = change?;
    let is_counter = kind.is_of_counter();
    if is_counter && change.count > 0.0 && first.histogram.count >= 0.0 {
        ends.stop_at_zero(first.histogram.count / change.count);
    }
    Some(change.times(ends.factor(window)))
}

pub(super) fn sum(
    a: &Histogram,
    b: &Histogram,
    window: &Window<'_>,
    notes: &mut Annotations,
) -> Option<Histogram> {
    let Ok((sum, combined)) = a.plus(b) else {
        notes.mixed_schemes(window.range, window.name);
        return None;
    };
    if combined.bounds_reconciled {
        notes.bounds_reconciled(window.range, Operation::Addition);
    }
    Some(sum)
}

/// The change between the first and the last of at least two histograms.
fn raw_change(window: &Window<'_>, notes: &mut Annotations, kind: Change) -> Option<Histogram> {
    // Remarks count only if the schemes of all samples go together, but the last with the first.
    let mut own = Annotations::default();
    match between_ends(window, &mut own, kind) {
        Ok(change) => {
            notes.merge(own);
            change
        }
        Err(IncompatibleSchemes) => {
            notes.mixed_schemes(window.range, window.name);
            None
        }
    }
}

fn between_ends(
    window: &Window<'_>,
    notes: &mut Annotations,
    kind: Change,
) -> Result<Option<Histogram>, IncompatibleSchemes> {
    let [first, .., last] = window.part.histograms else { return Ok(None) };
    let second = &window.part.histograms[1];
    let (range, name) = (window.range, window.name);
    let is_gauge = |sample: &HistogramSample| sample.histogram.hint == ResetHint::Gauge;
    if kind.is_of_counter() && (is_gauge(first) || is_gauge(last)) {
        notes.not_a_counter(range, name);
    }
    let begins_anew = kind.is_of_counter() && is_reset([first, second], &first.histogram);
    let from = if begins_anew {
        Cow::Owned(Histogram::empty(second.histogram.scheme.clone()))
    } else {
        Cow::Borrowed(&*first.histogram)
    };
    if last.histogram.has_custom_bounds() != from.has_custom_bounds() {
        notes.mixed_schemes(range, name);
        return Ok(None);
    }
    let mut change = (*last.histogram).clone();
    if kind.is_of_counter() {
        for sample in &window.part.histograms[1..window.part.histograms.len() - 1] {
            if is_gauge(sample) {
                notes.not_a_counter(range, name);
            }
            if sample.histogram.has_custom_bounds() != from.has_custom_bounds() {
                return Err(IncompatibleSchemes);
            }
            if let Scheme::Exponential(schema) = sample.histogram.scheme {
                change = change.reduced_to(schema);
            }
        }
    }
    let (difference, combined) = change.minus(&from)?;
    if combined.bounds_reconciled {
        notes.bounds_reconciled(range, Operation::Subtraction);
    }
    let mut change = difference;
    if kind.is_of_counter() {
        change = with_resets(change, &from, window, notes)?;
    } else if !is_gauge(first) || !is_gauge(last) {
        notes.not_a_gauge(range, name);
    }
    change.hint = ResetHint::Gauge;
    Ok(Some(change.compact()))
}

/// Adds what a counter had each time before it began anew.
fn with_resets(
    mut change: Histogram,
    from: &Histogram,
    window: &Window<'_>,
    notes: &mut Annotations,
) -> Result<Histogram, IncompatibleSchemes> {
    let mut previous = from;
    let mut has_overlap = false;
    for pair in window.part.histograms.windows(2) {
        has_overlap |= overlaps([pair[0].start_ms, pair[1].start_ms], pair[0].t_ms);
        if is_reset([&pair[0], &pair[1]], previous) {
            let (sum, combined) = change.plus(previous)?;
            if combined.bounds_reconciled {
                notes.bounds_reconciled(window.range, Operation::Addition);
            }
            change = sum;
        }
        previous = &pair[1].histogram;
    }
    if has_overlap {
        notes.start_time_overlaps(window.range, window.name);
    }
    Ok(change)
}

/// Whether a counter began anew between two samples, of which the first had this value.
fn is_reset([previous, current]: [&HistogramSample; 2], value: &Histogram) -> bool {
    let starts = [previous.start_ms, current.start_ms];
    is_reset_by_start(starts, [previous.t_ms, current.t_ms])
        || current.histogram.is_reset_after(value)
}
