//! What the public scripts do not ask: limits, both ways of dropping names, the form of answers.

mod random;

use model::{Labels, MetricBatch, Sample};
use store::{
    AppendError, Cancel, CancelReason, Commit, MemStore, MetricStore, QueryContext, QueryError,
    QueryLimits, Select,
};

use super::*;

const MINUTE: i64 = 60_000;

/// Two counters of two instances, one sample a minute for ten minutes, and buckets.
fn store() -> MemStore {
    let store = MemStore::new();
    let mut batch = MetricBatch::default();
    for minute in 0..=10 {
        for (name, instance, step) in
            [("a_total", "1", 60), ("a_total", "2", 120), ("b_total", "1", 6)]
        {
            let labels = Labels::from_pairs([("__name__", name), ("instance", instance)]);
            batch.push(labels, minute * MINUTE, (minute * step) as f64);
        }
        for (le, count) in [("1", 3.0), ("2", 1.0), ("+Inf", 4.0), ("x", 9.0)] {
            let labels = Labels::from_pairs([("__name__", "h_bucket"), ("le", le)]);
            batch.push(labels, minute * MINUTE, count);
        }
    }
    store.append(batch).unwrap().wait().unwrap();
    store
}

fn ask(query: &str, options: &Options) -> Result<Answer, EvalError> {
    let expr = crate::parse(query).unwrap();
    instant(&expr, &store(), 10 * MINUTE, options, &QueryContext::default())
}

