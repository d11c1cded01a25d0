//! Metric samples and what goes with them.

use std::sync::Arc;

use crate::{Histogram, Labels, TraceId};

/// The NaN that marks a series as gone (Prometheus, `model/value`).
pub const STALE_NAN_BITS: u64 = 0x7ff0_0000_0000_0002;

/// The staleness marker as a number.
pub fn stale_nan() -> f64 {
    f64::from_bits(STALE_NAN_BITS)
}

/// Whether a value is the staleness marker, and not just any NaN.
pub fn is_stale_nan(value: f64) -> bool {
    value.to_bits() == STALE_NAN_BITS
}

/// A value at an instant.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Milliseconds since the epoch.
    pub t_ms: i64,
    /// The value; NaNs keep their bits.
    pub value: f64,
}

impl PartialEq for Sample {
    /// Bit for bit, so that NaNs compare.
    fn eq(&self, other: &Self) -> bool {
        (self.t_ms, self.value.to_bits()) == (other.t_ms, other.value.to_bits())
    }
}

/// A sample and the series it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesSample {
    /// The series.
    pub labels: Labels,
    /// The sample.
    pub sample: Sample,
}

/// A native histogram at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramSample {
    /// Milliseconds since the epoch.
    pub t_ms: i64,
    /// When the counter behind it began to count, in milliseconds since the epoch; 0 when nobody
    /// said.
    pub start_ms: i64,
    /// The histogram.
    pub histogram: Arc<Histogram>,
}

/// A histogram and the series it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesHistogram {
    /// The series.
    pub labels: Labels,
    /// The sample.
    pub sample: HistogramSample,
}

/// A trace that is an example of what a sample counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Exemplar {
    /// The exemplar's own labels, mostly `trace_id` and `span_id`.
    pub labels: Labels,
    /// When it was seen.
    pub t_ms: i64,
    /// The value it had.
    pub value: f64,
}

impl Exemplar {
    /// The trace it leads to, when one of its labels names it.
    pub fn trace_id(&self) -> Option<TraceId> {
        ["trace_id", "traceID", "traceId"]
            .iter()
            .find_map(|name| self.labels.get(name)?.parse().ok())
    }
}

/// What kind of metric a name stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MetricKind {
    /// Nobody said.
    #[default]
    Unknown,
    /// Only grows, but for resets.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts in buckets.
    Histogram,
    /// A histogram of a current distribution.
    GaugeHistogram,
    /// Counts and quantiles.
    Summary,
    /// Constant facts as labels.
    Info,
    /// One of several states.
    StateSet,
}

impl MetricKind {
    /// The name Prometheus' API gives it.
    pub fn name(self) -> &'static str {
        match self {
            MetricKind::Unknown => "unknown",
            MetricKind::Counter => "counter",
            MetricKind::Gauge => "gauge",
            MetricKind::Histogram => "histogram",
            MetricKind::GaugeHistogram => "gaugehistogram",
            MetricKind::Summary => "summary",
            MetricKind::Info => "info",
            MetricKind::StateSet => "stateset",
        }
    }

    /// The kind of a name, as exposition formats write it; `untyped` is unknown.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "unknown" | "untyped" => MetricKind::Unknown,
            "counter" => MetricKind::Counter,
            "gauge" => MetricKind::Gauge,
            "histogram" => MetricKind::Histogram,
            "gaugehistogram" => MetricKind::GaugeHistogram,
            "summary" => MetricKind::Summary,
            "info" => MetricKind::Info,
            "stateset" => MetricKind::StateSet,
            _ => return None,
        })
    }
}

/// What a metric name stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Metadata {
    /// Its kind.
    pub kind: MetricKind,
    /// A sentence for people.
    pub help: String,
    /// The base unit, often empty.
    pub unit: String,
}

/// Samples that are stored, acknowledged and become visible together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MetricBatch {
    /// Samples of any series; of one series in order of time.
    pub samples: Vec<SeriesSample>,
    /// When the counters behind the samples began to count, in milliseconds since the epoch: one
    /// for each sample, 0 where nobody said; or none at all.
    pub starts_ms: Vec<i64>,
    /// Native histograms of any series; of one series in order of time.
    pub histograms: Vec<SeriesHistogram>,
    /// Exemplars and the series they belong to.
    pub exemplars: Vec<(Labels, Exemplar)>,
    /// Metadata by metric family name.
    pub metadata: Vec<(String, Metadata)>,
}

impl MetricBatch {
    /// Adds one sample.
    pub fn push(&mut self, labels: Labels, t_ms: i64, value: f64) {
        self.samples.push(SeriesSample { labels, sample: Sample { t_ms, value } });
    }
}
