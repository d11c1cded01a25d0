//! `Batch`: a process and its spans.

use std::sync::Arc;

use model::{Attributes, Event, Link, Resource, Scope, Span, SpanBatch, SpanId, TraceId, Value};

use super::tags;
use super::thrift::{Encoding, ThriftReader};
use crate::wire::fields;
use crate::{DecodeError, Decoded, Limits};

/// Decodes a `Batch`, the body of `POST /api/traces`. Spans without an identifier are rejected one by
/// one.
///
/// # Errors
/// When the body is not such a batch or exceeds a limit.
pub fn decode_batch(
    body: &[u8],
    encoding: Encoding,
    limits: &Limits,
) -> Result<Decoded<SpanBatch>, DecodeError> {
    limits.check_body(body)?;
    batch(&mut ThriftReader::new(body, encoding, limits))
}

/// Decodes the call `emitBatch(Batch)`, which clients send to agents in one datagram.
///
/// # Errors
/// As [`decode_batch`].
pub fn decode_emit_batch(
    datagram: &[u8],
    encoding: Encoding,
    limits: &Limits,
) -> Result<Decoded<SpanBatch>, DecodeError> {
    limits.check_body(datagram)?;
    let mut reader = ThriftReader::new(datagram, encoding, limits);
    reader.message_header()?;
    let mut decoded = Decoded::default();
    reader.structure(|reader, field| {
        if field == 1 {
            decoded = batch(reader)?;
        }
        Ok(())
    })?;
    Ok(decoded)
}

/// Spans get their resource at the end: the process may stand behind them.
fn batch(reader: &mut ThriftReader<'_>) -> Result<Decoded<SpanBatch>, DecodeError> {
    let mut out = Decoded::<SpanBatch>::default();
    let unset = Arc::new(Resource::default());
    let mut resource = Resource::default();
    reader.structure(|reader, field| match field {
        1 => {
            resource.attributes = process(reader)?;
            Ok(())
        }
        2 => reader.list(|reader| {
            match Draft::read(reader)?.finish(&unset) {
                Some(span) => {
                    reader.charge(size_of::<Span>())?;
                    out.batch.spans.push(span);
                }
                None => out.rejected.add(1, "a span has no trace id or no span id"),
            }
            Ok(())
        }),
        _ => Ok(()),
    })?;
    let resource = Arc::new(resource);
    for span in &mut out.batch.spans {
        span.resource = resource.clone();
    }
    Ok(out)
}

fn process(reader: &mut ThriftReader<'_>) -> Result<Attributes, DecodeError> {
    let (mut service, mut attributes) = (String::new(), Attributes::new());
    reader.structure(|reader, field| {
        match field {
            1 => service = reader.string()?,
            2 => tags::read(reader, &mut attributes)?,
            _ => {}
        }
        Ok(())
    })?;
    if !attributes.iter().any(|(name, _)| name == "host.name")
        && let Some((name, _)) = attributes.iter_mut().find(|(name, _)| name == "hostname")
    {
        *name = "host.name".into();
    }
    if !service.is_empty() {
        fields::remove(&mut attributes, "service.name");
        attributes.insert(0, ("service.name".into(), Value::Str(service)));
    }
    Ok(attributes)
}

/// A reference to another span.
struct Reference {
    follows: bool,
    trace_id: [u64; 2],
    span_id: u64,
}

/// A span as Jaeger has it; numbers are 0 when they are missing.
#[derive(Default)]
struct Draft {
    /// High and low half.
    trace_id: [u64; 2],
    span_id: u64,
    parent_id: u64,
    name: String,
    references: Vec<Reference>,
    flags: i32,
    start_us: i64,
    duration_us: i64,
    tags: Attributes,
    logs: Vec<Event>,
}

impl Draft {
    fn read(reader: &mut ThriftReader<'_>) -> Result<Self, DecodeError> {
        let mut draft = Draft::default();
        reader.structure(|reader, field| {
            match field {
                1 => draft.trace_id[1] = reader.i64()?.cast_unsigned(),
                2 => draft.trace_id[0] = reader.i64()?.cast_unsigned(),
                3 => draft.span_id = reader.i64()?.cast_unsigned(),
                4 => draft.parent_id = reader.i64()?.cast_unsigned(),
                5 => draft.name = reader.string()?,
                6 => reader.list(|reader| {
                    draft.references.push(reference(reader)?);
                    Ok(())
                })?,
                7 => draft.flags = reader.i32()?,
                8 => draft.start_us = reader.i64()?,
                9 => draft.duration_us = reader.i64()?,
                10 => tags::read(reader, &mut draft.tags)?,
                11 => reader.list(|reader| {
                    draft.logs.push(log(reader)?);
                    Ok(())
                })?,
                _ => {}
            }
            Ok(())
        })?;
        Ok(draft)
    }

