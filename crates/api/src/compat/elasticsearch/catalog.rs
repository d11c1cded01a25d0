//! Templates, life cycle policies and pipelines: kept as they were put, so that clients find what
//! they have set up. They have no effect: fields need no mapping here.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use protocols::elasticsearch::failed;
use protocols::elasticsearch::startup;
use serde_json::Value;

use crate::app::Shared;
use crate::reply::response;

/// A kind of thing clients set up.
pub(super) struct Kind {
    /// Its path.
    pub(super) path: &'static str,
    /// The kind of document it is kept as.
    document: &'static str,
    /// How one of it is shown.
    show: fn(&str, &Value) -> Value,
}

/// All of them.
pub(super) const KINDS: &[Kind] = &[
    Kind {
        path: "/_template/{name}",
        document: "elasticsearch.template",
        show: startup::legacy_template,
    },
    Kind {
        path: "/_index_template/{name}",
        document: "elasticsearch.index_template",
        show: startup::index_template,
    },
    Kind {
        path: "/_component_template/{name}",
        document: "elasticsearch.component_template",
        show: startup::component_template,
    },
    Kind {
        path: "/_ilm/policy/{name}",
        document: "elasticsearch.ilm_policy",
        show: startup::ilm_policy,
    },
    Kind {
        path: "/_ingest/pipeline/{name}",
        document: "elasticsearch.ingest_pipeline",
        show: startup::ingest_pipeline,
    },
    Kind {
        path: "/_data_stream/{name}",
        document: "elasticsearch.data_stream",
        show: |name, _stored| startup::data_stream(name),
    },
];

/// Bytes of one thing at most.
const BYTES_MAX: usize = 1 << 20;

pub(super) async fn get(
    State(app): State<Shared>,
    kind: &'static Kind,
    Path(name): Path<String>,
) -> Response {
    match app.documents.get(kind.document, &name) {
        Ok(Some(document)) => {
            let stored = serde_json::from_str(&document.body).unwrap_or_default();
            Json((kind.show)(&name, &stored)).into_response()
        }
        Ok(None) => {
            let reason = format!("{name} is not there");
            response(failed(404, "resource_not_found_exception", &reason))
        }
        Err(error) => unavailable(&error),
    }
}

pub(super) async fn put(
    State(app): State<Shared>,
    kind: &'static Kind,
    Path(name): Path<String>,
    body: Bytes,
) -> Response {
    if body.len() > BYTES_MAX {
        return response(failed(413, "content_too_long_exception", "at most 1 MiB is kept"));
    }
    let text = if body.is_empty() { "{}".into() } else { String::from_utf8_lossy(&body) };
    if let Err(error) = serde_json::from_str::<Value>(&text) {
        return response(failed(400, "parse_exception", &error.to_string()));
    }
    match app.documents.put(kind.document, &name, &text, None) {
        Ok(_) => Json(startup::acknowledged()).into_response(),
        Err(error) => unavailable(&error),
    }
}

pub(super) async fn delete(
    State(app): State<Shared>,
    kind: &'static Kind,
    Path(name): Path<String>,
) -> Response {
    match app.documents.delete(kind.document, &name) {
        Ok(_) => Json(startup::acknowledged()).into_response(),
        Err(error) => unavailable(&error),
    }
}

fn unavailable(error: &store::DocumentError) -> Response {
    response(failed(503, "cluster_block_exception", &error.to_string()))
}
