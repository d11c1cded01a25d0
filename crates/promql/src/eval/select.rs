//! Reading: instant selectors, windows and subqueries. Each selector is read once for all steps,
//! then windows are cut for each.

use model::{Matcher, Sample, is_stale_nan};
use store::Select;

use super::matrix::{Matrix, Series};
use super::steps::Shift;
use super::{EvalError, Evaluator, Steps};
use crate::ast::{
    At, Expr, ExprKind, MatrixSelector, RangeExtension, Subquery, TimeModifiers, VectorSelector,
};

/// Series, and the windows a function sees of them.
pub(super) struct RangeVector {
    pub(super) series: Vec<Series>,
    pub(super) window_ms: i64,
    shift: Shift,
}

impl RangeVector {
    /// Where the window ends at a step.
    pub(super) fn end_ms(&self, t_ms: i64) -> i64 {
        self.shift.apply(t_ms)
    }

    /// Cuts the windows of one series.
    pub(super) fn windows<'s>(&self, samples: &'s [Sample]) -> Windows<'s> {
        Windows { samples, from: 0, to: 0, window_ms: self.window_ms }
    }
}

/// Cuts windows whose ends never go back.
pub(super) struct Windows<'s> {
    samples: &'s [Sample],
    from: usize,
    to: usize,
    window_ms: i64,
}

impl<'s> Windows<'s> {
    /// The samples after `end_ms - window_ms` that are not after `end_ms`.
    pub(super) fn until(&mut self, end_ms: i64) -> &'s [Sample] {
        let start_ms = end_ms.saturating_sub(self.window_ms);
        while self.samples.get(self.to).is_some_and(|sample| sample.t_ms <= end_ms) {
            self.to += 1;
        }
        while self.from < self.to && self.samples[self.from].t_ms <= start_ms {
            self.from += 1;
        }
        &self.samples[self.from..self.to]
    }
}

impl Evaluator<'_> {
    /// The latest sample of each series at each step, unless it is too old or says that the series
    /// has gone.
    pub(super) fn vector_selector(
        &mut self,
        selector: &VectorSelector,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        self.latest(selector, steps, |sample| sample.value)
    }

    /// When the latest sample of each series was taken, in seconds.
    pub(super) fn sample_times(
        &mut self,
        selector: &VectorSelector,
        steps: Steps,
    ) -> Result<Matrix, EvalError> {
        self.latest(selector, steps, |sample| sample.t_ms as f64 / 1000.0)
    }

    fn latest(
        &mut self,
        selector: &VectorSelector,
        steps: Steps,
        value: impl Fn(&Sample) -> f64,
    ) -> Result<Matrix, EvalError> {
        refuse_extension(selector)?;
        let shift = self.shift(&selector.time)?;
        let lookback_ms = self.options.lookback_ms;
        let range = (shift.apply(steps.start_ms), shift.apply(steps.last_ms()));
        let mut matrix = Matrix::new();
        for series in self.read(&selector.matchers, range, lookback_ms)? {
            let window_ms = lookback_ms;
            let mut windows = Windows { samples: &series.samples, from: 0, to: 0, window_ms };
            let mut samples = Vec::new();
            for (step, t_ms) in steps.iter().enumerate() {
                self.check_stopped_at(step)?;
                let latest = windows.until(shift.apply(t_ms)).last();
                if let Some(latest) = latest.filter(|sample| !is_stale_nan(sample.value)) {
                    samples.push(Sample { t_ms, value: value(latest) });
                }
            }
            self.hold(samples.len())?;
            if !samples.is_empty() {
                matrix.push(Series { labels: series.labels, samples, drops_name: false });
            }
        }
        Ok(matrix)
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
        refuse_extension(&matrix.selector)?;
        let window_ms = self.positive_ms(&matrix.window)?;
        let shift = self.shift(&matrix.selector.time)?;
        let range = (shift.apply(steps.start_ms), shift.apply(steps.last_ms()));
        let mut series = Vec::new();
        for found in self.read(&matrix.selector.matchers, range, window_ms)? {
            let mut samples = found.samples;
            samples.retain(|sample| !is_stale_nan(sample.value));
            series.push(Series { labels: found.labels, samples, drops_name: false });
        }
        Ok(RangeVector { series, window_ms, shift })
    }

    /// Evaluates a subquery at those multiples of its step that lie in any of the windows.
    fn subquery(&mut self, subquery: &Subquery, steps: Steps) -> Result<RangeVector, EvalError> {
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
        let series = self.eval(&subquery.expr, Steps { start_ms, end_ms, step_ms })?;
        Ok(RangeVector { series, window_ms, shift })
    }

    /// A range vector by itself, which only an instant query can ask for.
    pub(super) fn whole_range(&mut self, expr: &Expr) -> Result<Matrix, EvalError> {
        let at_ms = self.query.start_ms;
        let mut vector = self.range_vector(expr, self.query)?;
        let end_ms = vector.end_ms(at_ms);
        for series in &mut vector.series {
            let mut windows =
                Windows { samples: &series.samples, from: 0, to: 0, window_ms: vector.window_ms };
            series.samples = windows.until(end_ms).to_vec();
        }
        vector.series.retain(|series| !series.samples.is_empty());
        Ok(vector.series)
    }

    /// The samples of all windows that end within the range.
    fn read(
        &mut self,
        matchers: &[Matcher],
        (first_ms, last_ms): (i64, i64),
        window_ms: i64,
    ) -> Result<Vec<store::Series>, EvalError> {
        let start_ms = first_ms.saturating_sub(window_ms).saturating_add(1);
        let select = Select { matchers: matchers.to_vec(), start_ms, end_ms: last_ms };
        let found = self.store.select(&select, self.context)?;
        self.hold(found.iter().map(|series| series.samples.len()).sum())?;
        Ok(found)
    }

    fn shift(&self, time: &TimeModifiers) -> Result<Shift, EvalError> {
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

fn refuse_extension(selector: &VectorSelector) -> Result<(), EvalError> {
    match selector.extension {
        None => Ok(()),
        Some(RangeExtension::Anchored) => Err(EvalError::not_yet("the anchored modifier")),
        Some(RangeExtension::Smoothed) => Err(EvalError::not_yet("the smoothed modifier")),
    }
}
