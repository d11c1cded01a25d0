//! Settings: each is a flag, an environment variable and a key of `sightglass.yaml` at once.
//!
//! A flag beats the environment, the environment beats the file, the file beats the default. The
//! one struct below is all three lists, so that they cannot drift apart.

mod units;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Result, bail};
use api::Bind;
use clap::Args;
use model::Secret;
use serde::Deserialize;
use storage::Durability;

pub(crate) use units::{LogFormat, LogLevel, Parsed, Size, Span};

const PORTS: &str = "Standard ports: auto (bound when free), off, or an address";
const STORAGE: &str = "Storage";
const OPERATION: &str = "Operation";

/// Everything that can be set, as far as it was.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "settings", rename_all = "kebab-case")]
pub(crate) struct Settings {
    /// Where everything is kept; made when missing [default: ./sightglass-data]
    #[arg(long, env = "SIGHTGLASS_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// The main listener: interface, API, and every compatible API under its name
    /// [default: 127.0.0.1:7300]
    #[arg(long, env = "SIGHTGLASS_LISTEN", value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,

    /// An unmodified prometheus.yml: what to scrape, and which rules to evaluate
    #[arg(long, env = "SIGHTGLASS_PROMETHEUS_CONFIG", value_name = "FILE")]
    pub(crate) prometheus_config: Option<PathBuf>,

    /// An unmodified alertmanager.yml: who is told about which alert
    #[arg(long, env = "SIGHTGLASS_ALERTMANAGER_CONFIG", value_name = "FILE")]
    pub(crate) alertmanager_config: Option<PathBuf>,

    /// A folder of Grafana dashboards (JSON); subfolders become folders
    #[arg(long, env = "SIGHTGLASS_DASHBOARDS", value_name = "DIR")]
    pub(crate) dashboards: Option<PathBuf>,

    /// The address people reach this server by, for links in notifications
    /// [default: http:// and the main listener]
    #[arg(long, env = "SIGHTGLASS_EXTERNAL_URL", value_name = "URL")]
    pub(crate) external_url: Option<String>,

    /// Moves every port by this much, so that several servers fit on one machine [default: 0]
    #[arg(long, env = "SIGHTGLASS_PORT_OFFSET", value_name = "N", help_heading = PORTS)]
    pub(crate) port_offset: Option<u16>,

    /// Prometheus' API and remote write [default: auto, port 9090]
    #[arg(long, env = "SIGHTGLASS_LISTEN_PROMETHEUS", value_name = "BIND", help_heading = PORTS)]
    pub(crate) listen_prometheus: Option<Parsed<Bind>>,

    /// Alertmanager's API [default: auto, port 9093]
    #[arg(long, env = "SIGHTGLASS_LISTEN_ALERTMANAGER", value_name = "BIND", help_heading = PORTS)]
    pub(crate) listen_alertmanager: Option<Parsed<Bind>>,

    /// Elasticsearch bulk [default: auto, port 9200]
    #[arg(long, env = "SIGHTGLASS_LISTEN_ELASTICSEARCH", value_name = "BIND", help_heading = PORTS)]
    pub(crate) listen_elasticsearch: Option<Parsed<Bind>>,

    /// Fluentd forward [default: auto, port 24224]
    #[arg(long, env = "SIGHTGLASS_LISTEN_FLUENT_FORWARD", value_name = "BIND", help_heading = PORTS)]
    pub(crate) listen_fluent_forward: Option<Parsed<Bind>>,

    /// OTLP over gRPC [default: auto, port 4317]
    #[arg(long, env = "SIGHTGLASS_LISTEN_OTLP_GRPC", value_name = "BIND", help_heading = PORTS)]
    pub(crate) listen_otlp_grpc: Option<Parsed<Bind>>,

    /// OTLP over HTTP [default: auto, port 4318]
    #[arg(long, env = "SIGHTGLASS_LISTEN_OTLP_HTTP", value_name = "BIND", help_heading = PORTS)]
    pub(crate) listen_otlp_http: Option<Parsed<Bind>>,

    /// Jaeger's collector, thrift over HTTP [default: auto, port 14268]
    #[arg(long, env = "SIGHTGLASS_LISTEN_JAEGER_COLLECTOR", value_name = "BIND", help_heading = PORTS)]
    pub(crate) listen_jaeger_collector: Option<Parsed<Bind>>,

