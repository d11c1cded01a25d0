//! `ExportLogsServiceRequest`: resources, scopes, log records.

use model::{Attributes, LogBatch, LogRecord, Scope, Severity, SpanId, TraceId, Value};

use super::attributes::{any_value, dropped, key_value, resource, scope, time};
use crate::wire::fields;
use crate::wire::reader::{Fields, Reader};
use crate::{DecodeError, Decoded};

const REQUEST: &Fields = &[(1, "resourceLogs")];
const RESOURCE_LOGS: &Fields = &[(1, "resource"), (2, "scopeLogs")];
const SCOPE_LOGS: &Fields = &[(1, "scope"), (2, "logRecords")];
const LOG_RECORD: &Fields = &[
    (1, "timeUnixNano"),
    (2, "severityNumber"),
    (3, "severityText"),
    (5, "body"),
    (6, "attributes"),
    (7, "droppedAttributesCount"),
    (8, "flags"),
    (9, "traceId"),
    (10, "spanId"),
    (11, "observedTimeUnixNano"),
    (12, "eventName"),
];

/// A record, and the fields that are still to be looked through for aliases.
struct Draft {
    record: LogRecord,
    fields: Attributes,
}

/// Reads a whole request.
pub(super) fn request<'a>(
    reader: &mut impl Reader<'a>,
    received_ns: i64,
) -> Result<Decoded<LogBatch>, DecodeError> {
    let mut out = Decoded::<LogBatch>::default();
    reader.message(REQUEST, |reader, field| match field {
        1 => resource_logs(reader, received_ns, &mut out.batch),
        _ => Ok(()),
    })?;
    Ok(out)
}

/// Records are finished when their resource's message has ended: it may stand behind them.
fn resource_logs<'a>(
    reader: &mut impl Reader<'a>,
    received_ns: i64,
    out: &mut LogBatch,
) -> Result<(), DecodeError> {
    let (mut attributes, mut drafts) = (Attributes::new(), Vec::new());
    reader.message(RESOURCE_LOGS, |reader, field| match field {
        1 => resource(reader, &mut attributes),
        2 => scope_logs(reader, &mut drafts),
        _ => Ok(()),
    })?;
    let mut shared = Attributes::new();
    fields::flatten(reader.budget(), String::new(), Value::Map(attributes), &mut shared)?;
    let service = match fields::remove(&mut shared, "service.name") {
        Some(name) => name.to_text().into_owned(),
        None => String::new(),
    };
    let shared_bytes: usize = shared.iter().map(|(n, v)| fields::byte_len(n, v)).sum();
    out.records.reserve(drafts.len());
    for Draft { mut record, mut fields } in drafts {
        reader.charge(shared_bytes + service.len())?;
        record.service.clone_from(&service);
        fields::add_shared(&mut fields, "resource", &shared);
        record.absorb(fields, received_ns);
        out.records.push(record);
    }
    Ok(())
}

fn scope_logs<'a>(
    reader: &mut impl Reader<'a>,
    drafts: &mut Vec<Draft>,
) -> Result<(), DecodeError> {
    let first = drafts.len();
    let mut own_scope = Scope::default();
    reader.message(SCOPE_LOGS, |reader, field| {
        match field {
            1 => own_scope = scope(reader)?,
            2 => drafts.push(log_record(reader)?),
            _ => {}
        }
        Ok(())
    })?;
    let mut shared = Attributes::new();
    let pair = |name: &str, text: String| (name.to_owned(), Value::Str(text));
    let texts = [pair("scope.name", own_scope.name), pair("scope.version", own_scope.version)];
    shared.extend(texts.into_iter().filter(|(_, text)| *text != Value::Str(String::new())));
    for (name, value) in own_scope.attributes {
        fields::flatten(reader.budget(), format!("scope.{name}"), value, &mut shared)?;
    }
    let shared_bytes: usize = shared.iter().map(|(n, v)| fields::byte_len(n, v)).sum();
    for draft in &mut drafts[first..] {
        reader.charge(shared_bytes)?;
        fields::add_shared(&mut draft.fields, "scope", &shared);
    }
    Ok(())
}

fn log_record<'a>(reader: &mut impl Reader<'a>) -> Result<Draft, DecodeError> {
    reader.charge(size_of::<Draft>())?;
    let mut record = LogRecord::default();
    let mut attributes = Attributes::new();
    let (mut severity_text, mut event_name) = (String::new(), String::new());
    let (mut body, mut flags) = (Value::Null, 0);
    reader.message(LOG_RECORD, |reader, field| {
        match field {
            1 => record.time_ns = time(reader)?,
            2 => {
                let number = reader.enumeration(severity_number)?;
                record.severity = Severity::from_number(number.cast_signed());
            }
            3 => severity_text = reader.owned_text()?,
            5 => body = any_value(reader)?,
            6 => key_value(reader, &mut attributes)?,
            7 => dropped(reader, "otel.dropped_attributes_count", &mut attributes)?,
            8 => flags = reader.unsigned()? & 0xff,
            9 => record.trace_id = reader.id()?.and_then(TraceId::new),
            10 => record.span_id = reader.id()?.and_then(SpanId::new),
            11 => record.observed_ns = time(reader)?,
            12 => event_name = reader.owned_text()?,
            _ => {}
        }
        Ok(())
    })?;
    if flags != 0 {
        attributes.push(("trace_flags".into(), Value::Int(flags.cast_signed())));
    }
    if !event_name.is_empty() {
        attributes.push(("event.name".into(), Value::Str(event_name)));
    }
    let mut fields = Attributes::new();
    fields::flatten(reader.budget(), String::new(), Value::Map(attributes), &mut fields)?;
    match body {
        Value::Map(_) => fields::flatten(reader.budget(), String::new(), body, &mut fields)?,
        Value::Str(text) => record.message = text,
        other => record.message = other.to_text().into_owned(),
    }
    fields::join_repeated(&mut fields);
    take_severity_text(&mut record, severity_text, &mut fields);
    Ok(Draft { record, fields })
}

/// The text is the severity when there is no number, and a field of its own when it says more.
fn take_severity_text(record: &mut LogRecord, text: String, fields: &mut Attributes) {
    if record.severity == Severity::UNKNOWN {
        record.severity = Severity::parse(&text).unwrap_or_default();
    }
    if !text.is_empty() && !text.eq_ignore_ascii_case(record.severity.name()) {
        fields.push(("severity_text".to_owned(), Value::Str(text)));
    }
}

fn severity_number(name: &str) -> Option<u64> {
    let name = name.strip_prefix("SEVERITY_NUMBER_")?;
    Some(Severity::parse(name).map_or(0, |severity| u64::from(severity.number())))
}
