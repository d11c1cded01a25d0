//! The messages all three signals share: values, attributes, scopes, resources, times.

use model::{Attributes, Scope, Value};

use crate::DecodeError;
use crate::wire::reader::{Fields, Reader};

const ANY_VALUE: &Fields = &[
    (1, "stringValue"),
    (2, "boolValue"),
    (3, "intValue"),
    (4, "doubleValue"),
    (5, "arrayValue"),
    (6, "kvlistValue"),
    (7, "bytesValue"),
];
const VALUES: &Fields = &[(1, "values")];
const KEY_VALUE: &Fields = &[(1, "key"), (2, "value")];
const RESOURCE: &Fields = &[(1, "attributes")];
const SCOPE: &Fields =
    &[(1, "name"), (2, "version"), (3, "attributes"), (4, "droppedAttributesCount")];

/// Reads an `AnyValue`; one without any value is null.
pub(super) fn any_value<'a>(reader: &mut impl Reader<'a>) -> Result<Value, DecodeError> {
    let mut value = Value::Null;
    reader.message(ANY_VALUE, |reader, field| {
        value = match field {
            1 => Value::Str(reader.owned_text()?),
            2 => Value::Bool(reader.boolean()?),
            3 => Value::Int(reader.signed()?),
            4 => Value::Float(reader.double()?),
            5 => array_value(reader)?,
            6 => {
                let mut fields = Attributes::new();
                reader.message(VALUES, |reader, field| match field {
                    1 => key_value(reader, &mut fields),
                    _ => Ok(()),
                })?;
                Value::Map(fields)
            }
            7 => {
                let bytes = reader.bytes()?;
                reader.charge(bytes.len())?;
                Value::Bytes(bytes.into_owned())
            }
            _ => return Ok(()),
        };
        Ok(())
    })?;
    Ok(value)
}

fn array_value<'a>(reader: &mut impl Reader<'a>) -> Result<Value, DecodeError> {
    let mut values = Vec::new();
    reader.message(VALUES, |reader, field| {
        if field == 1 {
            reader.charge(size_of::<Value>())?;
            values.push(any_value(reader)?);
        }
        Ok(())
    })?;
    Ok(Value::Array(values))
}

/// Reads a `KeyValue` into `out`.
pub(super) fn key_value<'a>(
    reader: &mut impl Reader<'a>,
    out: &mut Attributes,
) -> Result<(), DecodeError> {
    reader.charge(size_of::<(String, Value)>())?;
    let (mut key, mut value) = (String::new(), Value::Null);
    reader.message(KEY_VALUE, |reader, field| {
        match field {
            1 => key = reader.owned_text()?,
            2 => value = any_value(reader)?,
            _ => {}
        }
        Ok(())
    })?;
    out.push((key, value));
    Ok(())
}

/// Reads the attributes of a `Resource`.
pub(super) fn resource<'a>(
    reader: &mut impl Reader<'a>,
    out: &mut Attributes,
) -> Result<(), DecodeError> {
    reader.message(RESOURCE, |reader, field| match field {
        1 => key_value(reader, out),
        _ => Ok(()),
    })
}

/// Reads an `InstrumentationScope`.
pub(super) fn scope<'a>(reader: &mut impl Reader<'a>) -> Result<Scope, DecodeError> {
    let mut scope = Scope::default();
    reader.message(SCOPE, |reader, field| {
        match field {
            1 => scope.name = reader.owned_text()?,
            2 => scope.version = reader.owned_text()?,
            3 => key_value(reader, &mut scope.attributes)?,
            4 => dropped(reader, "otel.dropped_attributes_count", &mut scope.attributes)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(scope)
}

/// Reads a time in nanoseconds since the epoch.
pub(super) fn time<'a>(reader: &mut impl Reader<'a>) -> Result<i64, DecodeError> {
    Ok(i64::try_from(reader.unsigned()?).unwrap_or(i64::MAX))
}

/// Reads a count of what a client dropped, and keeps it under the name that the OpenTelemetry
/// specification gives it in formats without such a field.
pub(super) fn dropped<'a>(
    reader: &mut impl Reader<'a>,
    name: &str,
    out: &mut Attributes,
) -> Result<(), DecodeError> {
    let count = reader.signed()?;
    if count > 0 {
        reader.charge(size_of::<(String, Value)>() + name.len())?;
        out.push((name.to_owned(), Value::Int(count)));
    }
    Ok(())
}
