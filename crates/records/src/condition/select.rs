//! Which rows of a chunk pass.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, TimestampNanosecondType};
use arrow_array::{Array, ArrayRef};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder};
use model::{Attributes, SpanId, TraceId, Value};
use store::FieldName;

use super::test::Asked;
use super::{CellTest, Condition, Leaf};
use crate::signal::REST;
use crate::{Chunk, ColumnType, json};

impl Condition {
    /// The rows of a chunk that pass.
    pub fn select_all(&self, chunk: &Chunk) -> Vec<usize> {
        self.select(chunk, &BooleanBuffer::new_set(chunk.rows())).set_indices().collect()
    }

    /// The rows among `candidates` that pass.
    ///
    /// The chunk must hold all columns that the condition looks at.
    pub fn select(&self, chunk: &Chunk, candidates: &BooleanBuffer) -> BooleanBuffer {
        match self {
            Condition::All => candidates.clone(),
            Condition::And(all) => {
                let mut passing = candidates.clone();
                for condition in all {
                    if passing.count_set_bits() == 0 {
                        break;
                    }
                    passing = condition.select(chunk, &passing);
                }
                passing
            }
            Condition::Or(any) => {
                let mut passing = BooleanBuffer::new_unset(chunk.rows());
                for condition in any {
                    let open = candidates & &!&passing;
                    if open.count_set_bits() == 0 {
                        break;
                    }
                    passing = &passing | &condition.select(chunk, &open);
                }
                passing
            }
            Condition::Not(inner) => candidates & &!&inner.select(chunk, candidates),
            Condition::Leaf(leaf) => leaf.select(chunk, candidates),
        }
    }
}

impl Leaf {
    fn select(&self, chunk: &Chunk, candidates: &BooleanBuffer) -> BooleanBuffer {
        let mut passing = BooleanBuffer::new_unset(chunk.rows());
        for column in chunk.layout().columns_of(&self.field) {
            let Some(array) = chunk.column(column) else { continue };
            let mut open = candidates & &!&passing;
            if let Some(nulls) = array.nulls() {
                open = &open & nulls.inner();
            }
            if open.count_set_bits() > 0 {
                let kind = chunk.layout().kind(column);
                passing = &passing | &self.test.select(array, kind, &open);
            }
        }
        if let Some(rest) = chunk.column(REST)
            && chunk.layout().rest_may_hold(&self.field)
        {
            let open = candidates & &!&passing;
            passing = &passing | &self.select_rest(rest, &open);
        }
        passing
    }

    fn select_rest(&self, rest: &ArrayRef, candidates: &BooleanBuffer) -> BooleanBuffer {
        // The key as it is written: a text without it has no such field.
        let mut key = String::new();
        if let FieldName::Named(name) = &self.field {
            json::encode_key(name, &mut key);
        }
        let is_it = |name: &str| match &self.field {
            FieldName::Named(wanted) => wanted == name,
            FieldName::Pattern(pattern) => pattern.matches_whole(name),
            FieldName::Any => true,
        };
        let texts = rest.as_string::<i32>();
        rows_where(candidates, |row| {
            texts.is_valid(row)
                && texts.value(row).contains(&key)
                && members(texts.value(row))
                    .iter()
                    .any(|(name, value)| is_it(name) && self.test.matches(value))
        })
    }
}

fn members(text: &str) -> Attributes {
    match json::decode(text) {
        Some(Value::Map(members)) => members,
        _ => Attributes::new(),
    }
}

/// The candidates for which `passes` holds.
fn rows_where(candidates: &BooleanBuffer, mut passes: impl FnMut(usize) -> bool) -> BooleanBuffer {
    let mut rows = BooleanBufferBuilder::new(candidates.len());
    rows.append_n(candidates.len(), false);
    for row in candidates.set_indices() {
        if passes(row) {
            rows.set_bit(row, true);
        }
    }
    rows.finish()
}

