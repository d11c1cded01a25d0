//! How fast `ExportTraceServiceRequest`s are decoded: `cargo bench -p protocols`.
//!
//! Requests are those of a busy web service: 500 spans with eleven attributes, about 480 bytes each.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use env::{Clock, RealClock};
use protocols::Limits;
use protocols::otlp::{Encoding, decode_traces};

const SPANS: usize = 500;
const ROUNDS: usize = 400;

fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn bytes(out: &mut Vec<u8>, field: u64, content: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, content.len() as u64);
    out.extend_from_slice(content);
}

fn fixed64(out: &mut Vec<u8>, field: u64, number: u64) {
    varint(out, field << 3 | 1);
    out.extend_from_slice(&number.to_le_bytes());
}

/// A field whose content a function writes.
fn message(out: &mut Vec<u8>, field: u64, write: impl FnOnce(&mut Vec<u8>)) {
    let mut content = Vec::new();
    write(&mut content);
    bytes(out, field, &content);
}

fn attribute(out: &mut Vec<u8>, field: u64, key: &str, text: &str) {
    message(out, field, |pair| {
        bytes(pair, 1, key.as_bytes());
        message(pair, 2, |value| bytes(value, 1, text.as_bytes()));
    });
}

fn span(out: &mut Vec<u8>, number: u64) {
    let id = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).max(1);
    bytes(out, 1, &[id.to_be_bytes(), (!id).to_be_bytes()].concat());
    bytes(out, 2, &id.to_be_bytes());
    bytes(out, 4, &(id ^ 1).to_be_bytes());
    bytes(out, 5, b"GET /api/v1/products/{id}");
    out.extend_from_slice(&[6 << 3, 2]);
    fixed64(out, 7, 1_700_000_000_000_000_000 + number * 1_000_000);
    fixed64(out, 8, 1_700_000_000_005_000_000 + number * 1_000_000);
    for (key, text) in [
        ("http.request.method", "GET"),
        ("url.path", "/api/v1/products/4711"),
        ("http.route", "/api/v1/products/{id}"),
        ("server.address", "shop.example.com"),
        ("network.protocol.version", "1.1"),
        ("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)"),
        ("client.address", "203.0.113.77"),
        ("thread.name", "worker-17"),
        ("user.id", "user-123456"),
        ("url.scheme", "https"),
    ] {
        attribute(out, 9, key, text);
    }
    message(out, 9, |pair| {
        bytes(pair, 1, b"http.response.status_code");
        message(pair, 2, |value| {
            value.push(3 << 3);
            varint(value, 200);
        });
    });
}

fn request() -> Vec<u8> {
    let mut out = Vec::new();
    message(&mut out, 1, |spans| {
        message(spans, 1, |resource| attribute(resource, 1, "service.name", "shop"));
        message(spans, 2, |scoped| {
            message(scoped, 1, |scope| bytes(scope, 1, b"io.opentelemetry.http"));
            (0..SPANS as u64).for_each(|number| message(scoped, 2, |out| span(out, number)));
        });
    });
    out
}

fn main() {
    let request = request();
    let limits = Limits::default();
    let clock = RealClock::new();
    let mut best_ns = u64::MAX;
    for _ in 0..5 {
        let start_ns = clock.monotonic_ns();
        for _ in 0..ROUNDS {
            let decoded = decode_traces(&request, Encoding::Protobuf, 0, &limits);
            assert_eq!(decoded.expect("the request is valid").batch.spans.len(), SPANS);
        }
        best_ns = best_ns.min(clock.monotonic_ns() - start_ns);
    }
    let spans = (SPANS * ROUNDS) as f64;
    let seconds = best_ns as f64 / 1e9;
    let bytes = (request.len() * ROUNDS) as f64;
    println!(
        "{:.0} bytes per span, {:.2} million spans/s, {:.0} MB/s",
        request.len() as f64 / SPANS as f64,
        spans / seconds / 1e6,
        bytes / seconds / 1e6,
    );
}
