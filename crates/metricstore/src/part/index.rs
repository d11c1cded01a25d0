//! The inverted index of a part: chunks of sorted values, each with the runs of its series.

use std::collections::BTreeMap;
use std::io;

use model::Labels;
use storage::PartError;

use super::footer::IndexedName;
use super::pages::PageWriter;
use super::{PageKind, PartReader, Place};
use crate::codec::{Cursor, Malformed, put_uvarint};
use crate::index::LabelIndex;

/// A chunk that has reached this length is ended: reading one value decodes one chunk.
const CHUNK_BYTES: usize = 16 << 10;

/// Collects the series of every label value.
#[derive(Default)]
pub(super) struct IndexWriter {
    names: BTreeMap<Box<str>, BTreeMap<Box<str>, Vec<Run>>>,
}

/// Series that follow each other: as parts are sorted, those of one metric do.
struct Run {
    first: u32,
    len: u32,
}

impl IndexWriter {
    /// Adds a series; numbers come in order.
    pub(super) fn add(&mut self, labels: &Labels, series: u32) {
        for (name, value) in labels.iter() {
            if !self.names.contains_key(name) {
                self.names.insert(name.into(), BTreeMap::new());
            }
            let values = self.names.get_mut(name).expect("it was just added");
            let new = Run { first: series, len: 1 };
            let Some(runs) = values.get_mut(value) else {
                values.insert(value.into(), vec![new]);
                continue;
            };
            match runs.last_mut() {
                Some(last) if last.first + last.len == series => last.len += 1,
                _ => runs.push(new),
            }
        }
    }

    /// Writes the chunks and says where they are.
    pub(super) fn write(&self, pages: &mut PageWriter) -> io::Result<Vec<IndexedName>> {
        let mut index = Vec::new();
        for (name, values) in &self.names {
            let mut chunks = Vec::new();
            let mut chunk = Chunk::default();
            for (value, runs) in values {
                chunk.push(value, runs);
                if chunk.bytes.len() >= CHUNK_BYTES {
                    chunks.push(chunk.write(pages)?);
                    chunk = Chunk::default();
                }
            }
            if chunk.values > 0 {
                chunks.push(chunk.write(pages)?);
            }
            index.push(IndexedName { name: name.clone(), chunks });
        }
        Ok(index)
    }
}

#[derive(Default)]
struct Chunk {
    first: Box<str>,
    last: Box<str>,
    values: u64,
    bytes: Vec<u8>,
}

impl Chunk {
    fn push(&mut self, value: &str, runs: &[Run]) {
        if self.values == 0 {
            self.first = value.into();
        }
        let shared = value.bytes().zip(self.last.bytes()).take_while(|(a, b)| a == b).count();
        put_uvarint(&mut self.bytes, shared as u64);
        put_uvarint(&mut self.bytes, (value.len() - shared) as u64);
        self.bytes.extend_from_slice(&value.as_bytes()[shared..]);
        put_uvarint(&mut self.bytes, runs.len() as u64);
        let mut end = 0;
        for run in runs {
            put_uvarint(&mut self.bytes, u64::from(run.first - end));
            put_uvarint(&mut self.bytes, u64::from(run.len));
            end = run.first + run.len;
        }
        self.values += 1;
        self.last = value.into();
    }

    fn write(self, pages: &mut PageWriter) -> io::Result<(Box<str>, Place)> {
        let place = pages.place(PageKind::Index);
        let page = pages.bytes(PageKind::Index);
        put_uvarint(page, self.values);
        page.extend_from_slice(&self.bytes);
        pages.close_if_full(PageKind::Index)?;
        Ok((self.first, place))
    }
}

/// Visits the values of a chunk until `visit` says that it has seen enough.
fn read_chunk(
    cursor: &mut Cursor<'_>,
    series_count: u32,
    visit: &mut dyn FnMut(&str, &[u32]) -> bool,
) -> Result<(), Malformed> {
    let (mut value, mut series) = (Vec::new(), Vec::new());
    for _ in 0..cursor.count()? {
        let shared = usize::try_from(cursor.uvarint()?).unwrap_or(usize::MAX);
        if shared > value.len() {
            return Err(Malformed("a value shares more than there is"));
        }
        value.truncate(shared);
        let rest = cursor.count()?;
        value.extend_from_slice(cursor.bytes(rest)?);
        series.clear();
        let mut end = 0u64;
        for _ in 0..cursor.count()? {
            let first = end.saturating_add(cursor.uvarint()?);
            end = first.saturating_add(cursor.uvarint()?);
            if end > u64::from(series_count) {
                return Err(Malformed("a value has series that do not exist"));
            }
            series.extend(first as u32..end as u32);
        }
        let text = std::str::from_utf8(&value).map_err(|_| Malformed("a value is not UTF-8"))?;
        if !visit(text, &series) {
            return Ok(());
        }
    }
    Ok(())
}

impl PartReader {
    fn chunk(
        &self,
        place: Place,
        visit: &mut dyn FnMut(&str, &[u32]) -> bool,
    ) -> Result<(), PartError> {
        let page = self.page(PageKind::Index, place.page)?;
        let mut cursor = Cursor::at(&page, u64::from(place.offset));
        read_chunk(&mut cursor, self.series_count(), visit)
            .map_err(|error| PartError::Damaged(format!("its index cannot be read: {error}")))
    }

    fn chunks(&self, name: &str) -> &[(Box<str>, Place)] {
        let index = &self.footer().index;
        let found = index.binary_search_by(|indexed| (*indexed.name).cmp(name));
        found.map_or(&[], |position| &index[position].chunks)
    }
}

impl LabelIndex for PartReader {
    type Error = PartError;

    fn series_count(&self) -> u32 {
        self.footer().series
    }

    fn with_value(&self, name: &str, value: &str) -> Result<Vec<u32>, PartError> {
        let chunks = self.chunks(name);
        let behind = chunks.partition_point(|(first, _)| **first <= *value);
        let mut found = Vec::new();
        if let Some((_, place)) = behind.checked_sub(1).map(|position| &chunks[position]) {
            self.chunk(*place, &mut |candidate, series| {
                if candidate == value {
                    found.extend_from_slice(series);
                }
                candidate < value
            })?;
        }
        Ok(found)
    }

    fn each_value(&self, name: &str, visit: &mut dyn FnMut(&str, &[u32])) -> Result<(), PartError> {
        for (_, place) in self.chunks(name) {
            self.chunk(*place, &mut |value, series| {
                visit(value, series);
                true
            })?;
        }
        Ok(())
    }

    fn names(&self) -> Vec<&str> {
        self.footer().index.iter().map(|indexed| &*indexed.name).collect()
    }
}
