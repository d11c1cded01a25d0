//! What the store holds at a moment, and how it moves from one moment to the next.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use model::{Metadata, MetricBatch};
use parking_lot::{Mutex, RwLock};
use storage::{
    Change, OpenError, PartEntry, PartError, PartId, Parts, StoreDir, Unflushed, WalRange,
    day_of_ms,
};

use crate::batch;
use crate::head::{Head, milliseconds_of};
use crate::merge::{MergeError, merge, newest};
use crate::part::{EXTENSION, PageCache, PartReader, PartWriter, WrittenPart};

/// Heads and parts, and the catalog behind them.
pub(super) struct State {
    dir: Arc<StoreDir>,
    parts: Parts,
    cache: Arc<PageCache>,
    view: RwLock<View>,
    metadata: Mutex<BTreeMap<String, Metadata>>,
    /// What the heads occupy, without a lock.
    held_bytes: AtomicUsize,
}

/// What queries see; it changes at once.
#[derive(Default)]
pub(super) struct View {
    pub(super) active: Head,
    pub(super) frozen: Option<Arc<Frozen>>,
    /// In order of arrival.
    pub(super) parts: Vec<Arc<PartReader>>,
}

/// A head that becomes parts.
pub(super) struct Frozen {
    pub(super) head: Head,
    /// The segment behind its last record.
    before: OnceLock<u64>,
    /// Its parts, once they are written: when only entering them fails, they stay, for the catalog
    /// may have them after a crash.
    written: Mutex<Option<Vec<WrittenPart>>>,
}

/// So many metric families are described.
const METADATA_MAX: usize = 100_000;

impl State {
    pub(super) fn open(dir: &Arc<StoreDir>, cache_bytes: usize) -> Result<Self, OpenError> {
        let cache = Arc::new(PageCache::new(cache_bytes));
        let fs = dir.env.fs.clone();
        let parts = Parts::open(dir, EXTENSION, &|path| {
            PartReader::open(&*fs, path, &cache).map(|part| part.description().clone())
        })?;
        let mut view = View::default();
        for entry in parts.list() {
            let path = parts.path(&entry);
            let open = || PartReader::open(&*fs, &path, &cache);
            match open().or_else(|_| open()) {
                Ok(part) if part.description().id == entry.id => view.parts.push(Arc::new(part)),
                Ok(_) => parts.quarantine(entry.id, "it is another part"),
                Err(PartError::Damaged(reason)) => parts.quarantine(entry.id, &reason),
                Err(PartError::Newer { found, known }) => {
                    let path = path.display().to_string();
                    return Err(OpenError::Newer { path, found, known });
                }
                Err(PartError::Io(error)) => dir.quarantine.note(&path, &error.to_string()),
            }
        }
        // Each part has all metadata that was known when its last segment ended.
        let mut newest_first: Vec<_> = view.parts.iter().collect();
        newest_first.sort_by_key(|part| std::cmp::Reverse(part.description().wal.before));
        let metadata = newest_first.into_iter().find_map(|part| part.metadata().ok());
        let metadata = metadata.unwrap_or_default().into_iter().collect();
        Ok(State {
            dir: dir.clone(),
            parts,
            cache,
            view: RwLock::new(view),
            metadata: Mutex::new(metadata),
            held_bytes: AtomicUsize::new(0),
        })
    }

    pub(super) fn dir(&self) -> &StoreDir {
        &self.dir
    }

    pub(super) fn parts(&self) -> &Parts {
        &self.parts
    }

    pub(super) fn view(&self) -> &RwLock<View> {
        &self.view
    }

    pub(super) fn metadata(&self) -> Vec<(String, Metadata)> {
        let metadata = self.metadata.lock();
        metadata.iter().map(|(name, metadata)| (name.clone(), metadata.clone())).collect()
    }

    /// What the heads occupy.
    pub(super) fn held_bytes(&self) -> usize {
        self.held_bytes.load(Ordering::Relaxed)
    }

