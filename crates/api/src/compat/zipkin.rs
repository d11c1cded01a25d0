//! Zipkin: spans in its second format.

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use protocols::zipkin::{accepted, decode, failed, refused};
use serde_json::json;

use crate::app::Shared;
use crate::body;
use crate::error::append_status;
use crate::reply::{refusal, response};

/// What reporters call.
pub(super) fn router() -> Router<Shared> {
    Router::new().route("/api/v2/spans", post(spans)).route("/health", get(health))
}

async fn spans(State(app): State<Shared>, request: Request) -> Response {
    let body = match body::read(request, app.limits.body_bytes).await {
        Ok(body) => body,
        Err(error) => return response(failed(error.status().as_u16(), &error.to_string())),
    };
    let limits = protocols::Limits { body_bytes: app.limits.body_bytes, ..Default::default() };
    app.telemetry.bytes("traces", "zipkin", body.len());
    let batch = match decode(&body, app.clock.now_ns(), &limits) {
        Ok(batch) => batch,
        Err(error) => {
            app.telemetry.rejected("traces", "zipkin", "invalid", 1);
            return response(refused(&error));
        }
    };
    match app.append_spans("zipkin", batch).await {
        Ok(_) => response(accepted()),
        Err(error) => refusal(failed(append_status(&error).as_u16(), &error.to_string()), &error),
    }
}

async fn health() -> axum::Json<serde_json::Value> {
    axum::Json(json!({"status": "UP"}))
}
