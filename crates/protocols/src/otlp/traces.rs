//! `ExportTraceServiceRequest`: resources, scopes, spans.

use std::sync::Arc;

use model::{
    Attributes, Event, Link, Resource, Scope, Span, SpanBatch, SpanId, SpanKind, Status,
    StatusCode, TraceId,
};

use super::attributes::{dropped, key_value, resource, scope, time};
use crate::wire::reader::{Fields, Reader};
use crate::{DecodeError, Decoded};

const REQUEST: &Fields = &[(1, "resourceSpans")];
const RESOURCE_SPANS: &Fields = &[(1, "resource"), (2, "scopeSpans")];
const SCOPE_SPANS: &Fields = &[(1, "scope"), (2, "spans")];
const SPAN: &Fields = &[
    (1, "traceId"),
    (2, "spanId"),
    (3, "traceState"),
    (4, "parentSpanId"),
    (5, "name"),
    (6, "kind"),
    (7, "startTimeUnixNano"),
    (8, "endTimeUnixNano"),
    (9, "attributes"),
    (10, "droppedAttributesCount"),
    (11, "events"),
    (12, "droppedEventsCount"),
    (13, "links"),
    (14, "droppedLinksCount"),
    (15, "status"),
    (16, "flags"),
];
const EVENT: &Fields =
    &[(1, "timeUnixNano"), (2, "name"), (3, "attributes"), (4, "droppedAttributesCount")];
const LINK: &Fields = &[
    (1, "traceId"),
    (2, "spanId"),
    (3, "traceState"),
    (4, "attributes"),
    (5, "droppedAttributesCount"),
];
const STATUS: &Fields = &[(2, "message"), (3, "code")];

/// What goes into every span. A resource or scope may stand behind its spans, above all in JSON, so
/// spans get their own only when its message has ended.
struct Surroundings {
    received_ns: i64,
    resource: Arc<Resource>,
    scope: Arc<Scope>,
}

/// Reads a whole request.
pub(super) fn request<'a>(
    reader: &mut impl Reader<'a>,
    received_ns: i64,
) -> Result<Decoded<SpanBatch>, DecodeError> {
    let around = Surroundings { received_ns, resource: Arc::default(), scope: Arc::default() };
    let mut out = Decoded::default();
    reader.message(REQUEST, |reader, field| match field {
        1 => resource_spans(reader, &around, &mut out),
        _ => Ok(()),
    })?;
    Ok(out)
}

fn resource_spans<'a>(
    reader: &mut impl Reader<'a>,
    around: &Surroundings,
    out: &mut Decoded<SpanBatch>,
) -> Result<(), DecodeError> {
    let first = out.batch.spans.len();
    let mut attributes = Attributes::new();
    reader.message(RESOURCE_SPANS, |reader, field| match field {
        1 => resource(reader, &mut attributes),
        2 => scope_spans(reader, around, out),
        _ => Ok(()),
    })?;
    let resource = Arc::new(Resource { attributes });
    for span in &mut out.batch.spans[first..] {
        span.resource = resource.clone();
    }
    Ok(())
}

fn scope_spans<'a>(
    reader: &mut impl Reader<'a>,
    around: &Surroundings,
    out: &mut Decoded<SpanBatch>,
) -> Result<(), DecodeError> {
    let first = out.batch.spans.len();
    let mut own_scope = Scope::default();
    reader.message(SCOPE_SPANS, |reader, field| {
        match field {
            1 => own_scope = scope(reader)?,
            2 => match span(reader)?.finish(around) {
                Some(span) => {
                    reader.charge(size_of::<Span>())?;
                    out.batch.spans.push(span);
                }
                None => out.rejected.add(1, "a span has no valid trace id or span id"),
            },
            _ => {}
        }
        Ok(())
    })?;
    let own_scope = Arc::new(own_scope);
    for span in &mut out.batch.spans[first..] {
        span.scope = own_scope.clone();
    }
    Ok(())
}

/// A span whose identifiers may be missing.
#[derive(Default)]
struct Draft {
    trace_id: Option<TraceId>,
    span_id: Option<SpanId>,
    parent_span_id: Option<SpanId>,
    trace_state: String,
    flags: u32,
    name: String,
    kind: SpanKind,
    start_ns: i64,
    end_ns: i64,
    status: Status,
    attributes: Attributes,
    events: Vec<Event>,
    links: Vec<Link>,
}

