//! OTLP over HTTP.

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocols::otlp::{Encoding, Signal, accepted, failed};

use super::{Refusal, ingest};
use crate::app::Shared;
use crate::body;
use crate::error::append_status;
use crate::reply::{refusal, response};

/// `POST /v1/traces`, `/v1/logs` and `/v1/metrics`.
pub(super) async fn export(
    State(app): State<Shared>,
    signal: Signal,
    request: Request,
) -> Response {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(encoding) = Encoding::from_content_type(content_type) else {
        let message = "Content-Type must be application/x-protobuf or application/json";
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, message).into_response();
    };
    let body = match body::read(request, app.limits.body_bytes).await {
        Ok(body) => body,
        Err(error) => {
            return response(failed(encoding, error.status().as_u16(), &error.to_string()));
        }
    };
    match ingest(&app, signal, encoding, body).await {
        Ok(rejected) => response(accepted(encoding, signal, &rejected)),
        Err(Refusal::Decode(error)) => {
            response(failed(encoding, error.http_status(), &error.to_string()))
        }
        Err(Refusal::Append(error)) => {
            let status = append_status(&error).as_u16();
            refusal(failed(encoding, status, &error.to_string()), &error)
        }
    }
}
