//! OTLP over HTTP, as Protocol Buffers:
//! <https://github.com/open-telemetry/opentelemetry-proto>.

use super::{Batch, Kind, Signal, over_http};
use crate::http::{Request, Response};
use crate::wire::protobuf::Message;

/// Log records.
pub(super) const LOGS: Kind = Kind {
    name: "otlp_logs",
    signal: Signal::Logs,
    listener: "otlp-http",
    connect: |address| over_http(address, |batch| request("/v1/logs", logs(batch)), is_whole),
};

/// Samples of a sum.
pub(super) const METRICS: Kind = Kind {
    name: "otlp_metrics",
    signal: Signal::Metrics,
    listener: "otlp-http",
    connect: |address| over_http(address, |batch| request("/v1/metrics", metrics(batch)), is_whole),
};

/// Spans.
pub(super) const TRACES: Kind = Kind {
    name: "otlp_traces",
    signal: Signal::Traces,
    listener: "otlp-http",
    connect: |address| over_http(address, |batch| request("/v1/traces", traces(batch)), is_whole),
};

/// An answer with content says what was not taken.
fn is_whole(response: &Response) -> bool {
    response.body.is_empty()
}

fn request(path: &str, body: Vec<u8>) -> Request {
    Request::post(path, "application/x-protobuf", body)
}

fn text(key: &str, value: &str) -> Message {
    Message::new().text(1, key).message(2, &Message::new().text(1, value))
}

fn integer(key: &str, value: u64) -> Message {
    Message::new().text(1, key).message(2, &Message::new().varint(3, value))
}

/// `Export…ServiceRequest`: a resource, a scope, and what is in it.
fn export(batch: &Batch, items: impl IntoIterator<Item = Message>) -> Vec<u8> {
    let resource = Message::new().message(1, &text("service.name", batch.writer));
    let scope = items.into_iter().fold(Message::new(), |scope, item| scope.message(2, &item));
    let of_resource = Message::new().message(1, &resource).message(2, &scope);
    Message::new().message(1, &of_resource).finish()
}

fn time_ns(batch: &Batch, number: u64) -> u64 {
    batch.time_ms(number) as u64 * 1_000_000
}

fn logs(batch: &Batch) -> Vec<u8> {
    let record = |number| {
        Message::new()
            .fixed64(1, time_ns(batch, number))
            .message(5, &Message::new().text(1, &format!("record {number}")))
            .message(6, &text("writer", batch.writer))
            .message(6, &integer("round", batch.round))
            .message(6, &integer("number", number))
    };
    export(batch, batch.numbers.clone().map(record))
}

fn metrics(batch: &Batch) -> Vec<u8> {
    let point = |number: u64| {
        Message::new()
            .fixed64(3, time_ns(batch, number))
            .double(4, number as f64)
            .message(7, &text("writer", batch.writer))
            .message(7, &text("round", &batch.round.to_string()))
    };
    let points = batch.numbers.clone().map(point);
    let gauge = points.fold(Message::new(), |gauge, point| gauge.message(1, &point));
    export(batch, [Message::new().text(1, "numbered").message(5, &gauge)])
}

fn traces(batch: &Batch) -> Vec<u8> {
    let span = |number| {
        let (high, low) = batch.trace_id(number);
        let id = [high.to_be_bytes(), low.to_be_bytes()].concat();
        Message::new()
            .bytes(1, &id)
            .bytes(2, &(number + 1).to_be_bytes())
            .text(5, "numbered")
            .fixed64(7, time_ns(batch, number))
            .fixed64(8, time_ns(batch, number) + 1_000_000)
            .message(9, &integer("number", number))
    };
    export(batch, batch.numbers.clone().map(span))
}
