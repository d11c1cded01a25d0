//! A store of records on disk: a head, a write-ahead log before it, and parts behind it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use storage::{
    Maintained, Maintenance, MaintenancePolicy, OpenError, PartEntry, Parts, ReplayReport,
    StoreDir, Wal, WalOptions,
};
use store::{AppendError, Appended, Commit, StoreStats};

use crate::flush::{Frozen, Pending};
use crate::head::Head;
use crate::open_parts::OpenParts;
use crate::reader::describe;
use crate::{Chunk, ChunkBuilder, Signal, decode_payload, encode_payload};

/// What a part's file is called.
const EXTENSION: &str = "parquet";
/// Heads may occupy so many times the memory at which they are flushed; beyond it new data waits.
const HEADS_MAX: u64 = 4;
/// By how much numbering goes on behind the largest number that was seen: those of batches that
/// were on their way at the last stop may have been larger, but not by that much.
const SEQUENCE_GAP: u64 = 1 << 32;

/// How a store of records behaves.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecordStoreOptions {
    /// The write-ahead log.
    pub wal: WalOptions,
    /// When to flush, merge and expire.
    pub maintenance: MaintenancePolicy,
    /// Whether a thread does that by itself; without it [`storage::maintain`] has to be called.
    pub in_background: bool,
}

/// A store of one kind of records.
pub struct RecordStore {
    pub(crate) signal: &'static Signal,
    pub(crate) dir: Arc<StoreDir>,
    pub(crate) parts: Parts,
    pub(crate) open_parts: OpenParts,
    pub(crate) wal: Wal<Batch>,
    pub(crate) state: Arc<RwLock<State>>,
    /// Frozen heads on their way into parts, one thread at a time.
    pub(crate) pending: Mutex<VecDeque<Pending>>,
    /// Held while the catalog and the state change together.
    pub(crate) changing: Mutex<()>,
    pub(crate) stopping: AtomicBool,
    next_sequence: AtomicU64,
    heads_bytes_max: u64,
    replayed: ReplayReport,
    maintenance: Mutex<Option<Maintenance>>,
}

/// Where the records are at one moment.
pub(crate) struct State {
    pub(crate) head: Head,
    /// Heads that are not in parts yet, the oldest first.
    pub(crate) frozen: Vec<Arc<Frozen>>,
    /// In order of arrival.
    pub(crate) parts: Arc<Vec<PartEntry>>,
}

/// Records on their way through the log.
pub(crate) struct Batch {
    chunk: Arc<Chunk>,
    rejected: u64,
    reason: Option<String>,
    on_visible: OnVisible,
}

/// Told of records, with their times and numbers, when they have become visible to queries.
pub type OnVisible = Box<dyn FnOnce(&Chunk) + Send>;

/// Records that are to be stored, and what to do about them.
pub struct Batched {
    /// The records.
    pub rows: ChunkBuilder,
    /// How many others were refused.
    pub rejected: u64,
    /// Why the first of them was.
    pub reason: Option<String>,
    /// Told when the records have become visible.
    pub on_visible: OnVisible,
}

impl RecordStore {
    /// Opens a store: parts from the catalog, what is in none of them from the log. Damage is put
    /// aside and said, it does not stop the start.
    ///
    /// # Errors
    /// When a newer program wrote it, or the disk fails.
    pub fn open(
        signal: &'static Signal,
        dir: &Arc<StoreDir>,
        options: RecordStoreOptions,
    ) -> Result<Arc<Self>, OpenError> {
        let fs = dir.env.fs.clone();
        let parts = Parts::open(dir, EXTENSION, &|path| describe(&*fs, path))?;
        let open_parts = OpenParts::new(signal, dir.env.fs.clone());
        let state = Arc::new(RwLock::new(State {
            head: Head::new(signal),
            frozen: Vec::new(),
            parts: Arc::new(Vec::new()),
        }));
        let mut sequence_max = sequence_max(&parts, &open_parts);
        state.write().parts = Arc::new(parts.list());
        let (replayed, applied, clock) = (state.clone(), state.clone(), dir.env.clock.clone());
        let replay = |record: storage::Record| {
            let chunk =
                decode_payload(signal, &record.payload).map_err(|error| error.to_string())?;
            let last = chunk.sequences().last().map(|last| last.cast_unsigned());
            sequence_max = sequence_max.max(last);
            replayed.write().head.push(Arc::new(chunk), clock.monotonic_ns());
            Ok(())
        };
        let clock = dir.env.clock.clone();
        let apply = move |batch: Batch| batch.apply(&applied, clock.monotonic_ns());
        let (wal, replayed) = Wal::open(dir, options.wal, parts.flushed(), replay, apply)?;
        let store = Arc::new(RecordStore {
            signal,
            dir: dir.clone(),
            parts,
            open_parts,
            wal,
            state,
            pending: Mutex::default(),
            changing: Mutex::new(()),
            stopping: AtomicBool::new(false),
            next_sequence: AtomicU64::new(sequence_max.map_or(0, |max| max + SEQUENCE_GAP)),
            heads_bytes_max: options.maintenance.flush_bytes.saturating_mul(HEADS_MAX),
            replayed,
            maintenance: Mutex::new(None),
        });
        if options.in_background {
            let weak: Weak<dyn Maintained> = Arc::downgrade(&store) as _;
            let maintenance = Maintenance::start(&dir.store, weak, options.maintenance, &dir.env)?;
            *store.maintenance.lock() = Some(maintenance);
        }
        Ok(store)
    }