impl CellTest {
    /// The candidates whose values pass; all of them have one.
    fn select(&self, array: &ArrayRef, kind: ColumnType, open: &BooleanBuffer) -> BooleanBuffer {
        match kind {
            ColumnType::Bool => {
                let passes = [false, true].map(|value| self.matches(&Value::Bool(value)));
                let values = array.as_boolean();
                rows_where(open, |row| passes[usize::from(values.value(row))])
            }
            ColumnType::Int => {
                let values = array.as_primitive::<Int64Type>().values();
                self.select_ints(values, open)
            }
            ColumnType::Time => {
                let values = array.as_primitive::<TimestampNanosecondType>().values();
                self.select_ints(values, open)
            }
            ColumnType::Float => {
                let values = array.as_primitive::<Float64Type>().values();
                rows_where(open, |row| self.matches_float(values[row]))
            }
            ColumnType::Text => {
                let values = array.as_string::<i32>();
                // Values often come in runs, and the last answer is then the next.
                let mut last: Option<(&str, bool)> = None;
                rows_where(open, |row| {
                    let text = values.value(row);
                    match last {
                        Some((same, passes)) if same == text => passes,
                        _ => {
                            let passes = self.matches_text(text);
                            last = Some((text, passes));
                            passes
                        }
                    }
                })
            }
            ColumnType::Json => {
                let values = array.as_string::<i32>();
                let key = if let Asked::Value(key, _) = &self.0 { key } else { "" };
                rows_where(open, |row| {
                    let text = values.value(row);
                    text.contains(key)
                        && self.matches(&json::decode(text).unwrap_or_else(|| Value::from(text)))
                })
            }
            ColumnType::Bytes => {
                let values = array.as_binary::<i32>();
                rows_where(open, |row| self.matches(&Value::Bytes(values.value(row).to_vec())))
            }
            ColumnType::TraceId => {
                let text = |id: &[u8]| TraceId::from_slice(id).map(|id| id.to_string());
                self.select_ids(array, 16, open, text)
            }
            ColumnType::SpanId => {
                let text = |id: &[u8]| SpanId::from_slice(id).map(|id| id.to_string());
                self.select_ids(array, 8, open, text)
            }
        }
    }

    fn select_ints(&self, values: &[i64], open: &BooleanBuffer) -> BooleanBuffer {
        match &self.0 {
            Asked::Contract(prepared) => rows_where(open, |row| {
                let as_text = || prepared.text.matches(&values[row].to_string());
                prepared.int.matches_int(values[row], as_text)
            }),
            Asked::TextIs(_, wanted) => rows_where(open, |row| Some(values[row]) == *wanted),
            _ => rows_where(open, |row| self.matches(&Value::Int(values[row]))),
        }
    }

    fn matches_float(&self, number: f64) -> bool {
        match &self.0 {
            Asked::Contract(prepared) => {
                let as_text = || prepared.text.matches(&Value::Float(number).to_text());
                prepared.float.matches_float(number, as_text)
            }
            _ => self.matches(&Value::Float(number)),
        }
    }

    fn matches_text(&self, text: &str) -> bool {
        match &self.0 {
            Asked::Contract(prepared) => prepared.text.matches(text),
            Asked::TextIs(wanted, _) => text == wanted,
            Asked::IdIn(_) => false,
            Asked::Value(_, test) => test(&Value::from(text)),
        }
    }

    fn select_ids(
        &self,
        array: &ArrayRef,
        len: usize,
        open: &BooleanBuffer,
        text: impl Fn(&[u8]) -> Option<String>,
    ) -> BooleanBuffer {
        let values = array.as_fixed_size_binary();
        if let Some(wanted) = self.only_ids(len) {
            return rows_where(open, |row| wanted.contains(values.value(row)));
        }
        rows_where(open, |row| text(values.value(row)).is_some_and(|id| self.matches_text(&id)))
    }
}
