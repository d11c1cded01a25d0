//! What every route of a service does around its handler: continue the trace, take the time, count,
//! and write a line when it is done.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::MethodRouter;
use serde_json::json;

use super::Telemetry;
use super::log::Severity;
use super::metrics::{ServedLabels, observe};
use super::trace::{Kind, Span, hex};
use crate::context::{Context, REQUEST_ID};

/// A route under observation.
#[derive(Clone)]
struct Observed {
    telemetry: Arc<Telemetry>,
    route: &'static str,
}

/// Puts a handler under observation. Health checks and metrics go without: they would bury the rest.
pub(crate) fn observed<S: Clone + Send + Sync + 'static>(
    telemetry: &Arc<Telemetry>,
    route: &'static str,
    handler: MethodRouter<S>,
) -> MethodRouter<S> {
    let state = Observed { telemetry: telemetry.clone(), route };
    handler.layer(from_fn_with_state(state, serve))
}

async fn serve(
    State(Observed { telemetry, route }): State<Observed>,
    mut request: Request,
    next: Next,
) -> Response {
    let _in_flight = InFlight::enter(&telemetry);
    let started_ns = telemetry.env.clock.monotonic_ns();
    let method = method_name(request.method());
    let mut context = Context::from_headers(request.headers());
    if context.request_id.is_empty() {
        context.request_id = request_id(&telemetry);
    }
    let mut span = telemetry.span(&context, format!("{method} {route}"), Kind::Server);
    describe(&mut span, &request, method, route, &context);
    let context = context.within(span.context());
    request.extensions_mut().insert(context.clone());

    let mut response = next.run(request).await;

    let status = response.status();
    span.set("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.set("error.type", status.as_u16().to_string());
        span.fail(format!("answered {status}"));
    }
    let took_ns = telemetry.env.clock.monotonic_ns() - started_ns;
    let labels = ServedLabels {
        http_request_method: method,
        http_route: route,
        http_response_status_code: status.as_u16(),
    };
    let histogram = telemetry.metrics.served.get_or_create_owned(&labels);
    let now_ns = telemetry.env.clock.now_ns();
    observe(&histogram, Duration::from_nanos(took_ns), span.context(), now_ns);
    let fields = [
        ("http_method", json!(method)),
        ("http_route", json!(route)),
        ("http_status", json!(status.as_u16())),
        ("duration_ms", json!(took_ns as f64 / 1e6)),
    ];
    telemetry.log(
        severity(status),
        &context,
        &format!("{method} {route} {}", status.as_u16()),
        &fields,
    );
    if let Ok(value) = HeaderValue::from_str(&context.request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

fn describe(span: &mut Span, request: &Request, method: &str, route: &str, context: &Context) {
    span.set("http.request.method", method);
    span.set("http.route", route);
    span.set("url.scheme", "http");
    span.set("url.path", request.uri().path());
    span.set("shop.request_id", context.request_id.as_str());
    if let Some(user_id) = &context.user_id {
        span.set("user.id", user_id.as_str());
    }
    if let Some(tenant) = &context.tenant {
        span.set("shop.tenant", tenant.as_str());
    }
}

/// What a client asks for in vain is worth a warning, what the service cannot do an error.
fn severity(status: StatusCode) -> Severity {
    match status.as_u16() {
        500.. => Severity::Error,
        400.. => Severity::Warn,
        _ => Severity::Info,
    }
}

/// Methods outside this list would be an attacker's way to fill the memory with series.
fn method_name(method: &Method) -> &'static str {
    let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    known.into_iter().find(|name| *name == method.as_str()).unwrap_or("_OTHER")
}

fn request_id(telemetry: &Telemetry) -> String {
    let mut bytes = [0; 8];
    telemetry.env.random.fill(&mut bytes);
    hex(&bytes)
}

/// Counts a request as being served until it is dropped.
struct InFlight<'a>(&'a Telemetry);

impl<'a> InFlight<'a> {
    fn enter(telemetry: &'a Telemetry) -> Self {
        telemetry.metrics.in_flight.inc();
        InFlight(telemetry)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.metrics.in_flight.dec();
    }
}
