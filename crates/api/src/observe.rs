//! Around every request: a span, two metrics, and headers that keep pages safe.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Response as HttpResponse, header};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument, Span};

use crate::App;

/// Scripts come from this server only, and no page is framed by another.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
     object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

/// Measures a request and records its span.
pub(crate) async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let method = request.method().as_str().to_owned();
    let span = match &route {
        Some(route) => request_span(&request, &method, route),
        // A page is dozens of files, whose traces would bury those of requests that do something.
        None => Span::none(),
    };
    let handler = route.unwrap_or_else(|| "(unknown)".to_owned());
    let started_ns = app.clock.monotonic_ns();
    let mut response = next.run(request).instrument(span.clone()).await;
    let seconds = app.clock.monotonic_ns().saturating_sub(started_ns) as f64 / 1e9;
    span.record("http.response.status_code", response.status().as_u16());
    app.telemetry.request(&handler, &method, response.status().as_u16(), seconds);
    add_headers(&mut response);
    response
}

fn request_span(request: &Request, method: &str, route: &str) -> Span {
    let traceparent = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    tracing::info_span!(
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        http.request.method = method,
        http.route = route,
        url.path = request.uri().path(),
        traceparent = traceparent.unwrap_or_default(),
        http.response.status_code = tracing::field::Empty,
    )
}

fn add_headers<B>(response: &mut HttpResponse<B>) {
    let headers = response.headers_mut();
    let mut set = |name: header::HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
}
