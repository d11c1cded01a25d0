//! Metrics: names, suffixes and what cannot be stored.

use model::{MetricBatch, is_stale_nan};
use testkit::corpora;

use super::*;
use crate::otlp::fuzz;

/// Every sample on a line, then exemplars and metadata.
fn describe(batch: &MetricBatch) -> String {
    let mut out = String::new();
    for sample in &batch.samples {
        let value = match sample.sample.value {
            value if is_stale_nan(value) => "stale".to_owned(),
            value => value.to_string(),
        };
        out += &format!("{} {value} @{}\n", sample.labels, sample.sample.t_ms);
    }
    for (series, exemplar) in &batch.exemplars {
        let labels = &exemplar.labels;
        out += &format!("{series} # {labels} {} @{}\n", exemplar.value, exemplar.t_ms);
    }
    for (name, metadata) in &batch.metadata {
        let kind = metadata.kind.name();
        out += &format!("{name}: {kind} {:?} {:?}\n", metadata.help, metadata.unit);
    }
    out
}

fn decode(json: &str) -> Decoded<MetricBatch> {
    decode_metrics(json.as_bytes(), Encoding::Json, RECEIVED_NS, &Limits::default()).unwrap()
}

/// A request of one metric, on a resource with these attributes.
fn request(resource: &str, metric: &str) -> String {
    format!(
        r#"{{"resourceMetrics":[{{"resource":{{"attributes":[{resource}]}},
            "scopeMetrics":[{{"metrics":[{metric}]}}]}}]}}"#
    )
}

#[test]
fn counters_histograms_and_summaries() {
    let decoded = both(decode_metrics, fuzz::METRICS, &fuzz::metrics());
    assert_eq!(decoded.rejected, Rejected::default());
    assert_eq!(
        describe(&decoded.batch),
        r#"{__name__="hits_total", http_method="GET", job="shop"} 7 @1544712660300
{__name__="latency_seconds_bucket", job="shop", le="0.1"} 1 @1544712660300
{__name__="latency_seconds_bucket", job="shop", le="1"} 3 @1544712660300
{__name__="latency_seconds_bucket", job="shop", le="+Inf"} 3 @1544712660300
{__name__="latency_seconds_count", job="shop"} 3 @1544712660300
{__name__="latency_seconds_sum", job="shop"} 1.5 @1544712660300
{__name__="size_sum", job="shop"} stale @1544712660300
{__name__="size_count", job="shop"} stale @1544712660300
{__name__="size", job="shop", quantile="0.5"} stale @1544712660300
{__name__="hits_total", http_method="GET", job="shop"} # {span_id="eee19b7ec3c1b174", trace_id="5b8efff798038103d269b633813fc60c"} 1 @1544712660200
hits_total: counter "Hits." ""
latency_seconds: histogram "" "seconds"
size: summary "" ""
"#,
    );
}

#[test]
fn resources_become_job_instance_and_target_info() {
    let resource = r#"{"key":"service.name","value":{"stringValue":"shop"}},
        {"key":"service.namespace","value":{"stringValue":"eu"}},
        {"key":"service.instance.id","value":{"intValue":7}},
        {"key":"host.name","value":{"stringValue":"h"}}"#;
    let gauge = r#"{"name":"temp","unit":"Cel","gauge":{"dataPoints":[
        {"asDouble":1.5,"timeUnixNano":"1000000000","attributes":[{"key":"job","value":{"stringValue":"x"}}]},
        {"asDouble":2.5,"timeUnixNano":"201000000000"},
        {"asInt":3}]}}"#;
    let decoded = decode(&request(resource, gauge));
    let text = describe(&decoded.batch);
    for expected in [
        "{__name__=\"temp_celsius\", instance=\"7\", job=\"eu/shop\"} 1.5 @1000\n",
        "{__name__=\"temp_celsius\", instance=\"7\", job=\"eu/shop\"} 3 @1700000000000\n",
        "{__name__=\"target_info\", host_name=\"h\", instance=\"7\", job=\"eu/shop\"} 1 @1700000000000\n",
    ] {
        assert!(text.contains(expected), "{text}");
    }
    assert_eq!(text.matches("target_info").count(), 1001, "bounded over half a century");
}

