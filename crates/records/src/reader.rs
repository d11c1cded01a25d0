//! Reads a part.

mod file;
mod footer;
mod prune;
mod rows;

use std::cmp::Reverse;
use std::path::Path;
use std::sync::Arc;

use env::Fs;
use model::TimeRange;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::file::statistics::Statistics;
use storage::{PartDescription, PartError};
use store::Order;

use crate::column::field_of_column;
use crate::part::{DETAILS_KEY, Details, SUMMARY_KEY};
use crate::summary::Summary;
use crate::{Layout, REST, SEQUENCE, Signal, TIME};
use file::CheckedFile;
use footer::{Footer, key_value};
pub(crate) use rows::RowsRead;

/// What a part says about itself.
///
/// # Errors
/// When it is damaged, of a newer format, or cannot be read.
pub fn describe(fs: &dyn Fs, path: &Path) -> Result<PartDescription, PartError> {
    Footer::open(fs, path).map(|footer| footer.description)
}

/// An open part. Its footer is in memory, its rows are not.
pub(crate) struct PartReader {
    file: CheckedFile,
    metadata: ArrowReaderMetadata,
    layout: Arc<Layout>,
    /// Where the file has each column of the layout.
    leaves: Vec<Option<usize>>,
    description: PartDescription,
    details: Details,
    groups: Vec<Group>,
}

/// A row group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    pub(crate) rows: usize,
    /// The times of its first and last record.
    pub(crate) range: TimeRange,
    /// About how many bytes of memory all of it takes.
    pub(crate) bytes: u64,
}

impl PartReader {
    /// Opens a part of a signal.
    ///
    /// # Errors
    /// When it is damaged, of a newer format, or cannot be read.
    pub(crate) fn open(
        fs: &dyn Fs,
        path: &Path,
        signal: &'static Signal,
    ) -> Result<Self, PartError> {
        let Footer { file, metadata, description } = Footer::open(fs, path)?;
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let metadata = ArrowReaderMetadata::try_new(metadata, options)
            .map_err(|error| PartError::Damaged(format!("its columns are not valid: {error}")))?;
        let details: Details = key_value(metadata.metadata(), DETAILS_KEY)
            .and_then(|text| serde_json::from_str(text).ok())
            .filter(|details: &Details| details.signal == signal.name)
            .ok_or_else(|| PartError::Damaged(format!("it holds no {}", signal.name)))?;
        let (layout, leaves) = layout(signal, &metadata)?;
        let mut reader = PartReader {
            file,
            metadata,
            layout: Arc::new(layout),
            leaves,
            description,
            details,
            groups: Vec::new(),
        };
        reader.groups = (0..reader.metadata.metadata().num_row_groups())
            .map(|index| reader.group(index))
            .collect();
        Ok(reader)
    }

    pub(crate) fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    pub(crate) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The groups, those first that are likeliest to have what is wanted.
    pub(crate) fn groups_by(&self, order: Order) -> Vec<usize> {
        let mut groups: Vec<usize> = (0..self.groups.len()).collect();
        let range = |group: &usize| self.groups[*group].range;
        match order {
            Order::Newest => groups.sort_by_key(|group| Reverse(range(group).end_ns)),
            Order::Oldest => groups.sort_by_key(|group| range(group).start_ns),
        }
        groups
    }

    /// The largest number of a record in the order of arrival.
    pub(crate) fn sequence_max(&self) -> u64 {
        self.details.sequence_max
    }

    /// How many values a column has in all of the part.
    pub(crate) fn value_count(&self, column: usize) -> u64 {
        let leaf = self.leaves.get(column).copied().flatten();
        leaf.and_then(|leaf| self.details.counts.get(leaf)).copied().unwrap_or(0)
    }

    /// About how many bytes the reader itself occupies.
    pub(crate) fn byte_len(&self) -> usize {
        self.metadata.metadata().memory_size() + self.layout.width() * 128
    }

    /// The combinations of the summary columns; `None` when they were too many to be listed.
    pub(crate) fn summary(&self) -> Option<Summary> {
        Summary::from_json(key_value(self.metadata.metadata(), SUMMARY_KEY)?)
    }

    fn group(&self, index: usize) -> Group {
        let group = self.metadata.metadata().row_group(index);
        let statistics = self.leaves[TIME].and_then(|leaf| group.column(leaf).statistics());
        let range = match statistics {
            Some(Statistics::Int64(times)) => times.min_opt().zip(times.max_opt()),
            _ => None,
        };
        let whole = (&self.description.min_ns, &self.description.max_ns);
        let (start_ns, end_ns) = range.unwrap_or(whole);
        Group {
            rows: usize::try_from(group.num_rows()).unwrap_or(0),
            range: TimeRange::new(*start_ns, *end_ns),
            bytes: self.details.group_bytes.get(index).copied().unwrap_or(0),
        }
    }
}

/// Which columns a file has, and where.
fn layout(
    signal: &'static Signal,
    metadata: &ArrowReaderMetadata,
) -> Result<(Layout, Vec<Option<usize>>), PartError> {
    let mut leaves: Vec<Option<usize>> = vec![None; signal.columns.len()];
    let (mut fields, mut open) = (Vec::new(), Vec::new());
    for (leaf, column) in metadata.schema().fields().iter().enumerate() {
        let unfit = || {
            let (name, data_type) = (column.name(), column.data_type());
            PartError::Damaged(format!("its column {name:?} has the type {data_type}"))
        };
        let is_it = |known: &crate::KnownColumn| known.name == column.name();
        if let Some(known) = signal.columns.iter().position(is_it) {
            if signal.columns[known].kind.data_type() != *column.data_type() {
                return Err(unfit());
            }
            leaves[known] = Some(leaf);
        } else {
            fields.push(field_of_column(column.name(), column.data_type()).ok_or_else(unfit)?);
            open.push(Some(leaf));
        }
    }
    if [TIME, SEQUENCE, REST].iter().any(|column| leaves[*column].is_none()) {
        return Err(PartError::Damaged("it lacks a column that every part has".to_owned()));
    }
    leaves.extend(open);
    Ok((Layout::new(signal, fields), leaves))
}

#[cfg(test)]
mod tests;
