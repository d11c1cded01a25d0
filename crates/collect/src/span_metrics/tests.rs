//! Spans in, series out.

use std::sync::Arc;

use model::{Resource, Scope, Status, Value, is_stale_nan};

use super::*;

/// A span of so many milliseconds that ended at a time.
fn span(service: &str, name: &str, ms: i64, end_ms: i64) -> Span {
    let attributes = vec![("service.name".to_owned(), Value::Str(service.to_owned()))];
    Span {
        trace_id: "0102".parse().unwrap(),
        span_id: format!("{:x}", end_ms + 1).parse().unwrap(),
        parent_span_id: None,
        trace_state: String::new(),
        flags: 0,
        name: name.to_owned(),
        kind: SpanKind::Server,
        start_ns: (end_ms - ms) * 1_000_000,
        duration_ns: ms * 1_000_000,
        status: Status::default(),
        resource: Arc::new(Resource { attributes }),
        scope: Arc::new(Scope::default()),
        attributes: Vec::new(),
        events: Vec::new(),
        links: Vec::new(),
    }
}

fn observe(metrics: &mut SpanMetrics, spans: impl IntoIterator<Item = Span>) {
    metrics.observe(&SpanBatch { spans: spans.into_iter().collect() });
}

/// The samples of a metric: selected labels, time and value.
fn samples(batch: &MetricBatch, name: &str, label: &str) -> Vec<String> {
    let of_name = batch.samples.iter().filter(|s| s.labels.metric_name() == name);
    let shown = of_name.map(|s| {
        let value = match s.sample.value {
            value if is_stale_nan(value) => "stale".to_owned(),
            value => value.to_string(),
        };
        format!("{} {} {value}", s.labels.get(label).unwrap_or_default(), s.sample.t_ms)
    });
    let mut all: Vec<_> = shown.collect();
    all.sort();
    all
}

#[test]
fn spans_are_counted_by_operation() {
    let mut metrics = SpanMetrics::new(SpanMetrics::SERIES_MAX);
    let mut failed = span("shop", "GET /cart", 300, 2_000);
    failed.status.code = StatusCode::Error;
    failed.kind = SpanKind::Client;
    observe(
        &mut metrics,
        [span("shop", "GET /", 3, 1_000), span("shop", "GET /", 7, 1_500), failed],
    );
    let batch = metrics.flush(10_000);
    assert_eq!(
        samples(&batch, CALLS, "span_name"),
        ["GET / 0 0", "GET / 10000 2", "GET /cart 0 0", "GET /cart 10000 1"]
    );
    let labels = batch.samples.iter().map(|s| &s.labels);
    let failed = labels.clone().find(|l| l.get("span_name") == Some("GET /cart")).unwrap();
    assert_eq!(failed.get("status_code"), Some("STATUS_CODE_ERROR"));
    assert_eq!(failed.get("span_kind"), Some("SPAN_KIND_CLIENT"));
    assert_eq!(failed.get("service_name"), Some("shop"));

    let cart = |name: &str| {
        let mut all = samples(&batch, &format!("{DURATION}_{name}"), "le");
        all.retain(|sample| sample.contains(" 10000 "));
        all
    };
    assert_eq!(cart("sum").len(), 2);
    assert!(cart("bucket").contains(&"0.004 10000 1".to_owned()), "{:?}", cart("bucket"));
    assert!(cart("bucket").contains(&"0.008 10000 2".to_owned()));
    assert!(cart("bucket").contains(&"0.2 10000 0".to_owned()), "of GET /cart");
    assert!(cart("bucket").contains(&"+Inf 10000 2".to_owned()));
    assert_eq!(batch.samples.len(), 2 * 2 * SERIES_PER_OPERATION);
    assert_eq!(batch.metadata.len(), 2);
}

