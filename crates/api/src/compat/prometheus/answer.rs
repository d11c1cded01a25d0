//! Answers in the form of Prometheus' API: `{"status":"success","data":…}` and its errors.

mod histogram;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::{Labels, Sample, SampleValue};
use promql::{EvalError, Value, format_json};
use serde::Serialize;
use store::QueryError;

/// Prometheus' names for kinds of errors, which clients branch on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    BadData,
    Execution,
    Canceled,
    Timeout,
    Internal,
    NotFound,
}

/// A request that failed.
#[derive(Debug)]
pub(super) struct Failure {
    kind: Kind,
    message: String,
}

impl Failure {
    pub(super) fn new(kind: Kind, message: String) -> Self {
        Failure { kind, message }
    }

    pub(super) fn bad_data(message: String) -> Self {
        Self::new(Kind::BadData, message)
    }

    /// A parameter that makes no sense, in Prometheus' words.
    pub(super) fn parameter(name: &str, message: &str) -> Self {
        Self::bad_data(format!("invalid parameter {name:?}: {message}"))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, kind) = match self.kind {
            Kind::BadData => (StatusCode::BAD_REQUEST, "bad_data"),
            Kind::Execution => (StatusCode::UNPROCESSABLE_ENTITY, "execution"),
            Kind::Canceled => (StatusCode::SERVICE_UNAVAILABLE, "canceled"),
            Kind::Timeout => (StatusCode::SERVICE_UNAVAILABLE, "timeout"),
            Kind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            Kind::NotFound => (StatusCode::NOT_FOUND, "not_found"),
        };
        let body = serde_json::json!({"status": "error", "errorType": kind, "error": self.message});
        (status, axum::Json(body)).into_response()
    }
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        let message = error.to_string();
        match error {
            QueryError::Invalid(_) => Failure::bad_data(message),
            QueryError::TooExpensive(_) => Failure::new(Kind::Execution, message),
            QueryError::Timeout => {
                Failure::new(Kind::Timeout, "query timed out in expression evaluation".into())
            }
            QueryError::Canceled => {
                Failure::new(Kind::Canceled, "query was canceled in expression evaluation".into())
            }
            QueryError::Io(_) => Failure::new(Kind::Internal, message),
        }
    }
}

impl From<EvalError> for Failure {
    fn from(error: EvalError) -> Self {
        let kind = match &error {
            EvalError::BadData(_) => Kind::BadData,
            EvalError::Execution(_) => Kind::Execution,
            EvalError::Timeout => Kind::Timeout,
            EvalError::Canceled => Kind::Canceled,
            EvalError::Storage(_) => Kind::Internal,
        };
        Failure::new(kind, error.to_string())
    }
}

fn respond(json: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], json).into_response()
}

