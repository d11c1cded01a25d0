//! The naive evaluator: it walks the tree and works out each node for all steps of the query
//! before it goes on to the node above, one series or one step at a time. Nothing in it is clever,
//! so that it can stay for ever as what faster engines are compared with.
//!
//! Where the order of additions decides about the last bit, it is that of Prometheus.

pub(crate) mod aggregate;
pub(crate) mod annotations;
pub(crate) mod binary;
pub(crate) mod buckets;
mod duration;
mod error;
mod extension;
pub(crate) mod functions;
pub(crate) mod heap;
mod histogram;
mod info;
pub(crate) mod invariance;
pub(crate) mod label_hash;
pub(crate) mod matching;
pub(crate) mod matrix;
pub(crate) mod quantile;
mod reading;
pub(crate) mod select;
mod set;
pub(crate) mod steps;
pub(crate) mod sum;
#[cfg(test)]
mod tests;

use model::{HistogramSample, Labels, Sample, SampleValue};
use store::{MetricStore, QueryContext, Series};

pub use annotations::Annotation;
pub(crate) use buckets::almost_equal;
pub use error::EvalError;
pub(crate) use invariance::depends_on_time;

use crate::ast::{Expr, ExprKind, ValueType};
use annotations::{Annotations, Level};
use matrix::Matrix;
use reading::Reading;
use steps::Steps;

/// What the evaluation of every query depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How old a sample may be to count as the current one.
    pub lookback_ms: i64,
    /// The step of subqueries that name none.
    pub subquery_step_ms: i64,
    /// Whether metric names are dropped at the end of a query instead of by each operation
    /// (Prometheus' feature `promql-delayed-name-removal`).
    pub delayed_name_removal: bool,
}

impl Default for Options {
    fn default() -> Self {
        let minute_ms = 60_000;
        Options {
            lookback_ms: 5 * minute_ms,
            subquery_step_ms: minute_ms,
            delayed_name_removal: false,
        }
    }
}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The result.
    pub value: Value,
    /// What is probably wrong with it.
    pub warnings: Vec<Annotation>,
    /// What may be worth knowing about it.
    pub infos: Vec<Annotation>,
}

/// What a query evaluates to.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number at the time of the query.
    Scalar(Sample),
    /// A text.
    String(String),
    /// One sample for each series, in the order the query gives them.
    Vector(Vec<VectorElement>),
    /// Samples of several series, sorted by labels.
    Matrix(Vec<Series>),
}

/// The value of one series at the time of the query.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorElement {
    /// What names the series.
    pub labels: Labels,
    /// The time of the query, in milliseconds since the epoch.
    pub t_ms: i64,
    /// Its value.
    pub value: SampleValue,
}

/// Evaluates a query at one instant.
///
/// # Errors
/// When the data do not allow an answer, a limit is met, the query is stopped or reading fails.
pub fn instant(
    expr: &Expr,
    store: &dyn MetricStore,
    at_ms: i64,
    options: &Options,
    context: &QueryContext,
) -> Result<Answer, EvalError> {
    if let ExprKind::String(text) = &expr.without_parens().kind {
        let value = Value::String(text.to_str_lossy().into_owned());
        return Ok(Answer { value, warnings: Vec::new(), infos: Vec::new() });
    }
    let mut evaluator = Evaluator::new(store, options, context, Steps::once(at_ms));
    let matrix = match expr.value_type() {
        ValueType::Matrix => evaluator.whole_range(expr.without_parens())?,
        _ => evaluator.eval(expr, evaluator.query)?,
    };
    let mut matrix = evaluator.finish_names(matrix)?;
    let value = match expr.value_type() {
        ValueType::Matrix => {
            matrix.sort_by(|a, b| a.labels.cmp(&b.labels));
            Value::Matrix(series_of(matrix))
        }
        ValueType::Scalar | ValueType::String => {
            let value = matrix.first().and_then(|series| series.samples.first());
            Value::Scalar(Sample { t_ms: at_ms, value: value.map_or(f64::NAN, |s| s.value) })
        }
        ValueType::Vector => {
            let element = |series: matrix::Series| {
                let value = series.first()?;
                Some(VectorElement { labels: series.labels, t_ms: at_ms, value })
            };
            Value::Vector(matrix.into_iter().filter_map(element).collect())
        }
    };
    Ok(evaluator.answer(value))
}

/// Evaluates a query at every step of a range: at `start_ms`, then every `step_ms` while that is
/// not after `end_ms`.
///
/// # Errors
/// As [`instant`]; and when the query is of a type that has no range.
pub fn range(
    expr: &Expr,
    store: &dyn MetricStore,
    (start_ms, end_ms, step_ms): (i64, i64, i64),
    options: &Options,
    context: &QueryContext,
) -> Result<Answer, EvalError> {
    if !matches!(expr.value_type(), ValueType::Scalar | ValueType::Vector) {
        let found = model::Quoted(expr.value_type().documented_name());
        return Err(EvalError::BadData(format!(
            "invalid expression type {found} for range query, must be Scalar or instant Vector"
        )));
    }
    if step_ms <= 0 || end_ms < start_ms {
        let message = "a range needs a positive step, and an end that is not before its start";
        return Err(EvalError::BadData(message.to_owned()));
    }
    let query = Steps { start_ms, end_ms, step_ms };
    let mut evaluator = Evaluator::new(store, options, context, query);
    let matrix = evaluator.eval(expr, query)?;
    let mut matrix = evaluator.finish_names(matrix)?;
    matrix.sort_by(|a, b| a.labels.cmp(&b.labels));
    Ok(evaluator.answer(Value::Matrix(series_of(matrix))))
}

