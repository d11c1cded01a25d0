//! Random series: counters and gauges with gaps, resets, staleness, NaN and infinities, series that
//! come and go, names that only differ in what operations drop, known starts of counters, and now
//! and then a native histogram.

use std::sync::Arc;

use model::{
    Histogram, HistogramSample, Labels, MetricBatch, Scheme, SeriesHistogram, SeriesSample,
    stale_nan,
};
use store::{MemStore, MetricStore};
use testkit::Rng;

pub(super) const STEP: i64 = 15_000;

/// A store with a few series of each metric.
pub(super) fn store(rng: &Rng) -> MemStore {
    let store = MemStore::new();
    let mut batch = MetricBatch::default();
    let wildness = rng.below(4);
    let has_starts = rng.one_in(4);
    for name in ["a_total", "b", "c_bucket", "d"] {
        for series in 0..rng.below(9) {
            push(rng, &mut batch, &labels(name, series), wildness);
        }
    }
    if has_starts {
        let start = |sample: &SeriesSample| sample.sample.t_ms - rng.below(100_000) as i64;
        batch.starts_ms = batch.samples.iter().map(start).collect();
    }
    if rng.one_in(12) {
        let histogram =
            Histogram { count: 4.0, sum: 2.0, ..Histogram::empty(Scheme::Exponential(0)) };
        let sample =
            HistogramSample { t_ms: 9 * STEP, start_ms: 0, histogram: Arc::new(histogram) };
        batch.histograms.push(SeriesHistogram { labels: labels("b", 0), sample });
    }
    store.append(batch).unwrap().wait().unwrap();
    store
}

fn labels(name: &str, series: usize) -> Labels {
    let (x, y) = ((series / 2).to_string(), (series % 2).to_string());
    let mut pairs = vec![("__name__", name), ("y", &y)];
    match name {
        "c_bucket" => pairs.push(("le", ["0.5", "1", "+Inf", "odd", "2"][series / 2 % 5])),
        "d" => {
            pairs.extend([("x", x.as_str()), ("z", "s"), ("le", "1")]);
            pairs.extend(["__type__"].map(|name| (name, "gauge")).iter().take(series % 3));
        }
        _ => pairs.push(("x", &x)),
    }
    Labels::from_pairs(pairs)
}

/// One series; the wilder the data, the more of it is no ordinary number.
fn push(rng: &Rng, batch: &mut MetricBatch, labels: &Labels, wildness: usize) {
    let whole = rng.one_in(2);
    let (first, last) = match rng.below(4) {
        0 => (0, rng.below(40)),
        1 => (rng.below(40), 40),
        _ => (0, 40),
    };
    let mut value = rng.below(100) as f64;
    for step in first as i64..last as i64 {
        value += rng.below(1000) as f64 / if whole { 1.0 } else { 7.0 };
        if rng.one_in(9) {
            value = rng.below(4) as f64 - 1.0;
        }
        let sample = match rng.below(40) {
            0 => stale_nan(),
            1 if wildness > 0 => f64::NAN,
            2 if wildness > 1 => f64::INFINITY,
            3 if wildness > 2 => f64::NEG_INFINITY,
            4 => -value,
            _ => value,
        };
        if !rng.one_in(6) {
            batch.push(labels.clone(), step * STEP + rng.below(3) as i64, sample);
        }
    }
}
