//! The native API: what the web interface and the command line use.
//!
//! Times are milliseconds since the epoch unless a name ends in `_ns`; nanoseconds are texts,
//! because JavaScript's numbers cannot hold them. Calls that change something need the header
//! `X-Sightglass`, which a foreign page cannot send.

pub(crate) mod dashboards;
mod logs;
mod notifications;
mod routes;
mod status;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::Shared;
use crate::error::ApiError;

/// Everything under `/api`.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .merge(logs::router())
        .merge(dashboards::router())
        .merge(notifications::router())
        .merge(routes::router())
        .merge(status::router())
        .fallback(async || ApiError::not_found("there is no such call"))
}

/// The header whose presence shows that a change was not made by a foreign page.
const CHANGE_HEADER: &str = "x-sightglass";

/// Refuses changes that a foreign page could have caused; goes around routes that change something.
pub(crate) async fn require_change_header(request: Request, next: Next) -> Response {
    let is_read = request.method().is_safe();
    if is_read || request.headers().contains_key(CHANGE_HEADER) {
        return next.run(request).await;
    }
    ApiError::new(StatusCode::FORBIDDEN, "this call changes something and needs a header")
        .hint(Some("send the header `X-Sightglass: 1`".to_owned()))
        .into_response()
}
