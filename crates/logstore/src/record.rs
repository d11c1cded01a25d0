//! The columns of a log record. `docs/format/log-part.md` describes them as they lie on disk.

use model::{LogRecord, Severity, SpanId, TraceId, Value};
use records::{Chunk, ChunkBuilder, ColumnType, KnownColumn, Signal, TIME, Visibility, json};

const OBSERVED: usize = 3;
const SEVERITY_NUMBER: usize = 4;
const SEVERITY: usize = 5;
const MESSAGE: usize = 6;
const SERVICE: usize = 7;
const STREAM: usize = 8;
const TRACE_ID: usize = 9;
const SPAN_ID: usize = 10;

/// Log records.
pub static LOGS: Signal = Signal {
    name: "logs",
    columns: &[
        KnownColumn::new("timestamp", ColumnType::Time, Visibility::Named),
        KnownColumn::new("_sequence", ColumnType::Int, Visibility::Internal),
        KnownColumn::new("_rest", ColumnType::Json, Visibility::Internal),
        KnownColumn::new("observed_timestamp", ColumnType::Time, Visibility::Internal),
        KnownColumn::new("severity_number", ColumnType::Int, Visibility::Internal),
        KnownColumn::new("severity", ColumnType::Text, Visibility::Searched),
        KnownColumn::new("message", ColumnType::Text, Visibility::Searched),
        KnownColumn::new("service.name", ColumnType::Text, Visibility::Searched),
        KnownColumn::new("stream", ColumnType::Text, Visibility::Searched),
        KnownColumn::new("trace_id", ColumnType::TraceId, Visibility::Searched),
        KnownColumn::new("span_id", ColumnType::SpanId, Visibility::Searched),
    ],
    identity: &[],
    bloom: &[TRACE_ID],
    summary: &[],
};

/// A record that occupies more memory is refused.
pub const MAX_RECORD_BYTES: usize = 10 << 20;

/// Why a record cannot be stored; `None` when it can.
pub(crate) fn refusal(record: &LogRecord) -> Option<String> {
    let bytes = record.byte_len();
    if bytes > MAX_RECORD_BYTES {
        return Some(format!("a record of {bytes} bytes is larger than {MAX_RECORD_BYTES}"));
    }
    let is_deep = |(_, value): &&(String, Value)| !json::is_storable(value);
    let (name, _) = record.fields.iter().find(is_deep)?;
    Some(format!("the field {name:?} is nested more than {} deep", json::MAX_DEPTH))
}

/// Adds a record as a row.
pub(crate) fn write(record: &LogRecord, rows: &mut ChunkBuilder) {
    rows.int(TIME, record.time_ns);
    if record.observed_ns != 0 {
        rows.int(OBSERVED, record.observed_ns);
    }
    if record.severity != Severity::UNKNOWN {
        rows.int(SEVERITY_NUMBER, i64::from(record.severity.number()));
        rows.text(SEVERITY, record.severity.name());
    }
    rows.text(MESSAGE, &record.message);
    rows.text(SERVICE, &record.service);
    rows.text(STREAM, &record.stream);
    if let Some(id) = record.trace_id {
        rows.id(TRACE_ID, id.as_bytes());
    }
    if let Some(id) = record.span_id {
        rows.id(SPAN_ID, id.as_bytes());
    }
    for (name, value) in &record.fields {
        rows.field(name, value);
    }
    rows.end_row();
}

/// The record of a row; its fields are sorted by name.
pub(crate) fn read(chunk: &Chunk, row: usize) -> LogRecord {
    LogRecord {
        time_ns: chunk.int(TIME, row).unwrap_or(0),
        observed_ns: chunk.int(OBSERVED, row).unwrap_or(0),
        severity: Severity::from_number(chunk.int(SEVERITY_NUMBER, row).unwrap_or(0)),
        message: chunk.text(MESSAGE, row).to_owned(),
        service: chunk.text(SERVICE, row).to_owned(),
        stream: chunk.text(STREAM, row).to_owned(),
        trace_id: chunk.id(TRACE_ID, row).and_then(TraceId::from_slice),
        span_id: chunk.id(SPAN_ID, row).and_then(SpanId::from_slice),
        fields: chunk.fields(row),
    }
}
