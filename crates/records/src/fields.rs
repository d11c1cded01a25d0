//! Which fields records have.

use std::collections::BTreeMap;

use arrow_buffer::BooleanBuffer;
use model::Value;
use store::{FieldKind, FieldSummary, Order, QueryContext, QueryError};

use crate::query::{ScanError, Snapshot};
use crate::reader::PartReader;
use crate::scan::{Scan, Unit};
use crate::{Chunk, ColumnType, Layout, REST};

impl Snapshot<'_> {
    /// The fields that are set in records that pass, sorted by name.
    ///
    /// # Errors
    /// When there are too many, the query is stopped, or a part cannot be read.
    pub fn fields(
        &self,
        scan: Scan<'_>,
        context: &QueryContext,
    ) -> Result<Vec<FieldSummary>, ScanError> {
        let mut fields = Fields { fields: BTreeMap::new(), max: context.limits.values };
        for unit in self.units(scan.range, Order::Newest) {
            let known = self.counted(&unit, scan, &mut fields)?;
            let wanted = |layout: &Layout| -> Vec<usize> {
                let is_open = |column: &usize| !known || needs_rows(layout, *column);
                layout.searched().chain([REST]).filter(is_open).collect()
            };
            let mut each = |chunk: &Chunk, rows: &BooleanBuffer| {
                let columns = wanted(chunk.layout());
                fields.add(chunk, rows, &columns)
            };
            // Without such columns there is nothing left to look at.
            let is_done = match &unit {
                Unit::Chunk(chunk, _) => wanted(chunk.layout()).is_empty(),
                Unit::Part(part) => {
                    let part = self.open(part)?;
                    wanted(part.layout()).iter().all(|column| part.value_count(*column) == 0)
                }
            };
            if !is_done {
                self.scan_unit(&unit, scan, &wanted, &mut each)?;
            }
        }
        Ok(fields.finish())
    }

    /// Takes counts from the footer of a part of which all records pass; false when some may not.
    fn counted(&self, unit: &Unit, scan: Scan<'_>, fields: &mut Fields) -> Result<bool, ScanError> {
        let Unit::Part(entry) = unit else { return Ok(false) };
        let is_whole = scan.condition.is_all()
            && scan.range.contains(entry.min_ns)
            && scan.range.contains(entry.max_ns);
        if !is_whole {
            return Ok(false);
        }
        scan.cancel.check()?;
        fields.add_counts(&*self.open(entry)?)?;
        Ok(true)
    }
}

/// Whether the kind of a column's values shows only when they are looked at.
fn needs_rows(layout: &Layout, column: usize) -> bool {
    column == REST || layout.kind(column) == ColumnType::Json
}

struct Fields {
    fields: BTreeMap<String, (FieldKind, u64)>,
    max: usize,
}

impl Fields {
    fn count(&mut self, name: &str, kind: FieldKind, count: u64) -> Result<(), QueryError> {
        if count == 0 {
            return Ok(());
        }
        // A field of this name is no instant to the store, but it is to people.
        let kind = if name == "timestamp" { FieldKind::Time } else { kind };
        if let Some(entry) = self.fields.get_mut(name) {
            entry.1 += count;
            if entry.0 != kind {
                entry.0 = FieldKind::Mixed;
            }
            return Ok(());
        }
        if self.fields.len() == self.max {
            let max = self.max;
            let message = format!("there are more than {max} fields, narrow the search");
            return Err(QueryError::TooExpensive(message));
        }
        self.fields.insert(name.to_owned(), (kind, count));
        Ok(())
    }

    fn add_counts(&mut self, part: &PartReader) -> Result<(), QueryError> {
        let layout = part.layout();
        for column in layout.searched().filter(|column| !needs_rows(layout, *column)) {
            let kind = kind_of(layout.kind(column));
            self.count(layout.name(column), kind, part.value_count(column))?;
        }
        Ok(())
    }

    fn add(
        &mut self,
        chunk: &Chunk,
        rows: &BooleanBuffer,
        columns: &[usize],
    ) -> Result<(), QueryError> {
        let layout = chunk.layout();
        for column in columns {
            let Some(array) = chunk.column(*column) else { continue };
            let set = match array.nulls() {
                Some(nulls) => rows & nulls.inner(),
                None => rows.clone(),
            };
            if *column == REST {
                for (name, value) in set.set_indices().flat_map(|row| chunk.rest(row)) {
                    self.count(&name, kind_of_value(&value), 1)?;
                }
            } else if layout.kind(*column) == ColumnType::Json {
                for value in set.set_indices().filter_map(|row| chunk.value(*column, row)) {
                    self.count(layout.name(*column), kind_of_value(&value), 1)?;
                }
            } else {
                let kind = kind_of(layout.kind(*column));
                self.count(layout.name(*column), kind, set.count_set_bits() as u64)?;
            }
        }
        Ok(())
    }

    fn finish(self) -> Vec<FieldSummary> {
        let summary = |(name, (kind, count))| FieldSummary { name, kind, count };
        self.fields.into_iter().map(summary).collect()
    }
}

fn kind_of(kind: ColumnType) -> FieldKind {
    match kind {
        ColumnType::Bool => FieldKind::Bool,
        ColumnType::Int | ColumnType::Float => FieldKind::Number,
        ColumnType::Time => FieldKind::Time,
        ColumnType::Json => FieldKind::Mixed,
        ColumnType::Text | ColumnType::Bytes | ColumnType::TraceId | ColumnType::SpanId => {
            FieldKind::Text
        }
    }
}

fn kind_of_value(value: &Value) -> FieldKind {
    match value {
        Value::Array(elements) => {
            let mut kinds = elements.iter().map(kind_of_value);
            let first = kinds.next().unwrap_or(FieldKind::Mixed);
            if kinds.all(|other| other == first) { first } else { FieldKind::Mixed }
        }
        Value::Null | Value::Map(_) => FieldKind::Text,
        other => kind_of(ColumnType::of(other)),
    }
}
