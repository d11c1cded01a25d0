//! Reading the list of spans.

use model::{Attributes, SpanBatch, SpanId, SpanKind, TraceId, Value};

use super::span::{Annotation, Endpoint, Resources, ZipkinSpan};
use crate::error::Place;
use crate::wire::json::{JsonReader, Kind};
use crate::wire::reader::Reader;
use crate::{DecodeError, Limits};

/// Decodes a list of spans; as in Zipkin, one invalid span refuses all. `received_ns` is the time of
/// spans without any.
///
/// # Errors
/// When the body is not such a list or exceeds a limit.
pub fn decode(body: &[u8], received_ns: i64, limits: &Limits) -> Result<SpanBatch, DecodeError> {
    limits.check_body(body)?;
    let mut batch = SpanBatch::default();
    if body.is_empty() {
        return Ok(batch);
    }
    let mut reader = JsonReader::new(body, limits);
    if reader.peek()? != Kind::Array {
        return Err(at("$".into(), "Expected a JSON_V2 encoded list"));
    }
    let mut resources = Resources::default();
    reader.array(|reader, index| {
        reader.budget.charge(size_of::<model::Span>())?;
        let path = format!("$[{index}]");
        let span = span(reader, &path)?;
        match span.finish(received_ns, &mut resources) {
            Ok(span) => batch.spans.push(span),
            Err(missing) => return Err(at(path, missing)),
        }
        Ok(())
    })?;
    reader.finish()?;
    Ok(batch)
}

fn at(path: String, reason: impl Into<std::borrow::Cow<'static, str>>) -> DecodeError {
    DecodeError::Malformed { place: Place::Path(path), reason: reason.into() }
}

fn span(reader: &mut JsonReader<'_>, path: &str) -> Result<ZipkinSpan, DecodeError> {
    let mut span = ZipkinSpan::default();
    reader.object(|reader, name| {
        let here = || format!("{path}.{name}");
        if reader.peek()? == Kind::Null {
            return Ok(());
        }
        match name {
            "traceId" => {
                let text = reader.text()?;
                check_id(&text, name, 32).map_err(|reason| at(here(), reason))?;
                let zeros = |_| at(here(), "traceId is all zeros");
                span.trace_id = Some(text.parse::<TraceId>().map_err(zeros)?);
            }
            "id" => {
                let text = reader.text()?;
                check_id(&text, name, 16).map_err(|reason| at(here(), reason))?;
                let zeros = |_| at(here(), "id is all zeros");
                span.id = Some(text.parse::<SpanId>().map_err(zeros)?);
            }
            "parentId" => {
                let text = reader.text()?;
                check_id(&text, name, 16).map_err(|reason| at(here(), reason))?;
                span.parent_id = text.parse().ok();
            }
            "kind" => {
                let kind = reader.text()?;
                span.kind = match kind.as_ref() {
                    "CLIENT" => SpanKind::Client,
                    "SERVER" => SpanKind::Server,
                    "PRODUCER" => SpanKind::Producer,
                    "CONSUMER" => SpanKind::Consumer,
                    other => {
                        let reason = format!("No enum constant zipkin2.Span.Kind.{other}");
                        return Err(at(here(), reason));
                    }
                };
            }
            "name" => span.name = reader.owned_text()?,
            "timestamp" => span.timestamp_us = reader.signed()?,
            "duration" => span.duration_us = reader.signed()?,
            "localEndpoint" => span.local = endpoint(reader)?,
            "remoteEndpoint" => span.remote = endpoint(reader)?,
            "annotations" => reader.array(|reader, index| {
                span.annotations.push(annotation(reader, &format!("{}[{index}]", here()))?);
                Ok(())
            })?,
            "tags" => tags(reader, &here(), &mut span.tags)?,
            "debug" => span.debug = reader.boolean()?,
            "shared" => span.shared = reader.boolean()?,
            "binaryAnnotations" => {
                let reason = "Expected a JSON_V2 encoded list, but received: JSON_V1";
                return Err(at(here(), reason));
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(span)
}

fn check_id(text: &str, name: &str, digits: usize) -> Result<(), String> {
    if text.is_empty() {
        Err(format!("{name} is empty"))
    } else if text.len() > digits {
        Err(format!("{name}.length > {digits}"))
    } else if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Err(format!("{text} should be lower-hex encoded with no prefix"))
    } else {
        Ok(())
    }
}

fn endpoint(reader: &mut JsonReader<'_>) -> Result<Endpoint, DecodeError> {
    let mut endpoint = Endpoint::default();
    reader.object(|reader, name| {
        if reader.peek()? == Kind::Null {
            return Ok(());
        }
        match name {
            "serviceName" => endpoint.service = reader.owned_text()?,
            "ipv4" => endpoint.ipv4 = reader.owned_text()?,
            "ipv6" => endpoint.ipv6 = reader.owned_text()?,
            "port" => {
                let port = reader.signed()?;
                if !(0..=65535).contains(&port) {
                    return Err(reader.error(format!("invalid port {port}")));
                }
                endpoint.port = port;
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(endpoint)
}

fn annotation(reader: &mut JsonReader<'_>, path: &str) -> Result<Annotation, DecodeError> {
    reader.budget.charge(size_of::<Annotation>() + size_of::<model::Event>())?;
    let (mut timestamp, mut value) = (None, None);
    reader.object(|reader, name| {
        match name {
            "timestamp" => timestamp = Some(reader.signed()?),
            "value" => value = Some(reader.owned_text()?),
            _ => {}
        }
        Ok(())
    })?;
    match (timestamp, value) {
        (Some(timestamp_us), Some(value)) => Ok(Annotation { timestamp_us, value }),
        _ => Err(at(path.into(), "Incomplete annotation")),
    }
}

fn tags(reader: &mut JsonReader<'_>, path: &str, out: &mut Attributes) -> Result<(), DecodeError> {
    reader.object(|reader, name| {
        reader.budget.charge(size_of::<(String, Value)>() + name.len())?;
        let text = match reader.peek()? {
            Kind::String => reader.owned_text()?,
            Kind::Number => reader.number()?.to_owned(),
            Kind::Bool => reader.boolean()?.to_string(),
            Kind::Null => return Err(at(format!("{path}.{name}"), "No value")),
            Kind::Array | Kind::Object => return Err(reader.error("expected a string")),
        };
        out.push((name.to_owned(), Value::Str(text)));
        Ok(())
    })
}
