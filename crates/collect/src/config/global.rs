//! The `global` block.

use std::time::Duration;

use model::Labels;
use protocols::exposition::ScrapeProtocol;
use serde::Deserialize;

use super::labels::label_set;
use super::protocol::{Escaping, parse_all};
use super::{ConfigError, duration, size};
use crate::names::NameScheme;

const DEFAULT_INTERVAL: Duration = Duration::from_secs(60);
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// What holds for all blocks that do not say otherwise.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Plain")]
pub struct Global {
    /// How often targets are scraped.
    pub scrape_interval: Duration,
    /// How long a scrape may take.
    pub scrape_timeout: Duration,
    /// How often rules are evaluated.
    pub evaluation_interval: Duration,
    /// How far in the past rules are evaluated.
    pub rule_query_offset: Duration,
    /// Labels added to alerts.
    pub external_labels: Labels,
    /// Formats to ask for, when the file says so.
    pub scrape_protocols: Option<Vec<ScrapeProtocol>>,
    /// Limits on targets and what they expose.
    pub limits: Limits,
    /// Which names are valid.
    pub names: NameScheme,
    /// How other names are asked for.
    pub escaping: Option<Escaping>,
    /// Whether series about the scrape's limits are stored too.
    pub extra_scrape_metrics: bool,
    /// Settings that have no effect, by field.
    pub(crate) inactive: Vec<&'static str>,
}

/// How much a target may expose; zero is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of an answer after decompression.
    pub body_bytes: u64,
    /// Samples after relabelling.
    pub samples: u64,
    /// Targets of a job after relabelling.
    pub targets: u64,
    /// Labels of a sample.
    pub labels: u64,
    /// Bytes of a label's name.
    pub label_name_bytes: u64,
    /// Bytes of a label's value.
    pub label_value_bytes: u64,
    /// Dropped targets that are kept for display.
    pub dropped_targets: u64,
}

impl Limits {
    /// These limits, and another's where these have none.
    pub(super) fn or(self, other: Limits) -> Limits {
        let either = |own: u64, other: u64| if own == 0 { other } else { own };
        Limits {
            body_bytes: either(self.body_bytes, other.body_bytes),
            samples: either(self.samples, other.samples),
            targets: either(self.targets, other.targets),
            labels: either(self.labels, other.labels),
            label_name_bytes: either(self.label_name_bytes, other.label_name_bytes),
            label_value_bytes: either(self.label_value_bytes, other.label_value_bytes),
            dropped_targets: either(self.dropped_targets, other.dropped_targets),
        }
    }
}

impl Default for Global {
    fn default() -> Self {
        Global {
            scrape_interval: DEFAULT_INTERVAL,
            scrape_timeout: DEFAULT_TIMEOUT,
            evaluation_interval: DEFAULT_INTERVAL,
            rule_query_offset: Duration::ZERO,
            external_labels: Labels::empty(),
            scrape_protocols: None,
            limits: Limits::default(),
            names: NameScheme::Utf8,
            escaping: None,
            extra_scrape_metrics: false,
            inactive: Vec::new(),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename = "config.plain")]
struct Plain {
    #[serde(deserialize_with = "duration")]
    scrape_interval: Duration,
    #[serde(deserialize_with = "duration")]
    scrape_timeout: Duration,
    scrape_protocols: Option<Vec<String>>,
    #[serde(deserialize_with = "duration")]
    evaluation_interval: Duration,
    #[serde(deserialize_with = "duration")]
    rule_query_offset: Duration,
    query_log_file: String,
    scrape_failure_log_file: String,
    #[serde(deserialize_with = "label_set")]
    external_labels: Labels,
    #[serde(deserialize_with = "size")]
    body_size_limit: i64,
    sample_limit: u64,
    target_limit: u64,
    label_limit: u64,
    label_name_length_limit: u64,
    label_value_length_limit: u64,
    keep_dropped_targets: u64,
    metric_name_validation_scheme: Option<NameScheme>,
    metric_name_escaping_scheme: Option<Escaping>,
    scrape_native_histograms: bool,
    convert_classic_histograms_to_nhcb: bool,
    #[serde(rename = "always_scrape_classic_histograms")]
    _always_scrape_classic_histograms: bool,
    extra_scrape_metrics: bool,
}

impl TryFrom<Plain> for Global {
    type Error = ConfigError;

    fn try_from(plain: Plain) -> Result<Self, ConfigError> {
        let names = plain.metric_name_validation_scheme.unwrap_or_default();
        for (name, _) in plain.external_labels.iter() {
            if !names.is_label_name(name) {
                return Err(ConfigError(format!("{name:?} is not a valid label name")));
            }
        }
        let or_default = |d: Duration| if d.is_zero() { DEFAULT_INTERVAL } else { d };
        let scrape_interval = or_default(plain.scrape_interval);
        if plain.scrape_timeout > scrape_interval {
            return Err(ConfigError::new("global scrape timeout greater than scrape interval"));
        }
        let scrape_timeout = match plain.scrape_timeout.is_zero() {
            true => DEFAULT_TIMEOUT.min(scrape_interval),
            false => plain.scrape_timeout,
        };
        let scrape_protocols = plain.scrape_protocols.as_deref().map(parse_all).transpose();
        let scrape_protocols =
            scrape_protocols.map_err(|error| ConfigError(format!("{error} for global config")))?;
        let inactive = [
            ("query_log_file", !plain.query_log_file.is_empty()),
            ("scrape_failure_log_file", !plain.scrape_failure_log_file.is_empty()),
            ("scrape_native_histograms", plain.scrape_native_histograms),
            ("convert_classic_histograms_to_nhcb", plain.convert_classic_histograms_to_nhcb),
        ];
        Ok(Global {
            scrape_interval,
            scrape_timeout,
            evaluation_interval: or_default(plain.evaluation_interval),
            rule_query_offset: plain.rule_query_offset,
            external_labels: plain.external_labels,
            scrape_protocols,
            limits: Limits {
                body_bytes: plain.body_size_limit.max(0).unsigned_abs(),
                samples: plain.sample_limit,
                targets: plain.target_limit,
                labels: plain.label_limit,
                label_name_bytes: plain.label_name_length_limit,
                label_value_bytes: plain.label_value_length_limit,
                dropped_targets: plain.keep_dropped_targets,
            },
            names,
            escaping: plain.metric_name_escaping_scheme,
            extra_scrape_metrics: plain.extra_scrape_metrics,
            inactive: inactive.into_iter().filter(|(_, set)| *set).map(|(name, _)| name).collect(),
        })
    }
}
