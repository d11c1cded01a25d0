use model::{Attributes, Span, SpanBatch, SpanKind, StatusCode};

use super::fuzz::Thrift::{self, Bool, I32, I64, List, Struct, Text};
use super::fuzz::{batch, emit_batch, span, text_tag};
use super::*;
use crate::{Decoded, Limits};

const ENCODINGS: [Encoding; 2] = [Encoding::Binary, Encoding::Compact];

/// Decodes a batch of one span, which must be the same in both encodings.
fn decode(spans: fn() -> Vec<Thrift>) -> Decoded<SpanBatch> {
    let limits = Limits::default();
    let [binary, compact] = ENCODINGS.map(|encoding| {
        let bytes = batch(spans()).encode(encoding);
        let decoded = decode_batch(&bytes, encoding, &limits).unwrap();
        let call = emit_batch(batch(spans()), encoding);
        assert_eq!(decode_emit_batch(&call, encoding, &limits).as_ref(), Ok(&decoded));
        decoded
    });
    assert_eq!(binary, compact);
    binary
}

fn text(attributes: &Attributes) -> String {
    let pairs: Vec<_> = attributes.iter().map(|(n, v)| format!("{n}={}", v.to_text())).collect();
    pairs.join(" ")
}

#[test]
fn a_span_with_everything() {
    let decoded = decode(|| vec![span()]);
    let span = &decoded.batch.spans[0];
    assert_eq!(span.trace_id.to_string(), "00000000000000010000000000000002");
    assert_eq!(span.span_id.to_string(), "fffffffffffffffd");
    assert_eq!(span.parent_span_id.unwrap().to_string(), "0000000000000004");
    assert_eq!((span.trace_state.as_str(), span.flags), ("a=b", 1));
    assert_eq!((span.name.as_str(), span.kind), ("GET /", SpanKind::Client));
    assert_eq!((span.start_ns, span.duration_ns), (1_000_000_000, 250_000));
    assert_eq!((span.status.code, span.status.message.as_str()), (StatusCode::Error, "broken"));
    assert_eq!(text(&span.resource.attributes), "service.name=shop host.name=h1 version=2");
    assert_eq!(span.scope.name, "lib");
    assert_eq!(text(&span.attributes), "rate=0.5 http.status_code=503 raw=AQI=");
    let event = &span.events[0];
    assert_eq!((event.time_ns, event.name.as_str()), (1_500_000_000, "retry"));
    assert_eq!(text(&event.attributes), "why=timeout");
    let [link] = &span.links[..] else { panic!("the parent is not a link") };
    assert_eq!(link.trace_id.to_string(), "00000000000000010000000000000009");
    assert_eq!(text(&link.attributes), "opentracing.ref_type=follows_from");
}

#[test]
fn spans_without_identifiers_are_rejected() {
    let decoded = decode(|| vec![Struct(vec![(1, I64(1))]), Struct(vec![(3, I64(1))]), span()]);
    assert_eq!((decoded.batch.spans.len(), decoded.rejected.count), (1, 2));
}

/// A span with these fields besides its identifiers.
fn with(fields: fn() -> Vec<(i16, Thrift)>) -> Span {
    let bytes = {
        let mut all = vec![(1, I64(1)), (2, I64(0)), (3, I64(2))];
        all.extend(fields());
        batch(vec![Struct(all)]).encode(Encoding::Compact)
    };
    let decoded = decode_batch(&bytes, Encoding::Compact, &Limits::default()).unwrap();
    decoded.batch.spans[0].clone()
}

#[test]
fn a_reference_within_the_trace_is_the_parent() {
    let span = with(|| {
        let reference = |kind, trace, span| {
            Struct(vec![(1, I32(kind)), (2, I64(trace)), (3, I64(0)), (4, I64(span))])
        };
        vec![(6, List(vec![reference(0, 7, 8), reference(1, 1, 5), reference(0, 1, 6)]))]
    });
    assert_eq!(span.parent_span_id.unwrap().to_string(), "0000000000000006");
    assert_eq!(span.links.len(), 2);
}

