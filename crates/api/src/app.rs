//! What every handler can reach.

use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use env::Clock;
use parking_lot::RwLock;
use store::{Documents, LogStore, MetricStore, QueryLimits, TraceStore};

use crate::listener::Listeners;
use crate::native::dashboards::Dashboards;
use crate::query::QueryRunner;
use crate::telemetry::Telemetry;

/// How handlers share the product.
pub(crate) type Shared = Arc<App>;

/// The running product as the API sees it.
pub struct App {
    parts: Parts,
    pub(crate) queries: QueryRunner,
    is_ready: AtomicBool,
}

/// What `server` puts together.
pub struct Parts {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Metrics.
    pub metrics: Arc<dyn MetricStore>,
    /// Logs.
    pub logs: Arc<dyn LogStore>,
    /// Traces.
    pub traces: Arc<dyn TraceStore>,
    /// Documents.
    pub documents: Arc<dyn Documents>,
    /// Scraping.
    pub scraping: Arc<collect::scrape::Scraper>,
    /// Metrics derived from spans.
    pub span_metrics: Arc<parking_lot::Mutex<collect::span_metrics::SpanMetrics>>,
    /// Rules and notifications.
    pub alerting: Arc<alerting::Alerting>,
    /// Dashboards.
    pub dashboards: Arc<Dashboards>,
    /// Everything that listens.
    pub listeners: Arc<Listeners>,
    /// Build and process.
    pub about: About,
    /// How long each store keeps what: metrics, logs, traces.
    pub retention: [Retention; 3],
    /// The files the configuration came from.
    pub configuration: Arc<RwLock<Vec<ConfigFile>>>,
    /// The disk, looked at afresh.
    pub disk: Box<dyn Fn() -> Disk + Send + Sync>,
    /// The process, looked at afresh.
    pub usage: Box<dyn Fn() -> Usage + Send + Sync>,
    /// Reads the configuration again.
    pub reload: Reload,
    /// Limits of requests.
    pub limits: Limits,
    /// How PromQL is evaluated.
    pub promql: promql::Options,
    /// Writes the metrics behind `/metrics`.
    pub exposition: Arc<dyn Fn() -> String + Send + Sync>,
    /// The API's own counters.
    pub telemetry: Telemetry,
}

/// Reads the configuration again; the error names every file that was refused.
pub type Reload =
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync>;

/// Build and process.
#[derive(Clone, Debug)]
pub struct About {
    /// The version.
    pub version: &'static str,
    /// The commit it was built from, when known.
    pub revision: &'static str,
    /// When the process started.
    pub started_ms: i64,
    /// The machine's name.
    pub hostname: String,
    /// Where everything is kept.
    pub data_dir: String,
    /// `text` or `json`.
    pub log_format: &'static str,
}

/// How long a store keeps what it has, and how much of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Retention {
    /// The oldest age, when there is a bound.
    pub age_ms: Option<i64>,
    /// The largest size, when there is a bound.
    pub bytes: Option<u64>,
}

/// A file of the configuration and what was found in it.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// `sightglass`, `prometheus`, `alertmanager`, `rules` or `dashboards`.
    pub kind: &'static str,
    /// Where it lies.
    pub path: String,
    /// When it was read last.
    pub loaded_ms: i64,
    /// Whether it is in force; a refused file leaves the one before in force.
    pub ok: bool,
    /// What is wrong with it, or has no effect.
    pub problems: Vec<Problem>,
}

/// Something to know about a file.
#[derive(Clone, Debug)]
pub struct Problem {
    /// How bad it is.
    pub severity: ProblemSeverity,
    /// What it is.
    pub message: String,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemSeverity {
    /// The file is refused.
    Error,
    /// A part of it has no effect.
    Warning,
}

/// The disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk {
    /// Its size.
    pub total_bytes: u64,
    /// What is free.
    pub available_bytes: u64,
    /// Whether new data is refused for want of room.
    pub read_only: bool,
}

/// The process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    /// Resident memory.
    pub memory_bytes: u64,
    /// Processor time.
    pub cpu_seconds: f64,
}

/// Limits of requests.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest request body, before and after decompression.
    pub body_bytes: usize,
    /// The longest query.
    pub query_timeout: Duration,
    /// Queries at the same time.
    pub query_concurrency: usize,
    /// What one query may cost.
    pub query: QueryLimits,
}

impl App {
    /// Puts the product behind its API; it is not ready yet.
    pub fn new(parts: Parts) -> Arc<Self> {
        let Limits { query_concurrency, query, query_timeout, .. } = parts.limits;
        let queries = QueryRunner::new(query_concurrency, query, query_timeout);
        Arc::new(App { parts, queries, is_ready: AtomicBool::new(false) })
    }

    /// Whether requests are served: from the end of the start until the beginning of the stop.
    pub fn is_ready(&self) -> bool {
        self.is_ready.load(Ordering::Relaxed)
    }

    /// Says whether requests are served.
    pub fn set_ready(&self, is_ready: bool) {
        self.is_ready.store(is_ready, Ordering::Relaxed);
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}