    /// Takes in a batch from the log.
    pub(super) fn replay(&self, payload: &[u8]) -> Result<(), String> {
        let batch = {
            let mut view = self.view.write();
            batch::decode(payload, &mut |encoded| view.active.shared(encoded))
        };
        self.apply(batch.map_err(|error| error.to_string())?);
        Ok(())
    }

    /// Makes a batch visible, all of it at once.
    pub(super) fn apply(&self, batch: MetricBatch) {
        if !batch.metadata.is_empty() {
            let mut known = self.metadata.lock();
            for (name, metadata) in &batch.metadata {
                if known.len() < METADATA_MAX || known.contains_key(name) {
                    known.insert(name.clone(), metadata.clone());
                }
            }
        }
        let now_ns = self.dir.env.clock.monotonic_ns();
        let mut view = self.view.write();
        view.active.apply(batch, now_ns);
        self.account(&view);
    }

    fn account(&self, view: &View) {
        let frozen = view.frozen.as_ref().map_or(0, |frozen| frozen.head.bytes());
        self.held_bytes.store(view.active.bytes() + frozen, Ordering::Relaxed);
    }

    pub(super) fn unflushed(&self) -> Unflushed {
        let view = self.view.read();
        Unflushed {
            bytes: view.active.bytes() as u64,
            since_ns: view.active.since_ns(),
            waiting: view.frozen.is_some(),
        }
    }

    pub(super) fn is_frozen(&self) -> bool {
        self.view.read().frozen.is_some()
    }

    /// Freezes the active head; the log's writer calls this, so that no batch is divided.
    pub(super) fn freeze(&self) -> Arc<Frozen> {
        let mut view = self.view.write();
        let head = std::mem::take(&mut view.active);
        let (before, written) = (OnceLock::new(), Mutex::new(None));
        let frozen = Arc::new(Frozen { head, before, written });
        view.frozen = Some(frozen.clone());
        frozen
    }

    /// While replaying, memory is bounded as it was when the batches came: at the start of a
    /// segment a head that is large enough becomes parts.
    pub(super) fn flush_replayed(&self, segment: u64, flush_bytes: usize) {
        if !self.is_frozen() {
            let is_large = self.view.read().active.bytes() >= flush_bytes;
            if !is_large || segment <= self.parts.flushed() {
                return;
            }
            self.freeze().set_before(segment);
        }
        if let Err(error) = self.write_frozen() {
            tracing::warn!("metrics stay in memory for now: {error}");
        }
    }

    /// Turns the frozen head into parts, if there is one.
    pub(super) fn write_frozen(&self) -> io::Result<()> {
        let Some(frozen) = self.view.read().frozen.clone() else { return Ok(()) };
        let before = *frozen.before.get().ok_or_else(|| io::Error::other("no cut was made"))?;
        let mut written = frozen.written.lock();
        if written.is_none() {
            let wal = WalRange { from: self.parts.flushed(), before };
            *written = Some(self.write_parts(&frozen.head, wal)?);
        }
        let new = written.as_deref().unwrap_or_default();
        let mut readers = Vec::new();
        for part in new {
            match PartReader::open(&*self.dir.env.fs, &self.parts.path(&part.entry), &self.cache) {
                Ok(reader) => readers.push(Arc::new(reader)),
                Err(PartError::Io(error)) => return Err(error),
                Err(error) => {
                    new.iter().for_each(|part| self.parts.discard(&part.file));
                    *written = None;
                    return Err(io::Error::other(format!("a new part is damaged: {error}")));
                }
            }
        }
        let add = new.iter().map(|part| part.entry.clone()).collect();
        self.parts.commit(&Change { add, remove: Vec::new(), flushed: Some(before) })?;
        let mut view = self.view.write();
        view.parts.extend(readers);
        view.frozen = None;
        self.account(&view);
        Ok(())
    }

