//! Lengths of time in brackets and after `offset`, and the arithmetic on them.

use super::{BinaryOp, Number, TextRange, UnaryOp};

/// A length of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Duration {
    /// Where it stands in the query.
    pub range: TextRange,
    /// What it is.
    pub kind: DurationKind,
}

/// The kinds of lengths.
#[derive(Clone, Debug, PartialEq)]
pub enum DurationKind {
    /// `5m` or `300`.
    Literal(Number),
    /// `step()`, the query's step.
    Step,
    /// `range()`, the length of the query.
    Range,
    /// `min_of(a, b)`.
    Min(Box<[Duration; 2]>),
    /// `max_of(a, b)`.
    Max(Box<[Duration; 2]>),
    /// `-a`.
    Unary(UnaryOp, Box<Duration>),
    /// `a * b`; only the operators of arithmetic.
    Binary(BinaryOp, Box<[Duration; 2]>),
    /// `(a)`.
    Paren(Box<Duration>),
}

impl Duration {
    /// Milliseconds of a plain literal.
    pub fn literal_ms(&self) -> Option<i64> {
        match &self.kind {
            DurationKind::Literal(number) => Some(whole_milliseconds(number.value)),
            _ => None,
        }
    }
}

/// Milliseconds as seconds, rounded as Go rounds them: the whole seconds and the rest by itself.
pub(crate) fn seconds(milliseconds: i64) -> f64 {
    (milliseconds / 1000) as f64 + (milliseconds % 1000 * 1_000_000) as f64 / 1e9
}

/// Seconds as milliseconds, by way of whole nanoseconds, which is the order Prometheus rounds in.
pub(crate) fn whole_milliseconds(seconds: f64) -> i64 {
    (seconds * 1e9).round() as i64 / 1_000_000
}
