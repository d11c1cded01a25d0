//! Jaeger's collector: batches as thrift over HTTP.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use protocols::jaeger::{Encoding, accepted, decode_batch, failed, refused};

use crate::app::Shared;
use crate::body;
use crate::error::append_status;
use crate::reply::{refusal, response};

/// `POST /api/traces`
pub(super) fn router() -> Router<Shared> {
    Router::new().route("/api/traces", post(traces))
}

/// What clients call this content.
const CONTENT_TYPES: [&str; 2] = ["application/x-thrift", "application/vnd.apache.thrift.binary"];

async fn traces(State(app): State<Shared>, request: Request) -> Response {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !CONTENT_TYPES.contains(&media_type) {
        let message = format!("Unsupported content type: {media_type}");
        return (StatusCode::BAD_REQUEST, message).into_response();
    }
    let body = match body::read(request, app.limits.body_bytes).await {
        Ok(body) => body,
        Err(error) => return response(failed(error.status().as_u16(), &error.to_string())),
    };
    let limits = protocols::Limits { body_bytes: app.limits.body_bytes, ..Default::default() };
    app.telemetry.bytes("traces", "jaeger", body.len());
    let decoded = match decode_batch(&body, Encoding::Binary, &limits) {
        Ok(decoded) => decoded,
        Err(error) => {
            app.telemetry.rejected("traces", "jaeger", "invalid", 1);
            return response(refused(&error));
        }
    };
    if decoded.rejected.count > 0 {
        app.telemetry.rejected("traces", "jaeger", "invalid", decoded.rejected.count);
    }
    match app.append_spans("jaeger", decoded.batch).await {
        Ok(_) => response(accepted()),
        Err(error) => refusal(failed(append_status(&error).as_u16(), &error.to_string()), &error),
    }
}
