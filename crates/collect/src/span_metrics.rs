//! Request rates, errors and durations, counted from spans.
//!
//! The names and labels are those of OpenTelemetry's span metrics connector, on which dashboards
//! for services rest: `traces_span_metrics_calls_total` and `traces_span_metrics_duration_seconds`
//! by service, span name, kind and status. Counters are cumulative; a bucket's latest span is its
//! exemplar.

mod operation;

use std::collections::HashMap;

use model::{Metadata, MetricBatch, MetricKind, Span, SpanBatch, SpanKind, StatusCode};

use crate::scrape::SelfMetric;
use operation::{BOUNDS, Operation};

const CALLS: &str = "traces_span_metrics_calls_total";
const DURATION: &str = "traces_span_metrics_duration_seconds";
/// What stands for names that are too many.
const OTHER: &str = "(other)";
/// What stands for a service that has no name, as OpenTelemetry says.
const UNKNOWN_SERVICE: &str = "unknown_service";
/// The longest name that becomes a label, in bytes.
const NAME_BYTES_MAX: usize = 256;
/// How long an operation may be silent before its series end: a day.
const SILENCE_MAX_MS: i64 = 24 * 3_600_000;
/// The time before a new series' first sample, at which it is said to have been zero.
const FLUSH_INTERVAL_MS: i64 = 10_000;
/// Series of one operation: calls, sum, count and buckets.
const SERIES_PER_OPERATION: usize = BOUNDS.len() + 4;

const STATUS_CODES: [(StatusCode, &str); 3] = [
    (StatusCode::Unset, "STATUS_CODE_UNSET"),
    (StatusCode::Ok, "STATUS_CODE_OK"),
    (StatusCode::Error, "STATUS_CODE_ERROR"),
];
const KINDS: [&str; SpanKind::ALL.len()] = [
    "SPAN_KIND_UNSPECIFIED",
    "SPAN_KIND_INTERNAL",
    "SPAN_KIND_SERVER",
    "SPAN_KIND_CLIENT",
    "SPAN_KIND_PRODUCER",
    "SPAN_KIND_CONSUMER",
];
/// Kinds and statuses that one name can have.
const VARIANTS: usize = KINDS.len() * STATUS_CODES.len();

/// Counts spans between flushes.
pub struct SpanMetrics {
    /// By service, then by span name.
    services: HashMap<String, HashMap<String, Variants>>,
    operations: usize,
    operations_max: usize,
    /// Spans whose name was replaced.
    overflowed: u64,
    last_flush_ms: Option<i64>,
    described: bool,
}

/// The operations of one name, by kind and status.
type Variants = [Option<Box<Operation>>; VARIANTS];

impl SpanMetrics {
    /// How many series there are unless told otherwise.
    pub const SERIES_MAX: usize = 20_000;

    /// Counts into at most about `series_max` series. What comes beyond is counted under the span
    /// name `(other)`, and beyond another tenth under the service `(other)`.
    pub fn new(series_max: usize) -> Self {
        SpanMetrics {
            services: HashMap::new(),
            operations: 0,
            operations_max: (series_max / SERIES_PER_OPERATION).max(1),
            overflowed: 0,
            last_flush_ms: None,
            described: false,
        }
    }

    /// Counts the spans of a batch.
    pub fn observe(&mut self, batch: &SpanBatch) {
        for span in &batch.spans {
            self.operation(span).observe(span);
        }
    }

    /// All series as they are now, exemplars that are new, and the end of what was silent for a day.
    /// To be called every ten seconds, and once before the end.
    pub fn flush(&mut self, now_ms: i64) -> MetricBatch {
        let mut batch = MetricBatch::default();
        if !std::mem::replace(&mut self.described, true) {
            batch.metadata = metadata();
        }
        let before_ms = self.last_flush_ms.unwrap_or(now_ms - FLUSH_INTERVAL_MS);
        for names in self.services.values_mut() {
            for variants in names.values_mut() {
                for slot in variants.iter_mut() {
                    let Some(operation) = slot else { continue };
                    if operation.is_silent(now_ms, SILENCE_MAX_MS) {
                        operation.end(now_ms, &mut batch);
                        *slot = None;
                        self.operations -= 1;
                    } else {
                        operation.flush(before_ms, now_ms, &mut batch);
                    }
                }
            }
            names.retain(|_, variants| variants.iter().any(Option::is_some));
        }
        self.services.retain(|_, names| !names.is_empty());
        self.last_flush_ms = Some(now_ms);
        batch
    }

    /// What is to be known about the counting itself.
    pub fn self_metrics(&self) -> Vec<SelfMetric> {
        let series = self.operations * SERIES_PER_OPERATION;
        vec![
            SelfMetric {
                name: "sightglass_span_metrics_series",
                help: "Series that are derived from spans.",
                kind: MetricKind::Gauge,
                labels: Vec::new(),
                value: series as f64,
            },
            SelfMetric {
                name: "sightglass_span_metrics_overflowed_spans_total",
                help: "Spans counted under another name because there are too many names.",
                kind: MetricKind::Counter,
                labels: Vec::new(),
                value: self.overflowed as f64,
            },
        ]
    }

    /// Where a span is counted.
    fn operation(&mut self, span: &Span) -> &mut Operation {
        let service = match short(span.resource.service()) {
            "" => UNKNOWN_SERVICE,
            service => service,
        };
        let name = short(&span.name);
        let kind = SpanKind::ALL.iter().position(|kind| *kind == span.kind).unwrap_or_default();
        let status = STATUS_CODES.iter().position(|(code, _)| *code == span.status.code);
        let variant = kind * STATUS_CODES.len() + status.unwrap_or_default();
        let reserve = self.operations_max / 10;
        let (service, name) = if self.has_room(service, name, variant, 0) {
            (service, name)
        } else if self.has_room(service, OTHER, variant, reserve) {
            (service, OTHER)
        } else {
            (OTHER, OTHER)
        };
        self.overflowed += u64::from(name == OTHER);
        if !self.services.contains_key(service) {
            self.services.insert(service.to_owned(), HashMap::new());
        }
        let names = self.services.get_mut(service).expect("it was inserted if it was missing");
        if !names.contains_key(name) {
            names.insert(name.to_owned(), [const { None }; VARIANTS]);
        }
        let variants = names.get_mut(name).expect("it was inserted if it was missing");
        variants[variant].get_or_insert_with(|| {
            self.operations += 1;
            let status = status.unwrap_or_default();
            let labels = [
                ("service_name", service),
                ("span_kind", KINDS[kind]),
                ("span_name", name),
                ("status_code", STATUS_CODES[status].1),
            ];
            Box::new(Operation::new(&labels))
        })
    }

    /// Whether an operation is known, or may become so.
    fn has_room(&self, service: &str, name: &str, variant: usize, reserve: usize) -> bool {
        let known = self.services.get(service).and_then(|names| names.get(name));
        self.operations < self.operations_max + reserve
            || known.is_some_and(|variants| variants[variant].is_some())
    }
}

/// The beginning of a name that is too long for a label.
fn short(name: &str) -> &str {
    let mut end = name.len().min(NAME_BYTES_MAX);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

fn metadata() -> Vec<(String, Metadata)> {
    let describe = |name: &str, kind, help: &str, unit: &str| {
        (name.to_owned(), Metadata { kind, help: help.to_owned(), unit: unit.to_owned() })
    };
    vec![
        describe(CALLS, MetricKind::Counter, "Spans by service, name, kind and status.", ""),
        describe(DURATION, MetricKind::Histogram, "How long spans took.", "seconds"),
    ]
}

#[cfg(test)]
mod tests;