/// The elements of a vector, in order.
fn vector(query: &str, options: &Options) -> Vec<String> {
    match ask(query, options).unwrap().value {
        Value::Vector(elements) => {
            let text = |e: VectorElement| {
                format!("{} {}", e.labels, e.value.as_float().expect("there are numbers only"))
            };
            elements.into_iter().map(text).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn error(query: &str, options: &Options) -> String {
    ask(query, options).unwrap_err().to_string()
}

fn over_range(query: &str) -> Result<Answer, EvalError> {
    let expr = crate::parse(query).unwrap();
    let times = (0, 10 * MINUTE, 5 * MINUTE);
    range(&expr, &store(), times, &Options::default(), &QueryContext::default())
}

#[test]
fn names_are_dropped_by_each_operation_unless_that_is_delayed() {
    let at_once = Options::default();
    let delayed = Options { delayed_name_removal: true, ..at_once };
    for options in [at_once, delayed] {
        assert_eq!(vector("rate(b_total[5m])", &options), ["{instance=\"1\"} 0.1"]);
        assert_eq!(vector("-b_total", &options), ["{instance=\"1\"} -60"]);
        let duplicate = "vector cannot contain metrics with the same labelset";
        assert_eq!(error("rate({instance=\"1\"}[5m])", &options), duplicate);
        assert_eq!(error("-{instance=\"1\"}", &options), duplicate);
    }
    // Only a name that is still there can be kept or grouped by.
    let by_name = "sum by (__name__) (rate(a_total[5m]))";
    assert_eq!(vector(by_name, &at_once), ["{} 3"]);
    let kept = "label_replace(rate(b_total[5m]), \"was\", \"$1\", \"__name__\", \"(.*)\")";
    assert_eq!(vector(kept, &at_once), ["{instance=\"1\"} 0.1"]);
    assert_eq!(vector(kept, &delayed), ["{instance=\"1\", was=\"b_total\"} 0.1"]);
}

#[test]
fn answers_have_the_form_of_their_type() {
    let options = Options::default();
    let at = |t_ms, value| Sample { t_ms, value };
    let value = |query| ask(query, &options).unwrap().value;
    assert_eq!(value("1 + 1"), Value::Scalar(at(10 * MINUTE, 2.0)));
    assert_eq!(value("((\"x\"))"), Value::String("x".to_owned()));
    let labels = Labels::from_pairs([("__name__", "b_total"), ("instance", "1")]);
    let samples = vec![at(9 * MINUTE, 54.0), at(10 * MINUTE, 60.0)];
    let series = Series { labels: labels.clone(), samples, ..Series::default() };
    assert_eq!(value("b_total[2m]"), Value::Matrix(vec![series]));
    let subquery = vec![at(8 * MINUTE, 48.0), at(10 * MINUTE, 60.0)];
    let series = Series { labels, samples: subquery, ..Series::default() };
    assert_eq!(value("(b_total)[4m:2m]"), Value::Matrix(vec![series]));
    let Value::Matrix(matrix) = over_range("1").unwrap().value else { panic!("not a matrix") };
    assert_eq!(matrix[0].samples, [0, 5, 10].map(|minute| at(minute * MINUTE, 1.0)));
}

#[test]
fn a_range_needs_a_query_that_has_one() {
    let message = over_range("a_total[5m]").unwrap_err();
    assert_eq!(message, EvalError::BadData(
        "invalid expression type \"range vector\" for range query, must be Scalar or instant Vector"
            .to_owned()
    ));
    assert!(matches!(over_range("\"a\""), Err(EvalError::BadData(_))));
    let expr = crate::parse("1").unwrap();
    for times in [(0, 10, 0), (10, 0, 1)] {
        let answer = range(&expr, &store(), times, &Options::default(), &QueryContext::default());
        assert!(matches!(answer, Err(EvalError::BadData(_))), "{times:?}");
    }
}

#[test]
fn limits_and_cancelling_stop_a_query() {
    let run = |query: &str, context: &QueryContext| {
        let expr = crate::parse(query).unwrap();
        range(&expr, &store(), (0, 10 * MINUTE, MINUTE), &Options::default(), context)
    };
    let limits = QueryLimits { samples: 100, ..QueryLimits::default() };
    let limited = QueryContext { limits, ..QueryContext::default() };
    assert!(run("sum(b_total)", &limited).is_ok());
    for query in
        ["sum_over_time(vector(1)[1y:1s])", "count_over_time(b_total[1h:1s])", "{__name__=~\".+\"}"]
    {
        assert_eq!(run(query, &limited).unwrap_err(), EvalError::too_many_samples(), "{query}");
    }
    for (reason, expected, text) in [
        (CancelReason::Timeout, EvalError::Timeout, "query timed out in expression evaluation"),
        (
            CancelReason::Canceled,
            EvalError::Canceled,
            "query was canceled in expression evaluation",
        ),
    ] {
        let context = QueryContext::default();
        context.cancel.cancel(reason);
        let error = run("1", &context).unwrap_err();
        assert_eq!((error.to_string().as_str(), error), (text, expected));
    }
}

/// A store that stops the query that reads from it.
struct StopsWhenRead(MemStore, Cancel);

impl MetricStore for StopsWhenRead {
    fn select(&self, select: &Select, context: &QueryContext) -> Result<Vec<Series>, QueryError> {
        let found = self.0.select(select, context);
        self.1.cancel(CancelReason::Canceled);
        found
    }

    fn append(&self, batch: MetricBatch) -> Result<Commit, AppendError> {
        self.0.append(batch)
    }

    fn series(&self, select: &Select, context: &QueryContext) -> Result<Vec<Labels>, QueryError> {
        self.0.series(select, context)
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

    fn exemplars(
        &self,
        _: &Select,
        _: &QueryContext,
    ) -> Result<Vec<store::SeriesExemplars>, QueryError> {
        Ok(Vec::new())
    }

    fn metadata(&self) -> Vec<(String, model::Metadata)> {
        Vec::new()
    }

    fn stats(&self) -> store::StoreStats {
        store::StoreStats::default()
    }
}

#[test]
fn a_query_of_endless_steps_can_be_stopped() {
    for query in [
        "count_over_time(b_total[90y:1ms])",
        "count_over_time(rate(b_total[5m])[90y:1ms])",
        "count_over_time(sum(nope)[90y:1ms])",
    ] {
        let context = QueryContext::default();
        let store = StopsWhenRead(store(), context.cancel.clone());
        let expr = crate::parse(query).unwrap();
        let answer = instant(&expr, &store, 10 * MINUTE, &Options::default(), &context);
        assert_eq!(answer, Err(EvalError::Canceled), "{query}");
    }
    // What would not fit in memory is refused before it is asked for.
    let absent = "count_over_time(absent_over_time(b_total[5m])[90y:1ms])";
    assert_eq!(ask(absent, &Options::default()), Err(EvalError::too_many_samples()));
}

#[test]
fn remarks_name_their_place() {
    let texts = |query: &str| {
        let answer = ask(query, &Options::default()).unwrap();
        let all = answer.warnings.iter().chain(&answer.infos);
        all.map(|remark| remark.text(query)).collect::<Vec<_>>()
    };
    assert_eq!(
        texts("histogram_quantile(0.5,\n h_bucket)"),
        [
            "PromQL warning: bucket label \"le\" is missing or has a malformed value of \"x\" (2:2)",
            "PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see \
         https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile), \
         from buckets 2 to 2, with a max diff of 2, over 1 samples from 1970-01-01T00:10:00Z to \
         1970-01-01T00:10:00Z (2:2)",
        ]
    );
    assert_eq!(
        texts("quantile(1.5, a_total) + quantile_over_time(-0.5, b_total[5m])"),
        [
            "PromQL warning: quantile value should be between 0 and 1, got 1.5 (1:10)",
            "PromQL warning: quantile value should be between 0 and 1, got -0.5 (1:45)",
        ]
    );
    assert_eq!(
        texts("a_total </ 1"),
        [
            "PromQL info: incompatible sample types encountered for binary operator \"</\": float </ float (1:1)",
        ]
    );
    assert_eq!(texts("rate(h_bucket[5m]) + rate((h_bucket)[5m:])"), Vec::<String>::new());
    let query = "sort(a_total)";
    let answer = over_range(query).unwrap();
    assert_eq!(answer.warnings[0].text(query), {
        "PromQL warning: sort is ineffective for range queries since results are always ordered by \
         labels (1:1)"
    });
}

#[test]
fn matching_errors_name_the_series() {
    let options = Options::default();
    assert_eq!(error("b_total / on(nope) a_total", &options), {
        "found duplicate series for the match group {} on the right hand-side of the operation: \
         [{__name__=\"a_total\", instance=\"2\"}, {__name__=\"a_total\", instance=\"1\"}]\
         ;many-to-many matching not allowed: matching labels must be unique on one side"
            .replace(
                "[{__name__=\"a_total\", instance=\"2\"}, {__name__=\"a_total\", instance=\"1\"}]",
                "[{__name__=\"a_total\", instance=\"1\"}, {__name__=\"a_total\", instance=\"2\"}]",
            )
    });
    assert_eq!(error("a_total / on(nope) b_total", &options), {
        "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
    });
    assert_eq!(error("a_total * ignoring(instance) group_left(instance) b_total", &options), {
        "multiple matches for labels: grouping labels must ensure unique matches"
    });
}

#[test]
fn not_every_function_knows_what_to_do_beyond_the_ends() {
    for (query, message) in [
        ("idelta(a_total[5m] smoothed)", {
            "smoothed modifier can only be used with: delta, increase, rate - not with idelta"
        }),
        ("sum_over_time(a_total[5m] anchored)", {
            "anchored modifier can only be used with: changes, delta, increase, rate, resets - \
             not with sum_over_time"
        }),
    ] {
        assert_eq!(error(query, &Options::default()), message);
    }
    let options = Options::default();
    assert_eq!(
        vector("increase(a_total[90s] anchored)", &options),
        ["{instance=\"1\"} 120", "{instance=\"2\"} 240"]
    );
}

#[test]
fn the_time_of_a_query_can_be_asked_for() {
    let Value::Matrix(matrix) =
        over_range("start() + 10 * end() + 100 * step() + 1000 * range()").unwrap().value
    else {
        panic!("not a matrix")
    };
    assert_eq!(matrix[0].samples[0].value, 10.0 * 600.0 + 100.0 * 300.0 + 1000.0 * 600.0);
    assert_eq!(error("a_total[range() - 1]", &Options::default()), {
        "8:19: duration must be greater than 0"
    });
}