    /// One part for each day. If one fails, none is left.
    fn write_parts(&self, head: &Head, wal: WalRange) -> io::Result<Vec<WrittenPart>> {
        let mut days: Vec<_> = head.days().into_iter().collect();
        if days.is_empty() && !head.metadata().is_empty() {
            days.push((day_of_ms(self.dir.env.clock.now_ms()), Vec::new()));
        }
        let mut written = Vec::new();
        for (day, series) in days {
            match self.write_part(head, day, &series, wal) {
                Ok(part) => written.push(part),
                Err(error) => {
                    written.iter().for_each(|part| self.parts.discard(&part.file));
                    return Err(error);
                }
            }
        }
        Ok(written)
    }

    fn write_part(
        &self,
        head: &Head,
        day: i64,
        series: &[u32],
        wal: WalRange,
    ) -> io::Result<WrittenPart> {
        let file = self.parts.create(day)?;
        let mut writer = PartWriter::new(file, day, 0, wal, Vec::new())?;
        let range_ms = milliseconds_of(day);
        for number in series {
            let series = head.series(*number);
            let exemplars: Vec<_> = series.exemplars(range_ms.clone()).cloned().collect();
            writer.add(series.labels(), &series.samples(range_ms.clone()), &newest(exemplars))?;
        }
        let metadata = self.metadata.lock().clone();
        writer.finish(&metadata)
    }

    pub(super) fn merge(&self, entries: &[PartEntry]) -> io::Result<()> {
        let is_input = |id: PartId| entries.iter().any(|entry| entry.id == id);
        let inputs: Vec<_> = {
            let view = self.view.read();
            view.parts.iter().filter(|part| is_input(part.description().id)).cloned().collect()
        };
        if inputs.len() < entries.len() || inputs.is_empty() {
            return Err(io::Error::other("a part that is to be merged cannot be read for now"));
        }
        let file = self.parts.create(entries[0].day)?;
        let written = merge(&inputs, 1, file).map_err(|error| match error {
            MergeError::Part(id, PartError::Damaged(reason)) => {
                self.quarantine(id, &reason);
                io::Error::other(format!("part {id} is damaged: {reason}"))
            }
            MergeError::Part(_, PartError::Io(error)) | MergeError::Write(error) => error,
            error @ MergeError::Part(..) => io::Error::other(error),
        })?;
        let path = self.parts.path(&written.entry);
        let reader = PartReader::open(&*self.dir.env.fs, &path, &self.cache);
        let (add, remove) = (vec![written.entry.clone()], entries.to_vec());
        let entered = reader.map_err(io::Error::other).and_then(|reader| {
            self.parts.commit(&Change { add, remove, flushed: None })?;
            Ok(reader)
        });
        let reader = Arc::new(entered.inspect_err(|_| self.parts.discard(&written.file))?);
        let mut view = self.view.write();
        // The merged part takes the place of the first, so that the order stays that of arrival.
        let first = view.parts.iter().position(|part| is_input(part.description().id));
        let first = first.unwrap_or(view.parts.len());
        view.parts.insert(first, reader);
        view.parts.retain(|part| !is_input(part.description().id));
        Ok(())
    }

    pub(super) fn expire(&self, entries: &[PartEntry]) -> io::Result<()> {
        self.parts.commit(&Change { remove: entries.to_vec(), ..Change::default() })?;
        let is_gone = |id: PartId| entries.iter().any(|entry| entry.id == id);
        self.view.write().parts.retain(|part| !is_gone(part.description().id));
        Ok(())
    }

    /// Goes on without a part that is damaged.
    pub(super) fn quarantine(&self, id: PartId, reason: &str) {
        self.view.write().parts.retain(|part| part.description().id != id);
        self.parts.quarantine(id, reason);
    }
}

impl Frozen {
    /// Says which segment is behind its last record.
    pub(super) fn set_before(&self, before: u64) {
        let _said_once = self.before.set(before);
    }
}
