//! Elasticsearch, as far as shippers need it: bulk, and the calls they make before it.

mod bulk;
mod catalog;
mod startup;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post, put};
use protocols::elasticsearch::startup::PRODUCT_HEADER;

use crate::app::Shared;
use crate::reply::response;

/// What shippers call.
pub(super) fn router() -> Router<Shared> {
    let kept = |kind: &'static catalog::Kind| {
        get(move |state, path| catalog::get(state, kind, path))
            .put(move |state, path, body| catalog::put(state, kind, path, body))
            .post(move |state, path, body| catalog::put(state, kind, path, body))
            .delete(move |state, path| catalog::delete(state, kind, path))
    };
    let mut router = Router::new()
        .route("/", get(startup::root))
        .route("/_license", get(startup::license))
        .route("/_xpack", get(startup::xpack))
        .route("/_cluster/health", get(startup::cluster_health))
        .route("/_nodes", get(startup::nodes))
        .route("/_nodes/http", get(startup::nodes))
        .route("/_nodes/{filter}/http", get(startup::nodes))
        .route("/_nodes/ingest", get(startup::nodes_ingest))
        .route("/_bulk", post(bulk::bulk).put(bulk::bulk))
        .route("/{index}/_bulk", post(bulk::bulk_of_index).put(bulk::bulk_of_index))
        .route("/{index}/_doc", post(bulk::document))
        .route("/{index}/_doc/{id}", put(bulk::document_with_id).post(bulk::document_with_id))
        .route("/{index}/_create/{id}", put(bulk::document_with_id).post(bulk::document_with_id))
        .route("/_refresh", get(startup::refreshed).post(startup::refreshed))
        .route("/{index}/_refresh", get(startup::refreshed).post(startup::refreshed))
        .route("/_alias/{name}", get(startup::alias))
        .route("/{index}/_alias/{name}", put(startup::acknowledge))
        .route("/{index}", get(startup::index).put(startup::create_index));
    for kind in catalog::KINDS {
        router = router.route(kind.path, kept(kind));
    }
    let not_served = async |request: Request| {
        let reason =
            format!("Sightglass does not serve {} {}", request.method(), request.uri().path());
        response(protocols::elasticsearch::failed(404, "illegal_argument_exception", &reason))
    };
    router.fallback(not_served).layer(from_fn(as_elasticsearch))
}

/// Elastic's clients refuse a server without this header, and want their own media type back.
async fn as_elasticsearch(request: Request, next: Next) -> Response {
    let accept = request.headers().get(header::ACCEPT).cloned();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let (name, value) = PRODUCT_HEADER;
    if let Ok(name) = HeaderName::try_from(name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let is_json = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    let vendor = accept
        .filter(|accept| accept.as_bytes().starts_with(b"application/vnd.elasticsearch+json"));
    if let (true, Some(vendor)) = (is_json, vendor) {
        headers.insert(header::CONTENT_TYPE, vendor);
    }
    response
}
