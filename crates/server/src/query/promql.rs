//! `sightglass query promql`.

use anyhow::{Result, bail};
use env::Env;
use serde_json::{Value, json};

use super::print::Rows;
use super::{Server, time_ms};
use crate::cli::PromqlQuery;

/// Steps of a range unless the command line says otherwise.
const STEPS: i64 = 60;

/// Evaluates and prints.
pub(super) async fn run(query: &PromqlQuery) -> Result<()> {
    let server = Server::new(&query.asking.url)?;
    let now_ms = Env::real().clock.now_ms();
    let expression = ("query", query.expression.clone());
    let seconds = |ms: i64| format!("{}", ms as f64 / 1000.0);
    let answer = match &query.start {
        None => {
            let at_ms = query.time.as_deref().map_or(Ok(now_ms), |text| time_ms(text, now_ms))?;
            let form = [expression, ("time", seconds(at_ms))];
            server.form("/prometheus/api/v1/query", &form).await?
        }
        Some(start) => {
            let start_ms = time_ms(start, now_ms)?;
            let end_ms = query.end.as_deref().map_or(Ok(now_ms), |text| time_ms(text, now_ms))?;
            let default_step = || format!("{}ms", ((end_ms - start_ms) / STEPS).max(1000));
            let step = query.step.clone().unwrap_or_else(default_step);
            let form = [
                expression,
                ("start", seconds(start_ms)),
                ("end", seconds(end_ms)),
                ("step", step),
            ];
            server.form("/prometheus/api/v1/query_range", &form).await?
        }
    };
    for kind in ["warnings", "infos"] {
        for note in answer[kind].as_array().into_iter().flatten() {
            eprintln!("{}: {}", kind.trim_end_matches('s'), note.as_str().unwrap_or_default());
        }
    }
    rows(&answer["data"])?.print(query.asking.format)
}

fn rows(data: &Value) -> Result<Rows> {
    let mut rows = Rows::new(&["series", "time", "value"]);
    let mut push = |series: &Value, sample: &Value| {
        let time = sample[0].as_f64().map(time_text).unwrap_or_default();
        let value = sample[1].as_str().unwrap_or_default();
        let object = json!({"metric": series, "time": sample[0], "value": value});
        rows.push_with(vec![series_text(series), time, value.to_owned()], object);
    };
    match data["resultType"].as_str() {
        Some("scalar" | "string") => push(&json!({}), &data["result"]),
        Some("vector") => {
            for series in data["result"].as_array().into_iter().flatten() {
                push(&series["metric"], &series["value"]);
            }
        }
        Some("matrix") => {
            for series in data["result"].as_array().into_iter().flatten() {
                for sample in series["values"].as_array().into_iter().flatten() {
                    push(&series["metric"], sample);
                }
            }
        }
        other => bail!("the server answered with {other:?}, which this version does not know"),
    }
    Ok(rows)
}

fn time_text(seconds: f64) -> String {
    let time = chrono::DateTime::from_timestamp_millis((seconds * 1000.0).round() as i64);
    time.unwrap_or_default().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

/// `name{a="1"}`.
fn series_text(series: &Value) -> String {
    let labels = series.as_object().into_iter().flatten();
    let pairs: Vec<_> = labels
        .filter(|(name, _)| *name != model::METRIC_NAME)
        .map(|(name, value)| format!("{name}={:?}", value.as_str().unwrap_or_default()))
        .collect();
    let name = series[model::METRIC_NAME].as_str().unwrap_or_default();
    match (name.is_empty(), pairs.is_empty()) {
        (false, true) => name.to_owned(),
        _ => format!("{name}{{{}}}", pairs.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_print_as_selectors() {
        assert_eq!(series_text(&json!({"__name__": "up"})), "up");
        assert_eq!(series_text(&json!({"__name__": "up", "job": "a"})), "up{job=\"a\"}");
        assert_eq!(series_text(&json!({})), "{}");
    }
}
