//! Prometheus remote write 1.0: <https://prometheus.io/docs/specs/prw/remote_write_spec/>.

use super::{Batch, Kind, Signal, over_http};
use crate::http::Request;
use crate::wire::protobuf::Message;
use crate::wire::snappy;

/// Samples of a series.
pub(super) const KIND: Kind = Kind {
    name: "remote_write",
    signal: Signal::Metrics,
    listener: "prometheus",
    connect: |address| over_http(address, request, |_| true),
};

fn request(batch: &Batch) -> Request {
    let round = batch.round.to_string();
    let labels = [("__name__", "numbered"), ("round", &round), ("writer", batch.writer)];
    let label = |(name, value)| Message::new().text(1, name).text(2, value);
    let series = labels.into_iter().map(label);
    let series = series.fold(Message::new(), |series, label| series.message(1, &label));
    let sample = |number: u64| {
        Message::new().double(1, number as f64).varint(2, batch.time_ms(number) as u64)
    };
    let samples = batch.numbers.clone().map(sample);
    let series = samples.fold(series, |series, sample| series.message(2, &sample));
    let body = snappy::wrap(&Message::new().message(1, &series).finish());
    Request::post("/api/v1/write", "application/x-protobuf", body)
        .header("Content-Encoding", "snappy")
        .header("X-Prometheus-Remote-Write-Version", "0.1.0")
}
