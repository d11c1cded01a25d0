//! Tags: typed values, some of which OpenTelemetry has fields for.

use model::{Attributes, SpanKind, Status, StatusCode, Value};

use super::thrift::ThriftReader;
use crate::DecodeError;
use crate::wire::fields;

/// Reads a list of `Tag`.
pub(super) fn read(reader: &mut ThriftReader<'_>, out: &mut Attributes) -> Result<(), DecodeError> {
    reader.list(|reader| {
        reader.charge(size_of::<(String, Value)>())?;
        out.push(tag(reader)?);
        Ok(())
    })
}

/// The value is that of the field which `vType` names.
fn tag(reader: &mut ThriftReader<'_>) -> Result<(String, Value), DecodeError> {
    let (mut key, mut wanted) = (String::new(), 0);
    let mut value = (0, Value::Str(String::new()));
    reader.structure(|reader, field| {
        let found = match field {
            1 => {
                key = reader.string()?;
                return Ok(());
            }
            2 => {
                wanted = reader.i32()?;
                return Ok(());
            }
            3 => (0, Value::Str(reader.string()?)),
            4 => (1, Value::Float(reader.double()?)),
            5 => (2, Value::Bool(reader.bool()?)),
            6 => (3, Value::Int(reader.i64()?)),
            7 => {
                let bytes = reader.bytes()?;
                reader.charge(bytes.len())?;
                (4, Value::Bytes(bytes.to_vec()))
            }
            _ => return Ok(()),
        };
        // Writers without optional fields send all five; the right one is known once `vType` is.
        if found.0 == wanted || value.0 != wanted {
            value = found;
        }
        Ok(())
    })?;
    let value = match (wanted, value) {
        (wanted, (found, value)) if wanted == found => value,
        (1, _) => Value::Float(0.0),
        (2, _) => Value::Bool(false),
        (3, _) => Value::Int(0),
        (4, _) => Value::Bytes(Vec::new()),
        _ => Value::Str(String::new()),
    };
    Ok((key, value))
}

/// Takes out the text under the first of these names that is there.
pub(super) fn take_text(tags: &mut Attributes, names: &[&str]) -> String {
    let value = names.iter().find_map(|name| fields::remove(tags, name));
    value.map_or_else(String::new, |value| value.to_text().into_owned())
}

/// Takes out `span.kind`.
pub(super) fn take_kind(tags: &mut Attributes) -> SpanKind {
    let name = take_text(tags, &["span.kind"]);
    let known = SpanKind::ALL.into_iter().find(|kind| kind.name() == name);
    known.unwrap_or_default()
}

/// Takes out what tells how the span ended: `error` is the last word, then what OpenTelemetry's
/// exporters write, and at last the HTTP status.
pub(super) fn take_status(tags: &mut Attributes, kind: SpanKind) -> Status {
    let error = fields::remove(tags, "error");
    let is_error = error.as_ref().is_some_and(|value| value.to_text() == "true");
    if let Some(value) = error.filter(|_| !is_error) {
        tags.push(("error".into(), value));
    }
    let otel_code = take_text(tags, &["otel.status_code"]);
    let http_message = || {
        let message = tags.iter().find(|(name, _)| name == "http.status_message");
        message.map_or_else(String::new, |(_, value)| value.to_text().into_owned())
    };
    let fallback = http_message();
    let (code, message) = match otel_code.to_ascii_uppercase().as_str() {
        _ if is_error => (StatusCode::Error, fallback),
        "OK" => (StatusCode::Ok, String::new()),
        "ERROR" => (StatusCode::Error, String::new()),
        "" if http_failed(tags, kind) => (StatusCode::Error, fallback),
        _ => (StatusCode::Unset, String::new()),
    };
    let described = match code {
        StatusCode::Unset => String::new(),
        _ => take_text(tags, &["otel.status_description"]),
    };
    Status { code, message: if described.is_empty() { message } else { described } }
}

/// Client errors are the fault of the client: they do not make a server's span one.
fn http_failed(tags: &Attributes, kind: SpanKind) -> bool {
    let status = tags.iter().find(|(name, _)| name == "http.status_code");
    match status.and_then(|(_, value)| value.to_text().parse::<i64>().ok()) {
        Some(400..500) => kind != SpanKind::Server,
        Some(code) => code >= 500,
        None => false,
    }
}
