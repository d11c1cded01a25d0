//! Rows of one row group, batch by batch.

use arrow_array::Array;
use arrow_buffer::BooleanBuffer;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection,
};
use storage::PartError;

use super::PartReader;
use crate::Chunk;
use crate::part::PAGE_ROWS;

/// Bytes of memory that one batch should not exceed by much.
const BATCH_BYTES: u64 = 16 << 20;

/// The rows of a group that are wanted; `None` for all of them.
type Rows<'a> = Option<&'a BooleanBuffer>;

/// Batches of rows, and where each row lies in its group.
pub(crate) struct RowsRead<'a> {
    part: &'a PartReader,
    reader: ParquetRecordBatchReader,
    /// The columns of the layout that were asked for, in the order of the file.
    columns: Vec<usize>,
    /// The rows that are still to come.
    positions: Box<dyn Iterator<Item = usize> + 'a>,
}

impl PartReader {
    /// Reads columns of the wanted rows of a group; columns the file does not have are absent.
    pub(crate) fn read<'a>(
        &'a self,
        group: usize,
        columns: &[usize],
        rows: Rows<'a>,
    ) -> Result<RowsRead<'a>, PartError> {
        let leaf = |column: &usize| Some((self.leaves.get(*column).copied().flatten()?, *column));
        let mut leaves: Vec<(usize, usize)> = columns.iter().filter_map(leaf).collect();
        // Without any column nobody would say how many rows there are.
        if leaves.is_empty() {
            leaves.extend(leaf(&crate::TIME));
        }
        leaves.sort_unstable();
        leaves.dedup();
        let schema = self.metadata.parquet_schema();
        let mask = ProjectionMask::leaves(schema, leaves.iter().map(|(leaf, _)| *leaf));
        let total = self.groups[group].rows;
        let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(
            self.file.clone(),
            self.metadata.clone(),
        )
        .with_row_groups(vec![group])
        .with_projection(mask)
        .with_batch_size(self.batch_rows(group));
        let positions: Box<dyn Iterator<Item = usize>> = match rows {
            None => Box::new(0..total),
            Some(wanted) => {
                builder = builder.with_row_selection(selection(wanted));
                Box::new(wanted.set_indices())
            }
        };
        let reader = builder.build().map_err(|error| self.file.explain(&error))?;
        let columns = leaves.into_iter().map(|(_, column)| column).collect();
        Ok(RowsRead { part: self, reader, columns, positions })
    }

    /// Fewer rows at a time when they are large.
    fn batch_rows(&self, group: usize) -> usize {
        let group = &self.groups[group];
        let row_bytes = (group.bytes / (group.rows as u64).max(1)).max(1);
        usize::try_from(BATCH_BYTES / row_bytes).unwrap_or(PAGE_ROWS).clamp(16, PAGE_ROWS)
    }
}

/// A few rows are told to the reader as ranges, so that it skips all pages between them.
fn selection(wanted: &BooleanBuffer) -> RowSelection {
    let ranges = wanted.set_slices().map(|(start, end)| start..end);
    RowSelection::from_consecutive_ranges(ranges, wanted.len())
}

impl RowsRead<'_> {
    /// The next batch, and where its rows lie in the group.
    pub(crate) fn next(&mut self) -> Result<Option<(Vec<usize>, Chunk)>, PartError> {
        let explain = |error: &dyn std::fmt::Display| self.part.file.explain(error);
        let Some(batch) = self.reader.next() else { return Ok(None) };
        let batch = batch.map_err(|error| explain(&error))?;
        let layout = self.part.layout.clone();
        let mut columns = vec![None; layout.width()];
        for (column, array) in self.columns.iter().zip(batch.columns()) {
            if array.data_type() != &layout.kind(*column).data_type() {
                return Err(PartError::Damaged(format!(
                    "column {:?} is of another type than its schema says",
                    layout.name(*column)
                )));
            }
            columns[*column] = Some(array.clone());
        }
        let positions: Vec<usize> = self.positions.by_ref().take(batch.num_rows()).collect();
        if positions.len() != batch.num_rows() {
            return Err(PartError::Damaged("a row group has more rows than it says".to_owned()));
        }
        Ok(Some((positions, Chunk::new(layout, columns, batch.num_rows()))))
    }
}
