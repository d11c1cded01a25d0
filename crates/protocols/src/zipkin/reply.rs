//! Replies in Zipkin's words.

use crate::{DecodeError, Place, Reply};

/// The answer once the spans are stored.
pub fn accepted() -> Reply {
    Reply::empty(202)
}

/// The answer to a body that could not be decoded.
pub fn refused(error: &DecodeError) -> Reply {
    let text = match error {
        DecodeError::Malformed { place: Place::Path(path), reason } if path == "$" => {
            reason.clone().into_owned()
        }
        DecodeError::Malformed { place: Place::Path(path), reason } => {
            format!("{reason} at {path} reading List<Span> from json")
        }
        DecodeError::Malformed { .. } => {
            format!("Malformed reading List<Span> from json: {error}")
        }
        other => other.to_string(),
    };
    Reply::text(error.http_status(), text)
}

/// The answer when nothing was stored for another reason.
pub fn failed(http_status: u16, message: &str) -> Reply {
    Reply::text(http_status, message)
}
