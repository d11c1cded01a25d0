//! Spans, and the context that ties them together (W3C Trace Context, level 1).

use std::borrow::Cow;
use std::error::Error;
use std::fmt::Write;
use std::sync::Arc;

use env::Clock;
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;

use super::export::Queue;

/// A span as others see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SpanContext {
    pub(crate) trace_id: [u8; 16],
    pub(crate) span_id: [u8; 8],
    /// Whether the trace is recorded; decided where it begins.
    pub(crate) sampled: bool,
}

impl SpanContext {
    /// Reads a `traceparent` header: `00-<trace id>-<span id>-<flags>`. Later versions may add
    /// fields behind.
    pub(crate) fn from_traceparent(header: &str) -> Option<Self> {
        let mut fields = header.trim().split('-');
        let (version, trace_id) = (fields.next()?, fields.next()?);
        let (span_id, flags) = (fields.next()?, fields.next()?);
        if version.len() != 2 || version == "ff" || (version == "00" && fields.next().is_some()) {
            return None;
        }
        let trace_id = unhex(trace_id).filter(|id| *id != [0; 16])?;
        let span_id = unhex(span_id).filter(|id| *id != [0; 8])?;
        let [flags] = unhex(flags)?;
        Some(SpanContext { trace_id, span_id, sampled: flags & 1 == 1 })
    }

    /// The header that names it.
    pub(crate) fn to_traceparent(self) -> String {
        format!("00-{}-{}-{:02x}", hex(&self.trace_id), hex(&self.span_id), u8::from(self.sampled))
    }
}

/// Lower-case hexadecimal digits, as every format here wants them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let lower = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if text.len() != 2 * N || !text.bytes().all(lower) {
        return None;
    }
    let mut bytes = [0; N];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

/// On which side of a call a span stands; the numbers are OTLP's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Internal = 1,
    Server = 2,
    Client = 3,
}

type Attribute = (Cow<'static, str>, Json);

/// Something that takes time. It ends when it is dropped, also when its request is given up.
pub(crate) struct Span {
    context: SpanContext,
    parent: Option<SpanContext>,
    name: String,
    kind: Kind,
    start_ns: i64,
    attributes: Vec<Attribute>,
    events: Vec<Json>,
    error: Option<String>,
    clock: Arc<dyn Clock>,
    queue: Queue,
}

impl Span {
    pub(super) fn begin(
        context: SpanContext,
        parent: Option<SpanContext>,
        name: String,
        kind: Kind,
        clock: Arc<dyn Clock>,
        queue: Queue,
    ) -> Self {
        let start_ns = clock.now_ns();
        let (attributes, events) = (Vec::new(), Vec::new());
        Span {
            context,
            parent,
            name,
            kind,
            start_ns,
            attributes,
            events,
            error: None,
            clock,
            queue,
        }
    }

    pub(crate) fn context(&self) -> SpanContext {
        self.context
    }

    /// Adds an attribute, named as OpenTelemetry's semantic conventions name it.
    pub(crate) fn set(&mut self, key: &'static str, value: impl Into<Json>) {
        self.attributes.push((Cow::Borrowed(key), value.into()));
    }

    /// Marks the span as failed.
    pub(crate) fn fail(&mut self, message: impl Into<String>) {
        self.error = Some(message.into());
    }

    /// Records an error as an exception event, with what caused it, and marks the span as failed.
    pub(crate) fn exception(&mut self, kind: &'static str, error: &dyn Error) {
        let mut causes = format!("{kind}: {error}");
        let mut source = error.source();
        while let Some(cause) = source {
            let _infallible = write!(causes, "\n  caused by: {cause}");
            source = cause.source();
        }
        let details = [
            (Cow::Borrowed("exception.type"), json!(kind)),
            (Cow::Borrowed("exception.message"), json!(error.to_string())),
            (Cow::Borrowed("exception.stacktrace"), json!(causes)),
        ];
        self.events.push(json!({
            "timeUnixNano": self.clock.now_ns().to_string(),
            "name": "exception",
            "attributes": attributes(&details),
        }));
        self.set("error.type", kind);
        self.fail(error.to_string());
    }

    /// The span in OTLP's JSON.
    fn to_json(&self) -> Json {
        let mut span = json!({
            "traceId": hex(&self.context.trace_id),
            "spanId": hex(&self.context.span_id),
            "name": self.name,
            "kind": self.kind as u8,
            "startTimeUnixNano": self.start_ns.to_string(),
            "endTimeUnixNano": self.clock.now_ns().max(self.start_ns).to_string(),
            "attributes": attributes(&self.attributes),
        });
        if let Some(parent) = self.parent {
            span["parentSpanId"] = json!(hex(&parent.span_id));
        }
        if !self.events.is_empty() {
            span["events"] = json!(self.events);
        }
        if let Some(message) = &self.error {
            span["status"] = json!({"code": 2, "message": message});
        }
        span
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        if !self.context.sampled {
            return;
        }
        if let Err(mpsc::error::TrySendError::Full(_)) = self.queue.spans.try_send(self.to_json()) {
            self.queue.dropped.inc();
        }
    }
}

/// Attributes in OTLP's JSON: an array of keys and values that name their type.
pub(super) fn attributes(attributes: &[Attribute]) -> Json {
    let any = |value: &Json| match value {
        Json::Bool(_) => json!({"boolValue": value}),
        Json::Number(number) if number.is_f64() => json!({"doubleValue": value}),
        Json::Number(number) => json!({"intValue": number.to_string()}),
        Json::String(_) => json!({"stringValue": value}),
        other => json!({"stringValue": other.to_string()}),
    };
    attributes.iter().map(|(key, value)| json!({"key": key, "value": any(value)})).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traceparent_is_read_as_the_recommendation_says() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let context = SpanContext::from_traceparent(good).unwrap();
        assert!(context.sampled);
        assert_eq!(context.to_traceparent(), good);
        let later = SpanContext::from_traceparent(&format!("cc{}-more", &good[2..])).unwrap();
        assert_eq!(later, context);
        for bad in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-é",
        ] {
            assert_eq!(SpanContext::from_traceparent(bad), None, "{bad}");
        }
    }
}
