use super::*;

fn absorb(json: &str) -> LogRecord {
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    let mut fields = Attributes::new();
    crate::flatten(String::new(), json.into(), &mut fields);
    let mut record = LogRecord::default();
    record.absorb(fields, 77);
    record
}

fn names(record: &LogRecord) -> Vec<&str> {
    record.fields.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn aliases_are_lifted_and_the_rest_stays() {
    let record = absorb(
        r#"{"@timestamp":"2026-08-22T10:00:00.5Z","level":"WARN","msg":"slow","log":"raw",
            "traceId":"4bf92f3577b34da6a3ce929d0e0e4736","span":{"id":"00f067aa0ba902b7"},
            "requestId":"r-1","user":{"id":42},"service":{"name":"shop"},"took":1.5}"#,
    );
    assert_eq!(record.time_ns, 1_787_392_800_500_000_000);
    assert_eq!(record.severity, Severity::WARN);
    assert_eq!((record.message.as_str(), record.service.as_str()), ("slow", "shop"));
    assert_eq!(record.get("trace_id").unwrap().to_text(), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(record.get("span_id").unwrap().to_text(), "00f067aa0ba902b7");
    assert_eq!(record.get("request_id").unwrap().to_text(), "r-1");
    assert_eq!(record.get("user_id").unwrap().to_text(), "42");
    assert_eq!(names(&record), ["request_id", "user_id", "log", "took"]);
}

#[test]
fn what_does_not_fit_stays_a_field() {
    let record = absorb(r#"{"trace_id":"none","level":{"a":1},"time":"soon"}"#);
    assert_eq!(record.trace_id, None);
    assert_eq!(record.time_ns, 77, "the time of receipt");
    assert_eq!(names(&record), ["level.a", "time", "trace_id"]);
}

#[test]
fn datadog_ids_are_decimal() {
    let record = absorb(r#"{"dd.trace_id":"255","dd.span_id":"16"}"#);
    assert_eq!(record.trace_id.unwrap().to_string(), format!("{:032x}", 255));
    assert_eq!(record.span_id.unwrap().to_string(), format!("{:016x}", 16));
}

#[test]
fn timestamps_in_many_shapes() {
    for (json, expected_ns) in [
        (r#"{"ts":1787392800}"#, 1_787_392_800_000_000_000),
        (r#"{"ts":1787392800.25}"#, 1_787_392_800_250_000_000),
        (r#"{"time":1787392800123}"#, 1_787_392_800_123_000_000),
        (r#"{"time":"2026-08-22T12:00:00+02:00"}"#, 1_787_392_800_000_000_000),
        (r#"{"time":"2026-08-22 10:00:00,250"}"#, 1_787_392_800_250_000_000),
        (r#"{"time":"22/Aug/2026:10:00:00 +0000"}"#, 1_787_392_800_000_000_000),
        (r#"{"time":"2026-08-22T10:00:00.123+0000"}"#, 1_787_392_800_123_000_000),
    ] {
        assert_eq!(absorb(json).time_ns, expected_ns, "{json}");
    }
}

#[test]
fn a_query_may_use_any_alias() {
    assert_eq!(aliases::canonical("level"), Some("severity"));
    assert_eq!(aliases::canonical("trace.id"), Some("trace_id"));
    assert_eq!(aliases::canonical("message"), None);
    assert_eq!(aliases::canonical("host"), None);
}
