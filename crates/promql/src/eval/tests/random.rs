//! Random queries on random data: a range query says at each step what an instant query says there.

use model::{Labels, MetricBatch, stale_nan};
use store::{MemStore, MetricStore, QueryContext};
use testkit::Rng;

use crate::eval::{Options, Value, almost_equal, instant, range};

const STEP: i64 = 15_000;

/// Series of a few metrics: counters with resets, gaps, staleness, NaN and infinities.
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
    store.append(batch).unwrap().wait().unwrap();
    store
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
    let name = pick(rng, &["a_total", "b", "c_bucket"]);
    let matcher =
        pick(rng, &["", "{y=\"0\"}", "{x!=\"1\"}", "{x=~\"0|2\",y=~\".+\"}", "{y!~\"1.*\"}"]);
    format!("{name}{matcher}")
}

fn time(rng: &Rng) -> &str {
    pick(rng, &["", "", "", " offset 1m", " offset -20s", " @ 200", " @ 300 offset 50s"])
}

fn matrix(rng: &Rng, depth: usize) -> String {
    if depth == 0 || rng.one_in(2) {
        return format!("{}[{}]{}", selector(rng), pick(rng, &["1m", "37s", "5m"]), time(rng));
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

#[test]
fn a_range_is_many_instants() {
    let context = QueryContext::default();
    let mut compared = 0;
    for seed in 0..120 {
        let rng = Rng::seeded(seed);
        let store = random_store(&rng);
        for _ in 0..8 {
            let query = vector(&rng, 3);
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
                    series.samples.iter().find(|sample| sample.t_ms == t_ms).map(|s| s.value)
                };
                for element in &elements {
                    let (found, value) = (at(&element.labels), element.sample.value);
                    let is_same = found.is_some_and(|found| almost_equal(found, value, 1e-9));
                    assert!(is_same, "{query} at {t_ms}: {} {value} {found:?}", element.labels);
                }
                let count = matrix.iter().filter(|series| at(&series.labels).is_some()).count();
                assert_eq!(count, elements.len(), "{query} at {t_ms}");
                compared += count;
            }
        }
    }
    assert!(compared > 10_000, "only {compared} values were compared");
}
