//! Random log records, spans, and questions about them.
//!
//! Names and values come from small pools, so that types conflict, fields bear the names of known
//! columns, and questions find something.

use std::sync::Arc;

use model::{
    Attributes, Event, Link, LogRecord, Regexp, Resource, Scope, Severity, Span, SpanId, SpanKind,
    Status, StatusCode, TraceId, Value,
};
use store::{FieldName, Filter, Predicate, Range, Test, TraceSearch, Wildcard};

use crate::Rng;

const NAMES: &[&str] = &[
    "a",
    "b",
    "c",
    "status",
    "status@text",
    "http.status",
    "user_id",
    "tags",
    "naïve näme",
    "",
    "timestamp",
    "message",
    "trace_id",
    "service.name",
    "_rest",
    "_sequence",
    "severity_number",
    "observed_timestamp",
    "$x",
    "quote\"\\",
    "name",
];
const TEXTS: &[&str] = &[
    "",
    "/",
    "order 17 timed out",
    "Order 18 TIMED-OUT",
    "payments",
    "api",
    "GET /api/v1/orders",
    "naïve Über",
    "true",
    "17",
    "1.5",
    "200",
    "error",
    "x",
    "\u{1}\n\"",
    "a b c",
    "2026-08-22T10:00:00Z",
    "K\u{212a}",
];
const SERVICES: &[&str] = &["", "api", "payments", "shop", "Über"];
const NUMBERS: &[i64] = &[0, 1, 17, 200, 503, -5, i64::MAX, i64::MIN, 1_787_392_800_000_000_000];
const FLOATS: &[f64] = &[0.0, 1.5, -0.25, 200.0, 1e300, f64::INFINITY, f64::NAN, 0.1];

/// The trace identifiers that random records and spans have.
pub fn trace_id(number: usize) -> TraceId {
    let mut bytes = [0xab; 16];
    bytes[15] = number as u8;
    TraceId::new(bytes).expect("not all zeros")
}

fn span_id(number: usize) -> SpanId {
    let mut bytes = [7; 8];
    bytes[7] = number as u8;
    SpanId::new(bytes).expect("not all zeros")
}

/// A value, nested at most `depth` deep.
pub fn value(rng: &Rng, depth: usize) -> Value {
    match rng.below(if depth == 0 { 9 } else { 12 }) {
        0 => Value::Bool(rng.one_in(2)),
        1..=3 => Value::Int(*rng.pick(NUMBERS)),
        4 => Value::Float(*rng.pick(FLOATS)),
        5..=7 => Value::from(*rng.pick(TEXTS)),
        8 => Value::Bytes(rng.pick(TEXTS).as_bytes().to_vec()),
        9 => Value::Map(vec![("k".to_owned(), value(rng, depth - 1))]),
        _ => Value::Array((0..rng.below(3)).map(|_| value(rng, depth - 1)).collect()),
    }
}

/// Fields, each name at most once, sorted by name.
pub fn fields(rng: &Rng) -> Attributes {
    let mut fields: Attributes = (0..rng.below(6))
        .map(|_| {
            let name = *rng.pick(NAMES);
            // Most fields keep to one type, as in life.
            let value = match (name, rng.one_in(4)) {
                ("status" | "http.status", false) => Value::Int(*rng.pick(&[200, 404, 503])),
                ("user_id" | "a", false) => Value::from(*rng.pick(TEXTS)),
                _ => value(rng, 2),
            };
            (name.to_owned(), value)
        })
        .filter(|(_, value)| !matches!(value, Value::Map(_)))
        .collect();
    fields.sort_by(|a, b| a.0.cmp(&b.0));
    fields.dedup_by(|a, b| a.0 == b.0);
    fields
}

/// A log record that happened within `spread_ns` before `now_ns`.
pub fn log_record(rng: &Rng, now_ns: i64, spread_ns: i64) -> LogRecord {
    LogRecord {
        time_ns: now_ns - (rng.bits() % spread_ns.unsigned_abs()).cast_signed(),
        observed_ns: if rng.one_in(3) { now_ns } else { 0 },
        severity: Severity::from_number(rng.below(25) as i64),
        message: (*rng.pick(TEXTS)).to_owned(),
        service: (*rng.pick(SERVICES)).to_owned(),
        stream: (*rng.pick(&["", "app-logs", "nginx"])).to_owned(),
        trace_id: rng.one_in(2).then(|| trace_id(rng.below(9))),
        span_id: rng.one_in(4).then(|| span_id(rng.below(9))),
        fields: fields(rng),
    }
}

/// A condition, at most `depth` deep.
pub fn filter(rng: &Rng, depth: usize) -> Filter {
    let several = || (0..rng.below(3) + 1).map(|_| filter(rng, depth - 1)).collect();
    match rng.below(if depth == 0 { 6 } else { 12 }) {
        0 => Filter::All,
        6 | 7 => Filter::And(several()),
        8 | 9 => Filter::Or(several()),
        10 => Filter::Not(Box::new(filter(rng, depth - 1))),
        _ => Filter::Field(Predicate { field: field_name(rng), test: test(rng) }),
    }
}

fn field_name(rng: &Rng) -> FieldName {
    let known = ["timestamp", "message", "severity", "service.name", "stream", "trace_id"];
    match rng.below(8) {
        0 => FieldName::Any,
        1 => {
            let pattern = rng.pick(&["*", "s*", "?", "*status*", "t*", "trace_i?"]);
            FieldName::Pattern(Wildcard::new(pattern).expect("short"))
        }
        2..=4 => FieldName::Named((*rng.pick(&known)).to_owned()),
        _ => FieldName::Named((*rng.pick(NAMES)).to_owned()),
    }
}

