//! Spans: the pieces of a trace.

use std::sync::Arc;

use crate::{Attributes, SpanId, TraceId, Value};

/// What produced telemetry: a service instance, described by attributes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    /// Its attributes as they were sent, `service.name` among them.
    pub attributes: Attributes,
}

impl Resource {
    /// The service's name, or the empty string.
    pub fn service(&self) -> &str {
        match self.attributes.iter().find(|(name, _)| name == "service.name") {
            Some((_, Value::Str(service))) => service,
            _ => "",
        }
    }
}

/// The library that recorded a span.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its attributes.
    pub attributes: Attributes,
}

/// Which side of a call a span describes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SpanKind {
    /// Not given.
    #[default]
    Unspecified,
    /// Work inside a service.
    Internal,
    /// Answering a call.
    Server,
    /// Making a call.
    Client,
    /// Handing over a message.
    Producer,
    /// Taking a message.
    Consumer,
}

impl SpanKind {
    /// All kinds; the index is the number in OTLP.
    pub const ALL: [SpanKind; 6] = [
        SpanKind::Unspecified,
        SpanKind::Internal,
        SpanKind::Server,
        SpanKind::Client,
        SpanKind::Producer,
        SpanKind::Consumer,
    ];

    /// The kind of an OTLP number; unknown numbers are unspecified.
    pub fn from_number(number: i64) -> Self {
        usize::try_from(number).ok().and_then(|n| Self::ALL.get(n).copied()).unwrap_or_default()
    }

    /// The lower-case name, empty when unspecified.
    pub fn name(self) -> &'static str {
        match self {
            SpanKind::Unspecified => "",
            SpanKind::Internal => "internal",
            SpanKind::Server => "server",
            SpanKind::Client => "client",
            SpanKind::Producer => "producer",
            SpanKind::Consumer => "consumer",
        }
    }
}

/// How a span ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StatusCode {
    /// Nobody said.
    #[default]
    Unset,
    /// Declared good.
    Ok,
    /// Declared bad.
    Error,
}

/// How a span ended, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// Good or bad.
    pub code: StatusCode,
    /// What went wrong.
    pub message: String,
}

/// Something that happened during a span.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// When.
    pub time_ns: i64,
    /// What.
    pub name: String,
    /// Details.
    pub attributes: Attributes,
}

/// A reference to a span of this or another trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The other span's trace.
    pub trace_id: TraceId,
    /// The other span.
    pub span_id: SpanId,
    /// The other span's W3C trace state.
    pub trace_state: String,
    /// Details.
    pub attributes: Attributes,
}

/// One operation within a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// The trace it belongs to.
    pub trace_id: TraceId,
    /// Its own identifier.
    pub span_id: SpanId,
    /// The span that caused it.
    pub parent_span_id: Option<SpanId>,
    /// W3C trace state.
    pub trace_state: String,
    /// W3C trace flags and OTLP's bits above them.
    pub flags: u32,
    /// The operation.
    pub name: String,
    /// Which side of a call it describes.
    pub kind: SpanKind,
    /// When it began.
    pub start_ns: i64,
    /// How long it took.
    pub duration_ns: i64,
    /// How it ended.
    pub status: Status,
    /// Who did it.
    pub resource: Arc<Resource>,
    /// What recorded it.
    pub scope: Arc<Scope>,
    /// Details.
    pub attributes: Attributes,
    /// What happened on the way.
    pub events: Vec<Event>,
    /// Spans it refers to.
    pub links: Vec<Link>,
}

impl Span {
    /// When it ended.
    pub fn end_ns(&self) -> i64 {
        self.start_ns.saturating_add(self.duration_ns)
    }

    /// About how many bytes the span occupies in memory.
    pub fn byte_len(&self) -> usize {
        let attributes = |list: &Attributes| {
            list.iter().map(|(name, value)| name.len() + value.byte_len() + 48).sum::<usize>()
        };
        let events = self.events.iter().map(|e| e.name.len() + attributes(&e.attributes) + 56);
        let links = self.links.iter().map(|l| attributes(&l.attributes) + 80);
        size_of::<Self>()
            + self.name.len()
            + self.status.message.len()
            + attributes(&self.attributes)
            + events.sum::<usize>()
            + links.sum::<usize>()
    }
}

/// Spans that are stored, acknowledged and become visible together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpanBatch {
    /// The spans, in the order they arrived.
    pub spans: Vec<Span>,
}