#[test]
fn tags_that_tell_the_status() {
    let check = |tags: fn() -> Vec<(i16, Thrift)>, code, message: &str, rest: &str| {
        let span = with(tags);
        assert_eq!((span.status.code, span.status.message.as_str()), (code, message));
        assert_eq!(text(&span.attributes), rest);
    };
    check(|| vec![(10, List(vec![text_tag("error", "true")]))], StatusCode::Error, "", "");
    check(
        || vec![(10, List(vec![Struct(vec![(1, Text("error")), (2, I32(2)), (5, Bool(false))])]))],
        StatusCode::Unset,
        "",
        "error=false",
    );
    check(
        || {
            vec![(
                10,
                List(vec![
                    text_tag("otel.status_code", "ERROR"),
                    text_tag("otel.status_description", "x"),
                ]),
            )]
        },
        StatusCode::Error,
        "x",
        "",
    );
    check(|| vec![(10, List(vec![text_tag("otel.status_code", "ok")]))], StatusCode::Ok, "", "");
    check(
        || {
            vec![(
                10,
                List(vec![
                    text_tag("http.status_code", "404"),
                    text_tag("http.status_message", "gone"),
                ]),
            )]
        },
        StatusCode::Error,
        "gone",
        "http.status_code=404 http.status_message=gone",
    );
    check(
        || {
            vec![(
                10,
                List(vec![text_tag("http.status_code", "404"), text_tag("span.kind", "server")]),
            )]
        },
        StatusCode::Unset,
        "",
        "http.status_code=404",
    );
}

#[test]
fn a_tag_has_the_value_its_type_names() {
    let span = with(|| {
        let all = vec![(1, Text("k")), (2, I32(3)), (3, Text("")), (5, Bool(true)), (6, I64(42))];
        let none = vec![(1, Text("n")), (2, I32(2))];
        vec![(10, List(vec![Struct(all), Struct(none)]))]
    });
    assert_eq!(text(&span.attributes), "k=42 n=false");
}

#[test]
fn unknown_fields_are_skipped() {
    let span = with(|| {
        let nested = Struct(vec![(1, Bool(true)), (2, List(vec![Bool(false), Bool(true)]))]);
        vec![(5, Text("op")), (20, nested), (21, Bool(true)), (22, List(vec![I64(1)]))]
    });
    assert_eq!(span.name, "op");
}

#[test]
fn lengths_and_depths_are_not_trusted() {
    let limits = Limits::default();
    let error =
        |bytes: &[u8]| decode_batch(bytes, Encoding::Binary, &limits).unwrap_err().to_string();
    assert_eq!(error(b""), "byte 0: 1 bytes are announced, 0 are left");
    assert_eq!(
        error(b"\x0f\x00\x02\x0c\x7f\xff\xff\xff"),
        "byte 8: 2147483647 elements are announced, 0 bytes are left",
    );
    assert_eq!(error(b"\x0c\x00\x01\x0b\x00\x01\xff\xff\xff\xff"), "byte 10: a length of -1",);
    assert_eq!(error(b"\x05\x00\x01"), "byte 1: type 5");
    assert_eq!(error(b"\x0a\x00\x01\x00"), "byte 3: expected Struct, found I64");
    let nested = b"\x0c\x00\x09".repeat(1000);
    assert!(error(&nested).ends_with("nested deeper than 100 levels"));
    let lists = [&b"\x0f\x00\x09"[..], &b"\x0f\x00\x00\x00\x01".repeat(1000)].concat();
    assert!(error(&lists).ends_with("nested deeper than 100 levels"));

    let limits = Limits { decoded_bytes: 1 << 20, ..limits };
    let many = batch((0..50_000).map(|n| Struct(vec![(1, I64(1)), (3, I64(n + 1))])).collect());
    let result = decode_batch(&many.encode(Encoding::Compact), Encoding::Compact, &limits);
    assert!(result.is_err_and(|error| error.http_status() == 413));
}

#[test]
fn replies() {
    assert_eq!(accepted().status, 202);
    let error = decode_batch(b"", Encoding::Binary, &Limits::default()).unwrap_err();
    let reply = refused(&error);
    assert!(reply.body.starts_with(b"Unable to process request body: byte 0"), "{reply:?}");
    assert_eq!(failed(503, "full").status, 503);
}
