//! What is scraped.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::Response;
use collect::scrape::{ActiveTarget, DroppedTarget, TargetMetadata};
use serde_json::{Value as Json, json};

use super::answer::{self, Failure};
use super::params::Params;
use crate::app::Shared;

pub(super) async fn targets(
    State(app): State<Shared>,
    params: Params,
) -> Result<Response, Failure> {
    let all = app.scraping.targets();
    let pool = params.get("scrapePool");
    let wanted = |name: &str| pool.is_empty() || name == pool;
    let state = params.get("state").to_ascii_lowercase();
    let (is_active, is_dropped) = match state.as_str() {
        "active" => (true, false),
        "dropped" => (false, true),
        _ => (true, true),
    };
    let active = all.active.iter().filter(|target| is_active && wanted(&target.pool));
    let dropped = all.dropped.iter().filter(|target| is_dropped && wanted(&target.pool));
    Ok(answer::data(&json!({
        "activeTargets": active.map(active_json).collect::<Vec<_>>(),
        "droppedTargets": dropped.map(dropped_json).collect::<Vec<_>>(),
        "droppedTargetCounts": all.dropped_counts,
    })))
}

fn active_json(target: &ActiveTarget) -> Json {
    let last = &target.last;
    json!({
        "discoveredLabels": answer::labels_json(&target.discovered_labels),
        "labels": answer::labels_json(&target.labels),
        "scrapePool": target.pool,
        "scrapeUrl": target.scrape_url,
        "globalUrl": target.global_url,
        "lastError": last.error.as_deref().unwrap_or_default(),
        "lastScrape": answer::time_text(last.at_ms),
        "lastScrapeDuration": last.duration.as_secs_f64(),
        "health": last.health.name(),
        "scrapeInterval": duration_text(target.interval),
        "scrapeTimeout": duration_text(target.timeout),
    })
}

fn duration_text(duration: std::time::Duration) -> String {
    model::format_duration_ms(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
}

fn dropped_json(target: &DroppedTarget) -> Json {
    json!({
        "discoveredLabels": answer::labels_json(&target.discovered_labels),
        "scrapePool": target.pool,
    })
}

pub(super) async fn scrape_pools(State(app): State<Shared>) -> Response {
    let all = app.scraping.targets();
    let pools: BTreeSet<_> = all.dropped_counts.into_keys().collect();
    answer::data(&json!({"scrapePools": pools}))
}

/// What targets say about their metrics: all of it, or that of one metric or of some targets.
pub(super) async fn metadata(
    State(app): State<Shared>,
    params: Params,
) -> Result<Response, Failure> {
    let (metric, limit) = (params.get("metric"), params.limit()?);
    let matchers = match params.get("match_target") {
        "" => Vec::new(),
        text => promql::parse_selector(text)
            .map_err(|error| Failure::parameter("match_target", &error.to_string()))?,
    };
    let wanted = |known: &TargetMetadata| {
        (metric.is_empty() || known.family == metric)
            && matchers.iter().all(|matcher| matcher.matches_labels(&known.target))
    };
    let entry = |known: TargetMetadata| {
        let name = if metric.is_empty() { known.family.as_str() } else { "" };
        json!({
            "target": answer::labels_json(&known.target), "metric": name,
            "type": known.metadata.kind.name(), "help": known.metadata.help,
            "unit": known.metadata.unit,
        })
    };
    let found: Vec<_> =
        app.scraping.metadata().into_iter().filter(wanted).take(limit).map(entry).collect();
    Ok(answer::data(&found))
}
