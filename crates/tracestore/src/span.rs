//! The columns of a span. `docs/format/span-part.md` describes them as they lie on disk.

use std::sync::Arc;

use model::{
    Attributes, Resource, Scope, Span, SpanId, SpanKind, Status, StatusCode, TraceId, Value,
};
use records::{Chunk, ChunkBuilder, ColumnType, KnownColumn, Signal, TIME, Visibility};

use crate::nested;

pub(crate) const TRACE_ID: usize = 3;
const SPAN_ID: usize = 4;
const PARENT_SPAN_ID: usize = 5;
const TRACE_STATE: usize = 6;
const FLAGS: usize = 7;
const NAME: usize = 8;
const KIND: usize = 9;
const DURATION: usize = 10;
const STATUS_CODE: usize = 11;
const STATUS_MESSAGE: usize = 12;
const SERVICE: usize = 13;
const SCOPE_NAME: usize = 14;
const SCOPE_VERSION: usize = 15;
const EVENTS: usize = 16;
const LINKS: usize = 17;

/// Before the names of a span's own attributes.
pub(crate) const ATTRIBUTES: &str = "attributes.";
/// Before the names of its resource's attributes.
pub(crate) const RESOURCE: &str = "resource.";
/// Before the names of its scope's attributes.
pub(crate) const SCOPE: &str = "scope.attributes.";
/// The attribute of a resource that has a column of its own.
pub(crate) const SERVICE_NAME: &str = "service.name";

/// Spans.
pub static SPANS: Signal = Signal {
    name: "spans",
    columns: &[
        KnownColumn::new("start_time", ColumnType::Time, Visibility::Named),
        KnownColumn::new("_sequence", ColumnType::Int, Visibility::Internal),
        KnownColumn::new("_rest", ColumnType::Json, Visibility::Internal),
        KnownColumn::new("trace_id", ColumnType::TraceId, Visibility::Named),
        KnownColumn::new("span_id", ColumnType::SpanId, Visibility::Named),
        KnownColumn::new("parent_span_id", ColumnType::SpanId, Visibility::Named),
        KnownColumn::new("trace_state", ColumnType::Text, Visibility::Named),
        KnownColumn::new("flags", ColumnType::Int, Visibility::Named),
        KnownColumn::new("name", ColumnType::Text, Visibility::Named),
        KnownColumn::new("kind", ColumnType::Text, Visibility::Named),
        KnownColumn::new("duration_ns", ColumnType::Int, Visibility::Named),
        KnownColumn::new("status_code", ColumnType::Text, Visibility::Named),
        KnownColumn::new("status_message", ColumnType::Text, Visibility::Named),
        KnownColumn::new("service.name", ColumnType::Text, Visibility::Named),
        KnownColumn::new("scope.name", ColumnType::Text, Visibility::Named),
        KnownColumn::new("scope.version", ColumnType::Text, Visibility::Named),
        KnownColumn::new("events", ColumnType::Json, Visibility::Named),
        KnownColumn::new("links", ColumnType::Json, Visibility::Named),
    ],
    identity: &[TRACE_ID, SPAN_ID, KIND],
    bloom: &[TRACE_ID],
    summary: &[SERVICE, NAME, KIND],
};

/// A span that occupies more memory, with its resource and scope, is refused.
pub const MAX_SPAN_BYTES: usize = 10 << 20;

/// Why a span cannot be stored; `None` when it can.
pub(crate) fn refusal(span: &Span) -> Option<String> {
    let shared = span.resource.attributes.iter().chain(&span.scope.attributes);
    let shared: usize = shared.map(|(name, value)| name.len() + value.byte_len()).sum();
    let bytes = span.byte_len() + shared;
    if bytes > MAX_SPAN_BYTES {
        return Some(format!("a span of {bytes} bytes is larger than {MAX_SPAN_BYTES}"));
    }
    let own = [&span.attributes, &span.resource.attributes, &span.scope.attributes];
    let events = span.events.iter().map(|event| &event.attributes);
    let links = span.links.iter().map(|link| &link.attributes);
    let attributes = own.into_iter().chain(events).chain(links).flatten();
    let (name, _) = attributes.into_iter().find(|(_, value)| !nested::is_storable(value))?;
    Some(format!("the attribute {name:?} is nested more than {} deep", nested::MAX_DEPTH))
}

/// Adds a span as a row.
pub(crate) fn write(span: &Span, rows: &mut ChunkBuilder) {
    rows.int(TIME, span.start_ns);
    rows.id(TRACE_ID, span.trace_id.as_bytes());
    rows.id(SPAN_ID, span.span_id.as_bytes());
    if let Some(parent) = span.parent_span_id {
        rows.id(PARENT_SPAN_ID, parent.as_bytes());
    }
    rows.text(TRACE_STATE, &span.trace_state);
    rows.int(FLAGS, i64::from(span.flags));
    rows.text(NAME, &span.name);
    rows.text(KIND, span.kind.name());
    rows.int(DURATION, span.duration_ns);
    rows.text(STATUS_CODE, status_name(span.status.code));
    rows.text(STATUS_MESSAGE, &span.status.message);
    rows.text(SERVICE, span.resource.service());
    rows.text(SCOPE_NAME, &span.scope.name);
    rows.text(SCOPE_VERSION, &span.scope.version);
    if !span.events.is_empty() {
        rows.json(EVENTS, &nested::events(&span.events));
    }
    if !span.links.is_empty() {
        rows.json(LINKS, &nested::links(&span.links));
    }
    let mut name = String::new();
    let mut add = |prefix: &str, own: &str, value: &Value| {
        name.clear();
        name.push_str(prefix);
        name.push_str(own);
        rows.field(&name, value);
    };
    // The service has its own column; only another attribute of that name is stored as it is.
    let mut service = Some(span.resource.service()).filter(|service| !service.is_empty());
    for (name, value) in &span.resource.attributes {
        if name == SERVICE_NAME && service.take().is_some() {
            continue;
        }
        add(RESOURCE, name, value);
    }
    span.scope.attributes.iter().for_each(|(name, value)| add(SCOPE, name, value));
    span.attributes.iter().for_each(|(name, value)| add(ATTRIBUTES, name, value));
    rows.end_row();
}

