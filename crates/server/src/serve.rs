//! `sightglass serve`: starts everything, serves, and stops in order.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use alerting::Alerting;
use anyhow::{Context, Result};
use api::{About, App, Dashboards, Listeners, Parts, Retention, Telemetry, Usage};
use collect::host::Host;
use collect::scrape::{OwnTarget, Scraper};
use collect::span_metrics::SpanMetrics;
use env::Env;
use http_client::Clients;
use parking_lot::{Mutex, RwLock};
use prometheus_client::registry::Registry;
use store::MetricStore;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli;
use crate::config::{self, Config};
use crate::config_files::{ConfigFiles, proxies};
use crate::exposition::Exposition;
use crate::reload::Reloader;
use crate::stores::Stores;
use crate::telemetry::{self, Forwarder, Forwarding};
use crate::{listeners, process};

/// How often the server and its host are looked at.
const OWN_INTERVAL: Duration = Duration::from_secs(5);

/// How often metrics derived from spans are stored.
const SPAN_METRICS_INTERVAL: Duration = Duration::from_secs(10);

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Serves until it is told to stop.
pub(crate) fn run(arguments: cli::Serve) -> Result<ExitCode> {
    let env = Env::real();
    let config = config::load(arguments.config.as_ref(), arguments.settings, &*env.fs)?;
    let hostname = process::hostname(&*env.fs);
    let forwarder = telemetry::start(&env, config.log_format, config.log_level, &hostname);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    runtime.block_on(async {
        let server = Server::start(config, &env, &hostname, forwarder).await?;
        server.until_stopped().await?;
        server.stop().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// Everything that runs.
struct Server {
    env: Env,
    stores: Arc<Stores>,
    app: Arc<App>,
    reloader: Arc<Reloader>,
    span_metrics: Arc<Mutex<SpanMetrics>>,
    flushing: tokio::task::JoinHandle<()>,
    forwarding: Forwarding,
}

impl Server {
    async fn start(
        config: Config,
        env: &Env,
        hostname: &str,
        forwarder: Forwarder,
    ) -> Result<Self> {
        let started_ms = env.clock.now_ms();
        let started_ns = env.clock.monotonic_ns();
        tracing::info!(data_dir = %config.data_dir.display(), "Sightglass {VERSION} starts");
        let stores = open_stores(&config, env).await?;
        let span_metrics = Arc::new(Mutex::new(SpanMetrics::new(SpanMetrics::SERIES_MAX)));
        let mut registry = Registry::default();
        let telemetry = Telemetry::register(&mut registry);
        let exposition = Arc::new(Exposition {
            env: env.clone(),
            started_ms,
            registry,
            metrics: stores.metrics.clone(),
            logs: stores.logs.clone(),
            traces: stores.traces.clone(),
            span_metrics: span_metrics.clone(),
            telemetry_dropped: forwarder.dropped(),
            running: RwLock::new(None),
        });
        let forwarding = forwarder.run(stores.logs.clone(), stores.traces.clone(), {
            let span_metrics = span_metrics.clone();
            move |batch| span_metrics.lock().observe(batch)
        })?;
        let reloader = watch(config, env, hostname, &stores, &exposition).await?;
        let app = App::new(Parts {
            clock: env.clock.clone(),
            metrics: stores.metrics.clone(),
            logs: stores.logs.clone(),
            traces: stores.traces.clone(),
            documents: stores.catalog.clone(),
            scraping: reloader.scraper.clone(),
            span_metrics: span_metrics.clone(),
            alerting: reloader.alerting.clone(),
            dashboards: reloader.dashboards.clone(),
            listeners: Arc::new(Listeners::new()),
            about: about(&reloader.config, started_ms, hostname),
            retention: retention(&reloader.config),
            configuration: reloader.files.clone(),
            disk: Box::new(stores.disk()),
            usage: usage_call(env),
            reload: reload_call(&reloader),
            limits: reloader.config.limits,
            promql: promql::Options::default(),
            exposition: Arc::new(move || exposition.text()),
            telemetry,
        });
        listeners::start(&app, &reloader.config, env).await?;
        app.set_ready(true);
        let took_ms = env.clock.monotonic_ns().saturating_sub(started_ns) / 1_000_000;
        tracing::info!(took_ms, "ready: open {}", reloader.config.external_url);
        let flushing = tokio::spawn(flush_span_metrics(
            env.clone(),
            span_metrics.clone(),
            stores.metrics.clone(),
        ));
        let env = env.clone();
        Ok(Server { env, stores, app, reloader, span_metrics, flushing, forwarding })
    }

    /// Returns when the process is told to stop; reloads when it is told to reload.
    async fn until_stopped(&self) -> Result<()> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut hangup = signal(SignalKind::hangup())?;
        loop {
            tokio::select! {
                _ = terminate.recv() => return Ok(()),
                _ = interrupt.recv() => return Ok(()),
                _ = hangup.recv() => {
                    // The error is logged and on the status page.
                    let _refused = self.reloader.reload().await;
                }
            }
        }
    }

    /// Drains requests, then stops what writes, then writes what is in memory.
    async fn stop(self) {
        tracing::info!("stopping: requests end, then everything is written to disk");
        self.app.set_ready(false);
        self.app.listeners.stop().await;
        self.reloader.scraper.stop().await;
        self.reloader.alerting.stop().await;
        self.flushing.abort();
        let last = self.span_metrics.lock().flush(self.env.clock.now_ms());
        append_span_metrics(&*self.stores.metrics, last);
        tracing::info!("everything is being written to disk");
        let stores = self.stores;
        let forwarding = self.forwarding;
        let written = tokio::task::spawn_blocking(move || {
            forwarding.stop();
            stores.stop();
        });
        if let Err(panic) = written.await {
            tracing::error!(%panic, "stopping failed; the write-ahead logs have everything");
        }
    }
}

async fn open_stores(config: &Config, env: &Env) -> Result<Arc<Stores>> {
    let (env, data_dir, storage) = (env.clone(), config.data_dir.clone(), config.storage);
    let open = move || Stores::open(&env, &data_dir, &storage);
    Ok(Arc::new(tokio::task::spawn_blocking(open).await??))
}

/// Starts scraping and alerting as the configuration's files say.
async fn watch(
    config: Config,
    env: &Env,
    hostname: &str,
    stores: &Stores,
    exposition: &Arc<Exposition>,
) -> Result<Arc<Reloader>> {
    let files = ConfigFiles::read(&config, env)?;
    let clients = Arc::new(Clients::new(
        env.clone(),
        proxies(),
        concat!("sightglass/", env!("CARGO_PKG_VERSION")),
    ));
    let dependencies = alerting::Dependencies {
        env: env.clone(),
        metrics: stores.metrics.clone(),
        documents: stores.catalog.clone(),
        clients: clients.clone(),
    };
    let alerting = Arc::new(Alerting::start(&files.alerting, dependencies).await?);
    let dependencies = collect::scrape::Dependencies {
        env: env.clone(),
        store: stores.metrics.clone(),
        clients,
        hostname: hostname.to_owned(),
        own: own_targets(&config, env, hostname, exposition),
    };
    let scraper = Arc::new(Scraper::start(&files.prometheus, dependencies).await);
    *exposition.running.write() = Some((scraper.clone(), alerting.clone()));
    let reloader = Reloader {
        config,
        env: env.clone(),
        scraper,
        alerting,
        dashboards: Arc::new(Dashboards::new(stores.catalog.clone())),
        files: Arc::default(),
        reloading: tokio::sync::Mutex::default(),
    };
    reloader.note(files);
    Ok(Arc::new(reloader))
}

/// The server itself and its host, as targets.
fn own_targets(
    config: &Config,
    env: &Env,
    hostname: &str,
    exposition: &Arc<Exposition>,
) -> Vec<OwnTarget> {
    let host = Host::new(env.clone(), config.host_root.clone());
    let port = config.listen.port();
    vec![
        OwnTarget {
            job: telemetry::SERVICE.to_owned(),
            instance: format!("{hostname}:{port}"),
            interval: OWN_INTERVAL,
            exposer: exposition.clone(),
        },
        OwnTarget {
            job: "node".to_owned(),
            instance: hostname.to_owned(),
            interval: OWN_INTERVAL,
            exposer: host,
        },
    ]
}

fn reload_call(reloader: &Arc<Reloader>) -> api::Reload {
    let reloader = reloader.clone();
    Arc::new(move || {
        let reloader = reloader.clone();
        Box::pin(async move { reloader.reload().await.map_err(|error| format!("{error:#}")) })
    })
}

fn usage_call(env: &Env) -> Box<dyn Fn() -> Usage + Send + Sync> {
    let fs = env.fs.clone();
    Box::new(move || process::usage(&*fs))
}

fn about(config: &Config, started_ms: i64, hostname: &str) -> About {
    About {
        version: VERSION,
        revision: option_env!("SIGHTGLASS_REVISION").unwrap_or_default(),
        started_ms,
        hostname: hostname.to_owned(),
        data_dir: config.data_dir.display().to_string(),
        log_format: config.log_format.name(),
    }
}

fn retention(config: &Config) -> [Retention; 3] {
    config
        .storage
        .signals
        .map(|signal| Retention { age_ms: signal.retention.age_ms, bytes: signal.retention.bytes })
}

/// Stores what spans were counted into, again and again.
async fn flush_span_metrics(
    env: Env,
    span_metrics: Arc<Mutex<SpanMetrics>>,
    store: Arc<dyn MetricStore>,
) {
    let mut timer = tokio::time::interval(SPAN_METRICS_INTERVAL);
    loop {
        timer.tick().await;
        let batch = span_metrics.lock().flush(env.clock.now_ms());
        append_span_metrics(&*store, batch);
    }
}

/// Appends without waiting: counters that are lost once are there again with the next flush.
fn append_span_metrics(store: &dyn MetricStore, batch: model::MetricBatch) {
    if !batch.samples.is_empty()
        && let Err(error) = store.append(batch)
    {
        tracing::warn!(%error, "metrics derived from spans were not stored");
    }
}
