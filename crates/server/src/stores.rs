//! The data directory and the three stores in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::ScopedJoinHandle;
use std::time::Duration;

use anyhow::{Context, Result};
use api::Disk;
use env::Env;
use logstore::{DiskLogStore, LogStoreOptions};
use metricstore::{DiskMetricStore, MetricStoreOptions};
use records::RecordStoreOptions;
use storage::{
    Catalog, DataDirLock, DiskGuard, MaintenancePolicy, MergePolicy, Reserve, Retention, StoreDir,
    WalOptions,
};
use tracestore::{DiskTraceStore, TraceStoreOptions};

use crate::config::StorageConfig;

/// What a thread returned; its panic goes on here.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Where everything is kept, open.
pub(crate) struct Stores {
    pub(crate) metrics: Arc<DiskMetricStore>,
    pub(crate) logs: Arc<DiskLogStore>,
    pub(crate) traces: Arc<DiskTraceStore>,
    pub(crate) catalog: Arc<Catalog>,
    disk: Arc<DiskGuard>,
    env: Env,
    data_dir: PathBuf,
    _lock: DataDirLock,
}

/// Logs and spans leave memory after this time at the latest.
const RECORDS_FLUSH_AGE: Duration = Duration::from_secs(5 * 60);

/// Logs and spans leave memory when they occupy this much.
const RECORDS_FLUSH_BYTES: u64 = 64 << 20;

impl Stores {
    /// Opens the data directory and replays what was not written into parts.
    pub(crate) fn open(env: &Env, data_dir: &Path, config: &StorageConfig) -> Result<Self> {
        let shown = data_dir.display();
        env.fs.create_dir_all(data_dir).with_context(|| format!("cannot make {shown}"))?;
        let lock = DataDirLock::acquire(env, data_dir)?;
        let catalog = Arc::new(Catalog::open(env, data_dir).context("cannot open the catalog")?);
        let reserve = config.disk_reserve.map_or(Reserve::Default, Reserve::Bytes);
        let disk = Arc::new(DiskGuard::new(env, data_dir, reserve));
        let dir = |store: &str| {
            StoreDir::open(env, data_dir, store, catalog.clone(), disk.clone())
                .with_context(|| format!("cannot open {shown}/{store}"))
        };
        let [metrics, logs, traces] = config.signals;
        let mut options = MetricStoreOptions::new(
            env.clone(),
            data_dir.to_owned(),
            catalog.clone(),
            disk.clone(),
        );
        options.wal.durability = metrics.durability;
        options.retention = metrics.retention;
        let log_options = LogStoreOptions { dir: dir("logs")?, records: record_options(&logs) };
        let trace_options =
            TraceStoreOptions { dir: dir("traces")?, records: record_options(&traces) };
        // After a crash a start is replaying three logs, and none of them needs the others.
        let (metrics, logs, traces) = std::thread::scope(|scope| {
            let metrics = scope.spawn(|| DiskMetricStore::open(options));
            let logs = scope.spawn(|| DiskLogStore::open(&log_options));
            let traces = DiskTraceStore::open(&trace_options);
            (joined(metrics), joined(logs), traces)
        });
        let metrics = metrics.context("cannot open the metrics")?;
        let logs = logs.context("cannot open the logs")?;
        let traces = traces.context("cannot open the traces")?;
        let (env, data_dir) = (env.clone(), data_dir.to_owned());
        Ok(Stores { metrics, logs, traces, catalog, disk, env, data_dir, _lock: lock })
    }

    /// Looks at the disk, for the status page.
    pub(crate) fn disk(&self) -> impl Fn() -> Disk + Send + Sync + 'static {
        let (env, disk, data_dir) = (self.env.clone(), self.disk.clone(), self.data_dir.clone());
        move || {
            let space = env.fs.space(&data_dir).ok();
            Disk {
                total_bytes: space.map_or(0, |space| space.total),
                available_bytes: space.map_or(0, |space| space.available),
                read_only: disk.check().is_err(),
            }
        }
    }

    /// Writes what is in memory into parts; what arrives from now on is refused.
    pub(crate) fn stop(&self) {
        std::thread::scope(|scope| {
            scope.spawn(|| self.metrics.stop());
            scope.spawn(|| self.logs.stop());
            scope.spawn(|| self.traces.stop());
        });
    }
}

/// How one signal is kept.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SignalConfig {
    pub(crate) durability: storage::Durability,
    pub(crate) retention: Retention,
}

fn record_options(config: &SignalConfig) -> RecordStoreOptions {
    RecordStoreOptions {
        wal: WalOptions { durability: config.durability, ..WalOptions::default() },
        maintenance: MaintenancePolicy {
            flush_bytes: RECORDS_FLUSH_BYTES,
            flush_age: RECORDS_FLUSH_AGE,
            retention: config.retention,
            merge: MergePolicy::default(),
        },
        in_background: true,
    }
}
