//! Zipkin's second format: <https://zipkin.io/zipkin-api/>.

use serde_json::{Value as Json, json};

use super::{Batch, Kind, Signal, over_http};
use crate::http::Request;

/// Spans.
pub(super) const KIND: Kind = Kind {
    name: "zipkin",
    signal: Signal::Traces,
    listener: "zipkin",
    connect: |address| over_http(address, request, |_| true),
};

fn request(batch: &Batch) -> Request {
    let span = |number| {
        let (high, low) = batch.trace_id(number);
        json!({
            "traceId": format!("{high:016x}{low:016x}"), "id": format!("{:016x}", number + 1),
            "name": "numbered", "timestamp": batch.time_ms(number) * 1000, "duration": 1000,
            "localEndpoint": {"serviceName": batch.writer},
            "tags": {"number": number.to_string()},
        })
    };
    let spans: Vec<Json> = batch.numbers.clone().map(span).collect();
    Request::post("/api/v2/spans", "application/json", Json::from(spans).to_string())
}
