//! Samples on their way into a store, by remote write 1.0.

use std::net::SocketAddr;

use super::dataset::{Dataset, Series};
use crate::http::{Connection, Request};
use crate::wire::protobuf::Message;
use crate::wire::snappy;

/// Samples of a series in one request. Prometheus refuses what is an hour older than the newest, so
/// time goes on for all series together.
const SAMPLES: u32 = 20;

/// Series in one request.
const SERIES: usize = 500;

/// Writes everything, in order of time.
///
/// # Panics
/// When a server refuses any of it.
pub(super) fn write(dataset: &Dataset, address: SocketAddr) {
    let mut connection = Connection::open(address).expect("a server that is ready listens");
    for from in (0..dataset.samples).step_by(SAMPLES as usize) {
        for series in dataset.series.chunks(SERIES) {
            let answer = connection.exchange(&request(dataset, series, from));
            answer.expect("a server that is ready answers").ok();
        }
    }
}

fn request(dataset: &Dataset, series: &[Series], from: u32) -> Request {
    let all = from..(from + SAMPLES).min(dataset.samples);
    let message = series.iter().fold(Message::new(), |request, series| {
        let mut message = Message::new();
        for (name, value) in &series.labels {
            message = message.message(1, &Message::new().text(1, name).text(2, value));
        }
        for sample in all.clone() {
            let Some(value) = series.value(dataset, sample) else { continue };
            let time_ms = dataset.time_ms(sample) as u64;
            message = message.message(2, &Message::new().double(1, value).varint(2, time_ms));
        }
        request.message(1, &message)
    });
    Request::post("/api/v1/write", "application/x-protobuf", snappy::wrap(&message.finish()))
        .header("Content-Encoding", "snappy")
        .header("X-Prometheus-Remote-Write-Version", "0.1.0")
}
