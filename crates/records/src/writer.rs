//! Writes a part: a Parquet file with checksums.

mod encoding;
mod sink;

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::{RecordBatch, new_null_array};
use arrow_buffer::BooleanBuffer;
use arrow_schema::{Field as ArrowField, Schema, SchemaRef};
use model::TimeRange;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use storage::{PartDescription, PartId, WalRange, day_of_ns};

use crate::column::column_names;
use crate::part::{
    DESCRIPTION_KEY, DETAILS_KEY, Details, FORMAT, GROUP_BYTES, GROUP_ROWS, SUMMARY_KEY, seal,
};
use crate::summary::Summarizer;
use crate::{Chunk, Layout, SEQUENCE, TIME};
use sink::Sink;

/// What the store says about a part that is being written.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) id: PartId,
    pub(crate) level: u8,
    pub(crate) wal: WalRange,
    pub(crate) replaces: Vec<PartId>,
}

/// Writes rows of one layout and one UTC day, which come in the order of parts.
pub(crate) struct PartWriter<W: Write + Send> {
    writer: ArrowWriter<Sink<W>>,
    schema: SchemaRef,
    layout: Arc<Layout>,
    details: Details,
    summarizer: Summarizer,
    rows: u64,
    range: Option<TimeRange>,
    group_rows: usize,
    group_bytes: usize,
}

impl<W: Write + Send> PartWriter<W> {
    /// Begins a file; `sample` has some of the rows, from which encodings are chosen.
    pub(crate) fn new(file: W, layout: &Arc<Layout>, sample: &Chunk) -> io::Result<Self> {
        let names = names(layout);
        let fields: Vec<ArrowField> = names
            .iter()
            .enumerate()
            .map(|(column, name)| {
                let is_nullable = column != TIME && column != SEQUENCE;
                ArrowField::new(name, layout.kind(column).data_type(), is_nullable)
            })
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let options = ArrowWriterOptions::new()
            .with_properties(encoding::properties(layout, &names, sample))
            .with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(Sink::new(file), schema.clone(), options);
        let signal = layout.signal().name.to_owned();
        let counts = vec![0; layout.width()];
        Ok(PartWriter {
            writer: writer.map_err(io_error)?,
            schema,
            layout: layout.clone(),
            details: Details { signal, counts, ..Details::default() },
            summarizer: Summarizer::new(layout.signal()),
            rows: 0,
            range: None,
            group_rows: 0,
            group_bytes: 0,
        })
    }

    /// Adds rows of the writer's layout.
    pub(crate) fn write(&mut self, chunk: &Chunk) -> io::Result<()> {
        let Some(range) = chunk.time_range() else { return Ok(()) };
        let bytes = chunk.byte_len();
        let is_full =
            self.group_rows + chunk.rows() > GROUP_ROWS || self.group_bytes + bytes > GROUP_BYTES;
        if is_full && self.group_rows > 0 {
            self.end_group()?;
        }
        let columns = (0..self.layout.width()).map(|column| {
            let absent = || new_null_array(self.schema.field(column).data_type(), chunk.rows());
            chunk.column(column).cloned().unwrap_or_else(absent)
        });
        let batch = RecordBatch::try_new(self.schema.clone(), columns.collect());
        let batch = batch.map_err(|error| io::Error::other(error.to_string()))?;
        self.writer.write(&batch).map_err(io_error)?;
        self.group_rows += chunk.rows();
        self.group_bytes += bytes;
        self.rows += chunk.rows() as u64;
        let before = self.range.unwrap_or(range);
        self.range = Some(TimeRange::new(
            before.start_ns.min(range.start_ns),
            before.end_ns.max(range.end_ns),
        ));
        if !self.summarizer.is_too_long() {
            self.summarizer.add(chunk, &BooleanBuffer::new_set(chunk.rows()));
        }
        for (column, count) in self.details.counts.iter_mut().enumerate() {
            *count += chunk.value_count(column) as u64;
        }
        let sequence_max = chunk.sequences().iter().max().map_or(0, |max| max.cast_unsigned());
        self.details.sequence_max = self.details.sequence_max.max(sequence_max);
        Ok(())
    }

    /// Completes the file and describes it; `None` when it would have no rows.
    pub(crate) fn finish(mut self, origin: Origin) -> io::Result<Option<PartDescription>> {
        let Some(range) = self.range else { return Ok(None) };
        self.end_group()?;
        // Blocks have their checksums behind the rows, before the indexes and the footer.
        self.writer.sync()?;
        let (data_len, checksums) = self.writer.inner_mut().end_data();
        self.writer.write_all(&checksums)?;
        let description = PartDescription {
            id: origin.id,
            level: origin.level,
            day: day_of_ns(range.start_ns),
            min_ns: range.start_ns,
            max_ns: range.end_ns,
            rows: self.rows,
            format: FORMAT,
            wal: origin.wal,
            replaces: origin.replaces,
        };
        let details = serde_json::to_string(&self.details).map_err(io::Error::other)?;
        let mut entries = vec![
            (DESCRIPTION_KEY, description.to_json()),
            (DETAILS_KEY, details),
            (seal::KEY, seal::open(data_len)),
        ];
        if !self.layout.signal().summary.is_empty() && !self.summarizer.is_too_long() {
            entries.insert(0, (SUMMARY_KEY, self.summarizer.finish().to_json()));
        }
        for (key, value) in entries {
            self.writer.append_key_value_metadata(KeyValue::new(key.to_owned(), value));
        }
        self.writer.finish().map_err(io_error)?;
        self.writer.sync()?;
        self.writer.inner_mut().finish()?;
        Ok(Some(description))
    }

    fn end_group(&mut self) -> io::Result<()> {
        self.writer.flush().map_err(io_error)?;
        self.details.group_bytes.push(self.group_bytes as u64);
        (self.group_rows, self.group_bytes) = (0, 0);
        Ok(())
    }
}

/// The names of all columns of a layout.
fn names(layout: &Layout) -> Vec<String> {
    let known = layout.signal().columns.iter().map(|known| known.name.to_owned());
    known.chain(column_names(layout.signal(), layout.fields())).collect()
}

/// The error of the disk, when it is one.
fn io_error(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other.to_string()),
    }
}
