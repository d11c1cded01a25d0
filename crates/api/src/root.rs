//! The routers: everything under its name on the main listener, and each compatible API at the root
//! of its standard port.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any, get, post};
use tower::ServiceExt;

use crate::app::Shared;
use crate::native::require_change_header;
use crate::{App, compat, native, observe};

/// The main listener: the interface, the native API and every compatible API under its name.
pub fn main_router(app: &Arc<App>) -> Router {
    let mut router = operations().nest("/api", native::router());
    for api in compat::APIS {
        let prefix = format!("/{}", api.name);
        router = router
            .route(&format!("{prefix}/"), at_root((api.router)().with_state(app.clone())))
            .nest(&prefix, (api.router)());
    }
    finish(router.fallback(interface), app)
}

/// Serves a path as the root: clients that join a base address and `/` ask for the prefix with a
/// slash, which a nested router does not take for its root.
fn at_root<S: Clone + Send + Sync + 'static>(router: Router) -> MethodRouter<S> {
    let serve = async move |request: Request| {
        let (mut parts, body) = request.into_parts();
        let query = parts.uri.query().map_or(String::new(), |query| format!("?{query}"));
        parts.uri = format!("/{query}").parse().unwrap_or_default();
        router.oneshot(Request::from_parts(parts, body)).await
    };
    any(serve)
}

/// A compatible API at the root of its own port.
pub fn compatible_router(api: &compat::Api, app: &Arc<App>) -> Router {
    let not_found = async || (StatusCode::NOT_FOUND, "404 page not found\n");
    finish((api.router)().merge(operations_below(api)).fallback(not_found), app)
}

fn finish(router: Router<Shared>, app: &Arc<App>) -> Router {
    router.layer(from_fn_with_state(app.clone(), observe::observe)).with_state(app.clone())
}

/// Health, metrics and reload, as Prometheus and Alertmanager have them.
fn operations() -> Router<Shared> {
    Router::new()
        .route("/-/healthy", get(healthy))
        .route("/-/ready", get(ready))
        .route("/-/reload", post(reload).put(reload).layer(from_fn(require_change_header)))
        .route("/metrics", get(metrics))
}

/// Those of the above that a standard port's original has itself.
fn operations_below(api: &compat::Api) -> Router<Shared> {
    if !api.has_operations {
        return Router::new();
    }
    // Tools that reload Prometheus know no header; its port is not reached from pages by accident,
    // because such a request would need a form, and forms are refused.
    Router::new()
        .route("/-/healthy", get(healthy))
        .route("/-/ready", get(ready))
        .route("/-/reload", post(reload_from_tool).put(reload_from_tool))
        .route("/metrics", get(metrics))
}

async fn healthy() -> &'static str {
    "Sightglass is Healthy.\n"
}

async fn ready(State(app): State<Shared>) -> (StatusCode, &'static str) {
    match app.is_ready() {
        true => (StatusCode::OK, "Sightglass is Ready.\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "Sightglass is starting or stopping.\n"),
    }
}

async fn reload(State(app): State<Shared>) -> Response {
    match (app.reload)().await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(message) => (StatusCode::INTERNAL_SERVER_ERROR, message + "\n").into_response(),
    }
}

async fn reload_from_tool(state: State<Shared>, headers: HeaderMap) -> Response {
    let is_from_page =
        headers.contains_key(header::ORIGIN) || headers.contains_key("sec-fetch-site");
    match is_from_page {
        true => (StatusCode::FORBIDDEN, "reloading is not for pages\n").into_response(),
        false => reload(state).await,
    }
}

async fn metrics(State(app): State<Shared>) -> Response {
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, content_type)], (app.exposition)()).into_response()
}

/// The web interface: a file of it, or its page for any other path.
async fn interface(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    let asset = ui::asset(path).unwrap_or_else(ui::index);
    asset_response(asset, request.headers())
}

fn asset_response(asset: &'static ui::Asset, headers: &HeaderMap) -> Response {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known == asset.etag) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let accepts_gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|encodings| encodings.contains("gzip"));
    let cache = if asset.is_immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let common = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::ETAG, asset.etag),
        (header::CACHE_CONTROL, cache),
        (header::VARY, "accept-encoding"),
    ];
    match asset.gzip {
        Some(gzip) if accepts_gzip => {
            (common, [(header::CONTENT_ENCODING, "gzip")], gzip).into_response()
        }
        _ => (common, asset.content).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};

    use super::*;

    #[tokio::test]
    async fn a_prefix_with_a_slash_is_the_root() {
        let seen = async |request: Request| request.uri().to_string();
        let api = Router::new().route("/", get(seen)).route("/below", get(seen));
        let main = Router::new().route("/x/", at_root(api.clone())).nest("/x", api);
        for (path, expected) in [
            ("/x", "/"),
            ("/x/", "/"),
            ("/x/?pretty=a%20b", "/?pretty=a%20b"),
            ("/x/below", "/below"),
        ] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = main.clone().oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            let body = to_bytes(response.into_body(), 1024).await.unwrap();
            assert_eq!(body, expected, "{path}");
        }
    }
}
