//! What queries cost with both engines: `cargo bench -p promql [-- QUERY_PART]`.
//!
//! The shapes are those of Prometheus' own engine benchmark: 1, 100 and 2,000 series at 1, 100 and
//! 1,000 steps. The store does nothing but copy slices, so that it is the engines that are measured.

#![allow(clippy::print_stdout, reason = "figures are what this prints")]

use std::collections::HashMap;
use std::ops::ControlFlow;

use env::Env;
use model::{Labels, METRIC_NAME, Matcher, Metadata, MetricBatch, Sample};
use promql::{Answer, EvalError, Expr, Options};
use store::{
    AppendError, Commit, MetricStore, QueryContext, QueryError, Select, Series, SeriesExemplars,
    StoreStats,
};

const STEP_MS: i64 = 10_000;
/// Samples before the first step, for windows to reach into.
const BEFORE: i64 = 400;
const STEPS: [i64; 3] = [1, 100, 1_000];
const SERIES: [usize; 3] = [1, 100, 2_000];

/// `X` stands for the number of series.
const QUERIES: [&str; 30] = [
    "a_X",
    "-a_X",
    "abs(a_X)",
    "a_X * 8",
    "a_X > 50",
    "a_X - b_X",
    "a_X and b_X{l=~\".*[0-4]$\"}",
    "a_X or b_X",
    "a_X unless b_X{l=~\".*[0-4]$\"}",
    "a_X + on (l) group_right () b_X",
    "rate(a_X[1m])",
    "rate(a_X[1h])",
    "increase(b_X[5m])",
    "changes(b_X[1h])",
    "sum_over_time(b_X[1h])",
    "max_over_time(b_X[1h])",
    "quantile_over_time(0.9, b_X[5m])",
    "sum(a_X)",
    "sum by (g) (rate(a_X[5m]))",
    "avg without (l) (b_X)",
    "stddev by (g) (b_X)",
    "topk(5, a_X)",
    "quantile by (g) (0.9, b_X)",
    "count_values(\"v\", c_X)",
    "histogram_quantile(0.9, h_X)",
    "histogram_quantile(0.9, sum by (le, g) (rate(h_X[5m])))",
    "rate(a_X[1m]) / (rate(a_X[1m]) + rate(b_X[1m]))",
    "sum(rate(a_X[1m])) / sum(rate(b_X[1m]))",
    "label_replace(a_X, \"m\", \"$1\", \"l\", \"(.*)\")",
    "max_over_time(rate(a_X[1m])[10m:1m])",
];

fn main() {
    let env = Env::real();
    let wanted = wanted();
    let store = Slices::filled();
    println!(
        "{:58} {:>6} {:>6} {:>12} {:>12} {:>7}",
        "query", "series", "steps", "naive", "fast", "ratio"
    );
    for query in QUERIES.iter().filter(|query| query.contains(&wanted)) {
        for series in SERIES {
            let query = query.replace('X', &series.to_string());
            let expr = promql::parse(&query).expect("the queries are right");
            for steps in STEPS {
                let ask = |engine| ask(engine, &expr, &store, steps);
                let [naive, fast] = [promql_naive as Ask, promql_fast as Ask]
                    .map(|engine| seconds(&env, &mut || drop(ask(engine))));
                let ratio = fast / naive;
                let [naive, fast] = [naive, fast].map(|seconds| format!("{:.1} µs", seconds * 1e6));
                println!("{query:58} {series:>6} {steps:>6} {naive:>12} {fast:>12} {ratio:>7.3}");
            }
        }
    }
}

/// A part of the queries that are asked.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads its arguments")]
fn wanted() -> String {
    std::env::args().skip(1).find(|argument| !argument.starts_with("--")).unwrap_or_default()
}

type Ask = fn(&Expr, &dyn MetricStore, (i64, i64, i64)) -> Result<Answer, EvalError>;

fn promql_naive(
    expr: &Expr,
    store: &dyn MetricStore,
    times: (i64, i64, i64),
) -> Result<Answer, EvalError> {
    let (options, context) = (Options::default(), QueryContext::default());
    if times.0 == times.1 {
        return promql::naive::instant(expr, store, times.0, &options, &context);
    }
    promql::naive::range(expr, store, times, &options, &context)
}

fn promql_fast(
    expr: &Expr,
    store: &dyn MetricStore,
    times: (i64, i64, i64),
) -> Result<Answer, EvalError> {
    let (options, context) = (Options::default(), QueryContext::default());
    if times.0 == times.1 {
        return promql::instant(expr, store, times.0, &options, &context);
    }
    promql::range(expr, store, times, &options, &context)
}

fn ask(engine: Ask, expr: &Expr, store: &Slices, steps: i64) -> Answer {
    let start_ms = BEFORE * STEP_MS;
    let times = (start_ms, start_ms + (steps - 1) * STEP_MS, STEP_MS);
    engine(expr, store, times).expect("the data allow an answer")
}

