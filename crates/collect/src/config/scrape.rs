//! One block of `scrape_configs`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use http_client::HttpClientConfig;
use protocols::exposition::ScrapeProtocol;
use serde::Deserialize;
use yaml::{Inline, Located};

use super::global::{Global, Limits};
use super::protocol::{self, Escaping, parse_all};
use super::{ConfigError, DiscoveryConfig, duration, size};
use crate::names::NameScheme;
use crate::relabel::{Rule, UncheckedRule};

/// A job: targets that are scraped alike.
#[derive(Clone, Debug, PartialEq)]
pub struct ScrapeConfig {
    /// The value of the `job` label.
    pub job_name: String,
    /// Whether labels of the target win over ours.
    pub honor_labels: bool,
    /// Whether timestamps of the target are kept.
    pub honor_timestamps: bool,
    /// Whether series with timestamps are marked as gone when they vanish.
    pub track_timestamps_staleness: bool,
    /// Query parameters of the request.
    pub params: BTreeMap<String, Vec<String>>,
    /// How often to scrape.
    pub scrape_interval: Duration,
    /// How long a scrape may take.
    pub scrape_timeout: Duration,
    /// Formats to ask for, most wanted first.
    pub scrape_protocols: Vec<ScrapeProtocol>,
    /// The format of answers that do not say theirs.
    pub fallback_scrape_protocol: Option<ScrapeProtocol>,
    /// The path of the request.
    pub metrics_path: String,
    /// `http` or `https`.
    pub scheme: String,
    /// Whether to ask for a compressed answer.
    pub enable_compression: bool,
    /// How much a target may expose.
    pub limits: Limits,
    /// Which names are valid.
    pub names: NameScheme,
    /// How other names are asked for.
    pub escaping: Escaping,
    /// Whether series about the scrape's limits are stored too.
    pub extra_scrape_metrics: bool,
    /// Where the targets come from.
    pub discovery: DiscoveryConfig,
    /// How to speak to them.
    pub http: HttpClientConfig,
    /// Rules for the targets' labels.
    pub relabel: Vec<Rule>,
    /// Rules for the samples' labels.
    pub metric_relabel: Vec<Rule>,
    /// Settings that have no effect, by field.
    pub(crate) inactive: Vec<&'static str>,
}

/// A block that is read but not yet completed by the global one.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Inline<Plain, Inline<HttpClientConfig, DiscoveryConfig>>")]
pub(super) struct UncheckedScrape {
    plain: Plain,
    http: HttpClientConfig,
    discovery: DiscoveryConfig,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "config.ScrapeConfig")]
struct Plain {
    job_name: String,
    honor_labels: bool,
    honor_timestamps: bool,
    track_timestamps_staleness: bool,
    params: BTreeMap<String, Vec<String>>,
    #[serde(deserialize_with = "duration")]
    scrape_interval: Duration,
    #[serde(deserialize_with = "duration")]
    scrape_timeout: Duration,
    scrape_protocols: Option<Vec<String>>,
    fallback_scrape_protocol: String,
    scrape_native_histograms: Option<bool>,
    #[serde(rename = "always_scrape_classic_histograms")]
    _always_scrape_classic_histograms: Option<bool>,
    convert_classic_histograms_to_nhcb: Option<bool>,
    scrape_failure_log_file: String,
    metrics_path: String,
    scheme: String,
    enable_compression: bool,
    #[serde(deserialize_with = "size")]
    body_size_limit: i64,
    sample_limit: u64,
    target_limit: u64,
    label_limit: u64,
    label_name_length_limit: u64,
    label_value_length_limit: u64,
    #[serde(rename = "native_histogram_bucket_limit")]
    _native_histogram_bucket_limit: u64,
    #[serde(rename = "native_histogram_min_bucket_factor")]
    _native_histogram_min_bucket_factor: f64,
    keep_dropped_targets: u64,
    metric_name_validation_scheme: Option<NameScheme>,
    metric_name_escaping_scheme: Option<Escaping>,
    extra_scrape_metrics: Option<bool>,
    relabel_configs: Vec<Option<Located<UncheckedRule>>>,
    metric_relabel_configs: Vec<Option<Located<UncheckedRule>>>,
}

