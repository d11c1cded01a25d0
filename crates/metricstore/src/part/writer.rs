//! Writing a part, series by series.

use std::collections::HashMap;
use std::io::{self, Write};

use model::{Exemplar, Labels, Metadata, Sample};
use storage::{FinishedPart, PartDescription, PartEntry, PartFile, PartId, WalRange};

use super::footer::Footer;
use super::index::IndexWriter;
use super::pages::PageWriter;
use super::{PageKind, Place, SERIES_PER_PAGE, VERSION};
use crate::batch::{put_exemplar, put_metadata};
use crate::codec::{
    BLOCK_SAMPLES_MAX, LabelsEncoder, put_ivarint, put_times, put_uvarint, put_values,
};
use crate::head::milliseconds_of;

/// Takes series in the order of their labels.
pub(crate) struct PartWriter {
    pages: PageWriter,
    description: PartDescription,
    day_start_ms: i64,
    min_ms: i64,
    max_ms: i64,
    series: u32,
    labels: LabelsEncoder,
    index: IndexWriter,
    /// Columns of timestamps that were written: series of one target share theirs.
    columns: HashMap<Vec<u8>, Place>,
    columns_bytes: usize,
}

/// A part that is safe but not entered yet.
#[derive(Clone, Debug)]
pub(crate) struct WrittenPart {
    pub(crate) file: FinishedPart,
    pub(crate) entry: PartEntry,
}

/// Once the remembered columns take so much, they are forgotten: then some are written twice.
const COLUMNS_BYTES_MAX: usize = 8 << 20;

impl PartWriter {
    pub(crate) fn new(
        file: PartFile,
        day: i64,
        level: u8,
        wal: WalRange,
        replaces: Vec<PartId>,
    ) -> io::Result<Self> {
        let (id, format) = (file.id(), VERSION);
        let (min_ns, max_ns, rows) = (0, 0, 0);
        Ok(PartWriter {
            pages: PageWriter::new(file)?,
            description: PartDescription {
                id,
                level,
                day,
                min_ns,
                max_ns,
                rows,
                format,
                wal,
                replaces,
            },
            day_start_ms: *milliseconds_of(day).start(),
            min_ms: i64::MAX,
            max_ms: i64::MIN,
            series: 0,
            labels: LabelsEncoder::default(),
            index: IndexWriter::default(),
            columns: HashMap::new(),
            columns_bytes: 0,
        })
    }

    /// Adds a series with its samples and exemplars, both in order of time.
    pub(crate) fn add(
        &mut self,
        labels: &Labels,
        samples: &[Sample],
        exemplars: &[Exemplar],
    ) -> io::Result<()> {
        if samples.is_empty() && exemplars.is_empty() {
            return Ok(());
        }
        let mut entry = Vec::new();
        self.put_exemplars(exemplars, &mut entry)?;
        put_uvarint(&mut entry, samples.len().div_ceil(BLOCK_SAMPLES_MAX) as u64);
        for block in samples.chunks(BLOCK_SAMPLES_MAX) {
            self.put_block(block, &mut entry)?;
        }
        let directory = self.pages.bytes(PageKind::Series);
        self.labels.put(labels, directory);
        directory.extend_from_slice(&entry);
        self.index.add(labels, self.series);
        self.series = self.series.checked_add(1).ok_or_else(|| {
            io::Error::other("a part cannot hold more than four thousand million series")
        })?;
        if self.series.is_multiple_of(SERIES_PER_PAGE) {
            self.labels = LabelsEncoder::default();
            self.pages.close(PageKind::Series)?;
        }
        Ok(())
    }

    fn put_block(&mut self, samples: &[Sample], entry: &mut Vec<u8>) -> io::Result<()> {
        let (first_ms, last_ms) = (samples[0].t_ms, samples[samples.len() - 1].t_ms);
        self.min_ms = self.min_ms.min(first_ms);
        self.max_ms = self.max_ms.max(last_ms);
        self.description.rows += samples.len() as u64;
        let times = self.put_column(samples)?;
        let place = self.pages.place(PageKind::Values);
        let values: Vec<_> = samples.iter().map(|sample| sample.value).collect();
        put_values(&values, self.pages.bytes(PageKind::Values));
        self.pages.close_if_full(PageKind::Values)?;
        for number in [times.page, times.offset, place.page, place.offset] {
            put_uvarint(entry, u64::from(number));
        }
        put_uvarint(entry, samples.len() as u64);
        put_ivarint(entry, first_ms.wrapping_sub(self.day_start_ms));
        put_uvarint(entry, last_ms.wrapping_sub(first_ms) as u64);
        Ok(())
    }

    /// Writes the timestamps, unless they were.
    fn put_column(&mut self, samples: &[Sample]) -> io::Result<Place> {
        let times: Vec<_> = samples.iter().map(|sample| sample.t_ms).collect();
        let mut column = Vec::new();
        put_times(&times, &mut column);
        if let Some(place) = self.columns.get(&column) {
            return Ok(*place);
        }
        let place = self.pages.place(PageKind::Times);
        self.pages.bytes(PageKind::Times).extend_from_slice(&column);
        self.pages.close_if_full(PageKind::Times)?;
        self.columns_bytes += column.len();
        if self.columns_bytes > COLUMNS_BYTES_MAX {
            self.columns.clear();
            self.columns_bytes = column.len();
        }
        self.columns.insert(column, place);
        Ok(place)
    }

    fn put_exemplars(&mut self, exemplars: &[Exemplar], entry: &mut Vec<u8>) -> io::Result<()> {
        put_uvarint(entry, exemplars.len() as u64);
        if exemplars.is_empty() {
            return Ok(());
        }
        let place = self.pages.place(PageKind::Exemplars);
        let mut own = LabelsEncoder::default();
        for exemplar in exemplars {
            put_exemplar(&mut own, exemplar, self.pages.bytes(PageKind::Exemplars));
        }
        self.pages.close_if_full(PageKind::Exemplars)?;
        put_uvarint(entry, u64::from(place.page));
        put_uvarint(entry, u64::from(place.offset));
        Ok(())
    }

    /// Writes what is left and makes the file safe.
    pub(crate) fn finish(mut self, metadata: &[(String, Metadata)]) -> io::Result<WrittenPart> {
        for (name, metadata) in metadata {
            put_metadata(self.pages.bytes(PageKind::Metadata), name, metadata);
            self.pages.close_if_full(PageKind::Metadata)?;
        }
        let index = self.index.write(&mut self.pages)?;
        for kind in PageKind::ALL {
            self.pages.close(kind)?;
        }
        let mut description = self.description;
        let has_samples = self.min_ms <= self.max_ms;
        let times_ms = if has_samples {
            (self.min_ms, self.max_ms)
        } else {
            milliseconds_of(description.day).into_inner()
        };
        description.min_ns = times_ms.0.saturating_mul(1_000_000);
        description.max_ns = times_ms.1.saturating_mul(1_000_000);
        let offset = self.pages.offset();
        let PageWriter { mut file, table: pages, .. } = self.pages;
        let (min_ms, max_ms, series) = (self.min_ms, self.max_ms, self.series);
        let footer =
            Footer { description: description.clone(), min_ms, max_ms, series, pages, index };
        file.write_all(&footer.encode(offset)?)?;
        let file = file.finish()?;
        Ok(WrittenPart { entry: description.entry(&file), file })
    }
}
