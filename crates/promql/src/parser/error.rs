//! Why a query is not one.

use std::fmt;

use crate::ast::TextRange;

/// Why a query could not be parsed, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The bytes that are wrong.
    pub range: TextRange,
    /// What is wrong with them, in Prometheus' words.
    pub message: String,
    /// The place for people: line and column.
    place: String,
}

impl ParseError {
    pub(crate) fn new(query: &str, range: TextRange, message: String) -> Self {
        let place = if query.is_empty() {
            "unknown position".to_owned()
        } else {
            range.position(query).to_string()
        };
        ParseError { range, message, place }
    }
}

impl fmt::Display for ParseError {
    /// `1:5: parse error: …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: parse error: {}", self.place, self.message)
    }
}

impl std::error::Error for ParseError {}
