//! The series that every scrape adds about itself.

use std::time::Duration;

use model::{Labels, LabelsBuilder, METRIC_NAME, Metadata, MetricBatch, MetricKind, stale_nan};

use super::append::Scraped;
use crate::config::ScrapeConfig;

/// Name, unit and meaning of each series; the last three are written only when asked for.
const SERIES: [(&str, &str, &str); 8] = [
    (
        "up",
        "targets",
        "Health of the scrape target. 1 means the target is healthy, 0 if the scrape failed.",
    ),
    ("scrape_duration_seconds", "seconds", "Duration of the last scrape in seconds."),
    ("scrape_samples_scraped", "samples", "Number of samples last scraped."),
    (
        "scrape_samples_post_metric_relabeling",
        "samples",
        "Number of samples remaining after metric relabeling was applied.",
    ),
    ("scrape_series_added", "series", "Number of new series in the last scrape."),
    ("scrape_timeout_seconds", "seconds", "The configured scrape timeout for a target."),
    (
        "scrape_sample_limit",
        "samples",
        "The configured sample limit for a target; zero if there is none.",
    ),
    (
        "scrape_body_size_bytes",
        "bytes",
        "The uncompressed size of the last response; -1 if it exceeded the limit, 0 if the scrape \
         failed otherwise.",
    ),
];
/// How many of them are always written.
const ALWAYS: usize = 5;

/// The series of one target.
pub(super) struct Report {
    series: Vec<Labels>,
    described: bool,
}

/// What a scrape was like.
pub(super) struct Outcome<'a> {
    pub(super) worked: bool,
    pub(super) duration: Duration,
    pub(super) scraped: &'a Scraped,
    /// Bytes of the answer; -1 when it was too large.
    pub(super) body_bytes: i64,
}

impl Report {
    /// The series for a target with these labels.
    pub(super) fn new(target: &Labels, config: &ScrapeConfig) -> Self {
        let count = if config.extra_scrape_metrics { SERIES.len() } else { ALWAYS };
        let labels = |(name, _, _): &(&str, &str, &str)| {
            LabelsBuilder::from(target).set(METRIC_NAME, name).build()
        };
        Report { series: SERIES[..count].iter().map(labels).collect(), described: false }
    }

    /// Adds the series to what the scrape brought.
    pub(super) fn add(
        &mut self,
        outcome: &Outcome<'_>,
        config: &ScrapeConfig,
        timeout: Duration,
        t_ms: i64,
        batch: &mut MetricBatch,
    ) {
        let values = [
            f64::from(u8::from(outcome.worked)),
            outcome.duration.as_secs_f64(),
            outcome.scraped.samples as f64,
            outcome.scraped.samples_kept as f64,
            outcome.scraped.series_added as f64,
            timeout.as_secs_f64(),
            config.limits.samples as f64,
            outcome.body_bytes as f64,
        ];
        for (labels, value) in self.series.iter().zip(values) {
            batch.push(labels.clone(), t_ms, value);
        }
        if !std::mem::replace(&mut self.described, true) {
            let described = SERIES[..self.series.len()].iter().map(|(name, unit, help)| {
                let (help, unit) = ((*help).to_owned(), (*unit).to_owned());
                ((*name).to_owned(), Metadata { kind: MetricKind::Gauge, help, unit })
            });
            batch.metadata.extend(described);
        }
    }

    /// Marks the series as gone.
    pub(super) fn mark_gone(&self, t_ms: i64, batch: &mut MetricBatch) {
        for labels in &self.series {
            batch.push(labels.clone(), t_ms, stale_nan());
        }
    }
}
