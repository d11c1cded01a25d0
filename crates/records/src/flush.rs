//! Heads become parts.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use storage::{Change, Maintained, PartEntry, Unflushed, WalRange};

use crate::duplicates::Duplicates;
use crate::gather::{Pick, fold, gather};
use crate::head::Head;
use crate::layout::LayoutUnion;
use crate::order::sorted_by_day;
use crate::part::PAGE_ROWS;
use crate::record_store::{RecordStore, State};
use crate::writer::{Origin, PartWriter};
use crate::{Chunk, Layout};

/// A head that takes no more records.
#[derive(Debug)]
pub(crate) struct Frozen {
    pub(crate) head: Head,
}

/// A frozen head on its way into parts.
pub(crate) struct Pending {
    frozen: Arc<Frozen>,
    wal: WalRange,
    /// The parts, once they are written; entering them may have to be tried again.
    written: Option<Change>,
}

/// Rows from which the encodings of a part are chosen.
const SAMPLE_ROWS: usize = 4 << 10;
/// Rows in one batch for the writer, or fewer when they are large.
const BATCH_BYTES: usize = 16 << 20;

impl RecordStore {
    /// Writes everything that is in memory into parts.
    pub(crate) fn flush_all(&self) -> io::Result<()> {
        self.flush_pending()?;
        self.freeze()?;
        self.flush_pending()
    }

    /// Freezes the head, unless it is empty.
    fn freeze(&self) -> io::Result<()> {
        let mut pending = self.pending.lock();
        if self.state.read().head.rows() == 0 {
            return Ok(());
        }
        let from = match pending.back() {
            Some(last) => last.wal.before,
            None => self.parts.flushed(),
        };
        let (state, signal) = (self.state.clone(), self.signal);
        let cut = self.wal.cut(move || {
            let mut state = state.write();
            let head = std::mem::replace(&mut state.head, Head::new(signal));
            let frozen = Arc::new(Frozen { head });
            state.frozen.push(frozen.clone());
            frozen
        })?;
        let wal = WalRange { from, before: cut.before };
        pending.push_back(Pending { frozen: cut.frozen, wal, written: None });
        Ok(())
    }

    fn flush_pending(&self) -> io::Result<()> {
        let mut pending = self.pending.lock();
        while let Some(next) = pending.front_mut() {
            let change = match &next.written {
                Some(change) => change.clone(),
                None => {
                    let change = self.write_parts(next)?;
                    next.written.insert(change).clone()
                }
            };
            let frozen = next.frozen.clone();
            self.commit(&change, |state| {
                state.frozen.retain(|other| !Arc::ptr_eq(other, &frozen));
            })?;
            self.wal.truncate_before(next.wal.before);
            pending.pop_front();
        }
        Ok(())
    }

    /// Makes a change in the catalog, then in what queries see.
    pub(crate) fn commit(&self, change: &Change, also: impl FnOnce(&mut State)) -> io::Result<()> {
        let _catalog_and_state_change_together = self.changing.lock();
        self.parts.commit(change)?;
        {
            let mut state = self.state.write();
            state.parts = Arc::new(self.parts.list());
            also(&mut state);
        }
        change.remove.iter().for_each(|part| self.open_parts.forget(part.id));
        Ok(())
    }

    fn write_parts(&self, pending: &Pending) -> io::Result<Change> {
        let chunks: Vec<&Chunk> = pending.frozen.head.chunks().iter().map(AsRef::as_ref).collect();
        let mut change = Change { flushed: Some(pending.wal.before), ..Change::default() };
        for (day, picks) in sorted_by_day(&chunks) {
            match self.write_part(day, &chunks, &picks, pending.wal) {
                Ok(entry) => change.add.push(entry),
                Err(error) => {
                    change.add.iter().for_each(|entry| self.discard(entry));
                    return Err(error);
                }
            }
        }
        Ok(change)
    }

    fn write_part(
        &self,
        day: i64,
        chunks: &[&Chunk],
        picks: &[Pick],
        wal: WalRange,
    ) -> io::Result<PartEntry> {
        let layout = Arc::new(layout_of(chunks, picks));
        let folded: Vec<Chunk> = chunks.iter().map(|chunk| fold(chunk, &layout)).collect();
        let chunks: Vec<&Chunk> = folded.iter().collect();
        let gathered = |picks: &[Pick]| gather(&chunks, picks, &layout).map_err(io::Error::other);
        let step = picks.len().div_ceil(SAMPLE_ROWS).max(1);
        let sample: Vec<Pick> = picks.iter().copied().step_by(step).collect();
        let mut file = self.parts.create(day)?;
        let id = file.id();
        let mut writer = PartWriter::new(&mut file, &layout, &gathered(&sample)?)?;
        let mut duplicates = Duplicates::new(self.signal);
        for picks in picks.chunks(batch_rows(&chunks)) {
            let mut picks = picks.to_vec();
            picks.retain(|(chunk, row)| !duplicates.is_repeat(chunks[*chunk], *row));
            writer.write(&gathered(&picks)?)?;
        }
        let origin = Origin { id, level: 0, wal, replaces: Vec::new() };
        let description = writer.finish(origin)?;
        let description = description.ok_or_else(|| io::Error::other("a part has no rows"))?;
        Ok(description.entry(&file.finish()?))
    }

    fn discard(&self, entry: &PartEntry) {
        let (id, file, bytes) = (entry.id, entry.file.clone(), entry.bytes);
        self.parts.discard(&storage::FinishedPart { id, file, bytes });
    }
}

/// The layout for the picked rows.
fn layout_of(chunks: &[&Chunk], picks: &[Pick]) -> Layout {
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); chunks.len()];
    picks.iter().for_each(|(chunk, row)| rows[*chunk].push(*row));
    let signal = chunks.first().expect("picks come from chunks").layout().signal();
    let mut union = LayoutUnion::new(signal);
    for (chunk, rows) in chunks.iter().zip(rows) {
        union.add(chunk.layout(), |column| match rows.len() == chunk.rows() {
            true => chunk.value_count(column) as u64,
            false => rows.iter().filter(|row| chunk.has(column, **row)).count() as u64,
        });
    }
    union.finish()
}

/// How many rows go to the writer at once.
fn batch_rows(chunks: &[&Chunk]) -> usize {
    let densest = chunks.iter().map(|chunk| chunk.byte_len() / chunk.rows().max(1)).max();
    (BATCH_BYTES / densest.unwrap_or(1).max(1)).clamp(16, PAGE_ROWS)
}

impl Maintained for RecordStore {
    fn unflushed(&self) -> Unflushed {
        let state = self.state.read();
        Unflushed {
            bytes: if state.head.is_scattered() { u64::MAX } else { state.head.bytes() },
            since_ns: state.head.since_ns(),
            waiting: !state.frozen.is_empty(),
        }
    }

    fn flush(&self) -> io::Result<()> {
        self.flush_all()
    }

    fn parts(&self) -> Vec<PartEntry> {
        self.parts.list()
    }

    fn merge(&self, parts: &[PartEntry]) -> io::Result<()> {
        match self.stopping.load(Ordering::Relaxed) {
            true => Ok(()),
            false => self.merge_parts(parts),
        }
    }

    fn expire(&self, parts: &[PartEntry]) -> io::Result<()> {
        let names: Vec<&str> = parts.iter().map(|part| part.file.as_str()).collect();
        tracing::info!("{} expire: {}", self.signal.name, names.join(", "));
        let change = Change { remove: parts.to_vec(), ..Change::default() };
        self.commit(&change, |_| {})
    }
}
