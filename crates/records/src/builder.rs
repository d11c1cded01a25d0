//! Rows become columns: a chunk is built field by field.

mod column;

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array};
use model::{Attributes, Value};

use crate::layout::MAX_FIELDS;
use crate::signal::{REST, SEQUENCE};
use crate::{Chunk, ColumnType, Field, Layout, Signal, json};
pub(crate) use column::ColumnBuilder;

/// A name longer than this is no name of a column; such a field lies in `_rest`.
const MAX_NAME_LEN: usize = 512;

/// Builds a chunk row by row.
///
/// Of a row, known columns and open fields are set in any order; what is not set has no value.
/// A field that is set twice in one row, or finds no column any more, goes to `_rest`.
pub struct ChunkBuilder {
    signal: &'static Signal,
    known: Vec<ColumnBuilder>,
    fields: Vec<FieldColumn>,
    /// The columns of a field name.
    by_name: HashMap<Arc<str>, Vec<usize>>,
    /// The column of the field that followed last time, which is the likeliest to follow again.
    next: usize,
    rest: Attributes,
    rows: usize,
    bytes: usize,
    expected_rows: usize,
    scratch: String,
}

struct FieldColumn {
    field: Field,
    values: ColumnBuilder,
    /// Whether other columns hold the same field in other types.
    is_shared: bool,
}

impl ChunkBuilder {
    /// A builder for about so many rows.
    pub fn new(signal: &'static Signal, expected_rows: usize) -> Self {
        let known = signal.columns.iter();
        ChunkBuilder {
            signal,
            known: known.map(|known| ColumnBuilder::new(known.kind, expected_rows)).collect(),
            fields: Vec::new(),
            by_name: HashMap::new(),
            next: 0,
            rest: Attributes::new(),
            rows: 0,
            bytes: 0,
            expected_rows,
            scratch: String::new(),
        }
    }

    /// How many rows were ended.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many bytes the values of all rows take, without what goes with them.
    pub fn byte_len(&self) -> usize {
        self.bytes
    }

    /// Sets a known column of instants or whole numbers.
    pub fn int(&mut self, column: usize, value: i64) {
        self.bytes += size_of::<i64>();
        self.known[column].push_int(self.rows, value);
    }

    /// Sets a known column of texts; the empty text is no value.
    pub fn text(&mut self, column: usize, text: &str) {
        if !text.is_empty() {
            self.bytes += text.len();
            self.known[column].push_text(self.rows, text);
        }
    }

    /// Sets a known column of identifiers.
    pub fn id(&mut self, column: usize, bytes: &[u8]) {
        self.bytes += bytes.len();
        self.known[column].push_bytes(self.rows, bytes);
    }

    /// Sets a known column of JSON.
    pub fn json(&mut self, column: usize, value: &Value) {
        let mut text = std::mem::take(&mut self.scratch);
        text.clear();
        json::encode(value, &mut text);
        self.bytes += text.len();
        self.known[column].push_text(self.rows, &text);
        self.scratch = text;
    }

    /// Sets an open field.
    pub fn field(&mut self, name: &str, value: &Value) {
        self.bytes += size_of::<i64>() + value.byte_len();
        match self.column_for(name, ColumnType::of(value)) {
            Some(index) => self.push_value(index, value),
            None => self.rest.push((name.to_owned(), value.clone())),
        }
    }

    /// Ends the row.
    pub fn end_row(&mut self) {
        if !self.rest.is_empty() {
            let rest = Value::Map(std::mem::take(&mut self.rest));
            self.json(REST, &rest);
        }
        self.rows += 1;
        self.next = 0;
    }

    /// The chunk, whose rows are numbered from `first_sequence`.
    pub fn finish(self, first_sequence: u64) -> Chunk {
        let rows = self.rows;
        let mut columns: Vec<Option<ArrayRef>> =
            self.known.into_iter().map(|column| column.finish(rows)).collect();
        let first_sequence = i64::try_from(first_sequence).unwrap_or(i64::MAX - rows as i64);
        let sequences = first_sequence..first_sequence + rows as i64;
        columns[SEQUENCE] = Some(Arc::new(Int64Array::from_iter_values(sequences)));
        let mut fields = Vec::with_capacity(self.fields.len());
        for column in self.fields {
            fields.push(column.field);
            columns.push(column.values.finish(rows));
        }
        Chunk::new(Arc::new(Layout::new(self.signal, fields)), columns, rows)
    }

    /// The column for a value of the current row; `None` when it has to go to `_rest`.
    fn column_for(&mut self, name: &str, kind: ColumnType) -> Option<usize> {
        let rows = self.rows;
        let is_set = |fields: &[FieldColumn], index: usize| fields[index].values.len() > rows;
        if let Some(guess) = self.fields.get(self.next)
            && !guess.is_shared
            && guess.field.kind == kind
            && *guess.field.name == *name
        {
            let index = self.next;
            self.next += 1;
            return (!is_set(&self.fields, index)).then_some(index);
        }
        if let Some(columns) = self.by_name.get(name) {
            if columns.iter().any(|index| is_set(&self.fields, *index)) {
                return None;
            }
            let of_type = |index: &usize| self.fields[*index].field.kind == kind;
            if let Some(index) = columns.iter().copied().find(of_type) {
                self.next = index + 1;
                return Some(index);
            }
        }
        self.add_column(name, kind)
    }

    fn add_column(&mut self, name: &str, kind: ColumnType) -> Option<usize> {
        if self.fields.len() >= MAX_FIELDS || name.is_empty() || name.len() > MAX_NAME_LEN {
            return None;
        }
        let index = self.fields.len();
        let name: Arc<str> = name.into();
        let columns = self.by_name.entry(name.clone()).or_default();
        columns.push(index);
        let is_shared = columns.len() > 1;
        for other in columns.iter().filter(|other| **other < index) {
            self.fields[*other].is_shared = true;
        }
        let values = ColumnBuilder::new(kind, self.expected_rows);
        self.fields.push(FieldColumn { field: Field { name, kind }, values, is_shared });
        self.next = index + 1;
        Some(index)
    }

    fn push_value(&mut self, index: usize, value: &Value) {
        let (column, row) = (&mut self.fields[index].values, self.rows);
        match value {
            Value::Bool(value) => column.push_bool(row, *value),
            Value::Int(value) => column.push_int(row, *value),
            Value::Float(value) => column.push_float(row, *value),
            Value::Str(text) => column.push_text(row, text),
            Value::Bytes(bytes) => column.push_bytes(row, bytes),
            Value::Null | Value::Array(_) | Value::Map(_) => {
                self.scratch.clear();
                json::encode(value, &mut self.scratch);
                column.push_text(row, &self.scratch);
            }
        }
    }
}

#[cfg(test)]
mod tests;
