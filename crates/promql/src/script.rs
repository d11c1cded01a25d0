//! Prometheus' test scripts: `load` fills a store, `eval` asks it and says what must come out
//! (<https://github.com/prometheus/prometheus/blob/main/promql/promqltest/README.md>).
//!
//! Every instant query is also asked as a range query and with `@` at other times, as Prometheus
//! does, because the answers must be the same.

mod check;
mod classic;
mod command;
mod histogram;
mod parse;
mod series;
#[cfg(test)]
mod tests;
mod values;
mod variants;

use std::fmt;
use std::sync::Arc;

use model::{Histogram, HistogramSample, Labels, MetricBatch, SeriesHistogram};
use store::{MetricStore, QueryContext};

use crate::ast::Expr;
use crate::engine;
use crate::eval::{self, Answer, EvalError, Options};
use command::{Command, Eval, Load, Times};
use series::Point;

/// What became of the evaluations of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many gave what they must.
    pub passed: usize,
    /// Those that did not.
    pub failures: Vec<Failure>,
}

/// An evaluation that did not give what it must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The line of the `eval` command, from 1.
    pub line: usize,
    /// What was asked.
    pub query: String,
    /// What is wrong.
    pub reason: String,
    /// What the script expects.
    pub expected: String,
    /// What came out.
    pub got: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { line, query, reason, expected, got } = self;
        write!(f, "{line}: {query}\n  {reason}\n  expected {expected}\n  got {got}")
    }
}

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// [`crate::naive`].
    Naive,
    /// [`crate::instant`] and [`crate::range`].
    Fast,
}

/// A script that cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ScriptError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

/// Runs a script on the stores that `new_store` makes, one at the start and one for each `clear`.
/// It waits for the stores, so it must not be called from asynchronous code.
///
/// # Errors
/// When the text is no script, or a store does not take what is loaded.
pub fn run(
    text: &str,
    engine: Engine,
    new_store: &mut dyn FnMut() -> Box<dyn MetricStore>,
) -> Result<Report, ScriptError> {
    let mut session = Session { engine, store: new_store() };
    let mut report = Report::default();
    for command in parse::parse(text)? {
        match command {
            Command::Clear => session = Session { engine, store: new_store() },
            Command::Load(load) => session.load(load)?,
            Command::Eval(eval) => match session.eval(&eval) {
                Ok(()) => report.passed += 1,
                Err(Wrong { reason, got }) => report.failures.push(Failure {
                    line: eval.line,
                    query: eval.query.clone(),
                    reason,
                    expected: check::expectation(&eval),
                    got,
                }),
            },
        }
    }
    Ok(report)
}

/// What is wrong with an answer.
struct Wrong {
    reason: String,
    got: String,
}

struct Session {
    engine: Engine,
    store: Box<dyn MetricStore>,
}

impl Session {
    fn load(&self, load: Load) -> Result<(), ScriptError> {
        let fail = |message: String| ScriptError { line: load.line, message };
        let time = |position: usize| load.interval_ms.saturating_mul(position as i64);
        let mut batch = MetricBatch::default();
        let mut push_histogram = |labels: &Labels, position, start_ms, histogram: Histogram| {
            let (t_ms, histogram) = (time(position), Arc::new(histogram));
            let sample = HistogramSample { t_ms, start_ms, histogram };
            batch.histograms.push(SeriesHistogram { labels: labels.clone(), sample });
        };
        if load.with_custom_buckets {
            for (labels, histograms) in classic::native(&load.series).map_err(fail)? {
                for (position, histogram) in histograms {
                    push_histogram(&labels, position, 0, histogram);
                }
            }
        }
        let mut floats = Vec::new();
        for series in load.series {
            for (position, point) in series.points.into_iter().enumerate() {
                let start = series.starts_ms.get(position).copied().flatten();
                let start_ms = start.map_or(0, |offset_ms| time(position) + offset_ms);
                match point {
                    Point::Absent => {}
                    Point::Float(value) => {
                        floats.push((series.labels.clone(), time(position), value, start_ms));
                    }
                    Point::Histogram(literal) => {
                        push_histogram(&series.labels, position, start_ms, literal.histogram);
                    }
                }
            }
        }
        for (labels, t_ms, value, start_ms) in floats {
            batch.push(labels, t_ms, value);
            batch.starts_ms.push(start_ms);
        }
        let stored = self.store.append(batch).and_then(store::Commit::wait);
        stored.map(|_| ()).map_err(|error| fail(error.to_string()))
    }

    fn eval(&self, eval: &Eval) -> Result<(), Wrong> {
        let expr = match crate::parse(&eval.query) {
            Ok(expr) => expr,
            Err(error) => return check::failure(eval, &error.to_string()),
        };
        if let Times::Range(_) = eval.times {
            let answer = self.ask(&expr, eval.times);
            return check::answer(eval, &eval.query, eval.times, answer);
        }
        for (expr, at_ms) in variants::at_other_times(&expr, eval) {
            self.instant(eval, &expr, at_ms)?;
        }
        Ok(())
    }

    /// Asks at an instant, and then over a range with the instant in its middle.
    fn instant(&self, eval: &Eval, expr: &Expr, at_ms: i64) -> Result<(), Wrong> {
        let is_original = eval.times == Times::Instant(at_ms);
        let query = if is_original { eval.query.clone() } else { expr.to_string() };
        // Remarks name places in the text, so it is the text that is asked.
        let parsed = crate::parse(&query).map_err(|error| Wrong {
            reason: format!("{query} cannot be read again"),
            got: error.to_string(),
        })?;
        let times = Times::Instant(at_ms);
        check::answer(eval, &query, times, self.ask(&parsed, times))?;
        if !check::also_as_range(eval) {
            return Ok(());
        }
        let minute_ms = 60_000;
        let times = Times::Range((at_ms - minute_ms, at_ms + minute_ms, minute_ms));
        check::middle(eval, &query, at_ms, self.ask(&parsed, times))
    }

    fn ask(&self, expr: &Expr, times: Times) -> Result<Answer, EvalError> {
        let options = Options { delayed_name_removal: true, ..Options::default() };
        let (store, context) = (&*self.store, QueryContext::default());
        match (self.engine, times) {
            (Engine::Naive, Times::Instant(at_ms)) => {
                eval::instant(expr, store, at_ms, &options, &context)
            }
            (Engine::Naive, Times::Range(times)) => {
                eval::range(expr, store, times, &options, &context)
            }
            (Engine::Fast, Times::Instant(at_ms)) => {
                engine::instant(expr, store, at_ms, &options, &context)
            }
            (Engine::Fast, Times::Range(times)) => {
                engine::range(expr, store, times, &options, &context)
            }
        }
    }
}
