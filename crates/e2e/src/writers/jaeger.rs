//! Jaeger's batches as thrift over HTTP:
//! <https://github.com/jaegertracing/jaeger-idl/blob/main/thrift/jaeger.thrift>.

use super::{Batch, Kind, Signal, over_http};
use crate::http::Request;
use crate::wire::thrift::Struct;

/// Spans.
pub(super) const KIND: Kind = Kind {
    name: "jaeger",
    signal: Signal::Traces,
    listener: "jaeger-collector",
    connect: |address| over_http(address, request, |_| true),
};

/// A tag's type in jaeger.thrift: a long.
const LONG: i32 = 3;

fn request(batch: &Batch) -> Request {
    let span = |number| {
        let (high, low) = batch.trace_id(number);
        let tag = Struct::new().text(1, "number").i32(2, LONG).i64(6, number as i64);
        Struct::new()
            .i64(1, low as i64)
            .i64(2, high as i64)
            .i64(3, number as i64 + 1)
            .i64(4, 0)
            .text(5, "numbered")
            .i32(7, 1)
            .i64(8, batch.time_ms(number) * 1000)
            .i64(9, 1000)
            .records(10, vec![tag])
    };
    let process = Struct::new().text(1, batch.writer);
    let spans = batch.numbers.clone().map(span).collect();
    let body = Struct::new().record(1, process).records(2, spans).finish();
    let path = "/api/traces?format=jaeger.thrift";
    Request::post(path, "application/vnd.apache.thrift.binary", body)
}
