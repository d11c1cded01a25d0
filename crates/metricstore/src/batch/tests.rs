//! Batches there and back, and bytes that are none.

use env::{Random, SimRandom};
use model::stale_nan;

use super::*;

fn scrape() -> MetricBatch {
    let mut batch = MetricBatch::default();
    let set = |name: &str| Labels::from_pairs([("__name__", name), ("job", "node")]);
    for (name, value) in
        [("up", 1.0), ("a_total", 123_456_789.0), ("b_ratio", 0.1), ("c", -7.0), ("d", -0.0)]
    {
        batch.push(set(name), 1_700_000_000_000, value);
    }
    for (t_ms, value) in [(1, f64::NAN), (2, stale_nan()), (i64::MIN, 1e300), (i64::MAX, -1e15)] {
        batch.push(set("many"), t_ms, value);
    }
    let trace = Labels::from_pairs([("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736")]);
    let exemplar = Exemplar { labels: trace, t_ms: -5, value: 0.5 };
    batch.exemplars = vec![(set("up"), exemplar.clone()), (set("a_total"), exemplar)];
    let metadata = |kind, help: &str, unit: &str| Metadata {
        kind,
        help: help.to_owned(),
        unit: unit.to_owned(),
    };
    batch.metadata = vec![
        ("a".to_owned(), metadata(MetricKind::Counter, "How many, ä.", "")),
        ("d".to_owned(), metadata(MetricKind::StateSet, "", "seconds")),
    ];
    batch
}

fn read(bytes: &[u8]) -> Result<MetricBatch, Malformed> {
    decode(bytes, &mut |_| None)
}

#[test]
fn batches_come_back() {
    assert_eq!(read(&encode(&MetricBatch::default())), Ok(MetricBatch::default()));
    assert_eq!(read(&encode(&scrape())), Ok(scrape()));
}

#[test]
fn one_sample_of_each_of_many_series_is_small() {
    let mut batch = MetricBatch::default();
    for number in 0..500 {
        let cpu = format!("{number}");
        let pairs = [("__name__", "cpu_total"), ("cpu", &cpu), ("instance", "host:9100")];
        batch.push(Labels::from_pairs(pairs), 1_700_000_000_000, f64::from(number));
    }
    let bytes = encode(&batch).len();
    assert!(bytes < 500 * 10, "{bytes} bytes");
}

#[test]
fn any_bytes_are_read_without_harm() {
    let whole = encode(&scrape());
    for len in 0..whole.len() {
        assert!(read(&whole[..len]).is_err(), "{len} bytes");
    }
    let random = SimRandom::seeded(3);
    for _ in 0..20_000 {
        let mut bytes = whole.clone();
        for _ in 0..=random.next_u64() % 4 {
            let position = random.next_u64() as usize % bytes.len();
            bytes[position] = random.next_u64() as u8;
        }
        if let Ok(batch) = read(&bytes) {
            assert!(batch.samples.len() <= bytes.len());
        }
    }
}
