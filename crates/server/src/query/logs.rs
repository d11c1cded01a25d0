//! `sightglass query logs`.

use anyhow::Result;
use env::Env;
use serde_json::{Value, json};

use super::print::Rows;
use super::{Server, time_ms};
use crate::cli::{Language, LogsQuery};

/// Records the server gives at once.
const PAGE: usize = 1000;

/// Searches, page by page, and prints.
pub(super) async fn run(query: &LogsQuery) -> Result<()> {
    let server = Server::new(&query.asking.url)?;
    let now_ms = Env::real().clock.now_ms();
    let end_ms = query.end.as_deref().map_or(Ok(now_ms), |text| time_ms(text, now_ms))?;
    let language = match query.language {
        Language::Kql => "kql",
        Language::Lucene => "lucene",
    };
    let mut request = json!({
        "query": query.query, "language": language, "end_ms": end_ms,
        "start_ms": time_ms(&query.start, now_ms)?,
    });
    let mut rows = Rows::new(&["time", "severity", "service", "message"]);
    let mut wanted = query.limit;
    while wanted > 0 {
        request["limit"] = wanted.min(PAGE).into();
        let page = server.json("/api/logs/search", &request).await?;
        let records = page["records"].as_array().cloned().unwrap_or_default();
        wanted = wanted.saturating_sub(records.len());
        for record in records {
            rows.push_with(row(&record), record);
        }
        if page["next"].is_null() {
            break;
        }
        request["after"] = page["next"].clone();
    }
    rows.print(query.asking.format)
}

fn row(record: &Value) -> Vec<String> {
    let text = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
    let time_ns: i64 = text("time_ns").parse().unwrap_or_default();
    let time = chrono::DateTime::from_timestamp_nanos(time_ns);
    let time = time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    vec![time, text("severity"), text("service"), text("message")]
}