/// The best of several runs within a fifth of a second, of two at least.
fn seconds(env: &Env, run: &mut dyn FnMut()) -> f64 {
    let (mut best, mut spent, mut runs) = (f64::MAX, 0.0, 0);
    while runs < 2 || spent < 0.2 {
        let start = env.clock.monotonic_ns();
        run();
        let seconds = (env.clock.monotonic_ns() - start) as f64 / 1e9;
        (best, spent, runs) = (best.min(seconds), spent + seconds, runs + 1);
    }
    best
}

/// Series in memory by their names, those of each sorted by labels.
struct Slices(HashMap<String, Vec<Series>>);

impl Slices {
    /// Counters `a` and `h`, a gauge `b` with noise and a gauge `c` of few values.
    fn filled() -> Self {
        let mut all = HashMap::new();
        for count in SERIES {
            for kind in ["a", "b", "c", "h"] {
                let mut series: Vec<_> =
                    (0..count).map(|number| series(kind, count, number)).collect();
                series.sort_by(|a, b| a.labels.cmp(&b.labels));
                all.insert(format!("{kind}_{count}"), series);
            }
        }
        Slices(all)
    }

    fn selected(&self, select: &Select) -> impl Iterator<Item = Series> {
        let takes =
            |series: &&Series| select.matchers.iter().all(|m| m.matches_labels(&series.labels));
        let is_name = |matcher: &&Matcher| matcher.name == METRIC_NAME;
        let name = select.matchers.iter().find(is_name).map_or("", |matcher| &matcher.value);
        self.0[name].iter().filter(takes).filter_map(|series| {
            let from = series.samples.partition_point(|sample| sample.t_ms < select.start_ms);
            let to = series.samples.partition_point(|sample| sample.t_ms <= select.end_ms);
            let samples = series.samples.get(from..to).filter(|samples| !samples.is_empty())?;
            Some(Series {
                labels: series.labels.clone(),
                samples: samples.to_vec(),
                ..Series::default()
            })
        })
    }
}

fn series(kind: &str, count: usize, number: usize) -> Series {
    let (l, g, le) = (number.to_string(), (number % 7).to_string(), (number % 10).to_string());
    let (l, le) = match kind {
        "h" if number % 10 == 9 => ((number / 10).to_string(), "+Inf"),
        "h" => ((number / 10).to_string(), le.as_str()),
        _ => (l, ""),
    };
    let g = if kind == "h" { (number / 10 % 7).to_string() } else { g };
    let labels = Labels::from_pairs([
        ("__name__", format!("{kind}_{count}").as_str()),
        ("l", l.as_str()),
        ("g", g.as_str()),
        ("le", le),
    ]);
    let value = |at: i64| {
        let noise = ((at * 7919 + number as i64 * 104_729) % 101) as f64 / 7.0;
        match kind {
            "b" => 50.0 + noise,
            "c" => (at / 50 % 3) as f64,
            "h" => (at * (number as i64 % 10 + 1)) as f64,
            // Counters that begin anew now and then.
            _ => (at % 500) as f64 * 15.0 + noise,
        }
    };
    let samples = (0..BEFORE + STEPS[2]).map(|at| Sample { t_ms: at * STEP_MS, value: value(at) });
    Series { labels, samples: samples.collect(), ..Series::default() }
}

impl MetricStore for Slices {
    fn append(&self, _: MetricBatch) -> Result<Commit, AppendError> {
        unreachable!("queries do not append")
    }

    fn select(&self, select: &Select, _: &QueryContext) -> Result<Vec<Series>, QueryError> {
        Ok(self.selected(select).collect())
    }

    fn for_each_series(
        &self,
        select: &Select,
        _: &QueryContext,
        visit: &mut dyn FnMut(Series) -> ControlFlow<()>,
    ) -> Result<(), QueryError> {
        let _ = self.selected(select).try_for_each(visit);
        Ok(())
    }

    fn series(&self, select: &Select, _: &QueryContext) -> Result<Vec<Labels>, QueryError> {
        Ok(self.selected(select).map(|series| series.labels).collect())
    }

    fn label_names(&self, _: &Select, _: &QueryContext) -> Result<Vec<String>, QueryError> {
        Ok(Vec::new())
    }

    fn label_values(
        &self,
        _: &str,
        _: &Select,
        _: &QueryContext,
    ) -> Result<Vec<String>, QueryError> {
        Ok(Vec::new())
    }

    fn exemplars(&self, _: &Select, _: &QueryContext) -> Result<Vec<SeriesExemplars>, QueryError> {
        Ok(Vec::<SeriesExemplars>::new())
    }

    fn metadata(&self) -> Vec<(String, Metadata)> {
        Vec::new()
    }

    fn stats(&self) -> StoreStats {
        StoreStats::default()
    }
}