    /// The span that caused this one: the explicit parent, or else a reference within the trace,
    /// where being a child counts more than following.
    fn parent_id(&self) -> u64 {
        if self.parent_id != 0 {
            return self.parent_id;
        }
        let within = || self.references.iter().filter(|other| other.trace_id == self.trace_id);
        let parent = within().find(|other| !other.follows).or_else(|| within().next());
        parent.map_or(0, |other| other.span_id)
    }

    fn finish(mut self, unset: &Arc<Resource>) -> Option<Span> {
        let (trace_id, span_id) = (trace_id(self.trace_id)?, span_id(self.span_id)?);
        let parent_id = self.parent_id();
        let links = self
            .references
            .iter()
            .filter(|other| other.follows || other.span_id != parent_id)
            .filter_map(Reference::link)
            .collect();
        let kind = tags::take_kind(&mut self.tags);
        let status = tags::take_status(&mut self.tags, kind);
        let scope = Scope {
            name: tags::take_text(&mut self.tags, &["otel.scope.name", "otel.library.name"]),
            version: tags::take_text(
                &mut self.tags,
                &["otel.scope.version", "otel.library.version"],
            ),
            attributes: Attributes::new(),
        };
        Some(Span {
            trace_id,
            span_id,
            parent_span_id: self::span_id(parent_id),
            trace_state: tags::take_text(&mut self.tags, &["w3c.tracestate"]),
            flags: u32::from(self.flags & 1 == 1),
            name: self.name,
            kind,
            start_ns: self.start_us.saturating_mul(1000),
            duration_ns: self.duration_us.max(0).saturating_mul(1000),
            status,
            resource: unset.clone(),
            scope: Arc::new(scope),
            attributes: self.tags,
            events: self.logs,
            links,
        })
    }
}

impl Reference {
    fn link(&self) -> Option<Link> {
        let kind = if self.follows { "follows_from" } else { "child_of" };
        Some(Link {
            trace_id: trace_id(self.trace_id)?,
            span_id: span_id(self.span_id)?,
            trace_state: String::new(),
            attributes: vec![("opentracing.ref_type".into(), Value::from(kind))],
        })
    }
}

fn trace_id([high, low]: [u64; 2]) -> Option<TraceId> {
    TraceId::new((u128::from(high) << 64 | u128::from(low)).to_be_bytes())
}

fn span_id(number: u64) -> Option<SpanId> {
    SpanId::new(number.to_be_bytes())
}

fn reference(reader: &mut ThriftReader<'_>) -> Result<Reference, DecodeError> {
    // The link it becomes has an attribute of its own.
    reader
        .charge(size_of::<Reference>() + size_of::<Link>() + size_of::<(String, Value)>() + 32)?;
    let mut reference = Reference { follows: false, trace_id: [0; 2], span_id: 0 };
    reader.structure(|reader, field| {
        match field {
            1 => reference.follows = reader.i32()? == 1,
            2 => reference.trace_id[1] = reader.i64()?.cast_unsigned(),
            3 => reference.trace_id[0] = reader.i64()?.cast_unsigned(),
            4 => reference.span_id = reader.i64()?.cast_unsigned(),
            _ => {}
        }
        Ok(())
    })?;
    Ok(reference)
}

fn log(reader: &mut ThriftReader<'_>) -> Result<Event, DecodeError> {
    reader.charge(size_of::<Event>())?;
    let mut event = Event::default();
    reader.structure(|reader, field| {
        match field {
            1 => event.time_ns = reader.i64()?.saturating_mul(1000),
            2 => tags::read(reader, &mut event.attributes)?,
            _ => {}
        }
        Ok(())
    })?;
    event.name = tags::take_text(&mut event.attributes, &["event"]);
    Ok(event)
}
