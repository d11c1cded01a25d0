mod logs;
mod metrics;
mod traces;

use std::fmt::Debug;

use model::Attributes;

use super::*;
use crate::wire::protobuf::ProtobufWriter;
use crate::{DecodeError, Decoded, Limits, Rejected};

const RECEIVED_NS: i64 = 1_700_000_000_000_000_000;

type Decode<B> = fn(&[u8], Encoding, i64, &Limits) -> Result<Decoded<B>, DecodeError>;

/// The batch of a JSON request, which must be that of the same request as protobuf.
fn both<B: PartialEq + Debug>(decode: Decode<B>, json: &str, protobuf: &[u8]) -> Decoded<B> {
    let limits = Limits::default();
    let from_json = decode(json.as_bytes(), Encoding::Json, RECEIVED_NS, &limits).unwrap();
    let from_protobuf = decode(protobuf, Encoding::Protobuf, RECEIVED_NS, &limits).unwrap();
    assert_eq!(from_json, from_protobuf);
    from_json
}

fn text(attributes: &Attributes) -> String {
    let pairs: Vec<_> = attributes.iter().map(|(n, v)| format!("{n}={}", v.to_text())).collect();
    pairs.join(" ")
}

/// What cannot be decoded is an error that names the place.
fn check_error(json: &str, expected: &str) {
    let limits = Limits::default();
    let error = decode_traces(json.as_bytes(), Encoding::Json, 0, &limits).unwrap_err();
    assert_eq!(error.to_string(), expected, "{json}");
}

#[test]
fn errors_name_the_place() {
    check_error("", "byte 0: expected an object");
    check_error("[]", "byte 0: expected an object");
    check_error("{} {}", "byte 3: unexpected text behind the value");
    check_error(r#"{"resourceSpans":[5]}"#, "byte 18: expected an object");
    let bad_id = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":7}]}]}]}"#;
    check_error(bad_id, "byte 54: expected a string");
    let limits = Limits { body_bytes: 3, ..Limits::default() };
    let error = decode_logs(b"{   }", Encoding::Json, 0, &limits).unwrap_err();
    assert_eq!(error.to_string(), "the body in bytes exceeds the limit of 3");
}

#[test]
fn nothing_is_a_success() {
    let limits = Limits::default();
    for (body, encoding) in [(&b""[..], Encoding::Protobuf), (b" {} ", Encoding::Json)] {
        assert_eq!(decode_traces(body, encoding, 0, &limits), Ok(Decoded::default()));
        assert_eq!(decode_logs(body, encoding, 0, &limits), Ok(Decoded::default()));
        assert_eq!(decode_metrics(body, encoding, 0, &limits), Ok(Decoded::default()));
    }
}

/// A message of `count` empty messages in the last field, wrapped in those before it.
fn empty_messages(path: &[u32], count: usize) -> Vec<u8> {
    let (last, outer) = path.split_last().unwrap();
    let mut writer = ProtobufWriter::default();
    for _ in 0..count {
        writer.message(*last, |_| {});
    }
    let mut body = writer.finish();
    for field in outer.iter().rev() {
        let mut writer = ProtobufWriter::default();
        writer.bytes(*field, body);
        body = writer.finish();
    }
    body
}

/// Two bytes each on the wire, a whole attribute, event, record or point in memory.
#[test]
fn many_empty_messages_are_refused() {
    let limits = Limits { decoded_bytes: 1 << 20, ..Limits::default() };
    let refused = |result: Result<(), DecodeError>| {
        assert!(result.is_err_and(|error| error.http_status() == 413));
    };
    for path in [&[1, 1, 1][..], &[1, 2, 1, 3], &[1, 2, 2, 9], &[1, 2, 2, 11], &[1, 2, 2, 13]] {
        let body = empty_messages(path, 100_000);
        refused(decode_traces(&body, Encoding::Protobuf, 0, &limits).map(drop));
    }
    for path in [&[1, 2, 2][..], &[1, 2, 2, 6]] {
        let body = empty_messages(path, 100_000);
        refused(decode_logs(&body, Encoding::Protobuf, 0, &limits).map(drop));
    }
    for path in [&[1, 2, 2][..], &[1, 2, 2, 5, 1], &[1, 2, 2, 7, 1, 5], &[1, 2, 2, 11, 1, 6]] {
        let body = empty_messages(path, 100_000);
        refused(decode_metrics(&body, Encoding::Protobuf, 0, &limits).map(drop));
    }
}

#[test]
fn content_types() {
    let encoding = Encoding::from_content_type;
    assert_eq!(encoding("application/x-protobuf"), Some(Encoding::Protobuf));
    assert_eq!(encoding("Application/JSON; charset=utf-8"), Some(Encoding::Json));
    assert_eq!(encoding("text/plain"), None);
}

#[test]
fn replies() {
    let mut rejected = Rejected::default();
    let body = |encoding, rejected: &Rejected| accepted(encoding, Signal::Metrics, rejected).body;
    assert_eq!(body(Encoding::Json, &rejected), b"{}");
    assert_eq!(body(Encoding::Protobuf, &rejected), b"");
    rejected.add(2, "bad");
    rejected.add(1, "bad");
    rejected.add(1, "worse");
    assert_eq!(
        String::from_utf8(body(Encoding::Json, &rejected)).unwrap(),
        r#"{"partialSuccess":{"errorMessage":"bad; worse","rejectedDataPoints":"4"}}"#,
    );
    assert_eq!(body(Encoding::Protobuf, &rejected), b"\x0a\x0e\x08\x04\x12\x0abad; worse");
    let reply = failed(Encoding::Protobuf, 503, "full");
    assert_eq!((reply.status, reply.body), (503, b"\x08\x0e\x12\x04full".to_vec()));
    let reply = failed(Encoding::Json, 400, "no");
    assert_eq!(reply.body, br#"{"code":3,"message":"no"}"#);
}
