//! Several parts become one.

use std::io;
use std::sync::Arc;

use model::{Exemplar, Labels, Sample};
use storage::{PartError, PartFile, PartId};

use crate::head::{EXEMPLARS_MAX, same_exemplar};
use crate::part::{PartReader, PartWriter, SampleReader, SeriesEntry, WrittenPart};
use crate::runs::merge_runs;

/// Why there is no merged part.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MergeError {
    /// This part cannot be read.
    #[error("part {0} cannot be read: {1}")]
    Part(PartId, PartError),
    /// The new one cannot be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// Writes one part of several of a day, given in order of arrival. One series is in memory at a
/// time, and one page of each directory.
pub(crate) fn merge(
    parts: &[Arc<PartReader>],
    level: u8,
    file: PartFile,
) -> Result<WrittenPart, MergeError> {
    let wal = parts.iter().map(|part| part.description().wal).reduce(storage::WalRange::union);
    let ids = parts.iter().map(|part| part.description().id).collect();
    let day = parts.first().map_or(0, |part| part.description().day);
    let mut writer = PartWriter::new(file, day, level, wal.unwrap_or_default(), ids)?;
    let mut cursors = Vec::new();
    let mut metadata = Vec::new();
    for part in parts {
        let mut cursor = SeriesCursor::new(part);
        cursor.fill()?;
        cursors.push(cursor);
        // Each part has all that was known when it was written; the last knows best.
        metadata = part.metadata().map_err(cursor_error(part))?;
    }
    while let Some(labels) = cursors.iter().filter_map(SeriesCursor::labels).min().cloned() {
        let (mut runs, mut exemplars) = (Vec::new(), Vec::new());
        for cursor in &mut cursors {
            if cursor.labels() == Some(&labels) {
                let (samples, more) = cursor.take()?;
                runs.push(samples);
                exemplars.extend(more);
            }
        }
        writer.add(&labels, &merge_runs(runs), &newest(exemplars))?;
    }
    Ok(writer.finish(&metadata)?)
}

/// The newest exemplars of a series, each once, in order of time.
pub(crate) fn newest(exemplars: Vec<Exemplar>) -> Vec<Exemplar> {
    let mut kept = distinct(exemplars);
    kept.split_off(kept.len().saturating_sub(EXEMPLARS_MAX))
}

/// Exemplars of a series, each once, in order of time.
pub(crate) fn distinct(mut exemplars: Vec<Exemplar>) -> Vec<Exemplar> {
    exemplars.sort_by_key(|exemplar| exemplar.t_ms);
    let mut kept: Vec<Exemplar> = Vec::new();
    for exemplar in exemplars {
        let mut same_time = kept.iter().rev().take_while(|other| other.t_ms == exemplar.t_ms);
        if !same_time.any(|other| same_exemplar(other, &exemplar)) {
            kept.push(exemplar);
        }
    }
    kept
}

fn cursor_error(part: &PartReader) -> impl FnOnce(PartError) -> MergeError + '_ {
    |error| MergeError::Part(part.description().id, error)
}

/// Walks through the series of a part.
struct SeriesCursor<'a> {
    part: &'a PartReader,
    reader: SampleReader<'a>,
    next_page: u32,
    page: std::vec::IntoIter<SeriesEntry>,
}

impl<'a> SeriesCursor<'a> {
    fn new(part: &'a PartReader) -> Self {
        let (reader, page) = (SampleReader::new(part), Vec::new().into_iter());
        SeriesCursor { part, reader, next_page: 0, page }
    }

    /// Reads the next page of the directory when the last one is used up.
    fn fill(&mut self) -> Result<(), MergeError> {
        if self.page.as_slice().is_empty() && self.next_page < self.part.series_pages() {
            let page = self.part.series_page(self.next_page).map_err(cursor_error(self.part))?;
            self.page = page.into_iter();
            self.next_page += 1;
        }
        Ok(())
    }

    fn labels(&self) -> Option<&Labels> {
        self.page.as_slice().first().map(|entry| &entry.labels)
    }

    /// The samples and exemplars of the series it stands at; it moves on.
    fn take(&mut self) -> Result<(Vec<Sample>, Vec<Exemplar>), MergeError> {
        let mut samples = Vec::new();
        let mut exemplars = Vec::new();
        if let Some(entry) = self.page.next() {
            let read = self.reader.read(&entry, &(i64::MIN..=i64::MAX), &mut samples);
            read.map_err(cursor_error(self.part))?;
            exemplars = self.part.exemplars(&entry).map_err(cursor_error(self.part))?;
        }
        self.fill()?;
        Ok((samples, exemplars))
    }
}
