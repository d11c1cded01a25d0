//! Types of columns, and how columns are called on disk.
//!
//! A field that holds values of two types occupies two columns. The first takes the field's bare
//! name, the others add their type behind an `@`, so that nothing is widened, coerced or lost.

use std::collections::HashSet;
use std::sync::Arc;

use arrow_schema::{DataType, TimeUnit};
use model::Value;

use crate::Signal;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ColumnType {
    /// True and false.
    Bool,
    /// Whole numbers of 64 bits.
    Int,
    /// IEEE 754 numbers of 64 bits.
    Float,
    /// UTF-8.
    Text,
    /// Raw bytes.
    Bytes,
    /// Arrays, maps and nulls as JSON (see [`crate::json`]).
    Json,
    /// Nanoseconds since the Unix epoch.
    Time,
    /// 16 bytes.
    TraceId,
    /// 8 bytes.
    SpanId,
}

impl ColumnType {
    /// Every type; the index is its number in the write-ahead log.
    pub const ALL: [ColumnType; 9] = [
        ColumnType::Bool,
        ColumnType::Int,
        ColumnType::Float,
        ColumnType::Text,
        ColumnType::Bytes,
        ColumnType::Json,
        ColumnType::Time,
        ColumnType::TraceId,
        ColumnType::SpanId,
    ];

    /// The type a value of an open field has.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Bool(_) => ColumnType::Bool,
            Value::Int(_) => ColumnType::Int,
            Value::Float(_) => ColumnType::Float,
            Value::Str(_) => ColumnType::Text,
            Value::Bytes(_) => ColumnType::Bytes,
            Value::Null | Value::Array(_) | Value::Map(_) => ColumnType::Json,
        }
    }

    /// The number in the write-ahead log.
    pub(crate) fn number(self) -> u8 {
        self as u8
    }

    /// The type of a number in the write-ahead log.
    pub(crate) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// How Arrow calls it.
    pub fn data_type(self) -> DataType {
        match self {
            ColumnType::Bool => DataType::Boolean,
            ColumnType::Int => DataType::Int64,
            ColumnType::Float => DataType::Float64,
            ColumnType::Text | ColumnType::Json => DataType::Utf8,
            ColumnType::Bytes => DataType::Binary,
            ColumnType::Time => DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
            ColumnType::TraceId => DataType::FixedSizeBinary(16),
            ColumnType::SpanId => DataType::FixedSizeBinary(8),
        }
    }

    /// The type of an open field without a suffix.
    fn of_data_type(data_type: &DataType) -> Option<Self> {
        Some(match data_type {
            DataType::Boolean => ColumnType::Bool,
            DataType::Int64 => ColumnType::Int,
            DataType::Float64 => ColumnType::Float,
            DataType::Utf8 => ColumnType::Text,
            DataType::Binary => ColumnType::Bytes,
            _ => return None,
        })
    }

    fn suffix(self) -> &'static str {
        match self {
            ColumnType::Bool => "@bool",
            ColumnType::Int => "@int",
            ColumnType::Float => "@float",
            ColumnType::Text => "@text",
            ColumnType::Bytes => "@bytes",
            ColumnType::Json => "@json",
            ColumnType::Time => "@time",
            ColumnType::TraceId => "@trace_id",
            ColumnType::SpanId => "@span_id",
        }
    }
}

/// An open field of one type: what a column of a chunk or part holds beside the known ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Field {
    /// The field's name as records have it.
    pub name: Arc<str>,
    /// The type of the values in this column.
    pub kind: ColumnType,
}

/// The names of the columns that hold these fields, in the same order.
pub(crate) fn column_names(signal: &Signal, fields: &[Field]) -> Vec<String> {
    let mut bare: HashSet<&str> = signal.columns.iter().map(|known| known.name).collect();
    let name = |field: &Field, is_free: bool| match is_free {
        true => field.name.to_string(),
        false => format!("{}{}", field.name, field.kind.suffix()),
    };
    fields
        .iter()
        .map(|field| {
            let may_be_bare = field.kind != ColumnType::Json && split_suffix(&field.name).is_none();
            name(field, may_be_bare && bare.insert(&field.name))
        })
        .collect()
}

/// The field that a column of this name and type holds; `None` when we write no such column.
pub(crate) fn field_of_column(name: &str, data_type: &DataType) -> Option<Field> {
    let (name, kind) = match split_suffix(name) {
        Some((name, kind)) => (name, kind),
        None => (name, ColumnType::of_data_type(data_type)?),
    };
    (kind.data_type() == *data_type).then(|| Field { name: name.into(), kind })
}

/// Names that end like a suffix always bear one themselves, so this cannot be mistaken.
fn split_suffix(name: &str) -> Option<(&str, ColumnType)> {
    ColumnType::ALL.into_iter().find_map(|kind| Some((name.strip_suffix(kind.suffix())?, kind)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::tests::EVENTS;

    #[test]
    fn names_lead_back_to_fields() {
        let fields = [
            ("status", ColumnType::Int),
            ("status", ColumnType::Text),
            ("status@text", ColumnType::Text),
            ("status@text", ColumnType::Int),
            ("tags", ColumnType::Json),
            ("_rest", ColumnType::Text),
            ("timestamp", ColumnType::Int),
            ("naïve name.with dots", ColumnType::Float),
            ("", ColumnType::Bool),
            ("@int", ColumnType::Bytes),
        ];
        let fields = fields.map(|(name, kind)| Field { name: name.into(), kind });
        let names = column_names(&EVENTS, &fields);
        assert_eq!(
            names,
            [
                "status",
                "status@text",
                "status@text@text",
                "status@text@int",
                "tags@json",
                "_rest@text",
                "timestamp@int",
                "naïve name.with dots",
                "",
                "@int@bytes"
            ]
        );
        for (name, field) in names.iter().zip(&fields) {
            assert_eq!(field_of_column(name, &field.kind.data_type()).as_ref(), Some(field));
        }
        assert_eq!(field_of_column("a@int", &DataType::Utf8), None);
        assert_eq!(field_of_column("a", &DataType::Int8), None);
    }
}
