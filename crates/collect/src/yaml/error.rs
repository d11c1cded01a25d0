//! Errors that say where.

use std::fmt;

/// A place in a text; both numbers count from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character within the line.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Why a text was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// Where, when it is known.
    pub position: Option<Position>,
    /// Why.
    pub message: String,
}

impl YamlError {
    /// An error whose place is not known yet.
    pub fn new(message: impl Into<String>) -> Self {
        YamlError { position: None, message: message.into() }
    }

    /// The same error at this place, unless it knows a closer one.
    #[must_use]
    pub fn or_at(mut self, position: Position) -> Self {
        self.position.get_or_insert(position);
        self
    }
}

impl fmt::Display for YamlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(position) => write!(f, "{position}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for YamlError {}

impl serde::de::Error for YamlError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        YamlError::new(message.to_string())
    }
}
