//! The store against the naive one, against faults, and against damage.

mod concurrency;
mod damage;
mod faults;
mod limits;
mod oracle;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use env::{Simulation, Survival};
use model::{LogBatch, LogRecord, TimeRange};
use storage::{
    Catalog, DiskGuard, MaintenancePolicy, MergePolicy, OpenError, Reserve, Retention, StoreDir,
    maintain,
};
use store::{AppendError, Appended, Filter, Found, LogSearch, LogStore, Order, QueryContext};

use super::*;

/// 2026-08-22T10:00:00Z
const NOW_NS: i64 = 1_787_392_800_000_000_000;
const HOUR_NS: i64 = 3_600_000_000_000;

/// A simulated machine and the store on it.
struct World {
    simulation: Simulation,
    catalog: Arc<Catalog>,
    store: Option<Arc<DiskLogStore>>,
    options: RecordStoreOptions,
}

impl World {
    fn new(seed: u64) -> Self {
        let simulation = Simulation::seeded(seed);
        simulation.clock.set_ms(NOW_NS / 1_000_000);
        let catalog = Arc::new(Catalog::in_memory(&simulation.env(), Path::new("/data")));
        let options = RecordStoreOptions::default();
        let mut world = World { simulation, catalog, store: None, options };
        world.open().unwrap();
        world
    }

    fn open(&mut self) -> Result<(), OpenError> {
        let env = self.simulation.env();
        let data_dir = Path::new("/data");
        let disk = Arc::new(DiskGuard::new(&env, data_dir, Reserve::Bytes(0)));
        let dir = StoreDir::open(&env, data_dir, "logs", self.catalog.clone(), disk)?;
        let options = LogStoreOptions { dir, records: self.options };
        self.store = Some(DiskLogStore::open(&options)?);
        Ok(())
    }

    fn store(&self) -> &DiskLogStore {
        self.store.as_ref().unwrap()
    }

    /// Stops in an orderly way and starts again.
    fn restart(&mut self) {
        self.store().stop();
        self.store = None;
        self.open().unwrap();
    }

    /// Loses power and starts again.
    fn crash(&mut self, survival: Survival) {
        self.store = None;
        self.simulation.fs.crash(survival);
        self.simulation.fs.clear_faults();
        self.open().unwrap();
    }

    fn append(&self, records: Vec<LogRecord>) -> Result<Appended, AppendError> {
        self.store().append(LogBatch { records })?.wait()
    }

    fn flush(&self) {
        self.store().maintained().flush().unwrap();
    }

    /// Merges and expires what is due.
    fn maintain(&self, retention: Retention) {
        let merge = MergePolicy { parts_min: 2, ..MergePolicy::default() };
        let policy = MaintenancePolicy { merge, retention, ..MaintenancePolicy::default() };
        let store = self.store().maintained();
        while maintain(store, &policy, &self.simulation.env()).unwrap() {}
    }

    fn all(&self, order: Order) -> Vec<Found> {
        let search = LogSearch {
            range: TimeRange::ALL,
            filter: Filter::All,
            order,
            after: None,
            limit: 10_000,
        };
        self.store().search(&search, &QueryContext::default()).unwrap().records
    }

    /// The messages of all records, oldest first.
    fn messages(&self) -> Vec<String> {
        self.all(Order::Oldest).into_iter().map(|found| found.record.message).collect()
    }

    /// The files of the parts that count, in order of arrival.
    fn part_files(&self) -> Vec<PathBuf> {
        let parts = self.store().maintained().parts();
        parts.iter().map(|part| Path::new("/data/logs").join(&part.file)).collect()
    }
}

/// A record that can be told from others.
fn record(message: &str, time_ns: i64) -> LogRecord {
    LogRecord { time_ns, message: message.to_owned(), ..LogRecord::default() }
}
