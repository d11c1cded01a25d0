//! Errors that say where.

use std::fmt;
use std::path::{Path, PathBuf};

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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", position.map(|p| format!("{p}: ")).unwrap_or_default())]
pub struct Error {
    /// Where, when it is known.
    pub position: Option<Position>,
    /// Why.
    pub message: String,
}

impl Error {
    /// An error whose place is not known yet.
    pub fn new(message: impl Into<String>) -> Self {
        Error { position: None, message: message.into() }
    }

    /// The same error at this place, unless it knows a closer one.
    #[must_use]
    pub fn or_at(mut self, position: Position) -> Self {
        self.position.get_or_insert(position);
        self
    }
}

impl From<String> for Error {
    fn from(message: String) -> Self {
        Error::new(message)
    }
}

impl From<&str> for Error {
    fn from(message: &str) -> Self {
        Error::new(message)
    }
}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Error::new(message.to_string())
    }
}

/// Why a file was refused: `path:line:column: message`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}:{}{error}", path.display(), if error.position.is_none() { " " } else { "" })]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// Why, and where in it.
    pub error: Error,
}

impl FileError {
    /// What is wrong with this file.
    pub fn new(path: impl AsRef<Path>, error: impl Into<Error>) -> Self {
        FileError { path: path.as_ref().to_owned(), error: error.into() }
    }
}
