//! `anchored` and `smoothed`: what a series is worth at the ends of a window, told from the samples
//! around them.

use std::sync::Arc;

use model::{Histogram, HistogramSample, IncompatibleSchemes, ResetHint, Sample, SampleValue};

use super::annotations::{Annotations, Operation};
use super::matrix::{Matrix, Series};
use super::select::{Part, RangeVector};
use super::{EvalError, Evaluator, Steps};
use crate::ast::{RangeExtension, TextRange, VectorSelector};

/// Functions that know what to do with the samples beyond the ends of a window.
const ANCHORED_FUNCTIONS: [&str; 5] = ["changes", "delta", "increase", "rate", "resets"];
const SMOOTHED_FUNCTIONS: [&str; 3] = ["delta", "increase", "rate"];

/// Fails for a function that cannot be called with such windows.
pub(super) fn check_function(extension: RangeExtension, function: &str) -> Result<(), EvalError> {
    let (name, functions) = match extension {
        RangeExtension::Anchored => ("anchored", &ANCHORED_FUNCTIONS[..]),
        RangeExtension::Smoothed => ("smoothed", &SMOOTHED_FUNCTIONS[..]),
    };
    if functions.contains(&function) {
        return Ok(());
    }
    let functions = functions.join(", ");
    let message =
        format!("{name} modifier can only be used with: {functions} - not with {function}");
    Err(EvalError::Execution(message))
}

/// The samples that count for a window from `start_ms` to `end_ms`: the first is the last one that
/// is not after the start, if there is one, and if there is interpolation the last is the first one
/// that is not before the end. The times ascend and there is at least one.
pub(super) fn span(
    times: &[i64],
    [start_ms, end_ms]: [i64; 2],
    is_smoothed: bool,
) -> Option<[usize; 2]> {
    let last = times.len() - 1;
    let first = times[..last].partition_point(|t_ms| *t_ms <= start_ms).saturating_sub(1);
    let last =
        if is_smoothed { times[..last].partition_point(|t_ms| *t_ms < end_ms) } else { last };
    (times[last] > start_ms).then_some([first, last])
}

/// The value on the line between two samples; a counter that fell began at zero.
pub(super) fn between(before: &Sample, after: &Sample, t_ms: i64, is_counter: bool) -> f64 {
    let is_reset = is_counter && after.value < before.value;
    let from = if is_reset { 0.0 } else { before.value };
    from + (after.value - from) * (t_ms - before.t_ms) as f64 / (after.t_ms - before.t_ms) as f64
}

/// The value at the start of a window, whose first sample is this one.
pub(super) fn left(
    samples: &[Sample],
    first: usize,
    start_ms: i64,
    is_smoothed: bool,
    is_counter: bool,
) -> f64 {
    if is_smoothed && samples[first].t_ms < start_ms {
        return between(&samples[first], &samples[first + 1], start_ms, is_counter);
    }
    samples[first].value
}

/// The value at the end of a window, whose last sample is this one.
pub(super) fn right(
    samples: &[Sample],
    last: usize,
    end_ms: i64,
    is_smoothed: bool,
    is_counter: bool,
) -> f64 {
    if is_smoothed && last > 0 && samples[last].t_ms > end_ms {
        return between(&samples[last - 1], &samples[last], end_ms, is_counter);
    }
    samples[last].value
}

/// The histogram so far between two others; a counter that began anew began with nothing.
pub(super) fn histogram_between(
    before: &HistogramSample,
    after: &HistogramSample,
    t_ms: i64,
    is_counter: bool,
    (notes, range): (&mut Annotations, TextRange),
) -> Result<Histogram, IncompatibleSchemes> {
    if t_ms == before.t_ms {
        return Ok((*before.histogram).clone());
    }
    if t_ms == after.t_ms {
        return Ok((*after.histogram).clone());
    }
    let part = (t_ms - before.t_ms) as f64 / (after.t_ms - before.t_ms) as f64;
    if is_counter && after.histogram.is_reset_after(&before.histogram) {
        return Ok((*after.histogram).clone().times(part));
    }
    let (difference, combined) = after.histogram.minus(&before.histogram)?;
    if combined.bounds_reconciled {
        notes.bounds_reconciled(range, Operation::Subtraction);
    }
    let (sum, combined) = difference.times(part).plus(&before.histogram)?;
    if combined.bounds_reconciled {
        notes.bounds_reconciled(range, Operation::Addition);
    }
    Ok(sum)
}

