//! Lengths of time that depend on the query: `[step() * 2]`.

use super::functions::{go_max, go_min};
use super::{EvalError, Evaluator};
use crate::ast::{BinaryOp, Duration, DurationKind, UnaryOp, seconds};

/// The most seconds whose nanoseconds fit 64 bits.
const SECONDS_MAX: f64 = 9_223_372_036.854_775;

impl Evaluator<'_> {
    /// Milliseconds of a length that may be negative.
    pub(super) fn duration_ms(&self, duration: &Duration) -> Result<i64, EvalError> {
        if let Some(ms) = duration.literal_ms() {
            return Ok(ms);
        }
        let seconds = self.seconds(duration)?;
        if !seconds.is_finite() {
            return Err(fail(duration, "duration is NaN or infinite"));
        }
        if seconds.abs() > SECONDS_MAX {
            return Err(fail(duration, "duration is out of range"));
        }
        Ok((seconds * 1000.0) as i64)
    }

    /// Milliseconds of a length that may not.
    pub(crate) fn positive_ms(&self, duration: &Duration) -> Result<i64, EvalError> {
        if duration.literal_ms().is_none() && self.seconds(duration)? <= 0.0 {
            return Err(fail(duration, "duration must be greater than 0"));
        }
        self.duration_ms(duration)
    }

    fn seconds(&self, duration: &Duration) -> Result<f64, EvalError> {
        Ok(match &duration.kind {
            DurationKind::Literal(number) => number.value,
            DurationKind::Step => self.step_seconds(),
            DurationKind::Range => self.range_seconds(),
            DurationKind::Min(both) => {
                let [a, b] = self.both_seconds(both)?;
                go_min(a, b)
            }
            DurationKind::Max(both) => {
                let [a, b] = self.both_seconds(both)?;
                go_max(a, b)
            }
            DurationKind::Unary(UnaryOp::Minus, operand) => -self.seconds(operand)?,
            DurationKind::Unary(UnaryOp::Plus, inner) | DurationKind::Paren(inner) => {
                self.seconds(inner)?
            }
            DurationKind::Binary(op, both) => {
                let [a, b] = self.both_seconds(both)?;
                match op {
                    BinaryOp::Div if b == 0.0 => return Err(fail(duration, "division by zero")),
                    BinaryOp::Mod if b == 0.0 => return Err(fail(duration, "modulo by zero")),
                    op => super::binary::arithmetic(*op, a, b),
                }
            }
        })
    }

    fn both_seconds(&self, [a, b]: &[Duration; 2]) -> Result<[f64; 2], EvalError> {
        Ok([self.seconds(a)?, self.seconds(b)?])
    }

    /// `step()`; an instant query has none.
    pub(crate) fn step_seconds(&self) -> f64 {
        if self.query.start_ms == self.query.end_ms { 0.0 } else { seconds(self.query.step_ms) }
    }

    /// `range()`: the length of the query.
    pub(crate) fn range_seconds(&self) -> f64 {
        seconds(self.query.end_ms.saturating_sub(self.query.start_ms))
    }
}

fn fail(duration: &Duration, message: &str) -> EvalError {
    let range = duration.range;
    EvalError::Execution(format!("{}:{}: {message}", range.start, range.end))
}
