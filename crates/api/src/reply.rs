//! From a protocol's answer to a response.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocols::Reply;
use store::AppendError;

use crate::error::retry_after;

/// The response that an answer describes.
pub(crate) fn response(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match reply.content_type {
        "" => status.into_response(),
        content_type => {
            (status, [(header::CONTENT_TYPE, content_type)], reply.body).into_response()
        }
    }
}

/// The answer to a batch that was not stored; says when to send it again.
pub(crate) fn refusal(reply: Reply, error: &AppendError) -> Response {
    let mut response = response(reply);
    if let Some(seconds) = retry_after(error).and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}