    /// Jaeger's query API [default: auto, port 16686]
    #[arg(long, env = "SIGHTGLASS_LISTEN_JAEGER_QUERY", value_name = "BIND", help_heading = PORTS)]
    pub(crate) listen_jaeger_query: Option<Parsed<Bind>>,

    /// Zipkin [default: auto, port 9411]
    #[arg(long, env = "SIGHTGLASS_LISTEN_ZIPKIN", value_name = "BIND", help_heading = PORTS)]
    pub(crate) listen_zipkin: Option<Parsed<Bind>>,

    /// The key that Fluentd forward clients must share; without it none is asked for
    #[arg(long, env = "SIGHTGLASS_FLUENT_SHARED_KEY", value_name = "KEY", hide_env_values = true, help_heading = PORTS)]
    pub(crate) fluent_shared_key: Option<Secret>,

    /// How long metrics are kept [default: 30d]
    #[arg(long, env = "SIGHTGLASS_RETENTION_METRICS", value_name = "DURATION", help_heading = STORAGE)]
    pub(crate) retention_metrics: Option<Parsed<Span>>,

    /// How long logs are kept [default: 14d]
    #[arg(long, env = "SIGHTGLASS_RETENTION_LOGS", value_name = "DURATION", help_heading = STORAGE)]
    pub(crate) retention_logs: Option<Parsed<Span>>,

    /// How long traces are kept [default: 7d]
    #[arg(long, env = "SIGHTGLASS_RETENTION_TRACES", value_name = "DURATION", help_heading = STORAGE)]
    pub(crate) retention_traces: Option<Parsed<Span>>,

    /// The most metrics may occupy, such as 20GB; the oldest go first [default: no bound]
    #[arg(long, env = "SIGHTGLASS_RETENTION_SIZE_METRICS", value_name = "SIZE", help_heading = STORAGE)]
    pub(crate) retention_size_metrics: Option<Parsed<Size>>,

    /// The most logs may occupy [default: no bound]
    #[arg(long, env = "SIGHTGLASS_RETENTION_SIZE_LOGS", value_name = "SIZE", help_heading = STORAGE)]
    pub(crate) retention_size_logs: Option<Parsed<Size>>,

    /// The most traces may occupy [default: no bound]
    #[arg(long, env = "SIGHTGLASS_RETENTION_SIZE_TRACES", value_name = "SIZE", help_heading = STORAGE)]
    pub(crate) retention_size_traces: Option<Parsed<Size>>,

    /// When metrics are acknowledged: fsync (on stable storage), interval (given to the operating
    /// system, synced every second) or none [default: fsync]
    #[arg(long, env = "SIGHTGLASS_DURABILITY_METRICS", value_name = "MODE", help_heading = STORAGE)]
    pub(crate) durability_metrics: Option<Parsed<Durability>>,

    /// When logs are acknowledged [default: fsync]
    #[arg(long, env = "SIGHTGLASS_DURABILITY_LOGS", value_name = "MODE", help_heading = STORAGE)]
    pub(crate) durability_logs: Option<Parsed<Durability>>,

    /// When traces are acknowledged [default: fsync]
    #[arg(long, env = "SIGHTGLASS_DURABILITY_TRACES", value_name = "MODE", help_heading = STORAGE)]
    pub(crate) durability_traces: Option<Parsed<Durability>>,

    /// Room that stays free on the disk; below it new data is refused until there is room again
    /// [default: the smaller of 256MB and 5 % of the disk]
    #[arg(long, env = "SIGHTGLASS_DISK_RESERVE", value_name = "SIZE", help_heading = STORAGE)]
    pub(crate) disk_reserve: Option<Parsed<Size>>,

    /// text for people, json for machines [default: text]
    #[arg(long, env = "SIGHTGLASS_LOG_FORMAT", value_name = "FORMAT", help_heading = OPERATION)]
    pub(crate) log_format: Option<Parsed<LogFormat>>,

    /// The least severity that is logged: error, warn, info, debug, trace [default: info]
    #[arg(long, env = "SIGHTGLASS_LOG_LEVEL", value_name = "LEVEL", help_heading = OPERATION)]
    pub(crate) log_level: Option<Parsed<LogLevel>>,

    /// Where the host's root is seen, for host metrics from inside a container [default: /]
    #[arg(long, env = "SIGHTGLASS_HOST_ROOT", value_name = "DIR", help_heading = OPERATION)]
    pub(crate) host_root: Option<PathBuf>,

