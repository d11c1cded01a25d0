//! Logs: records with bodies, attributes and identifiers in both encodings.

use model::LogRecord;
use testkit::corpora;

use super::*;
use crate::otlp::fuzz;

/// Everything about a record in one line.
fn line(record: &LogRecord) -> String {
    format!(
        "{} {} {:?} {:?} {} {} | {}",
        record.time_ns,
        record.severity.number(),
        record.message,
        record.service,
        record.trace_id.map_or_else(String::new, |id| id.to_string()),
        record.span_id.map_or_else(String::new, |id| id.to_string()),
        text(&record.fields),
    )
}

#[test]
fn records_of_both_shapes() {
    let decoded = both(decode_logs, fuzz::LOGS, &fuzz::logs());
    let lines: Vec<_> = decoded.batch.records.iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "1544712660300000000 17 \"it broke\" \"shop\" 5b8efff798038103d269b633813fc60c \
             eee19b7ec3c1b174 | raw=AQI= trace_flags=1 severity_text=Oops scope.name=lib \
             scope.version=1 scope.s=t",
            "1700000000000000000 13 \"hello\" \"shop\"   | event.name=page.view at.x=3 \
             scope.name=lib scope.version=1 scope.s=t",
        ],
    );
    assert_eq!(decoded.batch.records[0].observed_ns, 1_544_712_660_400_000_000);
}

/// The record of some attributes, with `host` and `zone` on the resource.
fn record(attributes: &str) -> LogRecord {
    let pairs = |json: &str| -> String {
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        let pairs = value.as_object().unwrap().iter().map(|(name, value)| {
            serde_json::json!({"key": name, "value": {"stringValue": value}}).to_string()
        });
        pairs.collect::<Vec<_>>().join(",")
    };
    let json = format!(
        r#"{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{{"attributes":[{}]}}]}}],
            "resource":{{"attributes":[{}]}}}}]}}"#,
        pairs(attributes),
        pairs(r#"{"host":"a","zone":"eu","service.name":"shop"}"#),
    );
    let limits = Limits::default();
    let decoded = decode_logs(json.as_bytes(), Encoding::Json, RECEIVED_NS, &limits).unwrap();
    decoded.batch.records[0].clone()
}

#[test]
fn attributes_are_lifted_and_kept_apart_from_the_resources() {
    let record = record(
        r#"{"host":"b","msg":"hello","level":"warn","trace.id":"5b8efff798038103d269b633813fc60c",
            "@timestamp":"2026-08-22T10:00:00Z"}"#,
    );
    assert_eq!(
        line(&record),
        "1787392800000000000 13 \"hello\" \"shop\" 5b8efff798038103d269b633813fc60c  | host=b \
         resource.host=a zone=eu",
    );
}

#[test]
fn decodes_the_official_examples() {
    let Some(folder) = corpora::corpus("otlp") else { return };
    let decode = |name: &str| {
        let body = corpora::read(&folder.join(name));
        let decoded = decode_logs(&body, Encoding::Json, RECEIVED_NS, &Limits::default()).unwrap();
        line(&decoded.batch.records[0])
    };
    assert_eq!(
        decode("logs.json"),
        "1544712660300000000 10 \"Example log record\" \"my.service\" \
         5b8efff798038103d269b633813fc60c eee19b7ec3c1b174 | string.attribute=some string \
         boolean.attribute=true int.attribute=10 double.attribute=637.704 \
         array.attribute=[\"many\",\"values\"] map.attribute.some.map.key=some value \
         severity_text=Information scope.name=my.library scope.version=1.0.0 \
         scope.my.scope.attribute=some scope attribute",
    );
    let event = decode("events.json");
    assert!(event.contains("event.name=browser.page_view"), "{event}");
    assert!(event.contains("title=Free Online GUID Generator"), "{event}");
}
