//! The routing tree of alerts, and which way a label set takes through it.

use std::collections::BTreeMap;

use alerting::RouteView;
use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use model::Labels;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::Shared;

/// Calls under `/api/routes`.
pub(super) fn router() -> Router<Shared> {
    Router::new().route("/routes", get(routes)).route("/routes/test", post(test))
}

async fn routes(State(app): State<Shared>) -> Json<RouteView> {
    Json(app.alerting.alertmanager().routes())
}

#[derive(Deserialize)]
struct Request {
    labels: BTreeMap<String, String>,
}

async fn test(State(app): State<Shared>, Json(request): Json<Request>) -> Json<Value> {
    let labels = Labels::from_pairs(request.labels);
    Json(json!({"routes": app.alerting.alertmanager().routes_test(&labels)}))
}