/// The span of a row; its attributes are sorted by name. `None` for a row without identifiers,
/// which nothing writes.
pub(crate) fn read(chunk: &Chunk, row: usize) -> Option<Span> {
    let (mut attributes, mut resource, mut scope) =
        (Attributes::new(), Attributes::new(), Attributes::new());
    if chunk.has(SERVICE, row) {
        resource.push((SERVICE_NAME.to_owned(), Value::from(chunk.text(SERVICE, row))));
    }
    for (name, value) in chunk.fields(row) {
        if let Some(name) = name.strip_prefix(ATTRIBUTES) {
            attributes.push((name.to_owned(), value));
        } else if let Some(name) = name.strip_prefix(RESOURCE) {
            resource.push((name.to_owned(), value));
        } else if let Some(name) = name.strip_prefix(SCOPE) {
            scope.push((name.to_owned(), value));
        }
    }
    resource.sort_by(|a, b| a.0.cmp(&b.0));
    Some(Span {
        trace_id: chunk.id(TRACE_ID, row).and_then(TraceId::from_slice)?,
        span_id: chunk.id(SPAN_ID, row).and_then(SpanId::from_slice)?,
        parent_span_id: chunk.id(PARENT_SPAN_ID, row).and_then(SpanId::from_slice),
        trace_state: chunk.text(TRACE_STATE, row).to_owned(),
        flags: chunk.int(FLAGS, row).and_then(|flags| flags.try_into().ok()).unwrap_or(0),
        name: chunk.text(NAME, row).to_owned(),
        kind: kind_of_name(chunk.text(KIND, row)),
        start_ns: chunk.int(TIME, row).unwrap_or(0),
        duration_ns: chunk.int(DURATION, row).unwrap_or(0),
        status: Status {
            code: status_of_name(chunk.text(STATUS_CODE, row)),
            message: chunk.text(STATUS_MESSAGE, row).to_owned(),
        },
        resource: Arc::new(Resource { attributes: resource }),
        scope: Arc::new(Scope {
            name: chunk.text(SCOPE_NAME, row).to_owned(),
            version: chunk.text(SCOPE_VERSION, row).to_owned(),
            attributes: scope,
        }),
        attributes,
        events: chunk.value(EVENTS, row).map(nested::read_events).unwrap_or_default(),
        links: chunk.value(LINKS, row).map(nested::read_links).unwrap_or_default(),
    })
}

/// The kind of a name, unspecified when there is none.
pub(crate) fn kind_of_name(name: &str) -> SpanKind {
    SpanKind::ALL.into_iter().find(|kind| kind.name() == name).unwrap_or_default()
}

/// The name of a status in its column, empty when nobody said.
pub(crate) fn status_name(code: StatusCode) -> &'static str {
    match code {
        StatusCode::Unset => "",
        StatusCode::Ok => "ok",
        StatusCode::Error => "error",
    }
}

fn status_of_name(name: &str) -> StatusCode {
    match name {
        "ok" => StatusCode::Ok,
        "error" => StatusCode::Error,
        _ => StatusCode::Unset,
    }
}

#[cfg(test)]
mod tests {
    use model::Event;
    use testkit::Rng;
    use testkit::records::span;

    use super::*;

    #[test]
    fn spans_survive_the_round_trip() {
        let rng = Rng::seeded(1);
        let mut spans: Vec<Span> = (0..300).map(|_| span(&rng, 1_000, 900)).collect();
        // A name twice, and a service that is no text or empty.
        let twice = |value: &str| ("k".to_owned(), Value::from(value));
        spans[0].attributes = vec![twice("one"), twice("two")];
        let service = |value| Arc::new(Resource { attributes: vec![(SERVICE_NAME.into(), value)] });
        spans[1].resource = service(Value::Int(7));
        spans[2].resource = service(Value::from(""));
        let mut rows = ChunkBuilder::new(&SPANS, spans.len());
        spans.iter().for_each(|span| write(span, &mut rows));
        let chunk = rows.finish(0);
        for (row, span) in spans.iter().enumerate() {
            let found = read(&chunk, row).unwrap();
            assert_eq!(format!("{found:?}"), format!("{span:?}"), "row {row}");
        }
    }

    #[test]
    fn nesting_is_limited() {
        let rng = Rng::seeded(1);
        let nest = |depth| (0..depth).fold(Value::Int(1), |value, _| Value::Array(vec![value]));
        let mut span = span(&rng, 1_000, 900);
        span.attributes = vec![("deep".to_owned(), nest(nested::MAX_DEPTH))];
        let (time_ns, name, attributes) = (1, String::new(), span.attributes.clone());
        span.events = vec![Event { time_ns, name, attributes }];
        assert_eq!(refusal(&span), None);
        let mut rows = ChunkBuilder::new(&SPANS, 1);
        write(&span, &mut rows);
        assert_eq!(read(&rows.finish(0), 0).unwrap().events, span.events);
        span.attributes = vec![("deep".to_owned(), nest(nested::MAX_DEPTH + 1))];
        assert!(refusal(&span).is_some_and(|reason| reason.contains("\"deep\"")));
    }
}
