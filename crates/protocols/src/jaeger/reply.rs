//! Replies in the words of Jaeger's collector.

use crate::{DecodeError, Reply};

/// The answer once the spans are stored.
pub fn accepted() -> Reply {
    Reply::empty(202)
}

/// The answer to a body that could not be decoded.
pub fn refused(error: &DecodeError) -> Reply {
    Reply::text(error.http_status(), format!("Unable to process request body: {error}\n"))
}

/// The answer when nothing was stored for another reason.
pub fn failed(http_status: u16, message: &str) -> Reply {
    Reply::text(http_status, format!("Cannot submit Jaeger batch: {message}\n"))
}
