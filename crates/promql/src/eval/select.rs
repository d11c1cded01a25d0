//! Reading: instant selectors, windows and subqueries. Each selector is read once for all steps,
//! then windows are cut for each.

mod windows;

use std::sync::Arc;

use model::{Histogram, HistogramSample, Matcher, ResetHint, SampleValue, is_stale_nan};
use store::Select;

use super::matrix::{Matrix, Series};
use super::reading::{Reading, leave_totals};
use super::steps::Shift;
use super::{EvalError, Evaluator, Steps};
use crate::ast::{
    At, Expr, ExprKind, MatrixSelector, RangeExtension, Subquery, TextRange, TimeModifiers,
    VectorSelector,
};
pub(crate) use windows::Part;
use windows::beyond;
pub(super) use windows::{Latest, RangeVector, Windows};

impl Evaluator<'_> {
    /// The latest sample of each series at each step, unless it is too old or says that the series
    /// has gone.
    pub(super) fn vector_selector(
        &mut self,
        selector: &VectorSelector,
        range: TextRange,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        if selector.extension == Some(RangeExtension::Smoothed) {
            return self.smoothed_selector(selector, range, steps);
        }
        let shift = self.shift(&selector.time)?;
        self.latest(&selector.matchers, shift, steps, |latest| latest.value)
    }

    /// What is asked of the latest sample of each series at each step.
    pub(super) fn latest(
        &mut self,
        matchers: &[Matcher],
        shift: Shift,
        steps: Steps,
        value: impl Fn(Latest) -> SampleValue,
    ) -> Result<Matrix, EvalError> {
        let lookback_ms = self.options.lookback_ms;
        let range = (shift.apply(steps.start_ms), shift.apply(steps.last_ms()));
        let mut matrix = Matrix::new();
        for series in self.read(matchers, range, [lookback_ms, 0])? {
            let mut windows = Windows::new(&series, lookback_ms, 0);
            let mut out = Series::new(series.labels.clone());
            for (step, t_ms) in steps.iter().enumerate() {
                self.check_stopped_at(step)?;
                if let Some(latest) = windows.until(shift.apply(t_ms)).latest() {
                    out.push(t_ms, value(latest));
                }
            }
            self.hold(out.len())?;
            if !out.is_empty() {
                matrix.push(out);
            }
        }
        Ok(matrix)
    }

    /// The samples around each step, which is what interpolation needs.
    pub(super) fn around(
        &mut self,
        selector: &VectorSelector,
        steps: Steps,
    ) -> Result<RangeVector, EvalError> {
        let (window_ms, extension) = (0, Some(RangeExtension::Smoothed));
        self.selected(selector, window_ms, extension, steps)
    }

    /// The windows of a selector or a subquery at all steps.
    pub(super) fn range_vector(
        &mut self,
        expr: &Expr,
        steps: Steps,
    ) -> Result<RangeVector, EvalError> {
        match &expr.without_parens().kind {
            ExprKind::Matrix(matrix) => self.matrix_selector(matrix, steps),
            ExprKind::Subquery(subquery) => self.subquery(subquery, steps),
            _ => unreachable!("the type check lets only these be range vectors"),
        }
    }

    fn matrix_selector(
        &mut self,
        matrix: &MatrixSelector,
        steps: Steps,
    ) -> Result<RangeVector, EvalError> {
        let window_ms = self.positive_ms(&matrix.window)?;
        self.selected(&matrix.selector, window_ms, matrix.selector.extension, steps)
    }

    fn selected(
        &mut self,
        selector: &VectorSelector,
        window_ms: i64,
        extension: Option<RangeExtension>,
        steps: Steps,
    ) -> Result<RangeVector, EvalError> {
        let shift = self.shift(&selector.time)?;
        let range = (shift.apply(steps.start_ms), shift.apply(steps.last_ms()));
        let lookback_ms = self.options.lookback_ms;
        let [before_ms, after_ms] = beyond(extension, lookback_ms);
        // With totals alone, the sample at the very start, which does not belong to the window, says
        // whether there was a reset after it.
        let one_more_ms = i64::from(self.reading == Reading::Totals);
        let reach = [window_ms.saturating_add(before_ms).saturating_add(one_more_ms), after_ms];
        let mut series = self.read(&selector.matchers, range, reach)?;
        series.iter_mut().for_each(drop_markers);
        Ok(RangeVector { series, window_ms, extension, shift, lookback_ms })
    }

    /// Evaluates a subquery at those multiples of its step that lie in any of the windows.
    fn subquery(&mut self, subquery: &Subquery, steps: Steps) -> Result<RangeVector, EvalError> {
        let (inner, shift, window_ms) = self.subquery_steps(subquery, steps)?;
        let reading = std::mem::replace(&mut self.reading, Reading::Buckets);
        let mut series = self.eval(&subquery.expr, inner)?;
        self.reading = reading;
        series.iter_mut().flat_map(|series| &mut series.histograms).for_each(forget_hint);
        let lookback_ms = self.options.lookback_ms;
        Ok(RangeVector { series, window_ms, extension: None, shift, lookback_ms })
    }

    /// The steps at which a subquery is evaluated, where it looks from there, and how far back.
    pub(crate) fn subquery_steps(
        &self,
        subquery: &Subquery,
        steps: Steps,
    ) -> Result<(Steps, Shift, i64), EvalError> {
        let window_ms = self.positive_ms(&subquery.window)?;
        let step_ms = match &subquery.step {
            Some(step) => self.positive_ms(step)?,
            None => self.options.subquery_step_ms,
        };
        // Less than a millisecond is as fine as time gets.
        let step_ms = step_ms.max(1);
        let shift = self.shift(&subquery.time)?;
        let before_ms = shift.apply(steps.start_ms).saturating_sub(window_ms);
        let mut start_ms = before_ms / step_ms * step_ms;
        if start_ms <= before_ms {
            start_ms = start_ms.saturating_add(step_ms);
        }
        let end_ms = shift.apply(steps.last_ms());
        Ok((Steps { start_ms, end_ms, step_ms }, shift, window_ms))
    }

    /// A range vector by itself, which only an instant query can ask for.
    pub(super) fn whole_range(&mut self, expr: &Expr) -> Result<Matrix, EvalError> {
        let at_ms = self.query.start_ms;
        let mut vector = self.range_vector(expr, self.query)?;
        let end_ms = vector.end_ms(at_ms);
        let mut cut = Vec::with_capacity(vector.series.len());
        for series in &vector.series {
            let part = vector.windows(series).until(end_ms);
            let (samples, histograms) = match vector.extension {
                None => (part.samples.to_vec(), part.histograms.to_vec()),
                Some(extension) => (self.extended_samples(&part, &vector, extension)?, Vec::new()),
            };
            let Series { labels, drops_name, .. } = series;
            let (labels, drops_name) = (labels.clone(), *drops_name);
            cut.push(Series { labels, drops_name, samples, histograms, ..Series::default() });
        }
        vector.series = cut;
        vector.series.retain(|series| !series.is_empty());
        Ok(vector.series)
    }

    /// The samples of all windows around the instants of a range that reach so far before and
    /// after them.
    fn read(
        &mut self,
        matchers: &[Matcher],
        (first_ms, last_ms): (i64, i64),
        [before_ms, after_ms]: [i64; 2],
    ) -> Result<Vec<Series>, EvalError> {
        let start_ms = first_ms.saturating_sub(before_ms).saturating_add(1);
        let end_ms = last_ms.saturating_add(after_ms);
        let select = Select { matchers: matchers.to_vec(), start_ms, end_ms };
        let found = self.store.select(&select, self.context)?;
        self.hold(found.iter().map(store::Series::len).sum())?;
        let reading = self.reading;
        let of = |series: store::Series| {
            let store::Series { labels, samples, starts_ms, mut histograms } = series;
            if reading == Reading::Totals {
                leave_totals(&mut histograms);
            }
            Series { labels, samples, starts_ms, histograms, drops_name: false }
        };
        Ok(found.into_iter().map(of).collect())
    }

    pub(crate) fn shift(&self, time: &TimeModifiers) -> Result<Shift, EvalError> {
        let at_ms = time.at.map(|at| match at {
            At::Time(t_ms) => t_ms,
            At::Start => self.query.start_ms,
            At::End => self.query.end_ms,
        });
        let offset_ms = match &time.offset {
            Some(offset) => self.duration_ms(offset)?,
            None => 0,
        };
        Ok(Shift { at_ms, offset_ms })
    }
}

/// Drops the samples that say that the series has gone.
fn drop_markers(series: &mut Series) {
    if !series.starts_ms.is_empty() {
        let samples = series.samples.iter();
        let mut stays = samples.map(|sample| !is_stale_nan(sample.value));
        series.starts_ms.retain(|_| stays.next().unwrap_or(true));
    }
    series.samples.retain(|sample| !is_stale_nan(sample.value));
    series.histograms.retain(|sample| !is_stale_nan(sample.histogram.sum));
}

/// A subquery may leave out the samples that a hint is about, or give one several times.
fn forget_hint(sample: &mut HistogramSample) {
    if matches!(sample.histogram.hint, ResetHint::Reset | ResetHint::NotReset) {
        let histogram = (*sample.histogram).clone();
        sample.histogram = Arc::new(Histogram { hint: ResetHint::Unknown, ..histogram });
    }
}
