//! Chunks in the write-ahead log: columnar, and each payload readable on its own.
//!
//! `docs/format/log-wal.md` and `docs/format/span-wal.md` describe the bytes.

mod cursor;

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampNanosecondType};
use arrow_array::{Array, ArrayRef, Int64Array};
use arrow_buffer::BooleanBuffer;

use crate::builder::ColumnBuilder;
use crate::layout::MAX_FIELDS;
use crate::signal::{SEQUENCE, TIME};
use crate::{Chunk, ColumnType, Field, Layout, Signal};
use cursor::{Cursor, put_varint, zigzag};

const VERSION: u8 = 1;
/// Marks the type of a column that is an open field.
const OPEN: u8 = 0x80;
/// How many rows one payload holds at most.
const MAX_ROWS: usize = 1 << 20;
/// How many cells, filled or not, one payload holds at most: with it a few bytes cannot demand
/// gigabytes of memory.
const MAX_CELLS: usize = 1 << 26;

/// Why a payload cannot be written or read; the text says where it breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PayloadError(String);

/// The bytes of a chunk whose rows are numbered one after the other.
///
/// # Errors
/// When it has more rows or cells than a payload may hold.
pub fn encode_payload(chunk: &Chunk) -> Result<Vec<u8>, PayloadError> {
    check_size(chunk.rows(), chunk.layout().width())?;
    let mut out = Vec::with_capacity(chunk.byte_len() / 2 + 64);
    out.push(VERSION);
    put_varint(&mut out, chunk.rows() as u64);
    put_varint(&mut out, chunk.sequences().first().map_or(0, |first| first.cast_unsigned()));
    let is_written = |column: &usize| *column != SEQUENCE && chunk.column(*column).is_some();
    let written: Vec<usize> = (0..chunk.layout().width()).filter(is_written).collect();
    put_varint(&mut out, written.len() as u64);
    for column in written {
        let Some(array) = chunk.column(column) else { continue };
        let (name, kind) = (chunk.layout().name(column), chunk.layout().kind(column));
        put_varint(&mut out, name.len() as u64);
        out.extend_from_slice(name.as_bytes());
        out.push(kind.number() | if chunk.layout().field(column).is_some() { OPEN } else { 0 });
        match array.nulls() {
            Some(nulls) if nulls.null_count() > 0 => {
                out.push(1);
                out.extend(packed((0..array.len()).map(|row| nulls.is_valid(row))));
            }
            _ => out.push(0),
        }
        encode_values(&mut out, kind, array);
    }
    Ok(out)
}

fn check_size(rows: usize, columns: usize) -> Result<(), PayloadError> {
    if rows > MAX_ROWS {
        return Err(PayloadError(format!("{rows} rows are more than {MAX_ROWS}")));
    }
    match columns.saturating_mul(rows) > MAX_CELLS {
        true => Err(PayloadError(format!("{columns} columns of {rows} rows are too many"))),
        false => Ok(()),
    }
}

/// The bits, eight to a byte, the first in the lowest place.
fn packed(bits: impl Iterator<Item = bool>) -> Vec<u8> {
    BooleanBuffer::from_iter(bits).sliced().as_slice().to_vec()
}

fn encode_values(out: &mut Vec<u8>, kind: ColumnType, array: &ArrayRef) {
    let valid = || (0..array.len()).filter(|row| array.is_valid(*row));
    match kind {
        ColumnType::Bool => {
            let values = array.as_boolean();
            out.extend(packed(valid().map(|row| values.value(row))));
        }
        ColumnType::Int => {
            let values = array.as_primitive::<Int64Type>().values();
            encode_deltas(out, valid().map(|row| values[row]));
        }
        ColumnType::Time => {
            let values = array.as_primitive::<TimestampNanosecondType>().values();
            encode_deltas(out, valid().map(|row| values[row]));
        }
        ColumnType::Float => {
            let values = array.as_primitive::<Float64Type>().values();
            out.extend(valid().flat_map(|row| values[row].to_le_bytes()));
        }
        ColumnType::Text | ColumnType::Json => {
            let values = array.as_string::<i32>();
            encode_texts(out, valid, |row| values.value(row).as_bytes());
        }
        ColumnType::Bytes => {
            let values = array.as_binary::<i32>();
            encode_texts(out, valid, |row| values.value(row));
        }
        ColumnType::TraceId | ColumnType::SpanId => {
            let values = array.as_fixed_size_binary();
            valid().for_each(|row| out.extend_from_slice(values.value(row)));
        }
    }
}

fn encode_deltas(out: &mut Vec<u8>, values: impl Iterator<Item = i64>) {
    let mut last = 0_i64;
    for value in values {
        put_varint(out, zigzag(value.wrapping_sub(last)));
        last = value;
    }
}