#[test]
fn counters_grow_and_zeros_come_once() {
    let mut metrics = SpanMetrics::new(SpanMetrics::SERIES_MAX);
    observe(&mut metrics, [span("a", "x", 1, 1_000)]);
    metrics.flush(10_000);
    observe(&mut metrics, [span("a", "x", 1, 11_000), span("a", "y", 1, 11_000)]);
    let batch = metrics.flush(20_000);
    assert_eq!(samples(&batch, CALLS, "span_name"), ["x 20000 2", "y 10000 0", "y 20000 1"]);
    assert!(batch.metadata.is_empty());
    let silent = metrics.flush(30_000);
    assert_eq!(samples(&silent, CALLS, "span_name"), ["x 30000 2", "y 30000 1"]);
}

#[test]
fn the_latest_span_of_a_bucket_is_its_exemplar() {
    let mut metrics = SpanMetrics::new(SpanMetrics::SERIES_MAX);
    let spans = [span("a", "x", 1, 2_000), span("a", "x", 1, 1_000), span("a", "x", 20_000, 3_000)];
    observe(&mut metrics, spans);
    let batch = metrics.flush(10_000);
    let shown: Vec<_> = batch
        .exemplars
        .iter()
        .map(|(series, e)| {
            let le = series.get("le").unwrap_or_default();
            format!("{le} {} {} {}", e.labels, e.value, e.t_ms)
        })
        .collect();
    let trace = "trace_id=\"00000000000000000000000000000102\"";
    assert_eq!(
        shown,
        [
            format!("0.002 {{span_id=\"00000000000007d1\", {trace}}} 0.001 2000"),
            format!("+Inf {{span_id=\"0000000000000bb9\", {trace}}} 20 3000"),
        ]
    );
    assert!(batch.exemplars[0].1.trace_id().is_some());
    assert!(metrics.flush(20_000).exemplars.is_empty());
}

#[test]
fn too_many_names_become_one() {
    let mut metrics = SpanMetrics::new(20 * SERIES_PER_OPERATION);
    observe(&mut metrics, (0..100).map(|n| span("a", &format!("name {n}"), 1, 1_000)));
    observe(&mut metrics, (0..100).map(|n| span(&format!("service {n}"), "x", 1, 1_000)));
    observe(&mut metrics, [span("a", "name 0", 1, 2_000)]);
    let batch = metrics.flush(10_000);
    let names = samples(&batch, CALLS, "span_name");
    assert!(names.contains(&"name 0 10000 2".to_owned()), "what is known stays apart");
    assert!(names.contains(&"(other) 10000 80".to_owned()), "{names:?}");
    let services = samples(&batch, CALLS, "service_name");
    assert!(services.contains(&"(other) 10000 99".to_owned()), "{services:?}");
    assert!(batch.samples.len() <= 2 * 24 * SERIES_PER_OPERATION, "{}", batch.samples.len());
    assert_eq!(metrics.self_metrics()[1].value, 180.0);
}

#[test]
fn a_day_of_silence_ends_a_series() {
    let mut metrics = SpanMetrics::new(SpanMetrics::SERIES_MAX);
    observe(&mut metrics, [span("a", "x", 1, 1_000)]);
    metrics.flush(10_000);
    let last = metrics.flush(10_000 + SILENCE_MAX_MS - 1);
    assert_eq!(samples(&last, CALLS, "span_name").len(), 1);
    let end_ms = 10_000 + SILENCE_MAX_MS;
    let batch = metrics.flush(end_ms);
    assert_eq!(samples(&batch, CALLS, "span_name"), [format!("x {end_ms} stale")]);
    assert_eq!(batch.samples.len(), SERIES_PER_OPERATION);
    assert!(metrics.flush(end_ms + 10_000).samples.is_empty());
    assert_eq!(metrics.self_metrics()[0].value, 0.0);
}

#[test]
fn odd_spans() {
    let mut metrics = SpanMetrics::new(SpanMetrics::SERIES_MAX);
    let mut nameless = span("", &"ä".repeat(300), -5, 1_000);
    nameless.resource = Arc::default();
    observe(&mut metrics, [nameless]);
    let batch = metrics.flush(10_000);
    let labels = &batch.samples[0].labels;
    assert_eq!(labels.get("service_name"), Some(UNKNOWN_SERVICE));
    assert_eq!(labels.get("span_name").unwrap().len(), 256);
    assert!(samples(&batch, &format!("{DURATION}_sum"), "le").contains(&" 10000 0".to_owned()));
}
