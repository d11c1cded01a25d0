//! Random queries on random data: a range query says at each step what an instant query says there.

use std::sync::Arc;

use model::{
    Buckets, Histogram, HistogramSample, Labels, MetricBatch, ResetHint, SampleValue, Scheme,
    SeriesHistogram, stale_nan,
};
use store::{MemStore, MetricStore, QueryContext};
use testkit::Rng;

use crate::eval::{Options, Value, VectorElement, almost_equal, instant, range};

const STEP: i64 = 15_000;

/// Series of a few metrics: counters with resets, gaps, staleness, NaN and infinities; and native
/// histograms, some of which have custom bounds or are gauges.
fn random_store(rng: &Rng) -> MemStore {
    let store = MemStore::new();
    let mut batch = MetricBatch::default();
    for name in ["a_total", "b", "c_bucket"] {
        for series in 0..6 {
            let (x, y) = ((series / 2).to_string(), (series % 2).to_string());
            let le = ["1", "2", "+Inf"][series / 2];
            let second = if name == "c_bucket" { ("le", le) } else { ("x", x.as_str()) };
            let labels = Labels::from_pairs([("__name__", name), ("y", &y), second]);
            let mut value = rng.below(100) as f64;
            for step in 0..40 {
                value += rng.below(1000) as f64 / 7.0;
                let sample = match rng.below(40) {
                    0 => stale_nan(),
                    1 => f64::NAN,
                    2 if name == "b" => f64::INFINITY,
                    3 => {
                        value = 0.5;
                        value
                    }
                    _ => value,
                };
                if !rng.one_in(6) {
                    batch.push(labels.clone(), step * STEP + rng.below(3) as i64, sample);
                }
            }
        }
    }
    for series in 0..6 {
        let (x, y) = ((series / 2).to_string(), (series % 2).to_string());
        let labels = Labels::from_pairs([("__name__", "h"), ("x", &x), ("y", &y)]);
        push_histograms(rng, &labels, series == 5, &mut batch);
    }
    store.append(batch).unwrap().wait().unwrap();
    store
}

fn push_histograms(rng: &Rng, labels: &Labels, is_gauge: bool, batch: &mut MetricBatch) {
    let mut counts = [0.0; 4];
    for step in 0..40 {
        counts.iter_mut().for_each(|count| *count += rng.below(9) as f64);
        match rng.below(40) {
            0 => counts = [1.0, 0.0, 0.0, 2.0],
            1 => batch.push(labels.clone(), step * STEP, stale_nan()),
            2 => batch.push(labels.clone(), step * STEP, 7.0),
            _ => {}
        }
        let scheme = match rng.below(60) {
            0 => Scheme::Custom([1.0, 2.0, 5.0].into()),
            1 => Scheme::Exponential(-1),
            _ => Scheme::Exponential(1),
        };
        let histogram = Histogram {
            count: counts.iter().sum(),
            sum: counts[1] * 1.5 + counts[2] * 3.0,
            positive: (0..).zip(counts).collect::<Buckets>(),
            hint: if is_gauge { ResetHint::Gauge } else { ResetHint::Unknown },
            ..Histogram::empty(scheme)
        };
        if !rng.one_in(6) {
            let t_ms = step * STEP + rng.below(3) as i64;
            let histogram = Arc::new(histogram);
            let sample = HistogramSample { t_ms, start_ms: 0, histogram };
            batch.histograms.push(SeriesHistogram { labels: labels.clone(), sample });
        }
    }
}

fn pick<'a>(rng: &Rng, choices: &[&'a str]) -> &'a str {
    let choice: &&str = rng.pick(choices);
    choice
}

fn scalar(rng: &Rng, depth: usize) -> String {
    match rng.below(if depth == 0 { 2 } else { 5 }) {
        0 => pick(rng, &["0", "1", "2.5", "-3", "1e3", "0.9", "30s"]).to_owned(),
        1 => "time()".to_owned(),
        2 => format!("scalar({})", vector(rng, depth - 1)),
        3 => format!(
            "({} {} {})",
            scalar(rng, depth - 1),
            pick(rng, &["+", "*", "/", "> bool"]),
            scalar(rng, depth - 1)
        ),
        _ => format!("max_of({}, {})", scalar(rng, depth - 1), scalar(rng, depth - 1)),
    }
}

fn selector(rng: &Rng) -> String {
    let name = pick(rng, &["a_total", "b", "c_bucket", "h", "h"]);
    let matcher =
        pick(rng, &["", "{y=\"0\"}", "{x!=\"1\"}", "{x=~\"0|2\",y=~\".+\"}", "{y!~\"1.*\"}"]);
    format!("{name}{matcher}")
}

fn time(rng: &Rng) -> &str {
    pick(rng, &["", "", "", " offset 1m", " offset -20s", " @ 200", " @ 300 offset 50s"])
}

fn matrix(rng: &Rng, depth: usize) -> String {
    if depth == 0 || rng.one_in(2) {
        let window = pick(rng, &["1m", "37s", "5m"]);
        return format!("{}[{window}]{}", selector(rng), time(rng));
    }
    let inner = vector(rng, depth - 1);
    format!(
        "({inner})[{}:{}]{}",
        pick(rng, &["1m", "2m"]),
        pick(rng, &["", "15s", "7s"]),
        time(rng)
    )
}