fn encode_texts<'a, R: Iterator<Item = usize>>(
    out: &mut Vec<u8>,
    valid: impl Fn() -> R,
    value: impl Fn(usize) -> &'a [u8],
) {
    valid().for_each(|row| put_varint(out, value(row).len() as u64));
    valid().for_each(|row| out.extend_from_slice(value(row)));
}

/// The chunk that these bytes describe.
///
/// # Errors
/// When the bytes are not what [`encode_payload`] writes.
pub fn decode_payload(signal: &'static Signal, bytes: &[u8]) -> Result<Chunk, PayloadError> {
    let mut input = Cursor::new(bytes);
    let version = input.byte("version")?;
    if version != VERSION {
        return Err(PayloadError(format!("version {version} of the payload is not known")));
    }
    let rows = input.len("rows", MAX_ROWS)?;
    let first_sequence = input.varint("first sequence")?;
    let first_sequence = i64::try_from(first_sequence)
        .ok()
        .filter(|first| first.checked_add(rows as i64).is_some())
        .ok_or_else(|| PayloadError(format!("first sequence {first_sequence} is too large")))?;
    let count = input.len("columns", signal.columns.len() + MAX_FIELDS)?;
    check_size(rows, count)?;
    let mut known: Vec<Option<ArrayRef>> = vec![None; signal.columns.len()];
    let (mut fields, mut open) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let (name, kind, is_open) = input.heading()?;
        let values = decode_column(&mut input, name, kind, rows)?;
        if is_open {
            fields.push(Field { name: name.into(), kind });
            open.push(values);
            continue;
        }
        let is_it = |known: &crate::KnownColumn| known.name == name && known.kind == kind;
        let column = signal.columns.iter().position(is_it);
        let column = column.filter(|column| *column != SEQUENCE && known[*column].is_none());
        let Some(column) = column else {
            return Err(PayloadError(format!("column {name:?} is not known or comes twice")));
        };
        known[column] = values;
    }
    input.end()?;
    if rows > 0 && known[TIME].as_ref().is_none_or(|times| times.null_count() > 0) {
        return Err(PayloadError("a row has no time".to_owned()));
    }
    let layout = Layout::new(signal, fields);
    if layout
        .fields()
        .iter()
        .enumerate()
        .any(|(index, field)| layout.find(field) != Some(signal.columns.len() + index))
    {
        return Err(PayloadError("a field comes twice".to_owned()));
    }
    let sequences = first_sequence..first_sequence + rows as i64;
    known[SEQUENCE] = Some(Arc::new(Int64Array::from_iter_values(sequences)));
    known.extend(open);
    Ok(Chunk::new(Arc::new(layout), known, rows))
}

fn decode_column(
    input: &mut Cursor<'_>,
    name: &str,
    kind: ColumnType,
    rows: usize,
) -> Result<Option<ArrayRef>, PayloadError> {
    let validity = match input.byte(name)? {
        0 => None,
        _ => Some(input.bytes(rows.div_ceil(8), name)?),
    };
    let is_valid = |row: &usize| validity.is_none_or(|bits| bits[row / 8] & (1 << (row % 8)) != 0);
    let valid: Vec<usize> = (0..rows).filter(is_valid).collect();
    let mut column = ColumnBuilder::new(kind, rows);
    match kind {
        ColumnType::Bool => {
            let bits = input.bytes(valid.len().div_ceil(8), name)?;
            for (index, row) in valid.into_iter().enumerate() {
                column.push_bool(row, bits[index / 8] & (1 << (index % 8)) != 0);
            }
        }
        ColumnType::Int | ColumnType::Time => {
            let mut last = 0_i64;
            for row in valid {
                last = last.wrapping_add(input.signed(name)?);
                column.push_int(row, last);
            }
        }
        ColumnType::Float => {
            for row in valid {
                column.push_float(row, f64::from_le_bytes(input.array(name)?));
            }
        }
        ColumnType::Text | ColumnType::Json | ColumnType::Bytes => {
            let max_len = input.remaining();
            let lens = valid.iter().map(|_| input.len(name, max_len));
            let lens = lens.collect::<Result<Vec<_>, _>>()?;
            for (row, len) in valid.into_iter().zip(lens) {
                let bytes = input.bytes(len, name)?;
                if kind == ColumnType::Bytes {
                    column.push_bytes(row, bytes);
                    continue;
                }
                let text = std::str::from_utf8(bytes)
                    .map_err(|_| PayloadError(format!("column {name:?} is not UTF-8")))?;
                column.push_text(row, text);
            }
        }
        ColumnType::TraceId | ColumnType::SpanId => {
            let len = if kind == ColumnType::TraceId { 16 } else { 8 };
            for row in valid {
                column.push_bytes(row, input.bytes(len, name)?);
            }
        }
    }
    Ok(column.finish(rows))
}

#[cfg(test)]
mod tests;
