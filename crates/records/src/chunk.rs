//! Rows of one kind of records as Arrow arrays.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampNanosecondType};
use arrow_array::{Array, ArrayRef};
use model::{Attributes, SpanId, TimeRange, TraceId, Value};

use crate::signal::{REST, SEQUENCE, TIME};
use crate::{ColumnType, Layout, json};

/// Rows as columns. It never changes.
///
/// A column that is absent has no values; in a chunk read from a part it may also be one that was
/// not asked for.
#[derive(Clone, Debug)]
pub struct Chunk {
    layout: Arc<Layout>,
    columns: Vec<Option<ArrayRef>>,
    rows: usize,
}

impl Chunk {
    /// A chunk of columns whose types are those of the layout.
    pub(crate) fn new(layout: Arc<Layout>, columns: Vec<Option<ArrayRef>>, rows: usize) -> Self {
        debug_assert_eq!(columns.len(), layout.width());
        debug_assert!(columns.iter().flatten().all(|array| array.len() == rows));
        Chunk { layout, columns, rows }
    }

    /// A chunk without rows.
    pub(crate) fn empty(layout: &Arc<Layout>) -> Self {
        Chunk { layout: layout.clone(), columns: vec![None; layout.width()], rows: 0 }
    }

    /// Which columns there may be.
    pub fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The array of a column, unless it is absent.
    pub fn column(&self, column: usize) -> Option<&ArrayRef> {
        self.columns.get(column)?.as_ref()
    }

    /// About how many bytes of memory the rows occupy.
    pub fn byte_len(&self) -> usize {
        self.columns.iter().flatten().map(Array::get_array_memory_size).sum()
    }

    /// How many values a column holds.
    pub fn value_count(&self, column: usize) -> usize {
        self.column(column).map_or(0, |array| array.len() - array.null_count())
    }

    /// The times of all rows.
    pub fn times(&self) -> &[i64] {
        match self.column(TIME) {
            Some(array) => array.as_primitive::<TimestampNanosecondType>().values(),
            None => &[],
        }
    }

    /// The numbers of all rows in the order of arrival.
    pub fn sequences(&self) -> &[i64] {
        match self.column(SEQUENCE) {
            Some(array) => array.as_primitive::<Int64Type>().values(),
            None => &[],
        }
    }

    /// The times of the first and the last row in order of time; `None` without rows.
    pub fn time_range(&self) -> Option<TimeRange> {
        let times = self.times();
        Some(TimeRange::new(*times.iter().min()?, *times.iter().max()?))
    }

    /// Whether a row has a value in a column.
    pub fn has(&self, column: usize, row: usize) -> bool {
        self.column(column).is_some_and(|array| array.is_valid(row))
    }

    /// A text, or the empty one when there is none.
    pub fn text(&self, column: usize, row: usize) -> &str {
        match self.column(column) {
            Some(array) if array.is_valid(row) => array.as_string::<i32>().value(row),
            _ => "",
        }
    }

    /// A whole number or an instant.
    pub fn int(&self, column: usize, row: usize) -> Option<i64> {
        let array = self.column(column).filter(|array| array.is_valid(row))?;
        Some(match self.layout.kind(column) {
            ColumnType::Time => array.as_primitive::<TimestampNanosecondType>().value(row),
            _ => array.as_primitive::<Int64Type>().value(row),
        })
    }

    /// The bytes of an identifier.
    pub fn id(&self, column: usize, row: usize) -> Option<&[u8]> {
        let array = self.column(column).filter(|array| array.is_valid(row))?;
        Some(array.as_fixed_size_binary().value(row))
    }

    /// A value of any type. Identifiers become the text people know them by.
    pub fn value(&self, column: usize, row: usize) -> Option<Value> {
        let array = self.column(column).filter(|array| array.is_valid(row))?;
        Some(match self.layout.kind(column) {
            ColumnType::Bool => Value::Bool(array.as_boolean().value(row)),
            ColumnType::Int => Value::Int(array.as_primitive::<Int64Type>().value(row)),
            ColumnType::Time => {
                Value::Int(array.as_primitive::<TimestampNanosecondType>().value(row))
            }
            ColumnType::Float => Value::Float(array.as_primitive::<Float64Type>().value(row)),
            ColumnType::Text => Value::from(array.as_string::<i32>().value(row)),
            ColumnType::Bytes => Value::Bytes(array.as_binary::<i32>().value(row).to_vec()),
            ColumnType::Json => {
                let text = array.as_string::<i32>().value(row);
                json::decode(text).unwrap_or_else(|| Value::from(text))
            }
            ColumnType::TraceId => {
                let id = TraceId::from_slice(array.as_fixed_size_binary().value(row));
                id.map_or(Value::Null, |id| Value::Str(id.to_string()))
            }
            ColumnType::SpanId => {
                let id = SpanId::from_slice(array.as_fixed_size_binary().value(row));
                id.map_or(Value::Null, |id| Value::Str(id.to_string()))
            }
        })
    }

    /// The fields of a row that found no column.
    pub(crate) fn rest(&self, row: usize) -> Attributes {
        match self.value(REST, row) {
            Some(Value::Map(members)) => members,
            _ => Attributes::new(),
        }
    }

    /// The open fields of a row, sorted by name.
    pub fn fields(&self, row: usize) -> Attributes {
        let known = self.layout.signal().columns.len();
        let mut fields: Attributes = (known..self.layout.width())
            .filter_map(|column| {
                Some((self.layout.name(column).to_owned(), self.value(column, row)?))
            })
            .collect();
        fields.extend(self.rest(row));
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        fields
    }
}
