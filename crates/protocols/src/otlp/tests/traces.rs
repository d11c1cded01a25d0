//! Traces: spans with everything they can have.

use model::{Span, SpanKind, StatusCode};
use testkit::corpora;

use super::*;
use crate::otlp::fuzz;

#[test]
fn a_span_with_everything() {
    let decoded = both(decode_traces, fuzz::TRACES, &fuzz::traces());
    assert_eq!(decoded.rejected.count, 1);
    assert_eq!(decoded.rejected.reason, "a span has no valid trace id or span id");
    let [span] = &decoded.batch.spans[..] else { panic!("{decoded:?}") };
    assert_eq!(span.trace_id.to_string(), "5b8efff798038103d269b633813fc60c");
    assert_eq!(span.span_id.to_string(), "eee19b7ec3c1b174");
    assert_eq!(span.parent_span_id.unwrap().to_string(), "eee19b7ec3c1b173");
    assert_eq!((span.trace_state.as_str(), span.flags), ("a=b", 257));
    assert_eq!((span.name.as_str(), span.kind), ("GET /", SpanKind::Server));
    assert_eq!((span.start_ns, span.duration_ns), (1_544_712_660_000_000_000, 1_000_000_000));
    assert_eq!((span.status.code, span.status.message.as_str()), (StatusCode::Error, "broken"));
    assert_eq!(span.resource.service(), "shop");
    assert_eq!((span.scope.name.as_str(), text(&span.scope.attributes).as_str()), ("lib", "s=t"));
    assert_eq!(text(&span.attributes), "list=[1,null] otel.dropped_attributes_count=2");
    let event = &span.events[0];
    assert_eq!((event.name.as_str(), text(&event.attributes)), ("exception", "ok=false".into()));
    assert_eq!(event.time_ns, 1_544_712_660_500_000_000);
    let link = &span.links[0];
    assert_eq!(link.trace_id.to_string(), "5b8efff798038103d269b633813fc60d");
    assert_eq!((link.trace_state.as_str(), text(&link.attributes)), ("c=d", "w=0.5".into()));
}

/// Start and duration of a span with these times.
fn times(start: &str, end: &str) -> (i64, i64) {
    let json = format!(
        r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{"traceId":"5b8efff798038103d269b633813fc60c",
            "spanId":"eee19b7ec3c1b174","startTimeUnixNano":{start},"endTimeUnixNano":{end}}}]}}]}}]}}"#
    );
    let limits = Limits::default();
    let decoded = decode_traces(json.as_bytes(), Encoding::Json, RECEIVED_NS, &limits).unwrap();
    let span: &Span = &decoded.batch.spans[0];
    (span.start_ns, span.duration_ns)
}

#[test]
fn times_that_make_no_sense() {
    assert_eq!(times("0", "0"), (RECEIVED_NS, 0));
    assert_eq!(times("0", "5"), (5, 0));
    assert_eq!(times("9", "5"), (9, 0));
    assert_eq!(times("\"18446744073709551615\"", "1"), (i64::MAX, 0));
}

#[test]
fn decodes_the_official_example() {
    let Some(folder) = corpora::corpus("otlp") else { return };
    let body = corpora::read(&folder.join("trace.json"));
    let decoded = decode_traces(&body, Encoding::Json, RECEIVED_NS, &Limits::default()).unwrap();
    let span = &decoded.batch.spans[0];
    assert_eq!((decoded.batch.spans.len(), decoded.rejected.count), (1, 0));
    assert_eq!((span.name.as_str(), span.kind), ("I'm a server span", SpanKind::Server));
    assert_eq!(text(&span.attributes), "my.span.attr=some value");
    assert_eq!(span.scope.version, "1.0.0");
}
