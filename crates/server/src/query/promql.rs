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
        let value = &sample[1];
        let object = json!({"metric": series, "time": sample[0], "value": value});
        rows.push_with(vec![series_text(series), time, value_text(value)], object);
    };
    match data["resultType"].as_str() {
        Some("scalar" | "string") => push(&json!({}), &data["result"]),
        Some("vector") => {
            for series in data["result"].as_array().into_iter().flatten() {
                let is_number = series["value"].is_array();
                push(&series["metric"], &series[if is_number { "value" } else { "histogram" }]);
            }
        }
        Some("matrix") => {
            for series in data["result"].as_array().into_iter().flatten() {
                let lists = [&series["values"], &series["histograms"]];
                let mut samples: Vec<_> =
                    lists.into_iter().filter_map(Value::as_array).flatten().collect();
                let time = |sample: &Value| sample[0].as_f64().unwrap_or_default();
                samples.sort_by(|a, b| time(a).total_cmp(&time(b)));
                samples.into_iter().for_each(|sample| push(&series["metric"], sample));
            }
        }
        other => bail!("the server answered with {other:?}, which this version does not know"),
    }
    Ok(rows)
}

/// A number as it is, of a histogram what it comes to.
fn value_text(value: &Value) -> String {
    match value.as_str() {
        Some(number) => number.to_owned(),
        None => {
            let [count, sum] =
                ["count", "sum"].map(|key| value[key].as_str().unwrap_or_default().to_owned());
            format!("{{count:{count}, sum:{sum}}}")
        }
    }
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
    fn numbers_and_histograms_print_in_order_of_time() {
        let histogram = json!({"count": "3", "sum": "4.5", "buckets": [[0, "1", "2", "3"]]});
        let data = json!({"resultType": "matrix", "result": [{
            "metric": {},
            "values": [[3, "7"]],
            "histograms": [[1, histogram]],
        }]});
        assert!(rows(&data).is_ok());
        assert_eq!(value_text(&histogram), "{count:3, sum:4.5}");
        assert_eq!(value_text(&json!("7")), "7");
    }

    #[test]
    fn series_print_as_selectors() {
        assert_eq!(series_text(&json!({"__name__": "up"})), "up");
        assert_eq!(series_text(&json!({"__name__": "up", "job": "a"})), "up{job=\"a\"}");
        assert_eq!(series_text(&json!({})), "{}");
    }
}