impl Draft {
    fn finish(self, around: &Surroundings) -> Option<Span> {
        let start_ns = match (self.start_ns, self.end_ns) {
            (0, 0) => around.received_ns,
            (0, end_ns) => end_ns,
            (start_ns, _) => start_ns,
        };
        Some(Span {
            trace_id: self.trace_id?,
            span_id: self.span_id?,
            parent_span_id: self.parent_span_id,
            trace_state: self.trace_state,
            flags: self.flags,
            name: self.name,
            kind: self.kind,
            start_ns,
            duration_ns: self.end_ns.saturating_sub(start_ns).max(0),
            status: self.status,
            resource: around.resource.clone(),
            scope: around.scope.clone(),
            attributes: self.attributes,
            events: self.events,
            links: self.links,
        })
    }
}

fn span<'a>(reader: &mut impl Reader<'a>) -> Result<Draft, DecodeError> {
    let mut draft = Draft::default();
    reader.message(SPAN, |reader, field| {
        match field {
            1 => draft.trace_id = reader.id()?.and_then(TraceId::new),
            2 => draft.span_id = reader.id()?.and_then(SpanId::new),
            3 => draft.trace_state = reader.owned_text()?,
            4 => draft.parent_span_id = reader.id()?.and_then(SpanId::new),
            5 => draft.name = reader.owned_text()?,
            6 => draft.kind = SpanKind::from_number(reader.enumeration(kind_number)?.cast_signed()),
            7 => draft.start_ns = time(reader)?,
            8 => draft.end_ns = time(reader)?,
            9 => key_value(reader, &mut draft.attributes)?,
            10 => dropped(reader, "otel.dropped_attributes_count", &mut draft.attributes)?,
            11 => draft.events.push(event(reader)?),
            12 => dropped(reader, "otel.dropped_events_count", &mut draft.attributes)?,
            13 => draft.links.extend(link(reader)?),
            14 => dropped(reader, "otel.dropped_links_count", &mut draft.attributes)?,
            15 => draft.status = status(reader)?,
            16 => draft.flags = reader.unsigned()? as u32,
            _ => {}
        }
        Ok(())
    })?;
    Ok(draft)
}

fn event<'a>(reader: &mut impl Reader<'a>) -> Result<Event, DecodeError> {
    reader.charge(size_of::<Event>())?;
    let mut event = Event::default();
    reader.message(EVENT, |reader, field| {
        match field {
            1 => event.time_ns = time(reader)?,
            2 => event.name = reader.owned_text()?,
            3 => key_value(reader, &mut event.attributes)?,
            4 => dropped(reader, "otel.dropped_attributes_count", &mut event.attributes)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(event)
}

/// A link that leads nowhere is left out.
fn link<'a>(reader: &mut impl Reader<'a>) -> Result<Option<Link>, DecodeError> {
    reader.charge(size_of::<Link>())?;
    let (mut trace_id, mut span_id) = (None, None);
    let (mut trace_state, mut attributes) = (String::new(), Attributes::new());
    reader.message(LINK, |reader, field| {
        match field {
            1 => trace_id = reader.id()?.and_then(TraceId::new),
            2 => span_id = reader.id()?.and_then(SpanId::new),
            3 => trace_state = reader.owned_text()?,
            4 => key_value(reader, &mut attributes)?,
            5 => dropped(reader, "otel.dropped_attributes_count", &mut attributes)?,
            _ => {}
        }
        Ok(())
    })?;
    let ids = trace_id.zip(span_id);
    Ok(ids.map(|(trace_id, span_id)| Link { trace_id, span_id, trace_state, attributes }))
}

fn status<'a>(reader: &mut impl Reader<'a>) -> Result<Status, DecodeError> {
    let mut status = Status::default();
    reader.message(STATUS, |reader, field| {
        match field {
            2 => status.message = reader.owned_text()?,
            3 => {
                status.code = match reader.enumeration(status_number)? {
                    1 => StatusCode::Ok,
                    2 => StatusCode::Error,
                    _ => StatusCode::Unset,
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(status)
}

fn kind_number(name: &str) -> Option<u64> {
    let name = name.strip_prefix("SPAN_KIND_")?.to_ascii_lowercase();
    let known = SpanKind::ALL.iter().position(|kind| kind.name() == name);
    Some(known.unwrap_or_default() as u64)
}

fn status_number(name: &str) -> Option<u64> {
    match name {
        "STATUS_CODE_UNSET" => Some(0),
        "STATUS_CODE_OK" => Some(1),
        "STATUS_CODE_ERROR" => Some(2),
        _ => None,
    }
}
