//! The calls clients make before they send anything.

use std::collections::HashMap;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocols::elasticsearch::startup::{self, Cluster, version_for};
use protocols::elasticsearch::{failed, filter_path};
use serde_json::{Value, json};

use crate::app::Shared;
use crate::reply::response;

/// The kind and name under which the cluster's identifier is kept.
const CLUSTER: (&str, &str) = ("elasticsearch.cluster", "uuid");

/// Who we claim to be; the identifier is made once and stays.
fn cluster(app: &Shared) -> Cluster {
    let (kind, id) = CLUSTER;
    let kept = app.documents.get(kind, id).ok().flatten().map(|document| document.body);
    let cluster_uuid = kept.unwrap_or_else(|| {
        let made = format!("sg{:020x}", app.clock.now_ns());
        match app.documents.put(kind, id, &made, Some(0)) {
            Ok(_) => made,
            Err(error) => {
                tracing::warn!(%error, "the cluster's identifier could not be kept");
                made
            }
        }
    });
    let node_name = app.about.hostname.clone();
    Cluster { node_name, cluster_name: "sightglass".to_owned(), cluster_uuid }
}

fn version(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    version_for(agent).to_owned()
}

pub(super) async fn root(State(app): State<Shared>, headers: HeaderMap) -> Json<Value> {
    Json(startup::root(&cluster(&app), &version(&headers)))
}

pub(super) async fn license(State(app): State<Shared>) -> Json<Value> {
    Json(startup::license(&cluster(&app)))
}

pub(super) async fn xpack() -> Json<Value> {
    Json(startup::xpack())
}

pub(super) async fn cluster_health(
    State(app): State<Shared>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Json<Value> {
    let health = startup::cluster_health(&cluster(&app));
    Json(filter_path(health, parameters.get("filter_path").map_or("", String::as_str)))
}

/// Where clients that sniff find the one node: at the address they came by.
pub(super) async fn nodes(State(app): State<Shared>, headers: HeaderMap) -> Json<Value> {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let address = host.unwrap_or("127.0.0.1:9200");
    Json(startup::nodes_http(&cluster(&app), &version(&headers), address))
}

pub(super) async fn nodes_ingest(State(app): State<Shared>, headers: HeaderMap) -> Json<Value> {
    Json(startup::nodes_ingest(&cluster(&app), &version(&headers)))
}

/// Stored records are visible at once, so there is nothing to refresh.
pub(super) async fn refreshed() -> Json<Value> {
    Json(json!({"_shards": {"total": 1, "successful": 1, "failed": 0}}))
}

/// `PUT /<index>/_alias/<name>`: any name finds its records, so an alias needs no keeping.
pub(super) async fn acknowledge() -> Json<Value> {
    Json(startup::acknowledged())
}

pub(super) async fn alias(Path(name): Path<String>) -> Response {
    missing("alias", &name)
}

/// `GET /<index>`: indexes come into being with their first record, and no client needs them sooner.
pub(super) async fn index(Path(name): Path<String>) -> Response {
    missing("index", &name)
}

fn missing(what: &str, name: &str) -> Response {
    response(failed(404, "index_not_found_exception", &format!("no such {what} [{name}]")))
}

pub(super) async fn create_index(Path(name): Path<String>) -> Response {
    match protocols::elasticsearch::check_index_name(&name) {
        Ok(()) => (StatusCode::OK, Json(startup::index_created(&name))).into_response(),
        Err(reason) => response(failed(400, "invalid_index_name_exception", &reason)),
    }
}