impl Default for Plain {
    fn default() -> Self {
        Plain {
            job_name: String::new(),
            honor_labels: false,
            honor_timestamps: true,
            track_timestamps_staleness: false,
            params: BTreeMap::new(),
            scrape_interval: Duration::ZERO,
            scrape_timeout: Duration::ZERO,
            scrape_protocols: None,
            fallback_scrape_protocol: String::new(),
            scrape_native_histograms: None,
            _always_scrape_classic_histograms: None,
            convert_classic_histograms_to_nhcb: None,
            scrape_failure_log_file: String::new(),
            metrics_path: "/metrics".to_owned(),
            scheme: "http".to_owned(),
            enable_compression: true,
            body_size_limit: 0,
            sample_limit: 0,
            target_limit: 0,
            label_limit: 0,
            label_name_length_limit: 0,
            label_value_length_limit: 0,
            _native_histogram_bucket_limit: 0,
            _native_histogram_min_bucket_factor: 0.0,
            keep_dropped_targets: 0,
            metric_name_validation_scheme: None,
            metric_name_escaping_scheme: None,
            extra_scrape_metrics: None,
            relabel_configs: Vec::new(),
            metric_relabel_configs: Vec::new(),
        }
    }
}

impl TryFrom<Inline<Plain, Inline<HttpClientConfig, DiscoveryConfig>>> for UncheckedScrape {
    type Error = ConfigError;

    fn try_from(
        Inline(plain, Inline(http, discovery)): Inline<
            Plain,
            Inline<HttpClientConfig, DiscoveryConfig>,
        >,
    ) -> Result<Self, ConfigError> {
        if plain.job_name.is_empty() {
            return Err(ConfigError::new("job_name is empty"));
        }
        if plain.relabel_configs.is_empty() {
            check_static_targets(&discovery)?;
        }
        for (kind, rules) in
            [("target", &plain.relabel_configs), ("metric", &plain.metric_relabel_configs)]
        {
            if rules.iter().any(Option::is_none) {
                return Err(ConfigError(format!(
                    "empty or null {kind} relabeling rule in scrape config"
                )));
            }
        }
        Ok(UncheckedScrape { plain, http, discovery })
    }
}

/// Finds addresses that are written as URLs; with relabelling they may become hosts yet.
pub(super) fn check_static_targets(discovery: &DiscoveryConfig) -> Result<(), ConfigError> {
    let groups = discovery.static_configs.iter();
    let mut addresses =
        groups.flat_map(|group| group.targets.iter().filter_map(|t| t.get("__address__")));
    match addresses.find(|address| address.contains('/')) {
        Some(address) => Err(ConfigError(format!("{address:?} is not a valid hostname"))),
        None => Ok(()),
    }
}

/// Checks rules, none of which is null.
pub(super) fn check_rules(
    rules: &[Option<Located<UncheckedRule>>],
    names: NameScheme,
) -> Result<Vec<Rule>, yaml::Error> {
    let check = |rule: &Located<UncheckedRule>| {
        rule.value.check(names).map_err(|error| error.at(rule.position))
    };
    rules.iter().flatten().map(check).collect()
}