fn series_of(matrix: Matrix) -> Vec<Series> {
    let of = |series: matrix::Series| {
        let matrix::Series { labels, samples, histograms, .. } = series;
        Series { labels, samples, histograms, ..Series::default() }
    };
    matrix.into_iter().map(of).collect()
}

/// The state of one query.
pub(crate) struct Evaluator<'q> {
    store: &'q dyn MetricStore,
    pub(crate) options: &'q Options,
    pub(crate) context: &'q QueryContext,
    /// The steps of the whole query; those of a subquery are others.
    pub(crate) query: Steps,
    notes: Annotations,
    /// What is needed of the histograms below the node that is evaluated.
    reading: Reading,
    /// How many samples are in memory.
    held: usize,
}

impl<'q> Evaluator<'q> {
    pub(crate) fn new(
        store: &'q dyn MetricStore,
        options: &'q Options,
        context: &'q QueryContext,
        query: Steps,
    ) -> Self {
        let notes = Annotations::default();
        let reading = Reading::default();
        Evaluator { store, options, context, query, notes, reading, held: 0 }
    }

    fn answer(self, value: Value) -> Answer {
        let (warnings, infos) = self.notes.split(Level::Warning);
        Answer { value, warnings, infos }
    }

    /// The value of an expression at each step: for a scalar one series without labels, for a
    /// vector one for each label set.
    fn eval(&mut self, expr: &Expr, steps: Steps) -> Result<Matrix, EvalError> {
        self.check_stopped()?;
        if steps.is_empty() {
            return Ok(Matrix::new());
        }
        let (before, reading) = (self.held, self.reading);
        self.reading = reading.below(expr);
        let matrix = if steps.count() > 1 && invariance::is_step_invariant(expr) {
            let once = self.node(expr, steps.first())?;
            self.repeat(once, steps)?
        } else {
            self.node(expr, steps)?
        };
        // What the node needed on the way is gone; its result stays.
        (self.held, self.reading) = (before, reading);
        self.hold(matrix.iter().map(matrix::Series::len).sum())?;
        Ok(matrix)
    }

    fn node(&mut self, expr: &Expr, steps: Steps) -> Result<Matrix, EvalError> {
        match &expr.kind {
            ExprKind::Number(number) => self.constant(number.value, steps),
            ExprKind::Vector(selector) => self.vector_selector(selector, expr.range, steps),
            ExprKind::Call(call) => self.call(call, expr.range, steps),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, expr.range, steps),
            ExprKind::Binary(binary) => self.binary(binary, expr.range, steps),
            ExprKind::Unary(op, operand) => self.unary(*op, operand, steps),
            ExprKind::Paren(inner) => self.eval(inner, steps),
            ExprKind::String(_) | ExprKind::Matrix(_) | ExprKind::Subquery(_) => {
                unreachable!("the type check lets these stand only where they are not evaluated")
            }
        }
    }

    /// The values of a scalar, one for each step.
    fn scalar(&mut self, expr: &Expr, steps: Steps) -> Result<Vec<f64>, EvalError> {
        let matrix = self.eval(expr, steps)?;
        let samples = matrix.into_iter().next().map(|series| series.samples).unwrap_or_default();
        Ok(samples.into_iter().map(|sample| sample.value).collect())
    }

    fn constant(&mut self, value: f64, steps: Steps) -> Result<Matrix, EvalError> {
        self.per_step(steps, &[], |_, _, _, out| {
            out.push(matrix::Element::scalar(value));
            Ok(())
        })
    }

    /// A result of the first step for all of them.
    fn repeat(&mut self, mut matrix: Matrix, steps: Steps) -> Result<Matrix, EvalError> {
        for series in &mut matrix {
            self.hold(steps.count())?;
            if let Some(first) = series.samples.first().copied() {
                series.samples = steps.iter().map(|t_ms| Sample { t_ms, ..first }).collect();
            } else if let Some(first) = series.histograms.pop() {
                let at = |t_ms| HistogramSample { t_ms, ..first.clone() };
                series.histograms = steps.iter().map(at).collect();
            }
        }
        Ok(matrix)
    }

    /// Fails when the query was stopped from outside.
    fn check_stopped(&self) -> Result<(), EvalError> {
        Ok(self.context.cancel.check()?)
    }

    /// Fails when the query was stopped from outside, in loops over steps that may be very many.
    fn check_stopped_at(&self, step: usize) -> Result<(), EvalError> {
        if step.is_multiple_of(4096) { self.check_stopped() } else { Ok(()) }
    }

    /// Counts samples that came into memory.
    fn hold(&mut self, samples: usize) -> Result<(), EvalError> {
        self.held = self.held.saturating_add(samples);
        if self.held > self.context.limits.samples {
            return Err(EvalError::too_many_samples());
        }
        Ok(())
    }
}
