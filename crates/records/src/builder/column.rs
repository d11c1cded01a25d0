//! One growing column.

use std::sync::Arc;

use arrow_array::builder::{
    BinaryBuilder, BooleanBuilder, FixedSizeBinaryBuilder, Float64Builder, Int64Builder,
    StringBuilder, TimestampNanosecondBuilder,
};
use arrow_array::{Array, ArrayRef};

use crate::ColumnType;

/// The values so far; rows without one are filled up when the next value comes, so that a column
/// costs nothing for rows that do not know it.
pub(crate) struct ColumnBuilder {
    values: Values,
    len: usize,
    has_values: bool,
}

enum Values {
    Bool(BooleanBuilder),
    Int(Int64Builder),
    Time(TimestampNanosecondBuilder),
    Float(Float64Builder),
    Text(StringBuilder),
    Bytes(BinaryBuilder),
    Id(FixedSizeBinaryBuilder),
}

impl ColumnBuilder {
    pub(crate) fn new(kind: ColumnType, rows: usize) -> Self {
        // Most columns hold short texts; longer ones let the buffer grow.
        let bytes = rows * 8;
        let values = match kind {
            ColumnType::Bool => Values::Bool(BooleanBuilder::with_capacity(rows)),
            ColumnType::Int => Values::Int(Int64Builder::with_capacity(rows)),
            ColumnType::Float => Values::Float(Float64Builder::with_capacity(rows)),
            ColumnType::Time => Values::Time(
                TimestampNanosecondBuilder::with_capacity(rows).with_data_type(kind.data_type()),
            ),
            ColumnType::Text | ColumnType::Json => {
                Values::Text(StringBuilder::with_capacity(rows, bytes))
            }
            ColumnType::Bytes => Values::Bytes(BinaryBuilder::with_capacity(rows, bytes)),
            ColumnType::TraceId => Values::Id(FixedSizeBinaryBuilder::with_capacity(rows, 16)),
            ColumnType::SpanId => Values::Id(FixedSizeBinaryBuilder::with_capacity(rows, 8)),
        };
        ColumnBuilder { values, len: 0, has_values: false }
    }

    /// One more than the last row that has a value.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn push_bool(&mut self, row: usize, value: bool) {
        if self.begin(row)
            && let Values::Bool(values) = &mut self.values
        {
            values.append_value(value);
        }
    }

    pub(crate) fn push_int(&mut self, row: usize, value: i64) {
        if self.begin(row) {
            match &mut self.values {
                Values::Int(values) => values.append_value(value),
                Values::Time(values) => values.append_value(value),
                _ => {}
            }
        }
    }

    pub(crate) fn push_float(&mut self, row: usize, value: f64) {
        if self.begin(row)
            && let Values::Float(values) = &mut self.values
        {
            values.append_value(value);
        }
    }

    pub(crate) fn push_text(&mut self, row: usize, text: &str) {
        if self.begin(row)
            && let Values::Text(values) = &mut self.values
        {
            values.append_value(text);
        }
    }

    pub(crate) fn push_bytes(&mut self, row: usize, bytes: &[u8]) {
        if self.begin(row) {
            match &mut self.values {
                Values::Bytes(values) => values.append_value(bytes),
                Values::Id(values) => {
                    values.append_value(bytes).expect("an identifier has the length of its column");
                }
                _ => {}
            }
        }
    }

    /// The array of so many rows, unless it would be empty of values.
    pub(crate) fn finish(mut self, rows: usize) -> Option<ArrayRef> {
        if !self.has_values {
            return None;
        }
        self.fill(rows);
        let array: ArrayRef = match &mut self.values {
            Values::Bool(values) => Arc::new(values.finish()),
            Values::Int(values) => Arc::new(values.finish()),
            Values::Time(values) => Arc::new(values.finish()),
            Values::Float(values) => Arc::new(values.finish()),
            Values::Text(values) => Arc::new(values.finish()),
            Values::Bytes(values) => Arc::new(values.finish()),
            Values::Id(values) => Arc::new(values.finish()),
        };
        debug_assert_eq!(array.len(), rows);
        Some(array)
    }

    /// Makes room for the value of a row; false when it has one already, which then stays.
    fn begin(&mut self, row: usize) -> bool {
        if self.len > row {
            return false;
        }
        self.fill(row);
        self.len = row + 1;
        self.has_values = true;
        true
    }

    fn fill(&mut self, rows: usize) {
        let missing = rows - self.len;
        if missing == 0 {
            return;
        }
        match &mut self.values {
            Values::Bool(values) => values.append_nulls(missing),
            Values::Int(values) => values.append_nulls(missing),
            Values::Time(values) => values.append_nulls(missing),
            Values::Float(values) => values.append_nulls(missing),
            Values::Text(values) => values.append_nulls(missing),
            Values::Bytes(values) => values.append_nulls(missing),
            Values::Id(values) => values.append_nulls(missing),
        }
        self.len = rows;
    }
}
