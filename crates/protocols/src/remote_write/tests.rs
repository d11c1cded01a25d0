use model::{MetricBatch, STALE_NAN_BITS, is_stale_nan};

use super::fuzz::{compress, series};
use super::*;
use crate::wire::protobuf::ProtobufWriter;
use crate::{DecodeError, Decoded, Limits};

fn write(fill: impl FnOnce(&mut ProtobufWriter)) -> Result<Decoded<MetricBatch>, DecodeError> {
    let mut writer = ProtobufWriter::default();
    fill(&mut writer);
    decode(&compress(&writer.finish()), &Limits::default())
}

#[test]
fn samples_exemplars_and_metadata() {
    let seed = &seeds()[0];
    let decoded = decode(seed, &Limits::default()).unwrap();
    let lines: Vec<_> = decoded
        .batch
        .samples
        .iter()
        .map(|s| format!("{} {} @{}", s.labels, s.sample.value, s.sample.t_ms))
        .collect();
    assert_eq!(
        lines,
        [r#"{__name__="up", job="a"} 1 @1000"#, r#"{__name__="up", job="a"} 0 @2000"#]
    );
    let (labels, exemplar) = &decoded.batch.exemplars[0];
    assert_eq!(labels.to_string(), r#"{__name__="h"}"#);
    assert_eq!((exemplar.t_ms, exemplar.value), (7, 0.5));
    assert_eq!(exemplar.labels.to_string(), r#"{trace_id="4bf92f35"}"#);
    let (family, metadata) = &decoded.batch.metadata[0];
    assert_eq!((family.as_str(), metadata.kind.name()), ("up", "counter"));
    assert_eq!(decoded.rejected.count, 1);
    assert_eq!(
        decoded.rejected.reason,
        "native histograms are not supported, got one for {__name__=\"h\"}"
    );
}

#[test]
fn labels_and_samples_are_put_in_order() {
    let stale = f64::from_bits(STALE_NAN_BITS);
    let decoded = write(|request| {
        series(request, &[("b", "1"), ("__name__", "x"), ("a", "")], &[(2, stale), (-1, 3.0)]);
    });
    let samples = decoded.unwrap().batch.samples;
    assert_eq!(samples[0].labels.to_string(), r#"{__name__="x", b="1"}"#);
    assert_eq!(samples[0].sample.t_ms, -1);
    assert!(is_stale_nan(samples[1].sample.value));
}

fn check_rejected(labels: &[(&str, &str)], expected: &str) {
    let decoded = write(|request| {
        series(request, labels, &[(1, 1.0), (2, 2.0)]);
        series(request, &[("__name__", "good")], &[(1, 1.0)]);
    });
    let decoded = decoded.unwrap();
    assert_eq!((decoded.batch.samples.len(), decoded.rejected.count), (1, 2));
    assert_eq!(decoded.rejected.reason, expected);
}

#[test]
fn invalid_series_are_rejected_in_prometheus_words() {
    check_rejected(&[("a", "b")], "invalid metric name or labels, got {a=\"b\"}");
    check_rejected(
        &[("__name__", ""), ("a", "b")],
        "invalid metric name or labels, got {__name__=\"\", a=\"b\"}",
    );
    check_rejected(
        &[("__name__", "x"), ("", "b")],
        "invalid metric name or labels, got {=\"b\", __name__=\"x\"}",
    );
    check_rejected(
        &[("a", "1"), ("__name__", "x"), ("a", "2")],
        "invalid labels for series, labels {__name__=\"x\", a=\"1\", a=\"2\"}, duplicated label a",
    );
}

#[test]
fn bodies_that_are_not_requests() {
    let error = |body: &[u8]| decode(body, &Limits::default()).unwrap_err();
    assert_eq!(error(b"\x80\x80\x80\x80\x10").http_status(), 400);
    assert_eq!(
        error(&compress(b"\x0a\x05")).to_string(),
        "byte 2: 5 bytes are announced, 0 are left"
    );
    let declared_too_long = [0x80, 0x80, 0x80, 0x80, 0x0f];
    assert_eq!(error(&declared_too_long).http_status(), 413);
    let limits = Limits { decoded_bytes: 1 << 20, ..Limits::default() };
    let many = compress(&[0x12, 0].repeat(200_000));
    let request = |fields: &[u8]| {
        let mut writer = ProtobufWriter::default();
        writer.bytes(1, fields);
        compress(&writer.finish())
    };
    assert!(decode(&many, &limits).is_ok(), "unknown fields cost nothing");
    for field in [0x0a, 0x12, 0x1a] {
        let result = decode(&request(&[field, 0].repeat(200_000)), &limits);
        assert!(result.is_err_and(|error| error.http_status() == 413), "field {field}");
    }
}

#[test]
fn headers_of_other_versions_are_refused() {
    let check =
        |content_type, encoding| check_headers(content_type, encoding).map_err(|e| e.to_string());
    assert_eq!(check(None, None), Ok(()));
    let first = "application/x-protobuf;proto=prometheus.WriteRequest";
    assert_eq!(check(Some(first), Some("snappy")), Ok(()));
    let second = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
    assert!(check(Some(second), None).unwrap_err().contains("write.v2.Request protobuf message"));
    assert!(check(Some("text/plain"), None).unwrap_err().starts_with("expected application"));
    assert!(check(None, Some("gzip")).unwrap_err().contains("only snappy is acceptable"));
}

#[test]
fn replies() {
    let mut rejected = crate::Rejected::default();
    assert_eq!(accepted(&rejected).status, 204);
    rejected.add(2, "bad");
    let reply = accepted(&rejected);
    assert_eq!((reply.status, &reply.body[..]), (400, &b"2 samples rejected: bad\n"[..]));
    assert_eq!(failed(503, "full").status, 503);
}
