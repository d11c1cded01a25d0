//! Storing documents, many at a time or one.

use std::collections::HashMap;

use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use protocols::DecodeError;
use protocols::elasticsearch::{Bulk, Outcome, accepted, decode_bulk, failed, refused};
use serde_json::{Value, json};
use store::AppendError;

use crate::app::Shared;
use crate::body;
use crate::error::append_status;
use crate::reply::{refusal, response};

/// Parameters of the address.
type Parameters = Query<HashMap<String, String>>;

/// `POST /_bulk`
pub(super) async fn bulk(
    state: State<Shared>,
    parameters: Parameters,
    request: Request,
) -> Response {
    bulk_into(state, None, parameters, request).await
}

/// `POST /<index>/_bulk`
pub(super) async fn bulk_of_index(
    state: State<Shared>,
    Path(index): Path<String>,
    parameters: Parameters,
    request: Request,
) -> Response {
    bulk_into(state, Some(index), parameters, request).await
}

async fn bulk_into(
    State(app): State<Shared>,
    index: Option<String>,
    Query(parameters): Parameters,
    request: Request,
) -> Response {
    let started_ns = app.clock.monotonic_ns();
    let body = match body::read(request, app.limits.body_bytes).await {
        Ok(body) => body,
        Err(error) => return body_refused(&error),
    };
    match store(&app, &body, index.as_deref()).await {
        Ok(bulk) => {
            let took_ms = app.clock.monotonic_ns().saturating_sub(started_ns) / 1_000_000;
            let filter_path = parameters.get("filter_path").map(String::as_str);
            response(accepted(&bulk.items, took_ms, filter_path))
        }
        Err(refused) => refused,
    }
}

fn body_refused(error: &body::BodyError) -> Response {
    response(failed(error.status().as_u16(), "parse_exception", &error.to_string()))
}

/// Decodes and stores; what fails as a whole is the response in the error.
async fn store(app: &Shared, body: &Bytes, index: Option<&str>) -> Result<Bulk, Response> {
    let limits = protocols::Limits { body_bytes: app.limits.body_bytes, ..Default::default() };
    app.telemetry.bytes("logs", "elasticsearch", body.len());
    let decoded: Result<Bulk, DecodeError> = decode_bulk(body, index, app.clock.now_ns(), &limits);
    let mut bulk = decoded.map_err(|error| {
        app.telemetry.rejected("logs", "elasticsearch", "invalid", 1);
        response(refused(&error))
    })?;
    let failures = bulk.items.iter().filter(|i| matches!(i.outcome, Outcome::Failed(_))).count();
    if failures > 0 {
        app.telemetry.rejected("logs", "elasticsearch", "invalid", failures as u64);
    }
    let stored = app.append_logs("elasticsearch", std::mem::take(&mut bulk.batch)).await;
    stored.map(|_| bulk).map_err(|error| not_stored(&error))
}

/// Shippers give up items that are refused one by one, but send a whole request again.
fn not_stored(error: &AppendError) -> Response {
    let status = append_status(error).as_u16();
    let reply = failed(status, "es_rejected_execution_exception", &error.to_string());
    refusal(reply, error)
}

/// `POST /<index>/_doc`
pub(super) async fn document(
    state: State<Shared>,
    Path(index): Path<String>,
    request: Request,
) -> Response {
    one(state, json!({"index": {"_index": index}}), request).await
}

/// `PUT /<index>/_doc/<id>`
pub(super) async fn document_with_id(
    state: State<Shared>,
    Path((index, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    one(state, json!({"index": {"_index": index, "_id": id}}), request).await
}

/// A document alone is a bulk of one; its answer is the item without its wrapping.
async fn one(State(app): State<Shared>, action: Value, request: Request) -> Response {
    let body = match body::read(request, app.limits.body_bytes).await {
        Ok(body) => body,
        Err(error) => return body_refused(&error),
    };
    // A document may span lines, and a bulk may not.
    let document: Value = match serde_json::from_slice(&body) {
        Ok(document) => document,
        Err(error) => {
            return response(failed(400, "document_parsing_exception", &error.to_string()));
        }
    };
    let bulk = match store(&app, &format!("{action}\n{document}\n").into(), None).await {
        Ok(bulk) => bulk,
        Err(refused) => return refused,
    };
    let reply = accepted(&bulk.items, 0, None);
    let answer: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let item = &answer["items"][0]["index"];
    let status = item["status"].as_u64().and_then(|status| u16::try_from(status).ok());
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    (status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), axum::Json(item.clone())).into_response()
}
