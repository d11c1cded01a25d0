//! Queries: instant, over a range, and of exemplars.

use axum::extract::State;
use axum::response::Response;
use promql::{Annotation, Answer, EvalError, Expr};
use serde_json::{Value as Json, json};
use store::{QueryContext, SeriesExemplars};

use super::answer::{self, Failure, QueryResult};
use super::params::Params;
use crate::app::Shared;
use crate::query::instrumented;

/// Points of one series at most, as in Prometheus.
const STEPS_MAX: i64 = 11_000;

fn parse(params: &Params) -> Result<Expr, Failure> {
    promql::parse(params.get("query"))
        .map_err(|error| Failure::parameter("query", &error.to_string()))
}

/// The options of this query: `lookback_delta` overrides the server's.
fn options(app: &Shared, params: &Params) -> Result<promql::Options, Failure> {
    let mut options = app.promql;
    if let Some(lookback_ms) = params.duration_ms("lookback_delta")? {
        options.lookback_ms = lookback_ms;
    }
    Ok(options)
}

pub(super) async fn instant(
    State(app): State<Shared>,
    params: Params,
) -> Result<Response, Failure> {
    let at_ms = params.time_ms("time", app.clock.now_ms())?;
    let expr = parse(&params)?;
    let options = options(&app, &params)?;
    let (timeout, metrics) = (params.timeout()?, app.metrics.clone());
    let query = move |context: &QueryContext| -> Result<Answer, EvalError> {
        promql::instant(&expr, &*metrics, at_ms, &options, context)
    };
    let answer = instrumented(&app, "promql", timeout, query).await?;
    Ok(answer::value(&result(answer, at_ms, &params)?))
}

pub(super) async fn range(State(app): State<Shared>, params: Params) -> Result<Response, Failure> {
    let required = |name: &str| match params.get(name) {
        "" => Err(Failure::parameter(name, "cannot parse \"\" to a valid timestamp")),
        _ => params.time_ms(name, 0),
    };
    let (start_ms, end_ms) = (required("start")?, required("end")?);
    if end_ms < start_ms {
        let message = "end timestamp must not be before start time";
        return Err(Failure::parameter("end", message));
    }
    let step_ms = params.duration_ms("step")?.unwrap_or(0);
    if step_ms <= 0 {
        let message = "zero or negative query resolution step widths are not accepted. \
                       Try a positive integer";
        return Err(Failure::parameter("step", message));
    }
    if (end_ms - start_ms) / step_ms > STEPS_MAX {
        let message = "exceeded maximum resolution of 11,000 points per timeseries. \
                       Try decreasing the query resolution (?step=XX)";
        return Err(Failure::bad_data(message.to_owned()));
    }
    let expr = parse(&params)?;
    let options = options(&app, &params)?;
    let (timeout, metrics) = (params.timeout()?, app.metrics.clone());
    let query = move |context: &QueryContext| -> Result<Answer, EvalError> {
        promql::range(&expr, &*metrics, (start_ms, end_ms, step_ms), &options, context)
    };
    let answer = instrumented(&app, "promql", timeout, query).await?;
    Ok(answer::value(&result(answer, end_ms, &params)?))
}

/// The answer with at most as many series as were asked for, and its notes as texts.
fn result(mut answer: Answer, at_ms: i64, params: &Params) -> Result<QueryResult, Failure> {
    let limit = params.limit()?;
    let is_cut = match &mut answer.value {
        promql::Value::Vector(vector) if vector.len() > limit => {
            vector.truncate(limit);
            true
        }
        promql::Value::Matrix(matrix) if matrix.len() > limit => {
            matrix.truncate(limit);
            true
        }
        _ => false,
    };
    let texts = |notes: &[Annotation]| -> Vec<String> {
        notes.iter().map(|note| note.text(params.get("query"))).collect()
    };
    let (mut warnings, infos) = (texts(&answer.warnings), texts(&answer.infos));
    if is_cut {
        warnings.push("results truncated due to limit".to_owned());
    }
    Ok(QueryResult { value: answer.value, at_ms, warnings, infos })
}

pub(super) async fn format(params: Params) -> Result<Response, Failure> {
    Ok(answer::data(&parse(&params)?.to_string()))
}

/// Exemplars of all series the query reads.
pub(super) async fn exemplars(
    State(app): State<Shared>,
    params: Params,
) -> Result<Response, Failure> {
    let range = params.selections(false)?.remove(0);
    let expr = parse(&params)?;
    let selections: Vec<_> = expr
        .selectors()
        .into_iter()
        .map(|selector| store::Select { matchers: selector.matchers.clone(), ..range.clone() })
        .collect();
    let metrics = app.metrics.clone();
    let query = move |context: &QueryContext| -> Result<Vec<SeriesExemplars>, store::QueryError> {
        let mut all = Vec::new();
        for select in &selections {
            all.extend(metrics.exemplars(select, context)?);
        }
        all.sort_by(|a, b| a.labels.cmp(&b.labels));
        all.dedup_by(|a, b| a.labels == b.labels);
        Ok(all)
    };
    let found = instrumented(&app, "promql", params.timeout()?, query).await?;
    Ok(answer::data(&found.iter().map(exemplars_json).collect::<Vec<_>>()))
}

fn exemplars_json(series: &SeriesExemplars) -> Json {
    let exemplars: Vec<_> = series
        .exemplars
        .iter()
        .map(|exemplar| {
            json!({
                "labels": answer::labels_json(&exemplar.labels),
                "value": promql::format_float(exemplar.value),
                "timestamp": exemplar.t_ms as f64 / 1000.0,
            })
        })
        .collect();
    json!({"seriesLabels": answer::labels_json(&series.labels), "exemplars": exemplars})
}
