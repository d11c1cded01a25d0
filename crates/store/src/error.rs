//! Errors, one variant for each thing a caller does about them.

use std::time::Duration;

/// Why a batch was not stored. None of its records are kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Too much is waiting to be written: send the same again later.
    #[error("too much is waiting to be written")]
    Overloaded {
        /// When to try again.
        retry_after: Duration,
    },
    /// The disk is full or nearly: send the same again later.
    #[error("the disk is full: {0}")]
    DiskFull(String),
    /// The server is stopping: send the same again, elsewhere or later.
    #[error("the server is stopping")]
    Stopping,
    /// The batch can never be stored; sending it again does not help.
    #[error("{0}")]
    Invalid(String),
    /// The disk failed: send the same again later, and look at the disk.
    #[error("writing failed: {0}")]
    Io(String),
}

impl AppendError {
    /// When the sender should try again, or `None` when that is useless.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            AppendError::Overloaded { retry_after } => Some(*retry_after),
            AppendError::DiskFull(_) => Some(Duration::from_secs(10)),
            AppendError::Stopping | AppendError::Io(_) => Some(Duration::from_secs(5)),
            AppendError::Invalid(_) => None,
        }
    }
}

/// Why a query has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The question makes no sense; the text says where.
    #[error("{0}")]
    Invalid(String),
    /// It would cost more than a limit allows; the text names the limit.
    #[error("{0}")]
    TooExpensive(String),
    /// It took too long.
    #[error("query timed out")]
    Timeout,
    /// Whoever asked went away.
    #[error("query was canceled")]
    Canceled,
    /// Reading failed.
    #[error("reading failed: {0}")]
    Io(String),
}

/// Why a document was not read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Somebody else changed it in between: read it again.
    #[error("the document was changed by somebody else")]
    Conflict,
    /// The catalog failed: try again later.
    #[error("the catalog failed: {0}")]
    Io(String),
}
