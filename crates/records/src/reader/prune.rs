//! What need not be read: row groups and pages that cannot hold a record that passes.

use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder};
use model::TimeRange;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::bloom_filter::Sbbf;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::statistics::Statistics;
use storage::PartError;

use super::PartReader;
use crate::{ColumnType, Condition, Leaf, REST, TIME};

/// The smallest and the largest value of some rows, as far as they are known.
enum Bounds<'a> {
    Ints(i64, i64),
    Bytes(&'a [u8], &'a [u8]),
}

impl PartReader {
    /// The rows of a group that may pass; `None` when none can.
    pub(crate) fn candidates(
        &self,
        group: usize,
        range: TimeRange,
        condition: &Condition,
    ) -> Result<Option<BooleanBuffer>, PartError> {
        if !self.groups[group].range.overlaps(&range) {
            return Ok(None);
        }
        let mut failure = None;
        let may_hold = condition.may_hold(&mut |leaf| {
            self.group_may_pass(group, leaf).unwrap_or_else(|error| {
                failure = Some(error);
                true
            })
        });
        if let Some(error) = failure {
            return Err(error);
        }
        if !may_hold {
            return Ok(None);
        }
        let all = BooleanBuffer::new_set(self.groups[group].rows);
        let in_time = |bounds: Bounds<'_>| match bounds {
            Bounds::Ints(min, max) => TimeRange::new(min, max).overlaps(&range),
            Bounds::Bytes(..) => true,
        };
        let mut rows = self.pages_where(group, TIME, in_time).unwrap_or(all);
        if let Some(passing) = self.pages_that_may_pass(group, condition) {
            rows = &rows & &passing;
        }
        Ok((rows.count_set_bits() > 0).then_some(rows))
    }

    /// The columns a test looks at, unless it has to look into `_rest` too.
    fn columns_of(&self, leaf: &Leaf) -> Option<Vec<usize>> {
        let looks_into_rest = self.layout.rest_may_hold(&leaf.field) && self.value_count(REST) > 0;
        (!looks_into_rest).then(|| self.layout.columns_of(&leaf.field))
    }

    fn group_may_pass(&self, group: usize, leaf: &Leaf) -> Result<bool, PartError> {
        let Some(columns) = self.columns_of(leaf) else { return Ok(true) };
        for column in columns {
            if self.column_may_pass(group, leaf, column)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn column_may_pass(&self, group: usize, leaf: &Leaf, column: usize) -> Result<bool, PartError> {
        if self.value_count(column) == 0 {
            return Ok(false);
        }
        let kind = self.layout.kind(column);
        if let ColumnType::TraceId | ColumnType::SpanId = kind {
            let len = if kind == ColumnType::TraceId { 16 } else { 8 };
            let Some(ids) = leaf.test.only_ids(len) else { return Ok(true) };
            if ids.is_empty() {
                return Ok(false);
            }
            let filter = self.bloom_filter(group, column)?;
            return Ok(filter.is_none_or(|f| ids.iter().any(|id| f.check(id.as_slice()))));
        }
        let leaf_index = self.leaves[column].unwrap_or(0);
        let statistics = self.metadata.metadata().row_group(group).column(leaf_index).statistics();
        let bounds = match statistics {
            Some(Statistics::Int64(ints)) => {
                ints.min_opt().zip(ints.max_opt()).map(|(min, max)| Bounds::Ints(*min, *max))
            }
            Some(Statistics::ByteArray(texts)) => texts
                .min_bytes_opt()
                .zip(texts.max_bytes_opt())
                .map(|(min, max)| Bounds::Bytes(min, max)),
            _ => None,
        };
        Ok(bounds.is_none_or(|bounds| may_pass(leaf, kind, &bounds)))
    }

    fn bloom_filter(&self, group: usize, column: usize) -> Result<Option<Sbbf>, PartError> {
        let Some(leaf) = self.leaves[column] else { return Ok(None) };
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.file.clone(),
            self.metadata.clone(),
        );
        builder
            .get_row_group_column_bloom_filter(group, leaf)
            .map_err(|error| self.file.explain(&error))
    }

    /// The rows in pages that may pass; `None` when the pages say nothing.
    fn pages_that_may_pass(&self, group: usize, condition: &Condition) -> Option<BooleanBuffer> {
        let of = |condition: &Condition| self.pages_that_may_pass(group, condition);
        match condition {
            Condition::All | Condition::Not(_) => None,
            Condition::And(all) => all.iter().filter_map(of).reduce(|a, b| &a & &b),
            Condition::Or(any) => {
                let each: Option<Vec<_>> = any.iter().map(of).collect();
                each?.into_iter().reduce(|a, b| &a | &b)
            }
            Condition::Leaf(leaf) => match self.columns_of(leaf)?.as_slice() {
                [column] => {
                    let kind = self.layout.kind(*column);
                    self.pages_where(group, *column, |bounds| may_pass(leaf, kind, &bounds))
                }
                _ => None,
            },
        }
    }

    /// The rows in pages of a column whose bounds pass; pages without any value do not.
    fn pages_where(
        &self,
        group: usize,
        column: usize,
        passes: impl Fn(Bounds<'_>) -> bool,
    ) -> Option<BooleanBuffer> {
        let leaf = self.leaves[column]?;
        let metadata = self.metadata.metadata();
        let index = metadata.column_index()?.get(group)?.get(leaf)?;
        let pages = metadata.offset_index()?.get(group)?.get(leaf)?.page_locations();
        if !matches!(index, ColumnIndexMetaData::INT64(_) | ColumnIndexMetaData::BYTE_ARRAY(_)) {
            return None;
        }
        let total = self.groups[group].rows;
        let mut rows = BooleanBufferBuilder::new(total);
        for page in 0..pages.len() {
            let bounds = match index {
                _ if index.is_null_page(page) => None,
                ColumnIndexMetaData::INT64(ints) => {
                    Some(Bounds::Ints(*ints.min_value(page)?, *ints.max_value(page)?))
                }
                ColumnIndexMetaData::BYTE_ARRAY(texts) => {
                    Some(Bounds::Bytes(texts.min_value(page)?, texts.max_value(page)?))
                }
                _ => return None,
            };
            let end = pages.get(page + 1).map_or(total as i64, |next| next.first_row_index);
            let len = usize::try_from(end - pages[page].first_row_index).ok()?;
            rows.append_n(len, bounds.is_some_and(&passes));
        }
        (rows.len() == total).then(|| rows.finish())
    }
}

/// Whether a value between the bounds may pass. Long bounds are cut off, downwards and upwards.
fn may_pass(leaf: &Leaf, kind: ColumnType, bounds: &Bounds<'_>) -> bool {
    match (kind, bounds) {
        (ColumnType::Int | ColumnType::Time, Bounds::Ints(min, max)) => {
            leaf.test.int_bounds().is_none_or(|(lower, upper)| lower <= *max && *min <= upper)
        }
        (ColumnType::Text, Bounds::Bytes(min, max)) => {
            leaf.test.only_text().is_none_or(|text| (*min..=*max).contains(&text.as_bytes()))
        }
        _ => true,
    }
}
