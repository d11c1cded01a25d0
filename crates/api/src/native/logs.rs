//! Searching logs.

mod request;
mod surroundings;
mod tail;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use model::TimeRange;
use serde::Deserialize;
use serde_json::{Map, Value as JsonValue, json};
use store::{FieldKind, FieldsQuery, Found, HistogramQuery, LogSearch, Order, ValuesQuery};

use self::request::{LogQuery, cursor_text, parse_cursor};
use crate::app::Shared;
use crate::error::ApiError;
use crate::query::instrumented;

/// Calls under `/api/logs`.
pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/logs/search", post(search))
        .route("/logs/histogram", post(histogram))
        .route("/logs/fields", post(fields))
        .route("/logs/values", post(values))
        .route("/logs/surroundings", post(surroundings::surroundings))
        .route("/logs/tail", get(tail::tail))
}

/// Records of one page at most.
const PAGE_MAX: usize = 1000;

/// Values of one list at most.
const VALUES_MAX: usize = 100;

/// Buckets a histogram aims at, and never exceeds tenfold.
const BUCKETS: i64 = 100;

#[derive(Deserialize)]
struct SearchRequest {
    #[serde(flatten)]
    query: LogQuery,
    #[serde(default)]
    order: OrderText,
    after: Option<String>,
    #[serde(default = "page_size")]
    limit: usize,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum OrderText {
    #[default]
    Newest,
    Oldest,
}

fn page_size() -> usize {
    100
}

async fn search(
    State(app): State<Shared>,
    Json(request): Json<SearchRequest>,
) -> Result<Json<JsonValue>, ApiError> {
    let started_ns = app.clock.monotonic_ns();
    let search = LogSearch {
        range: request.query.range()?,
        filter: request.query.filter()?,
        order: match request.order {
            OrderText::Newest => Order::Newest,
            OrderText::Oldest => Order::Oldest,
        },
        after: request.after.as_deref().map(parse_cursor).transpose()?,
        limit: request.limit.clamp(1, PAGE_MAX),
    };
    let logs = app.logs.clone();
    let page =
        instrumented(&app, "logs", None, move |context| logs.search(&search, context)).await?;
    let next = page.records.last().filter(|_| page.more).map(|found| cursor_text(found.cursor));
    let records: Vec<_> = page.records.iter().map(record_json).collect();
    Ok(Json(json!({"records": records, "next": next, "took_ms": took_ms(&app, started_ns)})))
}

/// A record as the interface shows it.
fn record_json(found: &Found) -> JsonValue {
    let record = &found.record;
    let mut fields = Map::new();
    for (name, value) in &record.fields {
        fields.insert(name.clone(), value.to_json());
    }
    json!({
        "cursor": cursor_text(found.cursor),
        "time_ns": record.time_ns.to_string(),
        "severity": record.severity.name(),
        "message": record.message,
        "service": record.service,
        "stream": record.stream,
        "trace_id": record.trace_id.map(|id| id.to_string()),
        "span_id": record.span_id.map(|id| id.to_string()),
        "fields": fields,
    })
}

fn took_ms(app: &Shared, started_ns: u64) -> f64 {
    let took_us = app.clock.monotonic_ns().saturating_sub(started_ns) / 1000;
    took_us as f64 / 1000.0
}

#[derive(Deserialize)]
struct HistogramRequest {
    #[serde(flatten)]
    query: LogQuery,
    interval_ms: Option<i64>,
    by: Option<String>,
}

async fn histogram(
    State(app): State<Shared>,
    Json(request): Json<HistogramRequest>,
) -> Result<Json<JsonValue>, ApiError> {
    let started_ns = app.clock.monotonic_ns();
    let range = bounded(&app, request.query.range()?);
    let (start_ms, end_ms) = (range.start_ns / 1_000_000, range.end_ns / 1_000_000);
    let interval_ms = match request.interval_ms {
        None => pretty_interval_ms(end_ms - start_ms),
        Some(ms) if ms > 0 && (end_ms - start_ms) / ms <= BUCKETS * 10 => ms,
        Some(ms) => {
            let message = format!("an interval of {ms} ms gives too many buckets or none");
            return Err(ApiError::bad_request(message));
        }
    };
    let filter = request.query.filter()?;
    let interval_ns = interval_ms * 1_000_000;
    let query = HistogramQuery { range, filter, interval_ns, by: request.by };
    let logs = app.logs.clone();
    let histogram =
        instrumented(&app, "logs", None, move |context| logs.histogram(&query, context)).await?;
    let buckets: Vec<_> = histogram
        .buckets
        .iter()
        .map(|bucket| {
            let counts: Map<_, _> = bucket
                .counts
                .iter()
                .map(|(value, count)| (value.clone(), (*count).into()))
                .collect();
            json!({"start_ms": bucket.start_ns / 1_000_000, "counts": counts})
        })
        .collect();
    Ok(Json(json!({
        "interval_ms": interval_ms, "start_ms": start_ms, "end_ms": end_ms,
        "total": histogram.total, "buckets": buckets, "took_ms": took_ms(&app, started_ns),
    })))
}

/// A range without open ends, which a histogram needs: from the oldest record until now.
fn bounded(app: &Shared, range: TimeRange) -> TimeRange {
    let now_ns = app.clock.now_ns();
    let end_ns = if range.end_ns == i64::MAX { now_ns } else { range.end_ns };
    let start_ns = match range.start_ns {
        i64::MIN => app.logs.stats().oldest_ns.unwrap_or(now_ns).min(end_ns),
        start_ns => start_ns,
    };
    TimeRange::new(start_ns, end_ns)
}

/// A round interval that gives about [`BUCKETS`] buckets.
fn pretty_interval_ms(span_ms: i64) -> i64 {
    const STEPS_MS: [i64; 22] = [
        10, 50, 100, 250, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000,
        300_000, 600_000, 900_000, 1_800_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000,
        86_400_000,
    ];
    let wanted = span_ms / BUCKETS;
    let day_ms = STEPS_MS[STEPS_MS.len() - 1];
    let step = STEPS_MS.into_iter().find(|step| *step >= wanted);
    step.unwrap_or_else(|| wanted.div_euclid(day_ms).saturating_add(1) * day_ms)
}

async fn fields(
    State(app): State<Shared>,
    Json(request): Json<LogQuery>,
) -> Result<Json<JsonValue>, ApiError> {
    let started_ns = app.clock.monotonic_ns();
    let query = FieldsQuery { range: request.range()?, filter: request.filter()? };
    let logs = app.logs.clone();
    let fields =
        instrumented(&app, "logs", None, move |context| logs.fields(&query, context)).await?;
    let list: Vec<_> = fields
        .iter()
        .map(|field| json!({"name": field.name, "kind": kind(field.kind), "count": field.count}))
        .collect();
    let total = fields.iter().map(|field| field.count).max().unwrap_or(0);
    Ok(Json(json!({"fields": list, "total": total, "took_ms": took_ms(&app, started_ns)})))
}

fn kind(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "text",
        FieldKind::Number => "number",
        FieldKind::Bool => "bool",
        FieldKind::Time => "time",
        FieldKind::Mixed => "mixed",
    }
}

