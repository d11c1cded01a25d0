//! What Prometheus says about itself, as far as clients ask.

use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::answer;
use crate::app::Shared;

/// The version of Prometheus whose behaviour this is; clients choose features by it.
const COMPATIBLE_VERSION: &str = "3.5.0";

pub(super) async fn buildinfo(State(app): State<Shared>) -> Response {
    answer::data(&json!({
        "version": COMPATIBLE_VERSION, "revision": app.about.revision, "branch": "",
        "buildUser": "", "buildDate": "", "goVersion": "",
        "application": "sightglass", "applicationVersion": app.about.version,
    }))
}

pub(super) async fn runtimeinfo(State(app): State<Shared>) -> Response {
    let start = chrono::DateTime::from_timestamp_millis(app.about.started_ms).unwrap_or_default();
    let last =
        app.configuration.read().iter().filter(|f| f.kind == "prometheus").cloned().next_back();
    let stats = app.metrics.stats();
    answer::data(&json!({
        "startTime": start.to_rfc3339(),
        "CWD": app.about.data_dir,
        "reloadConfigSuccess": last.as_ref().is_none_or(|file| file.ok),
        "lastConfigTime": last.and_then(|file| chrono::DateTime::from_timestamp_millis(file.loaded_ms)),
        "corruptionCount": stats.quarantined.len(),
        "storageRetention": app.retention[0].age_ms.map(model::format_duration_ms).unwrap_or_default(),
        "timeSeriesCount": stats.series,
    }))
}

pub(super) async fn flags(State(app): State<Shared>) -> Response {
    answer::data(&json!({
        "storage.tsdb.path": app.about.data_dir,
        "query.timeout": format!("{}s", app.limits.query_timeout.as_secs()),
        "query.max-concurrency": app.limits.query_concurrency.to_string(),
        "query.max-samples": app.limits.query.samples.to_string(),
        "web.enable-remote-write-receiver": "true",
    }))
}

/// The configuration's own text: order and comments are kept, which Prometheus loses.
pub(super) async fn config(State(app): State<Shared>) -> Response {
    answer::data(&json!({"yaml": app.scraping.config_shown()}))
}

/// Alerts are routed inside, so there is no Alertmanager to name.
pub(super) async fn alertmanagers() -> Response {
    answer::data(&json!({"activeAlertmanagers": [], "droppedAlertmanagers": []}))
}
