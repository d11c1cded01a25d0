//! Random queries on random series, asked of both engines at an instant and over a range.

use store::{MemStore, QueryContext};
use testkit::Rng;

use super::queries::query;
use super::series::{STEP, store};
use crate::ast::{Expr, ExprKind};
use crate::engine;
use crate::eval::{self, Answer, EvalError, Options, Value};

/// What was compared.
#[derive(Default)]
struct Tally {
    queries: usize,
    values: usize,
    errors: usize,
    remarks: usize,
    /// Those the engine left to the naive evaluator.
    left: usize,
}

/// `PROMQL_QUERIES` says how many queries are compared.
#[test]
fn both_engines_give_the_same() {
    let queries = wanted();
    let mut tally = Tally::default();
    let mut seed = 0;
    while tally.queries < queries {
        let rng = Rng::seeded(seed);
        let store = store(&rng);
        for _ in 0..20 {
            let query = query(&rng);
            compare(&rng, seed, &query, &store, &mut tally);
            tally.queries += 1;
        }
        seed += 1;
    }
    let Tally { queries, values, errors, remarks, left } = tally;
    println!(
        "{queries} queries: {values} values, {errors} errors and {remarks} remarks were compared; \
         {left} of {} evaluations were left to the naive evaluator",
        queries * 2
    );
    assert!(values > queries * 10 && errors > queries / 50 && remarks > queries / 50);
    assert!(left < queries * 2 / 3, "the engine answers too little: it left {left}");
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the test says so by the environment")]
fn wanted() -> usize {
    std::env::var("PROMQL_QUERIES").ok().and_then(|count| count.parse().ok()).unwrap_or(2_000)
}

fn compare(rng: &Rng, seed: u64, query: &str, store: &MemStore, tally: &mut Tally) {
    let expr = crate::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let options = Options { delayed_name_removal: rng.one_in(2), ..Options::default() };
    let context = QueryContext::default();
    let at_ms = rng.below(44) as i64 * STEP + 1;
    let step_ms = *rng.pick(&[7_000, 15_000, 45_000, 300_000]);
    let start_ms = rng.below(20) as i64 * STEP;
    let times = (start_ms, start_ms + rng.below(100) as i64 * step_ms / 2, step_ms);
    let what = format!("seed {seed}, {query}, at {at_ms}, over {times:?}, {options:?}");
    tally.left += usize::from(matches!(
        engine::planned_instant(&expr, store, at_ms, &options, &context),
        Err(engine::Stop::Naive)
    ));
    tally.left += usize::from(matches!(
        engine::planned_range(&expr, store, times, &options, &context),
        Err(engine::Stop::Naive)
    ));
    let pairs = [
        (
            engine::instant(&expr, store, at_ms, &options, &context),
            eval::instant(&expr, store, at_ms, &options, &context),
        ),
        (
            engine::range(&expr, store, times, &options, &context),
            eval::range(&expr, store, times, &options, &context),
        ),
    ];
    for (found, expected) in pairs {
        same(&what, &expr, found, expected, tally);
    }
}

fn same(
    what: &str,
    expr: &Expr,
    found: Result<Answer, EvalError>,
    expected: Result<Answer, EvalError>,
    tally: &mut Tally,
) {
    let (found, expected) = match (found, expected) {
        (Ok(found), Ok(expected)) => (found, expected),
        (found, expected) => {
            assert_eq!(found.map(|_| ()), expected.map(|_| ()), "{what}");
            tally.errors += 1;
            return;
        }
    };
    assert_eq!(found.warnings, expected.warnings, "{what}");
    assert_eq!(found.infos, expected.infos, "{what}");
    tally.remarks += found.warnings.len() + found.infos.len();
    let exactly = order_is_defined(expr);
    let pairs = flat(&found.value).into_iter().zip(flat(&expected.value));
    assert_eq!(flat(&found.value).len(), flat(&expected.value).len(), "{what}");
    for ((place, found), (expected_place, expected)) in pairs {
        assert_eq!(place, expected_place, "{what}");
        let is_same = found.to_bits() == expected.to_bits()
            || found.is_nan() && expected.is_nan()
            || !exactly && (found - expected).abs() <= 1e-12 * expected.abs();
        assert!(is_same, "{what}: {place} is {found:e}, not {expected:e}");
        tally.values += 1;
    }
}

/// The values with the labels and times they belong to.
fn flat(value: &Value) -> Vec<(String, f64)> {
    match value {
        Value::Scalar(sample) => vec![(sample.t_ms.to_string(), sample.value)],
        Value::String(text) => vec![(text.clone(), 0.0)],
        Value::Vector(vector) => {
            let of = |e: &eval::VectorElement| {
                let value = e.value.as_float().unwrap_or(f64::INFINITY);
                (format!("{} at {}", e.labels, e.t_ms), value)
            };
            vector.iter().map(of).collect()
        }
        Value::Matrix(matrix) => {
            let of = |series: &store::Series| {
                let labels = series.labels.to_string();
                let samples = series.samples.iter();
                samples.map(|s| (format!("{labels} at {}", s.t_ms), s.value)).collect::<Vec<_>>()
            };
            matrix.iter().flat_map(of).collect()
        }
    }
}

/// Whether nothing is added up in the order of a vector that Prometheus puts together step by step,
/// which has none that is defined.
fn order_is_defined(expr: &Expr) -> bool {
    let mut is_defined = true;
    expr.visit(&mut |expr| {
        if let ExprKind::Aggregate(aggregate) = &expr.kind {
            aggregate.expr.visit(&mut |below| {
                is_defined &= !matches!(below.kind, ExprKind::Binary(_) | ExprKind::Subquery(_));
            });
        }
    });
    is_defined
}
