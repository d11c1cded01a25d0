//! What series, labels and metrics there are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value as Json, json};
use store::{MetricStore, QueryContext, QueryError, Select};

use super::answer::{self, Failure};
use super::params::Params;
use crate::app::Shared;
use crate::query::instrumented;

/// Runs one question per selection, joins the answers, and cuts them to the limit.
async fn collect<T: Ord + Send + 'static>(
    app: &Shared,
    params: &Params,
    is_selection_required: bool,
    question: impl Fn(&dyn MetricStore, &Select, &QueryContext) -> Result<Vec<T>, QueryError>
    + Send
    + 'static,
) -> Result<Vec<T>, Failure> {
    let selections = params.selections(is_selection_required)?;
    let limit = params.limit()?;
    let metrics: Arc<dyn MetricStore> = app.metrics.clone();
    let query = move |context: &QueryContext| -> Result<Vec<T>, QueryError> {
        let mut all = BTreeSet::new();
        for select in &selections {
            all.extend(question(&*metrics, select, context)?);
        }
        Ok(all.into_iter().take(limit).collect())
    };
    Ok(instrumented(app, "promql", params.timeout()?, query).await?)
}

pub(super) async fn series(State(app): State<Shared>, params: Params) -> Result<Response, Failure> {
    let series =
        collect(&app, &params, true, |metrics, select, context| metrics.series(select, context));
    let series: Vec<_> = series.await?.iter().map(answer::labels_json).collect();
    Ok(answer::data(&series))
}

pub(super) async fn labels(State(app): State<Shared>, params: Params) -> Result<Response, Failure> {
    let names = collect(&app, &params, false, |metrics, select, context| {
        metrics.label_names(select, context)
    });
    Ok(answer::data(&names.await?))
}

pub(super) async fn label_values(
    State(app): State<Shared>,
    Path(name): Path<String>,
    params: Params,
) -> Result<Response, Failure> {
    let name = unescape(&name);
    if name.is_empty() {
        return Err(Failure::bad_data(format!("invalid label name: {name:?}")));
    }
    let values = collect(&app, &params, false, move |metrics, select, context| {
        metrics.label_values(&name, select, context)
    });
    Ok(answer::data(&values.await?))
}

/// Undoes the escaping that lets any name stand in a path: `U__` before it, `_2e_` for a point and
/// `__` for an underscore (Prometheus, `model.UnescapeName`).
fn unescape(name: &str) -> String {
    let Some(mut rest) = name.strip_prefix("U__") else { return name.to_owned() };
    let mut out = String::new();
    while let Some(start) = rest.find('_') {
        out.push_str(&rest[..start]);
        rest = &rest[start + 1..];
        let Some(end) = rest.find('_') else { return name.to_owned() };
        match &rest[..end] {
            "" => out.push('_'),
            code => match u32::from_str_radix(code, 16).ok().and_then(char::from_u32) {
                Some(character) => out.push(character),
                None => return name.to_owned(),
            },
        }
        rest = &rest[end + 1..];
    }
    out + rest
}

pub(super) async fn metadata(
    State(app): State<Shared>,
    params: Params,
) -> Result<Response, Failure> {
    let (wanted, limit) = (params.get("metric"), params.limit()?);
    let mut families: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    for (name, metadata) in app.metrics.metadata() {
        if (!wanted.is_empty() && name != wanted) || families.len() >= limit {
            continue;
        }
        let entry = json!({
            "type": metadata.kind.name(), "help": metadata.help, "unit": metadata.unit,
        });
        families.entry(name).or_default().push(entry);
    }
    Ok(answer::data(&families))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_paths_are_unescaped() {
        for (escaped, name) in [
            ("__name__", "__name__"),
            ("U__http_2e_status_2e_code", "http.status.code"),
            ("U__a__b", "a_b"),
            ("U__broken_2e", "U__broken_2e"),
            ("U__bad_zz_", "U__bad_zz_"),
        ] {
            assert_eq!(unescape(escaped), name);
        }
    }
}
