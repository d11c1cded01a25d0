use model::{Severity, Value};

use super::*;

fn record() -> LogRecord {
    LogRecord {
        time_ns: 1_787_392_800_000_000_000,
        severity: Severity::ERROR,
        message: "Payment of order 17 TIMED out".into(),
        service: "payments".into(),
        trace_id: "4bf92f3577b34da6a3ce929d0e0e4736".parse().ok(),
        fields: vec![
            ("http.status".into(), Value::Int(503)),
            ("took".into(), Value::Float(1.5)),
            ("retry".into(), Value::Bool(true)),
            ("path".into(), Value::from("/")),
            ("tags".into(), Value::Array(vec!["eu-west".into(), Value::Int(7)])),
        ],
        ..LogRecord::default()
    }
}

fn check(name: &str, test: Test, expected: bool) {
    let filter = Filter::field(name, test);
    assert_eq!(filter.matches(&record()), expected, "{filter:?}");
}

fn words(text: &str) -> Test {
    Test::Words(text.into())
}

fn range(lower: &str, upper: &str) -> Test {
    let bound = |text: &str| (!text.is_empty()).then(|| (text.to_owned(), false));
    Test::Range(Range { lower: bound(lower), upper: bound(upper) })
}

#[test]
fn words_in_texts_and_values_elsewhere() {
    check("message", words("timed out"), true);
    check("message", words("out timed"), false);
    check("http.status", words("503"), true);
    check("http.status", words("503.0"), true);
    check("http.status", words("50"), false);
    check("retry", words("true"), true);
    check("path", words("/"), true);
    check("tags", words("west"), true);
    check("tags", words("7"), true);
    check("trace_id", words("4BF92F3577B34DA6A3CE929D0E0E4736"), true);
}

#[test]
fn exact_values() {
    check("service.name", Test::Is("payments".into()), true);
    check("service.name", Test::Is("Payments".into()), false);
    check("severity", Test::Is("error".into()), true);
    check("took", Test::Is("1.5".into()), true);
    check("missing", Test::Exists, false);
    check("tags", Test::Exists, true);
}

#[test]
fn patterns_and_ranges() {
    check("message", Test::Wildcard(Wildcard::new("tim?d").unwrap()), true);
    check("message", Test::Wildcard(Wildcard::new("payment*out").unwrap()), true);
    check("path", Test::Wildcard(Wildcard::new(r"\*").unwrap()), false);
    check("message", Test::Regex(model::Regexp::anchored("tim.d").unwrap()), true);
    check("http.status", range("499", "600"), true);
    check("http.status", range("503", ""), false);
    check("took", range("1", "1.75"), true);
    check("message", range("1", ""), true);
    check("timestamp", range("2026-08-22", "2026-08-22T10:00:01Z"), true);
    check("timestamp", range("2026-08-23", ""), false);
}

#[test]
fn any_field_and_fields_by_pattern() {
    assert!(Filter::any(words("payments")).matches(&record()));
    assert!(Filter::any(words("503")).matches(&record()));
    assert!(!Filter::any(words("1787392800000000000")).matches(&record()), "not the time");
    let field = FieldName::Pattern(Wildcard::new("http.*").unwrap());
    assert!(Filter::Field(Predicate { field, test: words("503") }).matches(&record()));
}

#[test]
fn a_negation_holds_for_missing_fields() {
    assert!(Filter::field("missing", words("x")).negated().matches(&record()));
    let both = Filter::All.and(Filter::any(words("order"))).and(Filter::any(words("17")));
    assert!(matches!(&both, Filter::And(all) if all.len() == 2));
    assert!(both.matches(&record()));
}