    /// Stores records.
    ///
    /// # Errors
    /// When they cannot even be queued; all else is said by the commit.
    pub fn append(&self, batch: Batched) -> Result<Commit, AppendError> {
        let rows = batch.rows.rows();
        if rows == 0 {
            let (rejected, reason) = (batch.rejected, batch.reason);
            return Ok(Commit::ready(Ok(Appended { accepted: 0, rejected, reason })));
        }
        let is_full = {
            let state = self.state.read();
            state.memory_bytes() > self.heads_bytes_max || state.head.is_scattered()
        };
        if is_full {
            return Err(AppendError::Overloaded { retry_after: Duration::from_secs(1) });
        }
        let sequence = self.next_sequence.fetch_add(rows as u64, Ordering::Relaxed);
        let chunk = batch.rows.finish(sequence);
        let encoded = encode_payload(&chunk).map_err(|error| {
            AppendError::Invalid(format!("the batch is too large, send smaller ones: {error}"))
        })?;
        let (rejected, reason, on_visible) = (batch.rejected, batch.reason, batch.on_visible);
        let chunk = Arc::new(chunk);
        self.wal.append(encoded, Batch { chunk, rejected, reason, on_visible })
    }

    /// Takes no more records, writes all there are into parts, and stops.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        if let Some(maintenance) = self.maintenance.lock().take() {
            maintenance.stop();
        }
        // What was acknowledged is in the log even if this fails.
        if let Err(error) = self.flush_all() {
            tracing::warn!("{} are replayed at the next start: {error}", self.signal.name);
        }
        self.wal.stop();
    }

    /// What the log held that was in no part at the start.
    pub fn replayed(&self) -> &ReplayReport {
        &self.replayed
    }

    /// How large everything is.
    pub fn stats(&self) -> StoreStats {
        let (head_rows, head_bytes, parts, heads) = {
            let state = self.state.read();
            let frozen_rows: u64 = state.frozen.iter().map(|frozen| frozen.head.rows()).sum();
            let heads = state.chunks();
            let rows = state.head.rows() + frozen_rows;
            (rows, state.memory_bytes(), state.parts.clone(), heads)
        };
        let ranges = heads.iter().filter_map(|chunk| chunk.time_range());
        let ranges: Vec<(i64, i64)> = ranges
            .map(|range| (range.start_ns, range.end_ns))
            .chain(parts.iter().map(|part| (part.min_ns, part.max_ns)))
            .collect();
        StoreStats {
            series: 0,
            head_rows,
            head_bytes,
            wal_bytes: self.wal.bytes(),
            parts: parts.len() as u64,
            part_rows: parts.iter().map(|part| part.rows).sum(),
            part_bytes: parts.iter().map(|part| part.bytes).sum(),
            oldest_ns: ranges.iter().map(|(oldest, _)| *oldest).min(),
            newest_ns: ranges.iter().map(|(_, newest)| *newest).max(),
            quarantined: self.dir.quarantine.files(),
        }
    }
}

impl Drop for RecordStore {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
    }
}

impl Batch {
    fn apply(self, state: &RwLock<State>, now_ns: u64) -> Appended {
        let accepted = self.chunk.rows() as u64;
        state.write().head.push(self.chunk.clone(), now_ns);
        (self.on_visible)(&self.chunk);
        Appended { accepted, rejected: self.rejected, reason: self.reason }
    }
}

impl State {
    /// The chunks that are in no part, in order of arrival.
    pub(crate) fn chunks(&self) -> Vec<Arc<Chunk>> {
        let frozen = self.frozen.iter().map(|frozen| &frozen.head);
        frozen.chain([&self.head]).flat_map(|head| head.chunks().iter().cloned()).collect()
    }

    fn memory_bytes(&self) -> u64 {
        let frozen: u64 = self.frozen.iter().map(|frozen| frozen.head.bytes()).sum();
        self.head.bytes() + frozen
    }
}

/// About the largest number of a record in the parts; it is in one of those that were flushed last.
fn sequence_max(parts: &Parts, open_parts: &OpenParts) -> Option<u64> {
    let mut entries = parts.list();
    entries.sort_by_key(|part| std::cmp::Reverse(part.wal.before));
    let (mut found, mut before) = (None, 0);
    for part in entries {
        if found.is_some() && part.wal.before < before {
            break;
        }
        before = part.wal.before;
        // A damaged one is put aside by the first query that needs it.
        let reader = open_parts.get(part.id, &parts.path(&part));
        found = found.max(reader.ok().map(|reader| reader.sequence_max()));
    }
    found
}
