//! Why a query has no answer.

use store::QueryError;

/// Why a query has no answer, by what the API says about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// The query cannot be evaluated in this way at all (`bad_data`).
    #[error("{0}")]
    BadData(String),
    /// The data do not allow an answer, or it would cost more than a limit allows (`execution`).
    #[error("{0}")]
    Execution(String),
    /// It took too long (`timeout`).
    #[error("query timed out in expression evaluation")]
    Timeout,
    /// Whoever asked went away (`canceled`).
    #[error("query was canceled in expression evaluation")]
    Canceled,
    /// Reading failed (`internal`).
    #[error("expanding series: {0}")]
    Storage(String),
}

impl EvalError {
    pub(super) fn too_many_samples() -> Self {
        let message = "query processing would load too many samples into memory in query execution";
        EvalError::Execution(message.to_owned())
    }

    pub(super) fn duplicate_labels() -> Self {
        let message = "vector cannot contain metrics with the same labelset";
        EvalError::Execution(message.to_owned())
    }
}

impl From<QueryError> for EvalError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Invalid(message) => EvalError::BadData(message),
            QueryError::TooExpensive(message) => EvalError::Execution(message),
            QueryError::Timeout => EvalError::Timeout,
            QueryError::Canceled => EvalError::Canceled,
            QueryError::Io(message) => EvalError::Storage(message),
        }
    }
}
