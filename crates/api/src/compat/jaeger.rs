//! Jaeger: its query API over HTTP, and its collector's thrift over HTTP.
//!
//! The query API is the one Jaeger's own interface, Grafana's data source and Kiali use: services,
//! operations, search and traces by identifier.

mod collector;
mod params;
mod trace;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use model::{Span, TimeRange, TraceId};
use serde_json::json;
use store::QueryError;

use self::params::Query;
use crate::app::Shared;
use crate::parameters::Parameters;
use crate::query::instrumented;

/// The query API, as on Jaeger's port 16686, and the collector, as on 14268.
pub(super) fn router() -> Router<Shared> {
    collector::router()
        .route("/api/services", get(services))
        .route("/api/services/{service}/operations", get(operation_names))
        .route("/api/operations", get(operations))
        .route("/api/traces", get(search))
        .route("/api/traces/{id}", get(trace_by_id))
        .route("/api/dependencies", get(dependencies))
}

/// Services and operations are listed for as long as Jaeger's interface looks back at most.
const LISTED_NS: i64 = 2 * 24 * 3_600_000_000_000;

/// A failure in the form of Jaeger's API.
struct Failure(StatusCode, String);

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        let status = match &error {
            QueryError::Invalid(_) | QueryError::TooExpensive(_) => StatusCode::BAD_REQUEST,
            QueryError::Timeout | QueryError::Canceled => StatusCode::SERVICE_UNAVAILABLE,
            QueryError::Io(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Failure(status, error.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let error = json!({"code": self.0.as_u16(), "msg": self.1});
        let body = json!({
            "data": null, "total": 0, "limit": 0, "offset": 0, "errors": [error],
        });
        (self.0, Json(body)).into_response()
    }
}

fn found(data: impl Iterator<Item = serde_json::Value>) -> Response {
    let data: Vec<_> = data.collect();
    let total = data.len();
    let body = json!({"data": data, "total": total, "limit": 0, "offset": 0, "errors": null});
    Json(body).into_response()
}

fn listed(app: &Shared) -> TimeRange {
    let now_ns = app.clock.now_ns();
    TimeRange::new(now_ns - LISTED_NS, i64::MAX)
}

async fn services(State(app): State<Shared>) -> Result<Response, Failure> {
    let (range, traces) = (listed(&app), app.traces.clone());
    let services =
        instrumented(&app, "jaeger", None, move |context| traces.services(range, context));
    Ok(found(services.await?.into_iter().map(Into::into)))
}

async fn list_operations(
    app: &Shared,
    service: String,
) -> Result<Vec<store::Operation>, QueryError> {
    let (range, traces) = (listed(app), app.traces.clone());
    instrumented(app, "jaeger", None, move |context| traces.operations(&service, range, context))
        .await
}

async fn operation_names(
    State(app): State<Shared>,
    Path(service): Path<String>,
) -> Result<Response, Failure> {
    let mut names: Vec<_> =
        list_operations(&app, service).await?.into_iter().map(|operation| operation.name).collect();
    names.dedup();
    Ok(found(names.into_iter().map(Into::into)))
}

async fn operations(
    State(app): State<Shared>,
    parameters: Parameters,
) -> Result<Response, Failure> {
    let Some(service) = parameters.get("service") else {
        return Err(Failure(StatusCode::BAD_REQUEST, "parameter 'service' is required".into()));
    };
    let kind = parameters.get("spanKind").unwrap_or_default();
    let operations = list_operations(&app, service.to_owned()).await?;
    let of_kind =
        operations.into_iter().filter(|operation| kind.is_empty() || operation.kind == kind);
    Ok(found(of_kind.map(|o| json!({"name": o.name, "spanKind": o.kind}))))
}

async fn search(State(app): State<Shared>, parameters: Parameters) -> Result<Response, Failure> {
    let query = Query(parameters);
    let ids = query.trace_ids().map_err(|message| Failure(StatusCode::BAD_REQUEST, message))?;
    let traces = app.traces.clone();
    let found_traces: Vec<Vec<Span>> = if ids.is_empty() {
        let search = query.search(app.clock.now_ns());
        let search = search.map_err(|message| Failure(StatusCode::BAD_REQUEST, message))?;
        instrumented(&app, "jaeger", None, move |context| traces.search(&search, context)).await?
    } else {
        instrumented(&app, "jaeger", None, move |context| {
            ids.into_iter().map(|id| traces.trace(id, context)).collect::<Result<_, _>>()
        })
        .await?
    };
    let with_spans = found_traces.iter().filter(|spans| !spans.is_empty());
    Ok(found(with_spans.map(|spans| trace::to_json(spans))))
}

async fn trace_by_id(
    State(app): State<Shared>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let parsed: Result<TraceId, _> = id.parse();
    let id = parsed.map_err(|error| {
        Failure(StatusCode::BAD_REQUEST, format!("error parsing traceID {id:?}: {error}"))
    })?;
    let traces = app.traces.clone();
    let spans =
        instrumented(&app, "jaeger", None, move |context| traces.trace(id, context)).await?;
    if spans.is_empty() {
        return Err(Failure(StatusCode::NOT_FOUND, "trace not found".into()));
    }
    Ok(found(std::iter::once(trace::to_json(&spans))))
}

/// Who calls whom is read off the traces of the asked time; at most the newest thousand of them.
async fn dependencies(
    State(app): State<Shared>,
    parameters: Parameters,
) -> Result<Response, Failure> {
    let search = Query(parameters).dependencies(app.clock.now_ns());
    let search = search.map_err(|message| Failure(StatusCode::BAD_REQUEST, message))?;
    let traces = app.traces.clone();
    let traces =
        instrumented(&app, "jaeger", None, move |context| traces.search(&search, context)).await?;
    Ok(found(trace::dependencies(&traces).into_iter()))
}
