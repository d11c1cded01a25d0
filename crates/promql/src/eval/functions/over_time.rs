//! Aggregations of one series over time.

mod histogram;

use model::{Sample, SampleValue};

use super::super::annotations::Annotations;
use super::super::quantile::quantile as quantile_of;
use super::super::sum::{Mean, Sum};
use super::kernel::Window;

/// The value of a function that numbers and histograms have, but not both together.
fn of_one_kind(
    window: &Window<'_>,
    notes: &mut Annotations,
    of_floats: fn(&Window<'_>) -> Option<f64>,
    of_histograms: fn(&Window<'_>, &mut Annotations) -> Option<SampleValue>,
) -> Option<SampleValue> {
    if window.part.histograms.is_empty() {
        return of_floats(window).map(SampleValue::Float);
    }
    if window.samples.is_empty() {
        return of_histograms(window, notes);
    }
    notes.mixed_types(window.range, window.name);
    None
}

pub(super) fn avg(window: &Window<'_>, notes: &mut Annotations) -> Option<SampleValue> {
    of_one_kind(window, notes, avg_of_floats, histogram::avg)
}

fn avg_of_floats(window: &Window<'_>) -> Option<f64> {
    let mut values = window.values();
    let mut mean = Mean::starting_with(values.next()?);
    values.for_each(|value| mean.add(value));
    Some(mean.value())
}

pub(super) fn sum(window: &Window<'_>, notes: &mut Annotations) -> Option<SampleValue> {
    of_one_kind(window, notes, sum_of_floats, histogram::sum)
}

fn sum_of_floats(window: &Window<'_>) -> Option<f64> {
    let mut sum = Sum::default();
    window.values().for_each(|value| sum.add(value));
    Some(if sum.sum.is_infinite() { sum.sum } else { sum.total() })
}

pub(super) fn count(window: &Window<'_>, _: &mut Annotations) -> Option<SampleValue> {
    let count = window.samples.len() + window.part.histograms.len();
    Some(SampleValue::Float(count as f64))
}

pub(super) fn present(_: &Window<'_>, _: &mut Annotations) -> Option<SampleValue> {
    Some(SampleValue::Float(1.0))
}

pub(super) fn first(window: &Window<'_>, _: &mut Annotations) -> Option<SampleValue> {
    window.points().first().map(|point| point.value.into())
}

pub(super) fn last(window: &Window<'_>, _: &mut Annotations) -> Option<SampleValue> {
    window.points().last().map(|point| point.value.into())
}

pub(super) fn ts_of_first(window: &Window<'_>, _: &mut Annotations) -> Option<SampleValue> {
    window.points().first().map(|point| seconds(point.t_ms).into())
}

pub(super) fn ts_of_last(window: &Window<'_>, _: &mut Annotations) -> Option<SampleValue> {
    window.points().last().map(|point| seconds(point.t_ms).into())
}

pub(super) fn max(window: &Window<'_>) -> Option<f64> {
    extreme(window, |new, old| new > old).map(|sample| sample.value)
}

pub(super) fn min(window: &Window<'_>) -> Option<f64> {
    extreme(window, |new, old| new < old).map(|sample| sample.value)
}

pub(super) fn ts_of_max(window: &Window<'_>) -> Option<f64> {
    extreme(window, |new, old| new >= old).map(|sample| seconds(sample.t_ms))
}

pub(super) fn ts_of_min(window: &Window<'_>) -> Option<f64> {
    extreme(window, |new, old| new <= old).map(|sample| seconds(sample.t_ms))
}

fn seconds(t_ms: i64) -> f64 {
    t_ms as f64 / 1000.0
}

/// The sample that is better than all before it; anything is better than NaN.
fn extreme<'w>(window: &Window<'w>, is_better: impl Fn(f64, f64) -> bool) -> Option<&'w Sample> {
    window.samples.iter().reduce(|old, new| {
        if is_better(new.value, old.value) || old.value.is_nan() { new } else { old }
    })
}

pub(super) fn quantile(window: &Window<'_>) -> Option<f64> {
    let mut values: Vec<f64> = window.values().collect();
    Some(quantile_of(*window.args.first()?, &mut values))
}

/// The median of the distances from the median.
pub(super) fn mad(window: &Window<'_>) -> Option<f64> {
    let mut values: Vec<f64> = window.values().collect();
    if values.iter().any(|value| value.is_nan()) {
        return Some(f64::NAN);
    }
    let median = quantile_of(0.5, &mut values);
    for value in &mut values {
        *value = (*value - median).abs();
    }
    Some(quantile_of(0.5, &mut values))
}

pub(super) fn stdvar(window: &Window<'_>) -> Option<f64> {
    let (mut mean, mut squares, mut count) = (Sum::default(), Sum::default(), 0.0);
    for value in window.values() {
        count += 1.0;
        let delta = value - mean.total();
        mean.add(delta / count);
        squares.add(delta * (value - mean.total()));
    }
    Some(squares.total() / count)
}

pub(super) fn stddev(window: &Window<'_>) -> Option<f64> {
    stdvar(window).map(f64::sqrt)
}
