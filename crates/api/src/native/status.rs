//! How the server is doing: listeners, storage, configuration, build.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use store::StoreStats;

use crate::app::{ConfigFile, ProblemSeverity, Retention, Shared};

/// Calls under `/api/status`.
pub(super) fn router() -> Router<Shared> {
    Router::new().route("/status", get(status))
}

async fn status(State(app): State<Shared>) -> Json<Value> {
    let about = &app.about;
    let uptime_seconds = (app.clock.now_ms() - about.started_ms) as f64 / 1000.0;
    let usage = (app.usage)();
    let listeners: Vec<_> = app
        .listeners
        .statuses()
        .iter()
        .map(|listener| {
            json!({
                "name": listener.name, "address": listener.address.to_string(),
                "state": listener.state.to_string(), "purpose": listener.purpose,
            })
        })
        .collect();
    let files: Vec<_> = app.configuration.read().iter().map(file_json).collect();
    Json(json!({
        "version": about.version, "revision": about.revision, "started_ms": about.started_ms,
        "uptime_seconds": uptime_seconds, "pid": std::process::id(), "hostname": about.hostname,
        "data_dir": about.data_dir, "log_format": about.log_format,
        "memory_bytes": usage.memory_bytes, "cpu_seconds": usage.cpu_seconds,
        "listeners": listeners,
        "storage": storage_json(&app),
        "configuration": {"files": files},
    }))
}

fn file_json(file: &ConfigFile) -> Value {
    let problems: Vec<_> = file
        .problems
        .iter()
        .map(|problem| {
            let severity = match problem.severity {
                ProblemSeverity::Error => "error",
                ProblemSeverity::Warning => "warning",
            };
            json!({"severity": severity, "message": problem.message})
        })
        .collect();
    json!({
        "kind": file.kind, "path": file.path, "loaded_ms": file.loaded_ms, "ok": file.ok,
        "problems": problems,
    })
}

fn storage_json(app: &Shared) -> Value {
    let disk = (app.disk)();
    let stores = [
        store_json("metrics", &app.metrics.stats(), &app.retention[0]),
        store_json("logs", &app.logs.stats(), &app.retention[1]),
        store_json("traces", &app.traces.stats(), &app.retention[2]),
    ];
    json!({
        "disk": {
            "path": app.about.data_dir, "total_bytes": disk.total_bytes,
            "available_bytes": disk.available_bytes, "read_only": disk.read_only,
        },
        "stores": stores,
    })
}

fn store_json(signal: &str, stats: &StoreStats, retention: &Retention) -> Value {
    let millis = |time_ns: Option<i64>| time_ns.map(|time_ns| time_ns / 1_000_000);
    let quarantined: Vec<_> =
        stats.quarantined.iter().map(|q| json!({"path": q.path, "reason": q.reason})).collect();
    json!({
        "signal": signal, "series": stats.series, "head_rows": stats.head_rows,
        "head_bytes": stats.head_bytes, "wal_bytes": stats.wal_bytes, "parts": stats.parts,
        "part_rows": stats.part_rows, "part_bytes": stats.part_bytes,
        "oldest_ms": millis(stats.oldest_ns), "newest_ms": millis(stats.newest_ns),
        "retention_ms": retention.age_ms, "retention_bytes": retention.bytes,
        "quarantined": quarantined,
    })
}
