//! What the store holds at a moment, and how it moves from one moment to the next.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use model::{Metadata, MetricBatch};
use parking_lot::{Mutex, RwLock};
use storage::{Change, OpenError, PartEntry, PartError, PartId, Parts, StoreDir, Unflushed};

use super::families::Families;
use super::limits::DAYS_MAX;
use crate::batch;
use crate::head::Head;
use crate::part::{EXTENSION, PageCache, PartReader, WrittenPart};

/// Heads and parts, and the catalog behind them.
pub(super) struct State {
    pub(super) dir: Arc<StoreDir>,
    pub(super) parts: Parts,
    pub(super) cache: Arc<PageCache>,
    pub(super) view: RwLock<View>,
    pub(super) families: Mutex<Families>,
    /// What the heads occupy, and how many days the active one touches, without a lock.
    held_bytes: AtomicUsize,
    active_days: AtomicUsize,
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
    pub(super) before: OnceLock<u64>,
    /// Its parts, once they are written: when only entering them fails, they stay, for the catalog
    /// may have them after a crash.
    pub(super) written: Mutex<Option<Vec<WrittenPart>>>,
}

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
        let mut families = Families::default();
        families.extend(metadata.unwrap_or_default());
        Ok(State {
            dir: dir.clone(),
            parts,
            cache,
            view: RwLock::new(view),
            families: Mutex::new(families),
            held_bytes: AtomicUsize::new(0),
            active_days: AtomicUsize::new(0),
        })
    }

    pub(super) fn metadata(&self) -> Vec<(String, Metadata)> {
        self.families.lock().list()
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

    /// How many days the active head touches.
    pub(super) fn active_days(&self) -> usize {
        self.active_days.load(Ordering::Relaxed)
    }

    /// Makes a batch visible, all of it at once.
    pub(super) fn apply(&self, batch: MetricBatch) {
        if !batch.metadata.is_empty() {
            self.families.lock().extend(batch.metadata.iter().cloned());
        }
        let now_ns = self.dir.env.clock.monotonic_ns();
        let mut view = self.view.write();
        view.active.apply(batch, now_ns);
        self.account(&view);
    }

    pub(super) fn account(&self, view: &View) {
        let frozen = view.frozen.as_ref().map_or(0, |frozen| frozen.head.bytes());
        self.held_bytes.store(view.active.bytes() + frozen, Ordering::Relaxed);
        self.active_days.store(view.active.day_count(), Ordering::Relaxed);
    }

    pub(super) fn unflushed(&self) -> Unflushed {
        let view = self.view.read();
        // A head of many days is flushed at once: each becomes a file.
        let is_scattered = view.active.day_count() > DAYS_MAX;
        Unflushed {
            bytes: if is_scattered { u64::MAX } else { view.active.bytes() as u64 },
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
        self.account(&view);
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
