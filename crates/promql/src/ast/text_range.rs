//! Places in a query.

use std::fmt;

/// A range of bytes of the query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextRange {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// A line and a column, both from 1; the column counts bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    line: usize,
    column: usize,
}

impl TextRange {
    /// The range from one byte up to another.
    pub fn new(start: usize, end: usize) -> Self {
        let narrow = |position: usize| u32::try_from(position).unwrap_or(u32::MAX);
        TextRange { start: narrow(start), end: narrow(end) }
    }

    /// The range from the start of this to the end of the other.
    #[must_use]
    pub fn to(self, other: TextRange) -> Self {
        TextRange { start: self.start, end: other.end }
    }

    /// Line and column of its start, both from 1; the column counts bytes.
    pub fn line_column(self, query: &str) -> (usize, usize) {
        let before = &query.as_bytes()[..query.len().min(self.start as usize)];
        let line = 1 + before.iter().filter(|b| **b == b'\n').count();
        let line_start = before.iter().rposition(|b| *b == b'\n').map_or(0, |p| p + 1);
        (line, before.len() - line_start + 1)
    }

    pub(crate) fn position(self, query: &str) -> Position {
        let (line, column) = self.line_column(query);
        Position { line, column }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}