impl UncheckedScrape {
    /// Completes the block with the global one and checks what only then can be checked.
    pub(super) fn check(self, global: &Global, dir: &Path) -> Result<ScrapeConfig, yaml::Error> {
        let UncheckedScrape { plain, mut http, mut discovery } = self;
        let of_job = |error: ConfigError| {
            ConfigError(format!("{error} for scrape config with job name {:?}", plain.job_name))
        };
        let (scrape_interval, scrape_timeout) = times(&plain, global).map_err(of_job)?;
        let scrape_protocols = match (&plain.scrape_protocols, &global.scrape_protocols) {
            (Some(names), _) => parse_all(names).map_err(of_job)?,
            (None, Some(global)) => global.clone(),
            (None, None) => ScrapeProtocol::DEFAULT.to_vec(),
        };
        let fallback_scrape_protocol = match plain.fallback_scrape_protocol.as_str() {
            "" => None,
            name => Some(protocol::parse(name).map_err(|error| {
                ConfigError(format!(
                    "invalid fallback_scrape_protocol for scrape config with job name {:?}: {error}",
                    plain.job_name
                ))
            })?),
        };
        let names = plain.metric_name_validation_scheme.unwrap_or(global.names);
        let escaping = escaping(&plain, names, global)?;
        http.resolve_paths(dir);
        for file in &mut discovery.file {
            file.resolve_paths(dir);
        }
        Ok(ScrapeConfig {
            scrape_interval,
            scrape_timeout,
            scrape_protocols,
            fallback_scrape_protocol,
            names,
            escaping,
            relabel: check_rules(&plain.relabel_configs, names)?,
            metric_relabel: check_rules(&plain.metric_relabel_configs, names)?,
            limits: plain.limits().or(global.limits),
            inactive: plain.inactive(),
            extra_scrape_metrics: plain.extra_scrape_metrics.unwrap_or(global.extra_scrape_metrics),
            job_name: plain.job_name,
            honor_labels: plain.honor_labels,
            honor_timestamps: plain.honor_timestamps,
            track_timestamps_staleness: plain.track_timestamps_staleness,
            params: plain.params,
            metrics_path: plain.metrics_path,
            scheme: plain.scheme,
            enable_compression: plain.enable_compression,
            discovery,
            http,
        })
    }
}

impl ScrapeConfig {
    /// A job of this name with the defaults for everything else and no targets.
    pub fn named(job_name: &str) -> Self {
        let plain = Plain { job_name: job_name.to_owned(), ..Plain::default() };
        let http = HttpClientConfig::default();
        let job = UncheckedScrape { plain, http, discovery: DiscoveryConfig::default() };
        job.check(&Global::default(), Path::new("")).expect("the defaults fit each other")
    }
}

/// The interval and the time-out, which may not be longer.
fn times(plain: &Plain, global: &Global) -> Result<(Duration, Duration), ConfigError> {
    let interval = match plain.scrape_interval.is_zero() {
        true => global.scrape_interval,
        false => plain.scrape_interval,
    };
    if plain.scrape_timeout > interval {
        return Err(ConfigError::new("scrape timeout greater than scrape interval"));
    }
    let timeout = match plain.scrape_timeout.is_zero() {
        true => global.scrape_timeout.min(interval),
        false => plain.scrape_timeout,
    };
    Ok((interval, timeout))
}

/// How names are asked for: as said here, or as fits the names that are valid here.
fn escaping(plain: &Plain, names: NameScheme, global: &Global) -> Result<Escaping, ConfigError> {
    let fitting = |names| match names {
        NameScheme::Legacy => Escaping::Underscores,
        NameScheme::Utf8 => Escaping::AllowUtf8,
    };
    let escaping = match (plain.metric_name_escaping_scheme, plain.metric_name_validation_scheme) {
        (Some(own), _) => own,
        (None, Some(names)) => fitting(names),
        (None, None) => global.escaping.unwrap_or(fitting(global.names)),
    };
    if escaping == Escaping::AllowUtf8 && names != NameScheme::Utf8 {
        return Err(ConfigError::new(
            "utf8 metric names requested but validation scheme is not set to UTF8",
        ));
    }
    Ok(escaping)
}

impl Plain {
    fn limits(&self) -> Limits {
        Limits {
            body_bytes: self.body_size_limit.max(0).unsigned_abs(),
            samples: self.sample_limit,
            targets: self.target_limit,
            labels: self.label_limit,
            label_name_bytes: self.label_name_length_limit,
            label_value_bytes: self.label_value_length_limit,
            dropped_targets: self.keep_dropped_targets,
        }
    }

    fn inactive(&self) -> Vec<&'static str> {
        let fields = [
            ("scrape_failure_log_file", !self.scrape_failure_log_file.is_empty()),
            ("scrape_native_histograms", self.scrape_native_histograms == Some(true)),
            (
                "convert_classic_histograms_to_nhcb",
                self.convert_classic_histograms_to_nhcb == Some(true),
            ),
        ];
        fields.into_iter().filter(|(_, set)| *set).map(|(name, _)| name).collect()
    }
}
