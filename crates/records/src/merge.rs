//! Several parts become one, read as streams in their common order.

use std::io;
use std::sync::Arc;

use storage::{Change, PartEntry, PartError, WalRange};

use crate::duplicates::Duplicates;
use crate::gather::{Pick, fold, gather};
use crate::layout::LayoutUnion;
use crate::order::{Moment, moment};
use crate::part::PAGE_ROWS;
use crate::reader::{PartReader, RowsRead};
use crate::record_store::RecordStore;
use crate::writer::{Origin, PartWriter};
use crate::{Chunk, Layout};

impl RecordStore {
    /// Makes one part of several of the same day, given in order of arrival.
    pub(crate) fn merge_parts(&self, parts: &[PartEntry]) -> io::Result<()> {
        let Some(first) = parts.first() else { return Ok(()) };
        let mut readers = Vec::with_capacity(parts.len());
        for part in parts {
            let opened = self.open_parts.get(part.id, &self.parts.path(part));
            readers.push((part, opened.map_err(|error| self.blame(part, error))?));
        }
        let mut union = LayoutUnion::new(self.signal);
        for (_, reader) in &readers {
            union.add(reader.layout(), |column| reader.value_count(column));
        }
        let layout = Arc::new(union.finish());
        let inputs: Vec<_> = readers.iter().map(|(part, reader)| (*part, &**reader)).collect();
        let mut streams = Streams::open(self, &inputs, &layout)?;
        let mut file = self.parts.create(first.day)?;
        let id = file.id();
        let mut writer = PartWriter::new(&mut file, &layout, &streams.sample()?)?;
        while let Some(rows) = streams.next()? {
            writer.write(&rows)?;
            if self.stopping.load(std::sync::atomic::Ordering::Relaxed) {
                return Ok(());
            }
        }
        let wal = parts.iter().map(|part| part.wal).reduce(WalRange::union).unwrap_or_default();
        let replaces = parts.iter().map(|part| part.id).collect();
        let description = writer.finish(Origin { id, level: 1, wal, replaces })?;
        let description = description.ok_or_else(|| io::Error::other("a part has no rows"))?;
        let add = vec![description.entry(&file.finish()?)];
        self.commit(&Change { add, remove: parts.to_vec(), flushed: None }, |_| {})
    }

    /// Puts a part aside when it is damaged; the error then goes on to whoever merges.
    fn blame(&self, part: &PartEntry, error: PartError) -> io::Error {
        match error {
            PartError::Io(error) => error,
            other => {
                self.quarantine(part.id, &other.to_string());
                io::Error::other(format!("{}: {other}", part.file))
            }
        }
    }
}

/// The rows of several parts in their common order.
struct Streams<'a> {
    store: &'a RecordStore,
    layout: &'a Arc<Layout>,
    streams: Vec<Stream<'a>>,
    duplicates: Duplicates,
}

/// The rows of one part that are still to come.
struct Stream<'a> {
    part: &'a PartEntry,
    reader: &'a PartReader,
    columns: Vec<usize>,
    group: usize,
    read: Option<RowsRead<'a>>,
    chunk: Chunk,
    row: usize,
}

impl<'a> Streams<'a> {
    fn open(
        store: &'a RecordStore,
        inputs: &[(&'a PartEntry, &'a PartReader)],
        layout: &'a Arc<Layout>,
    ) -> io::Result<Self> {
        let mut streams = Vec::with_capacity(inputs.len());
        for (part, reader) in inputs {
            let columns = (0..reader.layout().width()).collect();
            let chunk = Chunk::empty(reader.layout());
            let (group, read, row) = (0, None, 0);
            let mut stream = Stream { part, reader, columns, group, read, chunk, row };
            if stream.advance(layout).map_err(|error| store.blame(part, error))? {
                streams.push(stream);
            }
        }
        Ok(Streams { store, layout, streams, duplicates: Duplicates::new(store.signal) })
    }

    /// Some of the first rows of each.
    fn sample(&self) -> io::Result<Chunk> {
        let chunks: Vec<&Chunk> = self.streams.iter().map(|stream| &stream.chunk).collect();
        let picks: Vec<Pick> = chunks
            .iter()
            .enumerate()
            .flat_map(|(index, chunk)| (0..chunk.rows().min(1_000)).map(move |row| (index, row)))
            .collect();
        gather(&chunks, &picks, self.layout).map_err(io::Error::other)
    }

    /// The next rows: about a page, fewer when a stream has to be read on before.
    fn next(&mut self) -> io::Result<Option<Chunk>> {
        if self.streams.is_empty() {
            return Ok(None);
        }
        let mut picks: Vec<Pick> = Vec::new();
        while picks.len() < PAGE_ROWS && self.streams.iter().all(|s| s.row < s.chunk.rows()) {
            self.pick_run(&mut picks);
        }
        let chunks: Vec<&Chunk> = self.streams.iter().map(|stream| &stream.chunk).collect();
        let rows = gather(&chunks, &picks, self.layout).map_err(io::Error::other)?;
        let mut index = 0;
        while let Some(stream) = self.streams.get_mut(index) {
            if stream.row < stream.chunk.rows() {
                index += 1;
                continue;
            }
            let part = stream.part;
            match stream.advance(self.layout).map_err(|error| self.store.blame(part, error))? {
                true => index += 1,
                false => drop(self.streams.remove(index)),
            }
        }
        Ok(Some(rows))
    }

    /// Takes rows from the stream that comes first until another one does.
    fn pick_run(&mut self, picks: &mut Vec<Pick>) {
        let indices = 0..self.streams.len();
        let next = |index: &usize| self.streams[*index].moment();
        let Some(first) = indices.clone().min_by_key(next) else { return };
        let second = indices.filter(|index| *index != first).map(|index| next(&index)).min();
        let stream = &mut self.streams[first];
        while picks.len() < PAGE_ROWS && stream.row < stream.chunk.rows() {
            if second.is_some_and(|second| stream.moment() > second) {
                break;
            }
            if !self.duplicates.is_repeat(&stream.chunk, stream.row) {
                picks.push((first, stream.row));
            }
            stream.row += 1;
        }
    }
}

impl Stream<'_> {
    /// The place of the next row in the order.
    fn moment(&self) -> Moment {
        moment(&self.chunk, self.row)
    }

    /// Reads the next batch; false behind the last.
    fn advance(&mut self, layout: &Layout) -> Result<bool, PartError> {
        loop {
            if let Some(read) = &mut self.read
                && let Some((_, chunk)) = read.next()?
            {
                self.chunk = fold(&chunk, layout);
                self.row = 0;
                return Ok(true);
            }
            if self.group == self.reader.groups().len() {
                return Ok(false);
            }
            self.read = Some(self.reader.read(self.group, &self.columns, None)?);
            self.group += 1;
        }
    }
}