fn word(rng: &Rng) -> String {
    match rng.below(6) {
        0 => trace_id(rng.below(9)).to_string(),
        1 => trace_id(rng.below(9)).to_string().to_uppercase(),
        2 => rng.pick(NUMBERS).to_string(),
        3 => (*rng.pick(&["timed out", "order", "api v1", "über", "error", "503.0", "k"])).into(),
        _ => (*rng.pick(TEXTS)).to_owned(),
    }
}

fn test(rng: &Rng) -> Test {
    match rng.below(9) {
        0 => Test::Exists,
        1 | 2 => Test::Is(word(rng)),
        3..=5 => Test::Words(word(rng)),
        6 => {
            let pattern = rng.pick(&["*", "o?der", "*e*", "2*", "abab*", "tru?", "-*", ""]);
            Test::Wildcard(Wildcard::new(pattern).expect("short"))
        }
        7 => {
            let pattern = rng.pick(&["o.*", "[0-9]+", "(?i)TIMED", "true|api", "ab.{30}"]);
            Test::Regex(Regexp::anchored(pattern).expect("well formed"))
        }
        _ => {
            let bound = || {
                (!rng.one_in(3)).then(|| {
                    let dates = ["2026-08-22", "2026-08-22T09:59:59Z", "199", "1.5", "nan"];
                    let text = match rng.one_in(2) {
                        true => (*rng.pick(&dates)).to_owned(),
                        false => word(rng),
                    };
                    (text, rng.one_in(2))
                })
            };
            Test::Range(Range { lower: bound(), upper: bound() })
        }
    }
}

/// A span that began within `spread_ns` before `now_ns`.
pub fn span(rng: &Rng, now_ns: i64, spread_ns: i64) -> Span {
    let service = Value::from(*rng.pick(SERVICES));
    let mut resource = fields(rng);
    resource.retain(|(name, _)| name != "service.name");
    if !rng.one_in(8) {
        resource.push(("service.name".to_owned(), service));
        resource.sort_by(|a, b| a.0.cmp(&b.0));
    }
    let links = (0..rng.below(8).saturating_sub(6)).map(|_| Link {
        trace_id: trace_id(rng.below(9)),
        span_id: span_id(rng.below(9)),
        trace_state: String::new(),
        attributes: fields(rng),
    });
    let events = (0..rng.below(6).saturating_sub(3)).map(|_| Event {
        time_ns: now_ns,
        name: (*rng.pick(TEXTS)).to_owned(),
        attributes: fields(rng),
    });
    Span {
        trace_id: trace_id(rng.below(60)),
        span_id: span_id(rng.below(200)),
        parent_span_id: rng.one_in(2).then(|| span_id(rng.below(200))),
        trace_state: (*rng.pick(&["", "k=v"])).to_owned(),
        flags: rng.below(3) as u32,
        name: (*rng.pick(TEXTS)).to_owned(),
        kind: *rng.pick(&SpanKind::ALL),
        start_ns: now_ns - (rng.bits() % spread_ns.unsigned_abs()).cast_signed(),
        duration_ns: *rng.pick(&[0, 5, 1_000, 2_000_000]),
        status: Status {
            code: *rng.pick(&[StatusCode::Unset, StatusCode::Ok, StatusCode::Error]),
            message: (*rng.pick(&["", "deadline exceeded"])).to_owned(),
        },
        resource: Arc::new(Resource { attributes: resource }),
        scope: Arc::new(Scope {
            name: (*rng.pick(&["", "shop.http"])).to_owned(),
            version: (*rng.pick(&["", "1.2"])).to_owned(),
            attributes: if rng.one_in(4) { fields(rng) } else { Attributes::new() },
        }),
        attributes: fields(rng),
        events: events.collect(),
        links: links.collect(),
    }
}

/// A search for traces whose spans come from [`span`].
pub fn trace_search(rng: &Rng, now_ns: i64, spread_ns: i64) -> TraceSearch {
    let instant = || now_ns - (rng.bits() % spread_ns.unsigned_abs()).cast_signed();
    let (one, other) = (instant(), instant());
    let tag = || {
        let (name, value) = match rng.below(8) {
            0 => ("error", "true"),
            1 => ("span.kind", *rng.pick(&["server", "client", ""])),
            2 => ("otel.status_code", *rng.pick(&["OK", "ERROR"])),
            3 => ("otel.scope.name", "shop.http"),
            4 => ("otel.scope.version", "1.2"),
            _ => (*rng.pick(NAMES), *rng.pick(&["200", "404", "503", "true", "api", "[]", "x"])),
        };
        (name.to_owned(), value.to_owned())
    };
    TraceSearch {
        range: match rng.one_in(3) {
            true => model::TimeRange::ALL,
            false => model::TimeRange::new(one.min(other), one.max(other)),
        },
        service: rng.one_in(2).then(|| (*rng.pick(SERVICES)).to_owned()),
        operation: rng.one_in(5).then(|| (*rng.pick(TEXTS)).to_owned()),
        tags: (0..rng.below(5).saturating_sub(2)).map(|_| tag()).collect(),
        duration_min_ns: rng.one_in(4).then(|| *rng.pick(&[0, 5, 6])),
        duration_max_ns: rng.one_in(4).then(|| *rng.pick(&[5, 2_000_000])),
        limit: *rng.pick(&[1, 3, 20]),
    }
}
