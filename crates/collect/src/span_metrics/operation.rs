//! The series of one service, span name, kind and status.

use model::{Exemplar, Labels, LabelsBuilder, METRIC_NAME, MetricBatch, Span, stale_nan};

use super::{CALLS, DURATION};

/// The upper bounds of the buckets in seconds, as the span metrics connector has them, and as
/// Prometheus 3 writes them.
pub(super) const BOUNDS: [(f64, &str); 16] = [
    (0.002, "0.002"),
    (0.004, "0.004"),
    (0.006, "0.006"),
    (0.008, "0.008"),
    (0.01, "0.01"),
    (0.05, "0.05"),
    (0.1, "0.1"),
    (0.2, "0.2"),
    (0.4, "0.4"),
    (0.8, "0.8"),
    (1.0, "1.0"),
    (1.4, "1.4"),
    (2.0, "2.0"),
    (5.0, "5.0"),
    (10.0, "10.0"),
    (15.0, "15.0"),
];
/// With the bucket for all that is longer.
const BUCKETS: usize = BOUNDS.len() + 1;

pub(super) struct Operation {
    labels: SeriesLabels,
    /// Spans of each bucket alone.
    counts: [u64; BUCKETS],
    sum_seconds: f64,
    /// The latest span of each bucket since the last flush.
    exemplars: [Option<Exemplar>; BUCKETS],
    /// Whether there was a span since the last flush.
    is_active: bool,
    /// The last flush before which there was one; `None` before the first.
    active_ms: Option<i64>,
}

struct SeriesLabels {
    calls: Labels,
    buckets: [Labels; BUCKETS],
    sum: Labels,
    count: Labels,
}

impl Operation {
    pub(super) fn new(labels: &[(&str, &str)]) -> Self {
        let base = LabelsBuilder::from(&Labels::from_pairs(labels.iter().copied()));
        let named = |name: &str| base.clone().set(METRIC_NAME, name).build();
        let bucket = |index: usize| {
            let bound = BOUNDS.get(index).map_or("+Inf", |(_, text)| text);
            let name = format!("{DURATION}_bucket");
            base.clone().set(METRIC_NAME, &name).set("le", bound).build()
        };
        Operation {
            labels: SeriesLabels {
                calls: named(CALLS),
                buckets: std::array::from_fn(bucket),
                sum: named(&format!("{DURATION}_sum")),
                count: named(&format!("{DURATION}_count")),
            },
            counts: [0; BUCKETS],
            sum_seconds: 0.0,
            exemplars: [const { None }; BUCKETS],
            is_active: false,
            active_ms: None,
        }
    }

    pub(super) fn observe(&mut self, span: &Span) {
        let seconds = span.duration_ns.max(0) as f64 / 1e9;
        let bucket = BOUNDS.iter().position(|(bound, _)| seconds <= *bound);
        let bucket = bucket.unwrap_or(BOUNDS.len());
        self.counts[bucket] += 1;
        self.sum_seconds += seconds;
        self.is_active = true;
        let t_ms = span.end_ns().div_euclid(1_000_000);
        if self.exemplars[bucket].as_ref().is_none_or(|known| known.t_ms <= t_ms) {
            let ids =
                [("span_id", span.span_id.to_string()), ("trace_id", span.trace_id.to_string())];
            let exemplar = Exemplar { labels: Labels::from_pairs(ids), t_ms, value: seconds };
            self.exemplars[bucket] = Some(exemplar);
        }
    }

    /// Whether there was no span for so long.
    pub(super) fn is_silent(&self, now_ms: i64, longest_ms: i64) -> bool {
        !self.is_active && self.active_ms.is_some_and(|active| now_ms - active >= longest_ms)
    }

    /// Adds the series as they are. New ones were zero at the flush before, so that a rate sees
    /// their first spans.
    pub(super) fn flush(&mut self, before_ms: i64, now_ms: i64, batch: &mut MetricBatch) {
        if self.active_ms.is_none() {
            self.push(before_ms, batch, [0.0; BUCKETS], 0.0);
        }
        if std::mem::take(&mut self.is_active) {
            self.active_ms = Some(now_ms);
        }
        let mut total = 0;
        let cumulative = self.counts.map(|count| {
            total += count;
            total as f64
        });
        self.push(now_ms, batch, cumulative, self.sum_seconds);
        for (labels, exemplar) in self.labels.buckets.iter().zip(&mut self.exemplars) {
            batch.exemplars.extend(exemplar.take().map(|exemplar| (labels.clone(), exemplar)));
        }
    }

    /// Marks the series as gone.
    pub(super) fn end(&self, now_ms: i64, batch: &mut MetricBatch) {
        for labels in self.labels.all() {
            batch.push(labels.clone(), now_ms, stale_nan());
        }
    }

    fn push(&self, t_ms: i64, batch: &mut MetricBatch, cumulative: [f64; BUCKETS], sum: f64) {
        let count = cumulative[BUCKETS - 1];
        batch.push(self.labels.calls.clone(), t_ms, count);
        for (labels, value) in self.labels.buckets.iter().zip(cumulative) {
            batch.push(labels.clone(), t_ms, value);
        }
        batch.push(self.labels.sum.clone(), t_ms, sum);
        batch.push(self.labels.count.clone(), t_ms, count);
    }
}

impl SeriesLabels {
    fn all(&self) -> impl Iterator<Item = &Labels> {
        [&self.calls, &self.sum, &self.count].into_iter().chain(&self.buckets)
    }
}