#[derive(Deserialize)]
struct ValuesRequest {
    #[serde(flatten)]
    query: LogQuery,
    field: String,
    #[serde(default = "values_size")]
    limit: usize,
}

fn values_size() -> usize {
    10
}

async fn values(
    State(app): State<Shared>,
    Json(request): Json<ValuesRequest>,
) -> Result<Json<JsonValue>, ApiError> {
    let started_ns = app.clock.monotonic_ns();
    let query = ValuesQuery {
        range: request.query.range()?,
        filter: request.query.filter()?,
        field: request.field,
        limit: request.limit.clamp(1, VALUES_MAX),
    };
    let logs = app.logs.clone();
    let values =
        instrumented(&app, "logs", None, move |context| logs.values(&query, context)).await?;
    let list: Vec<_> = values.iter().map(|v| json!({"value": v.value, "count": v.count})).collect();
    Ok(Json(json!({"values": list, "took_ms": took_ms(&app, started_ns)})))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_round_and_give_about_a_hundred_buckets() {
        for (span_ms, expected) in
            [(0, 10), (900_000, 10_000), (86_400_000, 900_000), (400 * 86_400_000, 5 * 86_400_000)]
        {
            assert_eq!(pretty_interval_ms(span_ms), expected, "{span_ms}");
        }
    }
}
