//! Live tail: records as they are stored, as Server-Sent Events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use serde::Deserialize;
use serde_json::json;
use store::{Filter, Found};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::record_json;
use super::request::{Language, LogQuery, Pill};
use crate::app::Shared;
use crate::error::ApiError;

/// Records sent per second at most: more than anybody reads, less than would choke a browser.
const RECORDS_PER_SECOND: u64 = 500;

#[derive(Deserialize)]
pub(super) struct Request {
    #[serde(default)]
    query: String,
    #[serde(default)]
    language: Language,
    filters: Option<String>,
}

/// Sends `record` events, and `lagged` events with the number of records left out.
pub(super) async fn tail(
    State(app): State<Shared>,
    Query(request): Query<Request>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let pills: Vec<Pill> = match request.filters.as_deref() {
        None | Some("") => Vec::new(),
        Some(text) => serde_json::from_str(text)
            .map_err(|error| ApiError::bad_request(format!("the filters are not JSON: {error}")))?,
    };
    let filter = LogQuery::new(request.query, request.language, pills).filter()?;
    let feed = Feed {
        batches: app.logs.subscribe(),
        filter,
        waiting: Vec::new().into_iter(),
        missed: 0,
        second: 0,
        sent: 0,
        app: app.clone(),
    };
    let events = futures_util::stream::unfold(feed, async |mut feed| {
        let event = feed.next().await?;
        Some((Ok(event), feed))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

struct Feed {
    app: Shared,
    batches: Receiver<Arc<Vec<Found>>>,
    filter: Filter,
    waiting: std::vec::IntoIter<Found>,
    missed: u64,
    /// The second that `sent` counts in.
    second: u64,
    sent: u64,
}

impl Feed {
    /// The next event, or `None` when the store has closed.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(found) = self.waiting.next() {
                if self.is_allowed() {
                    return event("record", &record_json(&found));
                }
                self.missed += 1;
                continue;
            }
            if self.missed > 0 && self.is_new_second() {
                let missed = std::mem::take(&mut self.missed);
                return event("lagged", &json!({"missed": missed}));
            }
            match self.batches.recv().await {
                Ok(batch) => {
                    let passing = batch.iter().filter(|found| self.filter.matches(&found.record));
                    self.waiting = passing.cloned().collect::<Vec<_>>().into_iter();
                }
                Err(RecvError::Lagged(batches)) => self.missed += batches,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    fn is_new_second(&self) -> bool {
        self.app.clock.monotonic_ns() / 1_000_000_000 != self.second
    }

    fn is_allowed(&mut self) -> bool {
        if self.is_new_second() {
            self.second = self.app.clock.monotonic_ns() / 1_000_000_000;
            self.sent = 0;
        }
        self.sent += 1;
        self.sent <= RECORDS_PER_SECOND
    }
}

fn event(name: &str, data: &serde_json::Value) -> Option<Event> {
    Event::default().event(name).json_data(data).ok()
}
