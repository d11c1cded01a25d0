//! The store: a log, a head, a frozen head for a while, and parts.

mod families;
mod flush;
mod limits;
mod query;
mod source;
mod state;
#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use env::Env;
use model::MetricBatch;
use parking_lot::Mutex;
use storage::{
    Catalog, DiskGuard, Maintained, Maintenance, MaintenancePolicy, MergePolicy, OpenError,
    PartEntry, Retention, StoreDir, Unflushed, Wal, WalOptions,
};
use store::{AppendError, Appended, Commit};

use crate::batch;
use limits::Refused;
use state::State;

/// How a metric store is opened.
#[derive(Clone)]
pub struct MetricStoreOptions {
    /// Clock, disk and randomness.
    pub env: Env,
    /// The data directory; the store lies in `metrics` below it.
    pub data_dir: PathBuf,
    /// Which parts count.
    pub catalog: Arc<Catalog>,
    /// Whether there is room to append.
    pub disk: Arc<DiskGuard>,
    /// When a batch is acknowledged, and how large segments and queue are.
    pub wal: WalOptions,
    /// A head that occupies so much memory becomes parts. With four times as much, batches are
    /// refused until that is done.
    pub flush_bytes: u64,
    /// A head that is so old becomes parts.
    pub flush_age: Duration,
    /// What is kept.
    pub retention: Retention,
    /// What is merged.
    pub merge: MergePolicy,
    /// So many bytes of pages that were read stay in memory.
    pub cache_bytes: usize,
    /// Whether a thread flushes, merges and expires; tests do it themselves.
    pub background: bool,
}

impl MetricStoreOptions {
    /// What suits most: all is kept, 64 MiB or 30 minutes in memory.
    pub fn new(env: Env, data_dir: PathBuf, catalog: Arc<Catalog>, disk: Arc<DiskGuard>) -> Self {
        MetricStoreOptions {
            env,
            data_dir,
            catalog,
            disk,
            wal: WalOptions::default(),
            flush_bytes: 64 << 20,
            flush_age: Duration::from_secs(30 * 60),
            retention: Retention::default(),
            merge: MergePolicy::default(),
            cache_bytes: 16 << 20,
            background: true,
        }
    }
}

/// A metric store on disk.
pub struct DiskMetricStore {
    state: Arc<State>,
    wal: Wal<Arrived>,
    maintenance: Mutex<Option<Maintenance>>,
    /// One flush at a time.
    flushing: Mutex<()>,
    held_bytes_max: usize,
}

/// A batch on its way through the log, and what of it was refused before.
struct Arrived {
    batch: MetricBatch,
    refused: Refused,
}

/// The head may grow to so many times the size at which it is flushed.
const HELD_FACTOR: u64 = 4;

impl DiskMetricStore {
    /// Opens the store and replays its log. Damage is put aside and said.
    ///
    /// # Errors
    /// `Newer` for files of a later program, `Io` when disk or catalog fail.
    pub fn open(options: MetricStoreOptions) -> Result<Arc<Self>, OpenError> {
        let MetricStoreOptions { env, data_dir, catalog, disk, .. } = options;
        let dir = StoreDir::open(&env, &data_dir, "metrics", catalog, disk)?;
        let state = Arc::new(State::open(&dir, options.cache_bytes)?);
        let flush_bytes = usize::try_from(options.flush_bytes).unwrap_or(usize::MAX);
        let (replayed, applied) = (state.clone(), state.clone());
        let replay = |record: storage::Record| {
            replayed.flush_replayed(record.segment, flush_bytes);
            replayed.replay(&record.payload)
        };
        let apply = move |arrived: Arrived| {
            let accepted = arrived.batch.samples.len() as u64;
            applied.apply(arrived.batch);
            arrived.refused.appended(accepted)
        };
        let flushed = state.parts.flushed();
        let (wal, report) = Wal::open(&dir, options.wal, flushed, replay, apply)?;
        if report.records > 0 || !report.damage.is_empty() {
            let (records, damages) = (report.records, report.damage.len());
            tracing::info!("metrics: {records} batches replayed, {damages} stretches damaged");
        }
        wal.truncate_before(state.parts.flushed());
        let held_bytes_max = usize::try_from(options.flush_bytes.saturating_mul(HELD_FACTOR));
        let store = Arc::new(DiskMetricStore {
            state,
            wal,
            maintenance: Mutex::new(None),
            flushing: Mutex::new(()),
            held_bytes_max: held_bytes_max.unwrap_or(usize::MAX),
        });
        if options.background {
            let policy = MaintenancePolicy {
                flush_bytes: options.flush_bytes,
                flush_age: options.flush_age,
                retention: options.retention,
                merge: options.merge,
            };
            let weak = Arc::downgrade(&store);
            let maintenance = Maintenance::start("metrics", weak, policy, &env)?;
            *store.maintenance.lock() = Some(maintenance);
        }
        Ok(store)
    }

    /// Writes the head into parts, syncs, and stops. Batches that come later are refused; queries
    /// are answered still.
    pub fn stop(&self) {
        let maintenance = self.maintenance.lock().take();
        drop(maintenance);
        if let Err(error) = self.flush() {
            tracing::warn!("metrics stay in the log until the next start: {error}");
        }
        self.wal.stop();
    }

    fn append_batch(&self, mut batch: MetricBatch) -> Result<Commit, AppendError> {
        let refused = limits::refuse(&mut batch);
        if batch == MetricBatch::default() {
            return Ok(Commit::ready(Ok(refused.appended(0))));
        }
        let is_scattered = self.state.active_days() > limits::DAYS_MAX;
        if is_scattered || self.state.held_bytes() > self.held_bytes_max {
            return Err(AppendError::Overloaded { retry_after: Duration::from_secs(1) });
        }
        self.wal.append(batch::encode(&batch), Arrived { batch, refused })
    }
}

impl Maintained for DiskMetricStore {
    fn unflushed(&self) -> Unflushed {
        self.state.unflushed()
    }

    fn flush(&self) -> io::Result<()> {
        let _one_at_a_time = self.flushing.lock();
        // A head that could not be written comes before the one that has grown since.
        if !self.state.is_frozen() {
            if self.state.unflushed().since_ns.is_none() {
                return Ok(());
            }
            let state = self.state.clone();
            let cut = self.wal.cut(move || state.freeze())?;
            cut.frozen.set_before(cut.before);
        }
        self.state.write_frozen()?;
        self.wal.truncate_before(self.state.parts.flushed());
        Ok(())
    }

    fn parts(&self) -> Vec<PartEntry> {
        self.state.parts.list()
    }

    fn merge(&self, parts: &[PartEntry]) -> io::Result<()> {
        self.state.merge(parts)
    }

    fn expire(&self, parts: &[PartEntry]) -> io::Result<()> {
        self.state.expire(parts)
    }
}

impl Refused {
    fn appended(self, accepted: u64) -> Appended {
        Appended { accepted, rejected: self.count, reason: self.reason }
    }
}