impl Evaluator<'_> {
    /// The value of each series at each step, on the line between the samples around it; after the
    /// last sample that one's.
    pub(super) fn smoothed_selector(
        &mut self,
        selector: &VectorSelector,
        range: TextRange,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        let vector = self.around(selector, steps)?;
        let mut matrix = Matrix::new();
        for series in &vector.series {
            let mut windows = vector.windows(series);
            let mut out = Series::new(series.labels.clone());
            for (step, t_ms) in steps.iter().enumerate() {
                self.check_stopped_at(step)?;
                let at_ms = vector.end_ms(t_ms);
                let part = windows.until(at_ms);
                if !part.samples.is_empty() && !part.histograms.is_empty() {
                    self.notes.mixed_types(range, series.labels.metric_name());
                } else if let Some(value) = smoothed_sample(part.samples, at_ms) {
                    out.push(t_ms, value.into());
                } else if let Some(value) =
                    self.smoothed_histogram(part.histograms, at_ms, series, range)
                {
                    out.push(t_ms, value);
                }
            }
            self.hold(out.len())?;
            if !out.is_empty() {
                matrix.push(out);
            }
        }
        Ok(matrix)
    }

    fn smoothed_histogram(
        &mut self,
        samples: &[HistogramSample],
        at_ms: i64,
        series: &Series,
        range: TextRange,
    ) -> Option<SampleValue> {
        let next = samples.partition_point(|sample| sample.t_ms < at_ms);
        let exact = samples.get(next).filter(|sample| sample.t_ms == at_ms);
        if let Some(exact) = exact {
            return Some(SampleValue::Histogram(Arc::clone(&exact.histogram)));
        }
        let before = &samples[next.checked_sub(1)?];
        let Some(after) = samples.get(next) else {
            // The hint is about the sample, not about its value later on.
            let histogram = (*before.histogram).clone();
            return Some(Histogram { hint: ResetHint::Unknown, ..histogram }.into());
        };
        let is_gauge = |sample: &HistogramSample| sample.histogram.hint == ResetHint::Gauge;
        let is_counter = !is_gauge(before) || !is_gauge(after);
        let has_custom = |sample: &HistogramSample| sample.histogram.has_custom_bounds();
        let found = if has_custom(before) == has_custom(after) {
            histogram_between(before, after, at_ms, is_counter, (&mut self.notes, range))
        } else {
            Err(IncompatibleSchemes)
        };
        match found {
            Ok(histogram) => Some(histogram.into()),
            Err(IncompatibleSchemes) => {
                self.notes.mixed_schemes(range, series.labels.metric_name());
                None
            }
        }
    }

    /// The samples of a window with one at each of its ends.
    pub(super) fn extended_samples(
        &self,
        part: &Part<'_>,
        vector: &RangeVector,
        extension: RangeExtension,
    ) -> Result<Vec<Sample>, EvalError> {
        let is_smoothed = extension == RangeExtension::Smoothed;
        if !part.histograms.is_empty() {
            let name = if is_smoothed { "smoothed" } else { "anchored" };
            let message = format!("{name} modifier is not supported with histograms");
            return Err(EvalError::Execution(message));
        }
        let samples = part.samples;
        if samples.is_empty() {
            return Ok(Vec::new());
        }
        let end_ms = vector.end_ms(self.query.start_ms);
        let start_ms = end_ms.saturating_sub(vector.window_ms);
        let times: Vec<i64> = samples.iter().map(|sample| sample.t_ms).collect();
        let Some([first, last]) = span(&times, [start_ms, end_ms], is_smoothed) else {
            return Ok(Vec::new());
        };
        let left = left(samples, first, start_ms, is_smoothed, false);
        let right = right(samples, last, end_ms, is_smoothed, false);
        let within = samples[first..=last].iter().filter(|s| s.t_ms > start_ms && s.t_ms < end_ms);
        let mut out = vec![Sample { t_ms: start_ms, value: left }];
        out.extend(within);
        out.push(Sample { t_ms: end_ms, value: right });
        Ok(out)
    }
}

/// The number at an instant, by the samples around it.
fn smoothed_sample(samples: &[Sample], at_ms: i64) -> Option<f64> {
    let next = samples.partition_point(|sample| sample.t_ms < at_ms);
    match samples.get(next) {
        Some(exact) if exact.t_ms == at_ms => Some(exact.value),
        Some(after) => Some(between(samples.get(next.checked_sub(1)?)?, after, at_ms, false)),
        None => Some(samples.get(next.checked_sub(1)?)?.value),
    }
}
