//! What is wrong with a query, and where.

use std::ops::Range;

/// Bytes of the query text.
pub(crate) type Place = Range<usize>;

/// Why a text is not a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// The bytes of the text it is about.
    pub range: Range<usize>,
    /// What is wrong, in one line.
    pub message: String,
    /// What to write instead, when that can be said.
    pub hint: Option<String>,
}

impl SyntaxError {
    pub(crate) fn new(range: Place, message: impl Into<String>) -> Self {
        SyntaxError { range, message: message.into(), hint: None }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
