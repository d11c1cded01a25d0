//! Which numbered records are stored, and how often each.

use std::collections::BTreeMap;

use crate::queries::tags;
use crate::server::Server;
use crate::writers::{Kind, Signal, TRACE_SPANS, trace_id};

/// How often each record of a writer and round is there, up to a number that is not.
///
/// # Panics
/// When one is there that is not as it was sent.
pub(super) fn found(
    server: &Server,
    kind: &Kind,
    round: u64,
    base_ms: i64,
    end: u64,
) -> BTreeMap<u64, u32> {
    match kind.signal {
        Signal::Logs => logs(server, kind.name, round, base_ms),
        Signal::Metrics => samples(server, kind.name, round, base_ms, end),
        Signal::Traces => spans(server, kind.name, round, base_ms, end),
    }
}

/// How many records of a writer and round are there; `None` when only looking at each would tell.
pub(super) fn count(
    server: &Server,
    kind: &Kind,
    round: u64,
    base_ms: i64,
    end: u64,
) -> Option<u64> {
    match kind.signal {
        Signal::Logs => {
            Some(server.count_logs(&format!("writer: {} and round: {round}", kind.name)))
        }
        Signal::Metrics => {
            let selector = selector(kind.name, round);
            let time = end_seconds(base_ms, end);
            let counted = server.metrics().value(&format!("count_over_time({selector})"), time);
            // No sample, no count.
            Some(counted.map_or(0, |value| value as u64))
        }
        Signal::Traces => None,
    }
}

fn selector(writer: &str, round: u64) -> String {
    format!("numbered{{writer=\"{writer}\",round=\"{round}\"}}[1h]")
}

fn end_seconds(base_ms: i64, end: u64) -> f64 {
    (base_ms + end as i64 + 1000) as f64 / 1000.0
}

fn logs(server: &Server, writer: &str, round: u64, base_ms: i64) -> BTreeMap<u64, u32> {
    let mut found = BTreeMap::new();
    for record in server.logs(&format!("writer: {writer} and round: {round}")) {
        let number = record["fields"]["number"].as_u64().expect("a number is a number");
        let time_ns = (base_ms + number as i64) * 1_000_000;
        assert_eq!(record["time_ns"], time_ns.to_string(), "{record}");
        assert_eq!(record["message"], format!("record {number}"), "{record}");
        *found.entry(number).or_default() += 1;
    }
    found
}

fn samples(
    server: &Server,
    writer: &str,
    round: u64,
    base_ms: i64,
    end: u64,
) -> BTreeMap<u64, u32> {
    let selector = selector(writer, round);
    let series = server.metrics().samples(&selector, end_seconds(base_ms, end));
    let series = series.unwrap_or_else(|error| panic!("{selector}: {error}"));
    assert!(series.len() <= 1, "{writer} wrote one series: {:?}", series.keys());
    let mut found = BTreeMap::new();
    for (time, value) in series.values().flatten() {
        let number: u64 = value.parse().expect("a number is a number");
        assert_eq!((time * 1000.0).round() as i64, base_ms + number as i64, "{selector}: {number}");
        *found.entry(number).or_default() += 1;
    }
    found
}

fn spans(server: &Server, writer: &str, round: u64, base_ms: i64, end: u64) -> BTreeMap<u64, u32> {
    let mut found = BTreeMap::new();
    for start in (0..=end).step_by(TRACE_SPANS as usize) {
        let (high, low) = trace_id(writer, round, start);
        let Some(trace) = server.trace(&format!("{high:016x}{low:016x}")) else { continue };
        for span in trace.spans() {
            // A tag is a text in Zipkin, a number elsewhere.
            let tag = &tags(&span["tags"])["number"];
            let number = tag.as_u64().or_else(|| tag.as_str()?.parse().ok());
            let number = number.expect("a number is a number");
            assert_eq!(span["spanID"], format!("{:016x}", number + 1), "{span}");
            assert_eq!(span["startTime"], (base_ms + number as i64) * 1000, "{span}");
            *found.entry(number).or_default() += 1;
        }
    }
    found
}
