//! OTLP: OpenTelemetry's protocol over HTTP and over gRPC, for all three signals.

mod grpc;
mod http;

use axum::Router;
use axum::routing::post;
use bytes::Bytes;
use protocols::otlp::{Encoding, Signal, decode_logs, decode_metrics, decode_traces};
use protocols::{DecodeError, Rejected};
use store::{AppendError, Appended};

use crate::App;
use crate::app::Shared;

/// Both transports; each is served on either standard port.
pub(super) fn router() -> Router<Shared> {
    let mut router = Router::new();
    for (signal, path, service) in [
        (Signal::Traces, "/v1/traces", "trace.v1.TraceService"),
        (Signal::Logs, "/v1/logs", "logs.v1.LogsService"),
        (Signal::Metrics, "/v1/metrics", "metrics.v1.MetricsService"),
    ] {
        let method = format!("/opentelemetry.proto.collector.{service}/Export");
        router = router
            .route(path, post(move |state, request| http::export(state, signal, request)))
            .route(&method, post(move |state, request| grpc::export(state, signal, request)));
    }
    router
}

/// Why a request was refused.
enum Refusal {
    Decode(DecodeError),
    Append(AppendError),
}

/// Decodes and stores a request; what can never be stored is counted in the result.
async fn ingest(
    app: &App,
    signal: Signal,
    encoding: Encoding,
    body: Bytes,
) -> Result<Rejected, Refusal> {
    let limits = protocols::Limits { body_bytes: app.limits.body_bytes, ..Default::default() };
    let received_ns = app.clock.now_ns();
    app.telemetry.bytes(name(signal), "otlp", body.len());
    let (rejected, appended) = match signal {
        Signal::Traces => {
            let decoded = decode_traces(&body, encoding, received_ns, &limits)?;
            (decoded.rejected, app.append_spans("otlp", decoded.batch).await?)
        }
        Signal::Logs => {
            let decoded = decode_logs(&body, encoding, received_ns, &limits)?;
            (decoded.rejected, app.append_logs("otlp", decoded.batch).await?)
        }
        Signal::Metrics => {
            let decoded = decode_metrics(&body, encoding, received_ns, &limits)?;
            (decoded.rejected, app.append_metrics("otlp", decoded.batch).await?)
        }
    };
    Ok(both(app, signal, rejected, &appended))
}

/// What the decoder rejected and what the store did.
fn both(app: &App, signal: Signal, mut rejected: Rejected, appended: &Appended) -> Rejected {
    if rejected.count > 0 {
        app.telemetry.rejected(name(signal), "otlp", "invalid", rejected.count);
    }
    if let Some(reason) = &appended.reason {
        rejected.add(appended.rejected, reason);
    }
    rejected
}

fn name(signal: Signal) -> &'static str {
    match signal {
        Signal::Traces => "traces",
        Signal::Logs => "logs",
        Signal::Metrics => "metrics",
    }
}

impl From<DecodeError> for Refusal {
    fn from(error: DecodeError) -> Self {
        Refusal::Decode(error)
    }
}

impl From<AppendError> for Refusal {
    fn from(error: AppendError) -> Self {
        Refusal::Append(error)
    }
}