    /// The longest a query may take [default: 2m]
    #[arg(long, env = "SIGHTGLASS_QUERY_TIMEOUT", value_name = "DURATION", help_heading = OPERATION)]
    pub(crate) query_timeout: Option<Parsed<Span>>,

    /// Queries that run at the same time; more wait [default: 20]
    #[arg(long, env = "SIGHTGLASS_QUERY_CONCURRENCY", value_name = "N", help_heading = OPERATION)]
    pub(crate) query_concurrency: Option<usize>,

    /// Samples one query may hold in memory [default: 50000000]
    #[arg(long, env = "SIGHTGLASS_QUERY_SAMPLES_MAX", value_name = "N", help_heading = OPERATION)]
    pub(crate) query_samples_max: Option<usize>,

    /// The largest request body, before and after decompression [default: 64MB]
    #[arg(long, env = "SIGHTGLASS_BODY_SIZE_MAX", value_name = "SIZE", help_heading = OPERATION)]
    pub(crate) body_size_max: Option<Parsed<Size>>,
}

macro_rules! layered {
    ($($field:ident),* $(,)?) => {
        impl Settings {
            /// These settings, and where one is not set, that of `below`.
            pub(crate) fn over(self, below: Settings) -> Settings {
                Settings { $($field: self.$field.or(below.$field)),* }
            }
        }
    };
}

layered!(
    data_dir,
    listen,
    prometheus_config,
    alertmanager_config,
    dashboards,
    external_url,
    port_offset,
    listen_prometheus,
    listen_alertmanager,
    listen_elasticsearch,
    listen_fluent_forward,
    listen_otlp_grpc,
    listen_otlp_http,
    listen_jaeger_collector,
    listen_jaeger_query,
    listen_zipkin,
    fluent_shared_key,
    retention_metrics,
    retention_logs,
    retention_traces,
    retention_size_metrics,
    retention_size_logs,
    retention_size_traces,
    durability_metrics,
    durability_logs,
    durability_traces,
    disk_reserve,
    log_format,
    log_level,
    host_root,
    query_timeout,
    query_concurrency,
    query_samples_max,
    body_size_max,
);

impl Settings {
    /// Reads `sightglass.yaml`.
    ///
    /// # Errors
    /// When the text is not YAML of this form; the error says where.
    pub(crate) fn from_yaml(text: &str) -> Result<Settings> {
        let document = yaml::Document::parse(text)?;
        if let Some(position) = document.ignored() {
            bail!("{position}: a second YAML document");
        }
        Ok(document.read()?)
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        settings: Settings,
    }

    #[test]
    fn every_setting_has_a_flag_a_variable_and_help() {
        for argument in Command::command().get_arguments() {
            let flag = argument.get_long().unwrap();
            if flag == "help" {
                continue;
            }
            let variable = format!("SIGHTGLASS_{}", flag.replace('-', "_").to_uppercase());
            assert_eq!(argument.get_env().unwrap().to_str(), Some(variable.as_str()));
            assert!(argument.get_help().is_some(), "--{flag} has no help");
        }
    }

    #[test]
    fn flags_beat_the_file() {
        let file = "data-dir: /from/file\nretention-logs: 3d\nlisten-zipkin: off\n";
        let flags = Command::parse_from(["sightglass", "--data-dir", "/from/flag"]).settings;
        let settings = flags.over(Settings::from_yaml(file).unwrap());
        assert_eq!(settings.data_dir, Some("/from/flag".into()));
        assert_eq!(settings.retention_logs.unwrap().0.0, 3 * 86_400_000);
        assert_eq!(settings.listen_zipkin.unwrap().0, Bind::Off);
    }

    #[test]
    fn mistakes_name_the_place() {
        let error = |text| Settings::from_yaml(text).unwrap_err().to_string();
        assert_eq!(
            error("data-dir: x\nretension-logs: 3d\n"),
            "2:1: field retension-logs not found in type settings (did you mean retention-logs?)"
        );
        let message = error("retention-logs: 3 days\n");
        assert!(message.starts_with("1:17: ") && message.contains("3 days"), "{message}");
        assert!(error("data-dir: x\n---\n").starts_with("2:1: "));
        assert_eq!(Settings::from_yaml("# nothing\n").unwrap().data_dir, None);
    }
}
