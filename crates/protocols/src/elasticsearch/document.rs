//! A JSON document becomes a log record.

use model::{LogRecord, Value};

use super::index::stream_name;
use crate::DecodeError;
use crate::wire::fields;
use crate::wire::json::JsonReader;

/// What a document's action line says about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    /// The index as it was named.
    pub(super) index: &'a str,
    /// The identifier the client chose, or the empty string.
    pub(super) id: &'a str,
    /// When the request came.
    pub(super) received_ns: i64,
}

/// Makes a record of the members of a document. `_index` and a chosen `_id` stay fields of it.
pub(super) fn record(
    reader: &mut JsonReader<'_>,
    document: Value,
    target: Target<'_>,
) -> Result<LogRecord, DecodeError> {
    reader.budget.charge(size_of::<LogRecord>() + 2 * target.index.len() + target.id.len())?;
    let mut record =
        LogRecord { stream: stream_name(target.index).to_owned(), ..LogRecord::default() };
    let mut members = Vec::new();
    fields::flatten(&mut reader.budget, String::new(), document, &mut members)?;
    for reserved in ["_id", "_index"] {
        fields::remove(&mut members, reserved);
    }
    fields::join_repeated(&mut members);
    members.push(("_index".into(), Value::from(target.index)));
    if !target.id.is_empty() {
        members.push(("_id".into(), Value::from(target.id)));
    }
    record.absorb(members, target.received_ns);
    Ok(record)
}
