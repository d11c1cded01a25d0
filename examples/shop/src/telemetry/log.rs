//! Log lines: one JSON object each on the standard output, where every container platform looks.

use std::fmt::Write as _;
use std::io::Write as _;

use chrono::{DateTime, SecondsFormat};
use serde_json::Value as Json;

use super::trace::hex;
use crate::context::Context;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Severity {
    Debug,
    Info,
    Warn,
    Error,
}

impl Severity {
    fn name(self) -> &'static str {
        match self {
            Severity::Debug => "DEBUG",
            Severity::Info => "INFO",
            Severity::Warn => "WARN",
            Severity::Error => "ERROR",
        }
    }
}

/// A line: when, how bad, what, who, then what the request is known by, then the fields.
pub(super) fn line(
    now_ns: i64,
    severity: Severity,
    service: &str,
    context: &Context,
    message: &str,
    fields: &[(&str, Json)],
) -> String {
    let time = DateTime::from_timestamp_nanos(now_ns).to_rfc3339_opts(SecondsFormat::Micros, true);
    let mut line = format!(r#"{{"timestamp":"{time}""#);
    let mut push = |name: &str, value: &Json| {
        let _infallible = write!(line, ",{}:{value}", Json::from(name));
    };
    push("severity", &severity.name().into());
    push("message", &message.into());
    push("service", &service.into());
    if let Some(span) = context.span {
        push("trace_id", &hex(&span.trace_id).into());
        push("span_id", &hex(&span.span_id).into());
    }
    if !context.request_id.is_empty() {
        push("request_id", &context.request_id.as_str().into());
    }
    for (name, value) in [("user_id", &context.user_id), ("tenant", &context.tenant)] {
        if let Some(value) = value {
            push(name, &value.as_str().into());
        }
    }
    fields.iter().for_each(|(name, value)| push(name, value));
    line.push_str("}\n");
    line
}

/// Writes a line whole; when nobody reads it any more there is nobody to tell.
pub(super) fn write(line: &str) {
    let _nobody_reads = std::io::stdout().lock().write_all(line.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::trace::SpanContext;

    #[test]
    fn a_line_is_json_that_names_its_span() {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let context = Context {
            span: SpanContext::from_traceparent(parent),
            request_id: "r-1".into(),
            user_id: Some("user-7".into()),
            tenant: None,
        };
        let fields = [("order_id", "o-1".into()), ("amount", 12.5.into())];
        let time_ns = 1_787_392_800_000_250_999;
        let line = line(time_ns, Severity::Warn, "orders", &context, "say \"hi\"\n", &fields);
        assert_eq!(line.matches('\n').count(), 1);
        let json: Json = serde_json::from_str(&line).unwrap();
        let expected = serde_json::json!({
            "timestamp": "2026-08-22T10:00:00.000250Z", "severity": "WARN",
            "message": "say \"hi\"\n", "service": "orders",
            "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7",
            "request_id": "r-1", "user_id": "user-7", "order_id": "o-1", "amount": 12.5,
        });
        assert_eq!(json, expected);
    }
}
