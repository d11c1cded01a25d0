//! What scraping says about itself.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use model::MetricKind;
use parking_lot::Mutex;

/// A value about scraping, for whoever exposes Sightglass' own metrics.
#[derive(Clone, Debug, PartialEq)]
pub struct SelfMetric {
    /// The full name.
    pub name: &'static str,
    /// A sentence for people.
    pub help: &'static str,
    /// Whether it only grows.
    pub kind: MetricKind,
    /// Its labels.
    pub labels: Vec<(&'static str, String)>,
    /// Its value.
    pub value: f64,
}

/// Counts over all targets.
#[derive(Default)]
pub(super) struct Counters {
    pub(super) scrapes: AtomicU64,
    pub(super) failures: AtomicU64,
    pub(super) samples: AtomicU64,
    pub(super) duplicates: AtomicU64,
    pub(super) ahead: AtomicU64,
    pub(super) not_stored: AtomicU64,
    /// Scrapes that met a limit, by the name of its setting.
    limits: Mutex<BTreeMap<&'static str, u64>>,
}

pub(super) fn add(counter: &AtomicU64, by: u64) {
    counter.fetch_add(by, Ordering::Relaxed);
}

impl Counters {
    pub(super) fn limit_met(&self, limit: &'static str) {
        *self.limits.lock().entry(limit).or_default() += 1;
    }

    /// All counts.
    pub(super) fn metrics(&self) -> Vec<SelfMetric> {
        let counter = |name, help, labels, value: u64| {
            let kind = MetricKind::Counter;
            SelfMetric { name, help, kind, labels, value: value as f64 }
        };
        let plain = |name, help, value: &AtomicU64| {
            counter(name, help, Vec::new(), value.load(Ordering::Relaxed))
        };
        let rejected = |reason: &str, value: &AtomicU64| {
            counter(
                "sightglass_scrape_samples_rejected_total",
                "Samples of scrapes that were not stored, by reason.",
                vec![("reason", reason.to_owned())],
                value.load(Ordering::Relaxed),
            )
        };
        let mut all = vec![
            plain("sightglass_scrapes_total", "Scrapes that were tried.", &self.scrapes),
            plain("sightglass_scrape_failures_total", "Scrapes that failed.", &self.failures),
            plain(
                "sightglass_scrape_samples_total",
                "Samples that scrapes brought, before relabelling.",
                &self.samples,
            ),
            plain(
                "sightglass_scrape_store_failures_total",
                "Scrapes whose samples the store did not take.",
                &self.not_stored,
            ),
            rejected("duplicate", &self.duplicates),
            rejected("too_far_ahead", &self.ahead),
        ];
        all.extend(self.limits.lock().iter().map(|(limit, count)| {
            counter(
                "sightglass_scrape_limits_exceeded_total",
                "Scrapes that exceeded a configured limit.",
                vec![("limit", (*limit).to_owned())],
                *count,
            )
        }));
        all
    }
}
