//! Remote write, version 1.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use protocols::DecodeError;
use protocols::remote_write::{accepted, check_headers, decode, failed};

use crate::app::Shared;
use crate::body;
use crate::error::append_status;
use crate::reply::{refusal, response};

fn check(headers: &HeaderMap) -> Result<(), DecodeError> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    check_headers(header(header::CONTENT_TYPE), header(header::CONTENT_ENCODING))
}

/// `POST /api/v1/write`
pub(super) async fn write(State(app): State<Shared>, request: Request) -> Response {
    if let Err(error) = check(request.headers()) {
        return response(failed(error.http_status(), &error.to_string()));
    }
    let body = match body::read_raw(request.into_body(), app.limits.body_bytes).await {
        Ok(body) => body,
        Err(error) => return response(failed(error.status().as_u16(), &error.to_string())),
    };
    let limits = protocols::Limits { body_bytes: app.limits.body_bytes, ..Default::default() };
    app.telemetry.bytes("metrics", "remote_write", body.len());
    let mut decoded = match decode(&body, &limits) {
        Ok(decoded) => decoded,
        Err(error) => {
            app.telemetry.rejected("metrics", "remote_write", "invalid", 1);
            return response(failed(error.http_status(), &error.to_string()));
        }
    };
    match app.append_metrics("remote_write", decoded.batch).await {
        Ok(appended) => {
            let invalid = decoded.rejected.count;
            if invalid > 0 {
                app.telemetry.rejected("metrics", "remote_write", "invalid", invalid);
            }
            if let Some(reason) = &appended.reason {
                decoded.rejected.add(appended.rejected, reason);
            }
            response(accepted(&decoded.rejected))
        }
        Err(error) => refusal(failed(append_status(&error).as_u16(), &error.to_string()), &error),
    }
}
