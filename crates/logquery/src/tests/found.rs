//! What queries find in a handful of records.

use model::{Attributes, LogBatch, LogRecord, TimeRange, flatten};
use store::{LogSearch, LogStore, MemStore, Order, QueryContext};

use super::*;

/// A store with these records, as a shipper would send them; the field `n` tells them apart.
pub(super) fn store_of(lines: &[&str]) -> MemStore {
    let records = lines.iter().map(|line| {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut fields = Attributes::new();
        flatten(String::new(), json.into(), &mut fields);
        let mut record = LogRecord::default();
        record.absorb(fields, 1);
        record
    });
    let store = MemStore::new();
    let batch = LogBatch { records: records.collect() };
    store.append(batch).unwrap().wait().unwrap();
    store
}

/// The records that a query finds, oldest first.
pub(super) fn search(store: &MemStore, filter: Filter) -> Vec<LogRecord> {
    let search =
        LogSearch { range: TimeRange::ALL, filter, order: Order::Oldest, after: None, limit: 1000 };
    let page = store.search(&search, &QueryContext::default()).unwrap();
    page.records.into_iter().map(|found| found.record).collect()
}

const LINES: [&str; 5] = [
    r#"{"n":1,"@timestamp":"2026-08-22T10:00:00Z","level":"WARN","message":"payment timed out",
        "service":"payments","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","user_id":42,"took":250.5}"#,
    r#"{"n":2,"@timestamp":"2026-08-22T11:00:00Z","severity":"info","msg":"order 17 placed",
        "service.name":"orders","items":{"name":"mug","price":5},"http":{"status":201}}"#,
    r#"{"n":3,"@timestamp":"2026-08-23T00:00:00Z","level":"error","log.level":"fatal",
        "log":"GET /api/orders 503","app":"Frontend","http":{"status":503},"tags":["eu","canary"]}"#,
    r#"{"n":4,"@timestamp":"2026-08-23T12:00:00Z","level":"loud","message":"Payment declined",
        "kubernetes":{"pod_name":"payments-7","labels":{"app":"payments"}}}"#,
    r#"{"n":5,"time":1787500000,"severity":"debug","level":"warn","body":"cache warm",
        "path":"/var/log/x y","code":"200"}"#,
];

fn check(language: Language, text: &str, expected: &[i64]) {
    let store = store_of(&LINES);
    let filter = filter(language, text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    let mut numbers: Vec<i64> = search(&store, filter)
        .iter()
        .map(|record| record.get("n").unwrap().to_text().parse().unwrap())
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, expected, "{text}");
}

fn kql(text: &str, expected: &[i64]) {
    check(Language::Kql, text, expected);
}

fn lucene(text: &str, expected: &[i64]) {
    check(Language::Lucene, text, expected);
}

#[test]
fn by_severity_under_any_name() {
    kql("level: warning", &[1]);
    kql("level: warn", &[1, 5]);
    kql("severity: warn", &[1]);
    kql("level: loud", &[4]);
    kql("level >= warn", &[1, 3, 5]);
    kql("not level: *", &[]);
    kql("not severity: *", &[4]);
    lucene("+level:(warn error) -service:payments", &[3, 5]);
}

#[test]
fn by_words_and_phrases() {
    kql("payment", &[1, 4]);
    kql("timed order", &[1, 2]);
    kql(r#""payment declined""#, &[4]);
    kql(r#"message: "out timed""#, &[]);
    kql("msg: payment and not declined", &[1]);
    kql("pay*", &[1, 4]);
    kql("service: frontend", &[3]);
    kql("service.name.keyword: frontend", &[]);
    kql("app.keyword: Frontend", &[3]);
    kql("503", &[3]);
    kql("kubernetes.*: payments", &[4]);
    kql(r#"path: "/var/log/x y""#, &[5]);
    lucene(r#"path:/\/var.*/"#, &[5]);
    lucene("log:/ord[a-z]+/", &[2, 3]);
}

#[test]
fn by_numbers_dates_and_identifiers() {
    kql("http.status >= 500", &[3]);
    kql("http.status: (201 or 503)", &[2, 3]);
    kql("took > 250 and took < 251", &[1]);
    kql("items: { name: mug and price > 3 }", &[2]);
    kql("user.id: 42", &[1]);
    kql("traceId: 4BF92F3577B34DA6A3CE929D0E0E4736", &[1]);
    kql("@timestamp: 2026-08-22", &[1, 2]);
    kql(r#"timestamp > "2026-08-22T10:00:00Z" and timestamp < 2026-08-23"#, &[2]);
    lucene("http.status:[200 TO 299]", &[2]);
    lucene("tags:canary AND _exists_:http.status", &[3]);
    lucene("@timestamp:[2026-08-23 TO *]", &[3, 4, 5]);
    lucene("code:200 OR (-_exists_:http.status)", &[1, 4, 5]);
}