/// A success whose data serialises itself.
pub(super) fn data(data: &impl Serialize) -> Response {
    let data = serde_json::to_string(data).expect("plain data becomes JSON");
    respond(format!(r#"{{"status":"success","data":{data}}}"#))
}

/// Labels as a JSON object.
pub(super) fn labels_json(labels: &Labels) -> serde_json::Value {
    labels.iter().map(|(name, value)| (name.to_owned(), serde_json::Value::from(value))).collect()
}

/// An instant in RFC 3339; Go's zero time when there is none.
pub(super) fn time_text(t_ms: i64) -> String {
    match chrono::DateTime::from_timestamp_millis(t_ms).filter(|_| t_ms != 0) {
        Some(time) => time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        None => "0001-01-01T00:00:00Z".to_owned(),
    }
}

/// What a query gave, and what is to be said about it.
pub(super) struct QueryResult {
    /// The result.
    pub(super) value: Value,
    /// When it holds, if it is a text.
    pub(super) at_ms: i64,
    /// What is probably wrong with it.
    pub(super) warnings: Vec<String>,
    /// What may be worth knowing about it.
    pub(super) infos: Vec<String>,
}

/// A success of a query.
pub(super) fn value(answer: &QueryResult) -> Response {
    let mut json = String::from(r#"{"status":"success","data":{"resultType":""#);
    json.push_str(match &answer.value {
        Value::Scalar(_) => r#"scalar","result":"#,
        Value::String(_) => r#"string","result":"#,
        Value::Vector(_) => r#"vector","result":"#,
        Value::Matrix(_) => r#"matrix","result":"#,
    });
    push_result(&mut json, &answer.value, answer.at_ms);
    json.push('}');
    push_notes(&mut json, "warnings", &answer.warnings);
    push_notes(&mut json, "infos", &answer.infos);
    json.push('}');
    respond(json)
}

fn push_result(json: &mut String, value: &Value, at_ms: i64) {
    match value {
        Value::Scalar(sample) => push_sample(json, *sample),
        Value::String(text) => {
            json.push('[');
            push_time(json, at_ms);
            json.push(',');
            push_text(json, text);
            json.push(']');
        }
        Value::Vector(vector) => push_list(json, vector, |json, element| {
            push_metric(json, &element.labels);
            match &element.value {
                SampleValue::Float(value) => {
                    json.push_str(r#","value":"#);
                    push_sample(json, Sample { t_ms: element.t_ms, value: *value });
                }
                SampleValue::Histogram(value) => {
                    json.push_str(r#","histogram":"#);
                    histogram::push_sample(json, element.t_ms, value);
                }
            }
            json.push('}');
        }),
        Value::Matrix(matrix) => push_list(json, matrix, |json, series| {
            push_metric(json, &series.labels);
            if !series.samples.is_empty() {
                json.push_str(r#","values":"#);
                push_list(json, &series.samples, |json, sample| push_sample(json, *sample));
            }
            if !series.histograms.is_empty() {
                json.push_str(r#","histograms":"#);
                push_list(json, &series.histograms, |json, sample| {
                    histogram::push_sample(json, sample.t_ms, &sample.histogram);
                });
            }
            json.push('}');
        }),
    }
}

fn push_notes(json: &mut String, name: &str, notes: &[String]) {
    if !notes.is_empty() {
        json.push_str(&format!(r#","{name}":"#));
        push_list(json, notes, |json, note| push_text(json, note));
    }
}

fn push_list<T>(json: &mut String, list: &[T], push: impl Fn(&mut String, &T)) {
    json.push('[');
    for (position, element) in list.iter().enumerate() {
        if position > 0 {
            json.push(',');
        }
        push(json, element);
    }
    json.push(']');
}

/// `{"metric":{…}`, left open for the values.
fn push_metric(json: &mut String, labels: &Labels) {
    json.push_str(r#"{"metric":{"#);
    for (position, (name, value)) in labels.iter().enumerate() {
        if position > 0 {
            json.push(',');
        }
        push_text(json, name);
        json.push(':');
        push_text(json, value);
    }
    json.push('}');
}

fn push_sample(json: &mut String, sample: Sample) {
    json.push('[');
    push_time(json, sample.t_ms);
    json.push_str(",\"");
    json.push_str(&format_json(sample.value));
    json.push_str("\"]");
}

/// Seconds, with three decimals unless they are zero.
fn push_time(json: &mut String, t_ms: i64) {
    let (sign, t_ms) = if t_ms < 0 { ("-", t_ms.unsigned_abs()) } else { ("", t_ms as u64) };
    json.push_str(&format!("{sign}{}", t_ms / 1000));
    if t_ms % 1000 != 0 {
        json.push_str(&format!(".{:03}", t_ms % 1000));
    }
}

fn push_text(json: &mut String, text: &str) {
    json.push_str(&serde_json::to_string(text).expect("a text becomes JSON"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_decimals_or_none() {
        for (t_ms, expected) in
            [(0, "0"), (1500, "1.500"), (1_700_000_000_000, "1700000000"), (-250, "-0.250")]
        {
            let mut json = String::new();
            push_time(&mut json, t_ms);
            assert_eq!(json, expected);
        }
    }
}
