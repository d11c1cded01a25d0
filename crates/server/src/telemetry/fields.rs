//! The fields of events and spans, collected as they are recorded.
//!
//! A few names speak to the telemetry itself: `otel.name` and `otel.kind` name a span better than
//! code can, `traceparent` is a caller's W3C trace context, and `error` set to true, or a status
//! code of 500 and above, makes a span an error.

use std::fmt::Debug;

use model::{Attributes, SpanId, TraceId, Value};
use tracing::field::{Field, Visit};

/// Names and values in the order they were recorded; a later value of a name replaces it.
#[derive(Debug, Default)]
pub(super) struct Fields(Attributes);

impl Fields {
    /// The fields a span starts with.
    pub(super) fn of(attributes: &tracing::span::Attributes<'_>) -> Self {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        fields
    }

    /// Removes a field and returns its text.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let position = self.0.iter().position(|(n, _)| n == name)?;
        Some(self.0.remove(position).1.to_text().into_owned())
    }

    /// The text of an event.
    pub(super) fn take_message(&mut self) -> String {
        self.take("message").unwrap_or_default()
    }

    /// The name a span was given while it ran.
    pub(super) fn take_name(&mut self) -> Option<String> {
        self.take("otel.name").filter(|name| !name.is_empty())
    }

    /// The caller's trace and span (W3C Trace Context, section 3.2): `00-<trace>-<span>-<flags>`.
    pub(super) fn traceparent(&self) -> Option<(TraceId, SpanId)> {
        let text = self.0.iter().find(|(name, _)| name == "traceparent")?.1.to_text();
        let mut parts = text.split('-').skip(1);
        let (trace_id, span_id) = (parts.next()?, parts.next()?);
        let is_whole = trace_id.len() == 32 && span_id.len() == 16;
        if is_whole { Some((trace_id.parse().ok()?, span_id.parse().ok()?)) } else { None }
    }

    /// Whether the span failed.
    pub(super) fn is_error(&self) -> bool {
        self.0.iter().any(|(name, value)| match name.as_str() {
            "error" => *value == Value::Bool(true),
            "http.response.status_code" => matches!(value, Value::Int(500..)),
            _ => false,
        })
    }

    /// What is left for the record or span.
    pub(super) fn into_attributes(mut self) -> Attributes {
        self.0.retain(|(name, value)| name != "traceparent" && value.to_text() != "");
        self.0
    }

    fn set(&mut self, field: &Field, value: Value) {
        match self.0.iter_mut().find(|(name, _)| name == field.name()) {
            Some((_, old)) => *old = value,
            None => self.0.push((field.name().to_owned(), value)),
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.set(field, Value::Str(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, Value::Bool(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, Value::Int(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, i64::try_from(value).map_or(Value::Float(value as f64), Value::Int));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, Value::Float(value));
    }
}
