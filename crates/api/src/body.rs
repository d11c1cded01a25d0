//! Request bodies: read under a limit, compression undone under the same limit.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};

/// Why a body was refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyError {
    /// It is larger than the limit, as sent or decompressed.
    #[error("the request body is larger than {0} bytes")]
    TooLarge(usize),
    /// The connection broke, or the body is not of its encoding.
    #[error("the request body could not be read: {0}")]
    Unreadable(String),
    /// The encoding is unknown.
    #[error("Content-Encoding {0:?} is not supported; use gzip, zstd, deflate or snappy")]
    UnknownEncoding(String),
}

impl BodyError {
    /// The status with which HTTP says it.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            BodyError::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            BodyError::Unreadable(_) => StatusCode::BAD_REQUEST,
            BodyError::UnknownEncoding(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        }
    }
}

/// The whole body, decompressed as its `Content-Encoding` says; never more than `limit` bytes.
///
/// # Errors
/// When it is too large, broken, or of an unknown encoding.
pub(crate) async fn read(request: Request, limit: usize) -> Result<Bytes, BodyError> {
    let (parts, body) = request.into_parts();
    read_parts(&parts.headers, body, limit).await
}

/// As [`read`], for handlers that took the request apart.
///
/// # Errors
/// As [`read`].
pub(crate) async fn read_parts(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<Bytes, BodyError> {
    let raw = read_raw(body, limit).await?;
    let encoding = headers.get(header::CONTENT_ENCODING).map_or("", |v| v.to_str().unwrap_or("?"));
    if encoding.is_empty() || encoding.eq_ignore_ascii_case("identity") {
        return Ok(raw);
    }
    // Undoing a large compression would hold up everything else on this thread.
    let encoding = encoding.to_owned();
    let task = tokio::task::spawn_blocking(move || decompress(&encoding, &raw, limit));
    task.await.unwrap_or_else(|panic| Err(BodyError::Unreadable(panic.to_string())))
}

/// The body as sent, compression left alone.
///
/// # Errors
/// When it is too large or broken.
pub(crate) async fn read_raw(body: Body, limit: usize) -> Result<Bytes, BodyError> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            Err(BodyError::TooLarge(limit))
        }
        Err(error) => Err(BodyError::Unreadable(error.to_string())),
    }
}

fn decompress(encoding: &str, raw: &[u8], limit: usize) -> Result<Bytes, BodyError> {
    use protocols::content::{ContentError, decode};
    match decode(encoding, raw, limit) {
        Ok(content) => Ok(Bytes::from(content.into_owned())),
        Err(ContentError::TooLarge { .. }) => Err(BodyError::TooLarge(limit)),
        Err(ContentError::UnknownEncoding(name)) => Err(BodyError::UnknownEncoding(name)),
        Err(error) => Err(BodyError::Unreadable(error.to_string())),
    }
}
