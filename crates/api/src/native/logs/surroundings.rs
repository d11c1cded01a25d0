//! What happened just before and after one record.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};
use store::{Found, LogSearch, Order, QueryError};

use super::request::{LogQuery, parse_cursor};
use super::{record_json, took_ms};
use crate::app::Shared;
use crate::error::ApiError;
use crate::query::instrumented;

/// Records on either side at most.
const SIDE_MAX: usize = 500;

#[derive(Deserialize)]
pub(super) struct Request {
    cursor: String,
    #[serde(default = "side")]
    before: usize,
    #[serde(default = "side")]
    after: usize,
    #[serde(flatten)]
    query: LogQuery,
}

fn side() -> usize {
    20
}

/// The record itself, which need not pass the filter, between those that do; oldest first.
pub(super) async fn surroundings(
    State(app): State<Shared>,
    Json(request): Json<Request>,
) -> Result<Json<JsonValue>, ApiError> {
    let started_ns = app.clock.monotonic_ns();
    let anchor = parse_cursor(&request.cursor)?;
    let filter = request.query.filter()?;
    let range = request.query.range()?;
    let (before, after) = (request.before.min(SIDE_MAX), request.after.min(SIDE_MAX));
    let logs = app.logs.clone();
    let query = move |context: &store::QueryContext| -> Result<Vec<Found>, QueryError> {
        let side = |order, limit| {
            let filter = filter.clone();
            let search = LogSearch { range, filter, order, after: Some(anchor), limit };
            logs.search(&search, context).map(|page| page.records)
        };
        let mut records = side(Order::Newest, before)?;
        records.reverse();
        records.extend(itself(&*logs, anchor, context)?);
        records.extend(side(Order::Oldest, after)?);
        Ok(records)
    };
    let records = instrumented(&app, "logs", None, query).await?;
    let records: Vec<_> = records.iter().map(record_json).collect();
    let took_ms = took_ms(&app, started_ns);
    Ok(Json(json!({"records": records, "anchor": request.cursor, "took_ms": took_ms})))
}

/// The record at a cursor: the first behind the one just before it.
fn itself(
    logs: &dyn store::LogStore,
    anchor: store::Cursor,
    context: &store::QueryContext,
) -> Result<Option<Found>, QueryError> {
    let before = anchor.sequence.checked_sub(1);
    let search = LogSearch {
        range: model::TimeRange::new(anchor.time_ns, anchor.time_ns),
        filter: store::Filter::All,
        order: Order::Oldest,
        after: before.map(|sequence| store::Cursor { sequence, ..anchor }),
        limit: 1,
    };
    let page = logs.search(&search, context)?;
    Ok(page.records.into_iter().find(|found| found.cursor == anchor))
}
