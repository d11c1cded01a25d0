//! Windows: which samples of a series a function sees at a step.

use model::{HistogramSample, Sample, SampleValue, is_stale_nan};

use super::super::matrix::Series;
use super::super::steps::Shift;
use crate::ast::RangeExtension;

/// Series, and the windows a function sees of them.
pub(crate) struct RangeVector {
    pub(crate) series: Vec<Series>,
    pub(crate) window_ms: i64,
    /// How the ends of windows are treated, for which samples beyond them are needed.
    pub(crate) extension: Option<RangeExtension>,
    pub(crate) shift: Shift,
    pub(crate) lookback_ms: i64,
}

impl RangeVector {
    /// Where the window ends at a step.
    pub(crate) fn end_ms(&self, t_ms: i64) -> i64 {
        self.shift.apply(t_ms)
    }

    /// Cuts the windows of one series.
    pub(crate) fn windows<'s>(&self, series: &'s Series) -> Windows<'s> {
        let [before_ms, after_ms] = beyond(self.extension, self.lookback_ms);
        Windows::new(series, self.window_ms.saturating_add(before_ms), after_ms)
    }
}

/// How far before its start and after its end a window needs samples.
pub(crate) fn beyond(extension: Option<RangeExtension>, lookback_ms: i64) -> [i64; 2] {
    match extension {
        None => [0, 0],
        Some(RangeExtension::Anchored) => [lookback_ms, 0],
        Some(RangeExtension::Smoothed) => [lookback_ms, lookback_ms],
    }
}

/// Cuts windows whose ends never go back.
pub(crate) struct Windows<'s> {
    series: &'s Series,
    samples: Cut,
    histograms: Cut,
    before_ms: i64,
    after_ms: i64,
}

/// The samples of a window.
#[derive(Clone, Copy)]
pub(crate) struct Part<'s> {
    pub(crate) samples: &'s [Sample],
    /// When the counters behind the samples began to count: one for each sample, or none.
    pub(crate) starts_ms: &'s [i64],
    pub(crate) histograms: &'s [HistogramSample],
}

impl Part<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.samples.is_empty() && self.histograms.is_empty()
    }
}

/// From where to where a window goes in a list of samples.
#[derive(Clone, Copy, Default)]
struct Cut {
    from: usize,
    to: usize,
}

impl Cut {
    /// Moves to the times after `start_ms` that are not after `end_ms`.
    fn advance(&mut self, start_ms: i64, end_ms: i64, time: impl Fn(usize) -> Option<i64>) {
        while time(self.to).is_some_and(|t_ms| t_ms <= end_ms) {
            self.to += 1;
        }
        while self.from < self.to && time(self.from).is_some_and(|t_ms| t_ms <= start_ms) {
            self.from += 1;
        }
    }
}

impl<'s> Windows<'s> {
    pub(crate) fn new(series: &'s Series, before_ms: i64, after_ms: i64) -> Self {
        let (samples, histograms) = (Cut::default(), Cut::default());
        Windows { series, samples, histograms, before_ms, after_ms }
    }

    /// The samples of the window around `end_ms`; its start does not belong to it, its end does.
    pub(crate) fn until(&mut self, end_ms: i64) -> Part<'s> {
        let start_ms = end_ms.saturating_sub(self.before_ms);
        let end_ms = end_ms.saturating_add(self.after_ms);
        let Series { samples, starts_ms, histograms, .. } = self.series;
        self.samples.advance(start_ms, end_ms, |at| samples.get(at).map(|s| s.t_ms));
        self.histograms.advance(start_ms, end_ms, |at| histograms.get(at).map(|s| s.t_ms));
        let Cut { from, to } = self.samples;
        Part {
            samples: &samples[from..to],
            starts_ms: starts_ms.get(from..to).unwrap_or_default(),
            histograms: &histograms[self.histograms.from..self.histograms.to],
        }
    }
}

/// The latest sample of a series.
pub(crate) struct Latest {
    pub(crate) t_ms: i64,
    /// When the counter behind it began to count, 0 where nobody said.
    pub(crate) start_ms: i64,
    pub(crate) value: SampleValue,
}

impl Part<'_> {
    /// The latest sample, unless it says that the series has gone.
    pub(crate) fn latest(&self) -> Option<Latest> {
        let histogram = self.histograms.last();
        let float = self.samples.last();
        match (float, histogram) {
            (Some(float), histogram) if histogram.is_none_or(|h| h.t_ms < float.t_ms) => {
                let start_ms = self.starts_ms.last().copied().unwrap_or_default();
                let value = SampleValue::Float(float.value);
                let latest = Latest { t_ms: float.t_ms, start_ms, value };
                (!is_stale_nan(float.value)).then_some(latest)
            }
            (_, histogram) => {
                let HistogramSample { t_ms, start_ms, histogram } = histogram?.clone();
                let is_stale = is_stale_nan(histogram.sum);
                let value = SampleValue::Histogram(histogram);
                (!is_stale).then_some(Latest { t_ms, start_ms, value })
            }
        }
    }
}
