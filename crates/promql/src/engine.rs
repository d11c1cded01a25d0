//! The engine that answers queries.
//!
//! A query is planned first ([`plan`]): constants are folded, what does not depend on the step is
//! evaluated once, selectors that read the same series share what they read, and the matchers of
//! one side of an operator also narrow the other where that changes nothing. The plan is then run
//! series by series: a series is read, windows move over it, and its values at all steps ([`frame`])
//! go through functions straight into the groups of an aggregation. So `sum by (x) (rate(y[5m]))`
//! needs memory for groups × steps, and nothing looks at labels step by step.
//!
//! What comes out is what the naive evaluator ([`crate::eval`]) gives, to the last bit wherever
//! Prometheus defines the order of additions. Whatever is rare and intricate is left to it: the
//! whole query is then evaluated there, which also finds the right words for what is wrong. That is
//! - series with native histograms, and the operators `</` and `>/`;
//! - `info`, `histogram_quantiles`, `sort_by_label`, `sort_by_label_desc`, `start_timestamp`;
//! - `anchored` and `smoothed`, and `fill`;
//! - a range vector or a text by itself;
//! - series that come to have equal labels: where names are dropped or labels are changed, and
//!   wherever they have values at the same step;
//! - durations and parameters that are errors;
//! - more steps or values than the limit on samples allows to keep in columns.

mod absent;
mod aggregate;
mod bits;
mod frame;
mod histogram;
mod labels;
mod matching;
mod plan;
mod read;
mod run;
mod set;
mod sort;
mod stage;
#[cfg(test)]
mod tests;
mod window;

use model::{Sample, SampleValue};
use store::{MetricStore, QueryContext, QueryError, Series};

use crate::ast::{Expr, ValueType};
use crate::eval::steps::Steps;
use crate::eval::{self, Answer, EvalError, Options, Value, VectorElement};
use frame::Frame;
use plan::{Plan, Root};
use run::Run;

/// Why the engine gives no answer.
#[derive(Debug)]
enum Stop {
    /// It leaves the query to the naive evaluator.
    Naive,
    /// There is none.
    Failed(EvalError),
}

impl From<EvalError> for Stop {
    fn from(error: EvalError) -> Self {
        Stop::Failed(error)
    }
}

impl From<QueryError> for Stop {
    fn from(error: QueryError) -> Self {
        Stop::Failed(error.into())
    }
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
    match planned_instant(expr, store, at_ms, options, context) {
        Err(Stop::Naive) => eval::instant(expr, store, at_ms, options, context),
        Err(Stop::Failed(error)) => Err(error),
        Ok(answer) => Ok(answer),
    }
}

/// Evaluates a query at every step of a range: at `start_ms`, then every `step_ms` while that is
/// not after `end_ms`.
///
/// # Errors
/// As [`instant`]; and when the query is of a type that has no range.
pub fn range(
    expr: &Expr,
    store: &dyn MetricStore,
    times: (i64, i64, i64),
    options: &Options,
    context: &QueryContext,
) -> Result<Answer, EvalError> {
    match planned_range(expr, store, times, options, context) {
        Err(Stop::Naive) => eval::range(expr, store, times, options, context),
        Err(Stop::Failed(error)) => Err(error),
        Ok(answer) => Ok(answer),
    }
}

fn planned_instant(
    expr: &Expr,
    store: &dyn MetricStore,
    at_ms: i64,
    options: &Options,
    context: &QueryContext,
) -> Result<Answer, Stop> {
    let steps = Steps::once(at_ms);
    let plan = Plan::of(expr, steps, store, options, context)?;
    let mut run = Run::new(&plan, store, options, context);
    let value = match &plan.root {
        Root::Scalar(scalar) => {
            let value = run.scalar(scalar, steps)?.at(0);
            Value::Scalar(Sample { t_ms: at_ms, value })
        }
        Root::Vector(node) => {
            let frame = run.vector(node, steps)?.without_dropped_names(options)?;
            let element = |(row, key): (usize, frame::Key)| VectorElement {
                labels: key.labels,
                t_ms: at_ms,
                value: SampleValue::Float(frame.values[row]),
            };
            Value::Vector(frame.keys.iter().cloned().enumerate().map(element).collect())
        }
    };
    Ok(run.answer(value))
}

fn planned_range(
    expr: &Expr,
    store: &dyn MetricStore,
    (start_ms, end_ms, step_ms): (i64, i64, i64),
    options: &Options,
    context: &QueryContext,
) -> Result<Answer, Stop> {
    let has_range = matches!(expr.value_type(), ValueType::Scalar | ValueType::Vector);
    if !has_range || step_ms <= 0 || end_ms < start_ms {
        return Err(Stop::Naive);
    }
    let steps = Steps { start_ms, end_ms, step_ms };
    let plan = Plan::of(expr, steps, store, options, context)?;
    let mut run = Run::new(&plan, store, options, context);
    let frame = match &plan.root {
        Root::Scalar(scalar) => run.scalar(scalar, steps)?.into_frame(steps),
        Root::Vector(node) => run.vector(node, steps)?,
    };
    let matrix = series_of(frame.without_dropped_names(options)?, steps);
    Ok(run.answer(Value::Matrix(matrix)))
}

/// The rows as series sorted by labels.
fn series_of(mut frame: Frame, steps: Steps) -> Vec<Series> {
    let mut order: Vec<usize> = (0..frame.len()).collect();
    order.sort_by(|a, b| frame.keys[*a].labels.cmp(&frame.keys[*b].labels));
    let series = order.into_iter().map(|row| {
        let (values, present) = frame.row(row);
        let mut samples = Vec::with_capacity(bits::count(present));
        bits::each(present, |step| {
            samples.push(Sample { t_ms: steps.time(step), value: values[step] });
        });
        Series { labels: std::mem::take(&mut frame.keys[row].labels), samples, ..Series::default() }
    });
    series.collect()
}
