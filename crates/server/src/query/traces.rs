//! `sightglass query traces`.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use env::Env;
use model::TraceId;
use serde_json::{Map, Value, json};

use super::print::Rows;
use super::{Server, time_ms};
use crate::cli::TracesQuery;

/// Searches and prints a row per trace, or prints the spans of one trace.
pub(super) async fn run(query: &TracesQuery) -> Result<()> {
    let server = Server::new(&query.asking.url)?;
    let text = query.query.trim();
    if text.len() >= 16 && text.parse::<TraceId>().is_ok() {
        let answer = server.get(&format!("/jaeger/api/traces/{text}"), &[]).await?;
        return span_rows(&answer["data"][0]).print(query.asking.format);
    }
    let now_ms = Env::real().clock.now_ms();
    let micros = |text: &str| time_ms(text, now_ms).map(|ms| (ms * 1000).to_string());
    let mut parameters = conditions(text)?;
    parameters.push(("start", micros(&query.start)?));
    parameters.push(("end", micros(query.end.as_deref().unwrap_or("now"))?));
    parameters.push(("limit", query.limit.to_string()));
    parameters.extend(query.min_duration.clone().map(|text| ("minDuration", text)));
    parameters.extend(query.max_duration.clone().map(|text| ("maxDuration", text)));
    let answer = server.get("/jaeger/api/traces", &parameters).await?;
    let mut rows = Rows::new(&["trace", "start", "duration", "spans", "services", "root"]);
    for trace in answer["data"].as_array().into_iter().flatten() {
        rows.push(trace_row(trace));
    }
    rows.print(query.asking.format)
}

/// `service=a operation=b any.tag=c` as parameters of the search.
fn conditions(text: &str) -> Result<Vec<(&'static str, String)>> {
    let mut parameters = Vec::new();
    let mut tags = Map::new();
    for condition in text.split_whitespace() {
        match condition.split_once('=') {
            Some(("service", value)) => parameters.push(("service", value.to_owned())),
            Some(("operation", value)) => parameters.push(("operation", value.to_owned())),
            Some((name, value)) => drop(tags.insert(name.to_owned(), value.into())),
            None => bail!("{condition:?} is neither a trace identifier nor a condition name=value"),
        }
    }
    if !tags.is_empty() {
        parameters.push(("tags", Value::Object(tags).to_string()));
    }
    Ok(parameters)
}

fn spans(trace: &Value) -> Vec<&Value> {
    trace["spans"].as_array().into_iter().flatten().collect()
}

fn service<'a>(trace: &'a Value, span: &Value) -> &'a str {
    let process = span["processID"].as_str().unwrap_or_default();
    trace["processes"][process]["serviceName"].as_str().unwrap_or_default()
}

fn trace_row(trace: &Value) -> Vec<String> {
    let spans = spans(trace);
    let micros = |span: &Value, name: &str| span[name].as_i64().unwrap_or_default();
    let start = spans.iter().map(|span| micros(span, "startTime")).min().unwrap_or_default();
    let end = spans.iter().map(|span| micros(span, "startTime") + micros(span, "duration")).max();
    let services: BTreeSet<_> = spans.iter().map(|span| service(trace, span)).collect();
    let root = spans.iter().min_by_key(|span| {
        (
            span["references"].as_array().is_some_and(|list| !list.is_empty()),
            micros(span, "startTime"),
        )
    });
    vec![
        trace["traceID"].as_str().unwrap_or_default().to_owned(),
        time_text(start),
        duration_text(end.unwrap_or(start) - start),
        spans.len().to_string(),
        services.into_iter().collect::<Vec<_>>().join(" "),
        root.map(|span| span["operationName"].as_str().unwrap_or_default().to_owned())
            .unwrap_or_default(),
    ]
}

fn span_rows(trace: &Value) -> Rows {
    let mut rows = Rows::new(&["start", "duration", "service", "operation", "span", "parent"]);
    let mut spans = spans(trace);
    spans.sort_by_key(|span| span["startTime"].as_i64());
    for span in spans {
        let micros = |name: &str| span[name].as_i64().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        rows.push_with(
            vec![
                time_text(micros("startTime")),
                duration_text(micros("duration")),
                service(trace, span).to_owned(),
                text(&span["operationName"]),
                text(&span["spanID"]),
                text(&span["references"][0]["spanID"]),
            ],
            json!({"service": service(trace, span), "span": span}),
        );
    }
    rows
}

fn time_text(micros: i64) -> String {
    let time = chrono::DateTime::from_timestamp_micros(micros).unwrap_or_default();
    time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

fn duration_text(micros: i64) -> String {
    match micros {
        ..1_000 => format!("{micros}µs"),
        1_000..1_000_000 => format!("{:.2}ms", micros as f64 / 1e3),
        _ => format!("{:.2}s", micros as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_become_parameters() {
        let parameters = conditions("service=shop http.status=500 error=true").unwrap();
        assert_eq!(parameters[0], ("service", "shop".to_owned()));
        assert_eq!(parameters[1].1, r#"{"error":"true","http.status":"500"}"#);
        assert!(conditions("what").is_err());
    }

    #[test]
    fn a_trace_is_one_row() {
        let trace = json!({
            "traceID": "1f",
            "spans": [
                {"startTime": 2000, "duration": 10, "operationName": "b", "processID": "p1",
                 "references": [{"spanID": "1"}]},
                {"startTime": 1000, "duration": 2500, "operationName": "a", "processID": "p1",
                 "references": []},
            ],
            "processes": {"p1": {"serviceName": "shop"}},
        });
        let row = trace_row(&trace);
        assert_eq!(row[2..], ["2.50ms", "2", "shop", "a"]);
    }
}
