//! The configuration in force: settings with every default filled in.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use api::{Bind, Limits};
use env::Fs;
use model::Secret;
use storage::{Durability, Retention};
use store::QueryLimits;

use crate::settings::{LogFormat, LogLevel, Parsed, Settings, Size, Span};
use crate::stores::SignalConfig;

/// Everything `serve` needs to know.
pub(crate) struct Config {
    pub(crate) data_dir: PathBuf,
    pub(crate) listen: SocketAddr,
    pub(crate) ports: Ports,
    pub(crate) external_url: String,
    pub(crate) prometheus_config: Option<PathBuf>,
    pub(crate) alertmanager_config: Option<PathBuf>,
    pub(crate) dashboards: Option<PathBuf>,
    pub(crate) fluent_shared_key: Option<Secret>,
    pub(crate) storage: StorageConfig,
    pub(crate) log_format: LogFormat,
    pub(crate) log_level: LogLevel,
    pub(crate) host_root: PathBuf,
    pub(crate) limits: Limits,
}

/// How everything is kept: metrics, logs, traces.
#[derive(Clone, Copy)]
pub(crate) struct StorageConfig {
    pub(crate) signals: [SignalConfig; 3],
    pub(crate) disk_reserve: Option<u64>,
}

/// What the standard ports are bound to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports {
    /// Where standard ports are bound: the main listener's address.
    pub(crate) ip: IpAddr,
    /// Added to every port.
    pub(crate) offset: u16,
    pub(crate) prometheus: Bind,
    pub(crate) alertmanager: Bind,
    pub(crate) elasticsearch: Bind,
    pub(crate) fluent_forward: Bind,
    pub(crate) otlp_grpc: Bind,
    pub(crate) otlp_http: Bind,
    pub(crate) jaeger_collector: Bind,
    pub(crate) jaeger_query: Bind,
    pub(crate) zipkin: Bind,
}

const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7300);
const DAY_MS: i64 = 24 * 3_600_000;

/// Reads the settings file, if there is one, below what flags and environment say.
pub(crate) fn load(config: Option<&PathBuf>, settings: Settings, fs: &dyn Fs) -> Result<Config> {
    let settings = match config {
        None => settings,
        Some(path) => {
            let content =
                fs.read(path, yaml::FILE_BYTES_MAX).context("cannot read the settings")?;
            let text = yaml::utf8(&content).map_err(Into::into);
            let below = text.and_then(Settings::from_yaml);
            settings.over(below.with_context(|| path.display().to_string())?)
        }
    };
    Config::new(settings)
}

impl Config {
    pub(crate) fn new(settings: Settings) -> Result<Config> {
        let offset = settings.port_offset.unwrap_or(0);
        let mut listen = settings.listen.unwrap_or(LISTEN);
        let Some(port) = listen.port().checked_add(offset) else {
            bail!("port {} and an offset of {offset} are too much", listen.port());
        };
        listen.set_port(port);
        let bind = |setting: Option<Parsed<Bind>>| setting.map_or(Bind::Auto, |parsed| parsed.0);
        let ports = Ports {
            ip: listen.ip(),
            offset,
            prometheus: bind(settings.listen_prometheus),
            alertmanager: bind(settings.listen_alertmanager),
            elasticsearch: bind(settings.listen_elasticsearch),
            fluent_forward: bind(settings.listen_fluent_forward),
            otlp_grpc: bind(settings.listen_otlp_grpc),
            otlp_http: bind(settings.listen_otlp_http),
            jaeger_collector: bind(settings.listen_jaeger_collector),
            jaeger_query: bind(settings.listen_jaeger_query),
            zipkin: bind(settings.listen_zipkin),
        };
        let data_dir = settings.data_dir.clone().unwrap_or_else(|| "sightglass-data".into());
        let limits = limits(&settings);
        let external_url =
            settings.external_url.clone().unwrap_or_else(|| format!("http://{listen}"));
        Ok(Config {
            listen,
            ports,
            external_url: external_url.trim_end_matches('/').to_owned(),
            storage: storage(&settings),
            limits,
            data_dir: std::path::absolute(data_dir).context("where is the data directory?")?,
            prometheus_config: settings.prometheus_config,
            alertmanager_config: settings.alertmanager_config,
            dashboards: settings.dashboards,
            fluent_shared_key: settings.fluent_shared_key,
            log_format: settings.log_format.map_or_else(LogFormat::default, |parsed| parsed.0),
            log_level: settings.log_level.map_or_else(LogLevel::default, |parsed| parsed.0),
            host_root: settings.host_root.unwrap_or_else(|| "/".into()),
        })
    }
}

fn storage(settings: &Settings) -> StorageConfig {
    let signal = |durability: Option<Parsed<Durability>>,
                  age: Option<Parsed<Span>>,
                  default_days: i64,
                  size: Option<Parsed<Size>>| {
        let age_ms = age.map_or(default_days * DAY_MS, |parsed| parsed.0.0);
        SignalConfig {
            durability: durability.map_or_else(Durability::default, |parsed| parsed.0),
            retention: Retention { age_ms: Some(age_ms), bytes: size.map(|parsed| parsed.0.0) },
        }
    };
    StorageConfig {
        signals: [
            signal(
                settings.durability_metrics,
                settings.retention_metrics,
                30,
                settings.retention_size_metrics,
            ),
            signal(
                settings.durability_logs,
                settings.retention_logs,
                14,
                settings.retention_size_logs,
            ),
            signal(
                settings.durability_traces,
                settings.retention_traces,
                7,
                settings.retention_size_traces,
            ),
        ],
        disk_reserve: settings.disk_reserve.map(|parsed| parsed.0.0),
    }
}

fn limits(settings: &Settings) -> Limits {
    let default = QueryLimits::default();
    let query =
        QueryLimits { samples: settings.query_samples_max.unwrap_or(default.samples), ..default };
    let timeout_ms = settings.query_timeout.map_or(120_000, |parsed| parsed.0.0);
    let body_bytes = settings.body_size_max.map_or(64 << 20, |parsed| parsed.0.0);
    Limits {
        body_bytes: usize::try_from(body_bytes).unwrap_or(usize::MAX),
        query_timeout: Duration::from_millis(timeout_ms.unsigned_abs()),
        query_concurrency: settings.query_concurrency.unwrap_or(20).max(1),
        query,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_moves_the_main_port_and_must_fit() {
        let with = |port_offset| Settings { port_offset: Some(port_offset), ..Settings::default() };
        let config = Config::new(with(1000)).unwrap();
        assert_eq!(config.listen.port(), 8300);
        assert_eq!(config.external_url, "http://127.0.0.1:8300");
        assert!(Config::new(with(60_000)).is_err());
    }
}
