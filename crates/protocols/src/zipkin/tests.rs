use std::collections::HashSet;

use model::{Attributes, Span, SpanKind, StatusCode};
use testkit::corpora;

use super::*;
use crate::Limits;

const RECEIVED_NS: i64 = 1_700_000_000_000_000_000;

fn spans(json: &str) -> Vec<Span> {
    decode(json.as_bytes(), RECEIVED_NS, &Limits::default()).unwrap().spans
}

fn text(attributes: &Attributes) -> String {
    let pairs: Vec<_> = attributes.iter().map(|(n, v)| format!("{n}={}", v.to_text())).collect();
    pairs.join(" ")
}

#[test]
fn a_span_with_everything() {
    let [span] = &spans(fuzz::SPANS)[..] else { panic!() };
    assert_eq!(span.trace_id.to_string(), "00000000000000005af7183fb1d4cf5f");
    assert_eq!(span.span_id.to_string(), "352bff9a74ca9ad2");
    assert_eq!(span.parent_span_id.unwrap().to_string(), "6b221d5bc9e6496c");
    assert_eq!((span.kind, span.name.as_str()), (SpanKind::Client, "get /api"));
    assert_eq!((span.start_ns, span.duration_ns), (1_556_604_172_355_737_000, 1_431_000));
    assert_eq!((span.status.code, span.status.message.as_str()), (StatusCode::Error, "timeout"));
    assert_eq!((span.resource.service(), span.scope.name.as_str()), ("backend", "lib"));
    assert_eq!(
        text(&span.attributes),
        "http.method=GET error=timeout n=5 net.host.ip=192.168.99.1 net.host.port=3306 \
         peer.service=db net.peer.ip=2001:db8::c001 net.peer.port=5432 zipkin.debug=true",
    );
    let events: Vec<_> =
        span.events.iter().map(|e| (e.name.as_str(), text(&e.attributes))).collect();
    assert_eq!(events, [("ws", String::new()), ("log", "level=info n=3".into())]);
}

/// Status code, message and attributes of a span with these tags.
fn status(tags: &str) -> (StatusCode, String, String) {
    let json = format!(r#"[{{"traceId":"1","id":"2","tags":{tags}}}]"#);
    let span = spans(&json).remove(0);
    (span.status.code, span.status.message, text(&span.attributes))
}

#[test]
fn tags_that_tell_the_status() {
    let plain = String::new;
    assert_eq!(status(r#"{"error":"true"}"#), (StatusCode::Error, plain(), plain()));
    assert_eq!(status(r#"{"error":""}"#), (StatusCode::Error, plain(), plain()));
    assert_eq!(status(r#"{"error":"false"}"#), (StatusCode::Unset, plain(), "error=false".into()));
    assert_eq!(
        status(r#"{"otel.status_code":"ERROR","otel.status_description":"no"}"#),
        (StatusCode::Error, "no".into(), plain()),
    );
    assert_eq!(status(r#"{"otel.status_code":"OK"}"#), (StatusCode::Ok, plain(), plain()));
}

#[test]
fn spans_without_a_time() {
    let times = |json: &str| spans(json)[0].start_ns;
    assert_eq!(times(r#"[{"traceId":"1","id":"2"}]"#), RECEIVED_NS);
    let annotated = r#"[{"traceId":"1","id":"2","annotations":[{"timestamp":9,"value":"b"},
        {"timestamp":7,"value":"a"}]}]"#;
    assert_eq!(times(annotated), 7000);
}

#[test]
fn a_span_is_not_its_own_parent() {
    let span =
        &spans(r#"[{"traceId":"1","id":"2","parentId":"2","shared":true,"kind":"SERVER"}]"#)[0];
    assert_eq!(span.parent_span_id, None);
    assert_eq!(text(&span.attributes), "zipkin.shared=true");
}

fn check_refused(body: &str, expected: &str) {
    let error = decode(body.as_bytes(), 0, &Limits::default()).unwrap_err();
    let reply = refused(&error);
    assert_eq!(
        (reply.status, String::from_utf8(reply.body).unwrap()),
        (400, expected.into()),
        "{body}"
    );
}

#[test]
fn errors_are_worded_as_zipkin_words_them() {
    assert_eq!(decode(b"", 0, &Limits::default()).unwrap().spans, []);
    assert_eq!(decode(b"[]", 0, &Limits::default()).unwrap().spans, []);
    check_refused("{}", "Expected a JSON_V2 encoded list");
    check_refused("[{]", "Malformed reading List<Span> from json: byte 2: expected a string");
    let ending = " reading List<Span> from json";
    for (body, expected) in [
        (r#"[{"id":"1"}]"#, "Missing : traceId at $[0]"),
        (r#"[{"traceId":"1","id":"1"},{}]"#, "Missing : traceId id at $[1]"),
        (r#"[{"traceId":""}]"#, "traceId is empty at $[0].traceId"),
        (r#"[{"traceId":"0"}]"#, "traceId is all zeros at $[0].traceId"),
        (r#"[{"id":"00000000000000001"}]"#, "id.length > 16 at $[0].id"),
        (r#"[{"id":"0xa"}]"#, "0xa should be lower-hex encoded with no prefix at $[0].id"),
        (r#"[{"kind":"BOTH"}]"#, "No enum constant zipkin2.Span.Kind.BOTH at $[0].kind"),
        (r#"[{"tags":{"a":null}}]"#, "No value at $[0].tags.a"),
        (r#"[{"annotations":[{"value":"x"}]}]"#, "Incomplete annotation at $[0].annotations[0]"),
        (
            r#"[{"binaryAnnotations":[]}]"#,
            "Expected a JSON_V2 encoded list, but received: JSON_V1 at $[0].binaryAnnotations",
        ),
    ] {
        check_refused(body, &format!("{expected}{ending}"));
    }
}

#[test]
fn many_empty_spans_are_refused() {
    let limits = Limits { decoded_bytes: 1 << 20, ..Limits::default() };
    let span = r#"{"traceId":"1","id":"1"}"#;
    let body = format!("[{}]", vec![span; 50_000].join(","));
    assert_eq!(decode(body.as_bytes(), 0, &limits).unwrap_err().http_status(), 413);
}

/// Real traces: every span is there, every parent within the trace is found.
#[test]
fn decodes_the_traces_of_zipkin_lens() {
    let Some(folder) = corpora::corpus("zipkin") else { return };
    for (name, body) in corpora::files(&folder, ".json") {
        let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let expected = json.as_array().unwrap();
        let spans = decode(&body, RECEIVED_NS, &Limits::default()).unwrap().spans;
        assert_eq!(spans.len(), expected.len(), "{name}");
        let keys: HashSet<_> = spans.iter().map(|s| (s.span_id, s.kind, s.start_ns)).collect();
        assert_eq!(keys.len(), spans.len(), "{name}: every span can be told from the others");
        for (span, expected) in spans.iter().zip(expected) {
            let service = expected["localEndpoint"]["serviceName"].as_str().unwrap_or_default();
            assert_eq!(span.resource.service(), service, "{name}");
            assert_eq!(span.name, expected["name"].as_str().unwrap_or_default(), "{name}");
            let annotations = expected["annotations"].as_array().map_or(0, Vec::len);
            assert_eq!(span.events.len(), annotations, "{name}");
        }
    }
}
