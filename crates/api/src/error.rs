//! Errors of the native API: a message, a hint, and the place in the query.

use std::ops::Range;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use store::{AppendError, DocumentError, QueryError};

/// An answer that says what went wrong.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    message: String,
    hint: Option<String>,
    position: Option<Range<usize>>,
    field: Option<&'static str>,
}

impl ApiError {
    /// An error with a message.
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        ApiError { status, message: message.into(), hint: None, position: None, field: None }
    }

    /// The request makes no sense.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// There is no such thing.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// Adds what to do about it.
    pub(crate) fn hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    /// Says where in which field; the range counts bytes of `text` and is sent in UTF-16 units.
    pub(crate) fn at(mut self, field: &'static str, text: &str, bytes: Range<usize>) -> Self {
        let units = |end: usize| {
            let before = text.char_indices().take_while(|(start, _)| *start < end);
            before.map(|(_, character)| character.len_utf16()).sum::<usize>()
        };
        self.position = Some(units(bytes.start)..units(bytes.end));
        self.field = Some(field);
        self
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let position = self.position.map(|p| json!({"start": p.start, "end": p.end}));
        let body = json!({"error": {
            "message": self.message, "hint": self.hint, "position": position, "field": self.field,
        }});
        (self.status, axum::Json(body)).into_response()
    }
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        let status = match &error {
            QueryError::Invalid(_) => StatusCode::BAD_REQUEST,
            QueryError::TooExpensive(_) => StatusCode::UNPROCESSABLE_ENTITY,
            QueryError::Timeout | QueryError::Canceled => StatusCode::SERVICE_UNAVAILABLE,
            QueryError::Io(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        ApiError::new(status, error.to_string())
    }
}

impl From<DocumentError> for ApiError {
    fn from(error: DocumentError) -> Self {
        let status = match &error {
            DocumentError::Conflict => StatusCode::CONFLICT,
            DocumentError::Io(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        ApiError::new(status, error.to_string())
    }
}

/// The status with which HTTP protocols refuse a batch that was not stored.
pub(crate) fn append_status(error: &AppendError) -> StatusCode {
    match error {
        AppendError::Overloaded { .. } => StatusCode::TOO_MANY_REQUESTS,
        AppendError::Invalid(_) => StatusCode::BAD_REQUEST,
        AppendError::DiskFull(_) | AppendError::Stopping | AppendError::Io(_) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// The value of a `Retry-After` header, when sending again makes sense: whole seconds, at least 1.
pub(crate) fn retry_after(error: &AppendError) -> Option<String> {
    error.retry_after().map(|wait| wait.as_secs().max(1).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_in_utf16_units() {
        let error = ApiError::bad_request("x").at("query", "aé😀b", 3..7);
        assert_eq!(error.position, Some(2..4));
    }
}