const OF_WINDOWS: [&str; 22] = [
    "rate",
    "increase",
    "delta",
    "irate",
    "idelta",
    "resets",
    "changes",
    "avg_over_time",
    "sum_over_time",
    "min_over_time",
    "max_over_time",
    "count_over_time",
    "last_over_time",
    "first_over_time",
    "stddev_over_time",
    "stdvar_over_time",
    "present_over_time",
    "deriv",
    "mad_over_time",
    "ts_of_max_over_time",
    "ts_of_last_over_time",
    "absent_over_time",
];

const OF_VECTORS: [&str; 14] = [
    "abs",
    "ceil",
    "exp",
    "sgn",
    "ln",
    "sqrt",
    "timestamp",
    "absent",
    "hour",
    "day_of_year",
    "atan",
    "deg",
    "histogram_count",
    "sort",
];

fn vector(rng: &Rng, depth: usize) -> String {
    if depth == 0 {
        return format!("{}{}", selector(rng), time(rng));
    }
    let (v, s) = (|| vector(rng, depth - 1), || scalar(rng, depth - 1));
    let by = pick(rng, &["", " by (x)", " by (y, le)", " without (x)", " without (__name__)"]);
    match rng.below(13) {
        0 => format!("{}{}", selector(rng), time(rng)),
        1 | 2 => format!("{}({})", rng.pick(&OF_WINDOWS), matrix(rng, depth - 1)),
        3 => format!("{}({})", rng.pick(&OF_VECTORS), v()),
        4 => {
            let op = pick(rng, &["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"]);
            format!("{op}{by}({})", v())
        }
        5 => format!("quantile{by}({}, {})", s(), v()),
        6 => format!("{} {} {}", v(), pick(rng, &["+", "-", "%", "^", "==", "< bool"]), s()),
        7 => {
            let op = pick(rng, &["*", "/", ">=", "!= bool", "and", "or", "unless"]);
            let on = pick(rng, &["", " ignoring (le)", " on (x, y)"]);
            format!("({}) {op}{on} ({})", v(), v())
        }
        8 => format!("({}) + on (y) group_left () sum by (y) ({})", v(), v()),
        9 => format!("{}({}, {})", pick(rng, &["clamp_min", "clamp_max", "round"]), v(), s()),
        10 => format!("histogram_quantile({}, {})", s(), v()),
        11 => format!("label_replace({}, \"x\", \"$1-\", \"y\", \"(.*)\")", v()),
        _ => pick(rng, &["vector(time())", "-a_total", "count_values(\"v\", b)"]).to_owned(),
    }
}

fn are_near(a: &SampleValue, b: &SampleValue) -> bool {
    let near = |a: f64, b: f64| almost_equal(a, b, 1e-9);
    match (a, b) {
        (SampleValue::Float(a), SampleValue::Float(b)) => near(*a, *b),
        (SampleValue::Histogram(a), SampleValue::Histogram(b)) => {
            let counts = a.positive.counts().iter().zip(b.positive.counts());
            a.scheme == b.scheme
                && a.positive.layout() == b.positive.layout()
                && near(a.count, b.count)
                && near(a.sum, b.sum)
                && counts.into_iter().all(|(a, b)| near(*a, *b))
        }
        _ => false,
    }
}

#[test]
fn a_range_is_many_instants() {
    let context = QueryContext::default();
    let mut compared = 0;
    for seed in 0..120 {
        let rng = Rng::seeded(seed);
        let store = random_store(&rng);
        for _ in 0..8 {
            let query = vector(&rng, 3);
            // Where only totals are read, what is known of a sample depends on how far back it is
            // read from, and operators refuse histograms that contradict each other.
            if query.contains("histogram_count") && query.contains(" + ") {
                continue;
            }
            // Where names are dropped late, a series of one side of `or` keeps the name that it has
            // on the other at another step; an instant has no other step.
            let delayed_name_removal = rng.one_in(2) && !query.contains(" or ");
            let options = Options { delayed_name_removal, ..Options::default() };
            let expr = crate::parse(&query).unwrap_or_else(|error| panic!("{query}: {error}"));
            let times = (60_000, 600_000, 45_000);
            // A range may meet duplicate labels that none of its instants does.
            let Ok(answer) = range(&expr, &store, times, &options, &context) else { continue };
            let Value::Matrix(matrix) = answer.value else { panic!("{query} gives no matrix") };
            for t_ms in (times.0..=times.1).step_by(45_000) {
                let answer = instant(&expr, &store, t_ms, &options, &context);
                let answer = answer.unwrap_or_else(|error| panic!("{query} at {t_ms}: {error}"));
                let Value::Vector(elements) = answer.value else { panic!("{query}") };
                let at = |labels: &Labels| {
                    let series = matrix.iter().find(|series| series.labels == *labels)?;
                    let number = series.samples.iter().find(|sample| sample.t_ms == t_ms);
                    let histogram = series.histograms.iter().find(|sample| sample.t_ms == t_ms);
                    assert!(number.is_none() || histogram.is_none(), "{query} at {t_ms}");
                    number.map(|s| SampleValue::Float(s.value)).or_else(|| {
                        histogram.map(|s| SampleValue::Histogram(Arc::clone(&s.histogram)))
                    })
                };
                for VectorElement { labels, value, .. } in &elements {
                    let found = at(labels);
                    let is_same = found.as_ref().is_some_and(|found| are_near(found, value));
                    assert!(is_same, "{query} at {t_ms}: {labels} {value:?} {found:?}");
                }
                let count = matrix.iter().filter(|series| at(&series.labels).is_some()).count();
                assert_eq!(count, elements.len(), "{query} at {t_ms}");
                compared += count;
            }
        }
    }
    assert!(compared > 10_000, "only {compared} values were compared");
}