#[test]
fn target_info_covers_the_time_of_its_points() {
    let resource = r#"{"key":"service.name","value":{"stringValue":"s"}},{"key":"a","value":{"stringValue":"b"}}"#;
    let gauge = r#"{"name":"x","gauge":{"dataPoints":[
        {"asInt":1,"timeUnixNano":"1000000000000"},{"asInt":2,"timeUnixNano":"1400000000000"}]}}"#;
    let batch = decode(&request(resource, gauge)).batch;
    let times: Vec<_> = batch
        .samples
        .iter()
        .filter(|s| s.labels.metric_name() == "target_info")
        .map(|s| s.sample.t_ms)
        .collect();
    assert_eq!(times, [1_000_000, 1_150_000, 1_300_000, 1_400_000]);
}

#[test]
fn attributes_that_become_one_label_are_joined() {
    let gauge = r#"{"name":"x","gauge":{"dataPoints":[{"asInt":1,"timeUnixNano":"1000000","attributes":[
        {"key":"a_b","value":{"stringValue":"2"}},{"key":"a.b","value":{"stringValue":"1"}},
        {"key":"1st","value":{"boolValue":true}}]}]}}"#;
    let expected = "{__name__=\"x\", a_b=\"1;2\", key_1st=\"true\"} 1 @1\nx: gauge \"\" \"\"\n";
    assert_eq!(describe(&decode(&request("", gauge)).batch), expected);
}

#[test]
fn exemplars_go_to_their_buckets() {
    let histogram = r#"{"name":"h","histogram":{"aggregationTemporality":2,"dataPoints":[
        {"timeUnixNano":"5000000","count":2,"bucketCounts":[1,1],"explicitBounds":[1],"exemplars":[
          {"asDouble":1,"filteredAttributes":[{"key":"a","value":{"stringValue":"b"}}]},
          {"asInt":9,"filteredAttributes":[{"key":"long","value":{"stringValue":"LONG"}}]}]}]}}"#;
    let json = request("", &histogram.replace("LONG", &"x".repeat(125)));
    let text = describe(&decode(&json).batch);
    assert!(text.contains("{__name__=\"h_bucket\", le=\"1\"} # {a=\"b\"} 1 @5\n"), "{text}");
    assert!(text.contains("{__name__=\"h_bucket\", le=\"+Inf\"} # {} 9 @5\n"), "{text}");
    assert!(!text.contains("h_sum"), "there is no sum: {text}");
}

#[test]
fn what_cannot_be_stored_is_rejected_with_advice() {
    for (metric, count, advice) in [
        (
            r#"{"name":"d","sum":{"aggregationTemporality":1,"dataPoints":[{"asInt":1},{"asInt":2}]}}"#,
            2,
            "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative",
        ),
        (
            r#"{"name":"u","histogram":{"dataPoints":[{"count":1}]}}"#,
            1,
            "metric \"u\" has no temporality",
        ),
        (
            r#"{"name":"e","exponentialHistogram":{"aggregationTemporality":2,"dataPoints":[{},{},{}]}}"#,
            3,
            "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION=explicit_bucket_histogram",
        ),
        (r#"{"name":"...","gauge":{"dataPoints":[{"asInt":1}]}}"#, 1, "no letter or digit"),
        (
            r#"{"name":"g","gauge":{"dataPoints":[{"attributes":[{"key":"","value":{"intValue":1}}]}]}}"#,
            1,
            "an attribute without a name",
        ),
    ] {
        let decoded = decode(&request("", metric));
        assert_eq!(decoded.batch.samples, [], "{metric}");
        assert_eq!(decoded.rejected.count, count, "{metric}");
        assert!(decoded.rejected.reason.contains(advice), "{}", decoded.rejected.reason);
    }
}

#[test]
fn decodes_the_official_example() {
    let Some(folder) = corpora::corpus("otlp") else { return };
    let json = String::from_utf8(corpora::read(&folder.join("metrics.json"))).unwrap();
    let decoded = decode(&json);
    assert_eq!(decoded.rejected.count, 3, "delta and exponential: {}", decoded.rejected.reason);
    let gauge = "{__name__=\"my_gauge_ratio\", job=\"my.service\", my_gauge_attr=\"some value\"}";
    assert!(describe(&decoded.batch).starts_with(&format!("{gauge} 10 @1544712660300\n")));

    let cumulative = json.replace("\"aggregationTemporality\": 1", "\"aggregationTemporality\": 2");
    let text = describe(&decode(&cumulative).batch);
    assert!(text.contains("my_histogram_bucket"), "{text}");
    assert!(text.contains("my_counter_total"), "{text}");
}
