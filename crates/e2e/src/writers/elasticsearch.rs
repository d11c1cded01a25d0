//! Elasticsearch bulk requests, with `create` and `_type` as Fluent Bit sends them.

use serde_json::json;

use super::{Batch, Kind, Signal, over_http};
use crate::http::{Request, Response};

/// Log records.
pub(super) const KIND: Kind = Kind {
    name: "elasticsearch",
    signal: Signal::Logs,
    listener: "elasticsearch",
    connect: |address| over_http(address, request, has_no_errors),
};

fn has_no_errors(response: &Response) -> bool {
    response.text().contains("\"errors\":false")
}

fn request(batch: &Batch) -> Request {
    let mut body = String::new();
    for number in batch.numbers.clone() {
        let action = json!({"create": {"_index": "numbered", "_type": "_doc"}});
        let document = json!({
            "@timestamp": batch.time_ms(number), "message": format!("record {number}"),
            "writer": batch.writer, "round": batch.round, "number": number,
        });
        body += &format!("{action}\n{document}\n");
    }
    Request::post("/_bulk", "application/x-ndjson", body)
}
