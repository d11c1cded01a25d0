//! What was told to whom.

use alerting::NotificationQuery;
use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::Shared;

/// Calls under `/api/notifications`.
pub(super) fn router() -> Router<Shared> {
    Router::new().route("/notifications", get(notifications))
}

/// Notifications of one answer at most.
const NOTIFICATIONS_MAX: usize = 1000;

#[derive(Deserialize)]
struct Request {
    limit: Option<usize>,
    before_ms: Option<i64>,
    receiver: Option<String>,
    fingerprint: Option<String>,
}

async fn notifications(State(app): State<Shared>, Query(request): Query<Request>) -> Json<Value> {
    let query = NotificationQuery {
        limit: request.limit.map(|limit| limit.min(NOTIFICATIONS_MAX)),
        before_ms: request.before_ms,
        receiver: request.receiver.filter(|receiver| !receiver.is_empty()),
        fingerprint: request.fingerprint.filter(|fingerprint| !fingerprint.is_empty()),
    };
    Json(json!({"notifications": app.alerting.notifications(&query)}))
}
