//! How a service says what it does: spans, log lines and metrics that name one another.
//!
//! The OpenTelemetry crates would do the spans, at the price of fourteen more crates; what a small
//! application needs of them is written out here, and shows what lies on the wire.

pub(crate) mod client;
mod export;
pub(crate) mod log;
pub(crate) mod metrics;
pub(crate) mod server;
pub(crate) mod trace;

use std::sync::Arc;

use env::Env;
use serde_json::{Value as Json, json};

use crate::context::Context;
use export::Exporter;
use log::Severity;
use metrics::Metrics;
use trace::{Kind, Span, SpanContext};

/// The version of the shop, on every span and in `shop_build_info`.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Everything a service needs to be seen.
pub(crate) struct Telemetry {
    pub(crate) service: &'static str,
    pub(crate) env: Env,
    pub(crate) metrics: Metrics,
    exporter: Exporter,
}

impl Telemetry {
    /// The telemetry of a service whose spans go to `otlp`.
    pub(crate) fn start(service: &'static str, env: Env, otlp: &str) -> Arc<Self> {
        let metrics = Metrics::new();
        let resource = resource(service, &env);
        let exporter = Exporter::start(otlp, resource, metrics.dropped_spans.clone());
        Arc::new(Telemetry { service, env, metrics, exporter })
    }

    /// Begins a span as a child of the one the context is in, or a trace of its own.
    pub(crate) fn span(&self, context: &Context, name: impl Into<String>, kind: Kind) -> Span {
        let mut span_id = [0; 8];
        self.env.random.fill(&mut span_id);
        let mut trace_id = [0; 16];
        self.env.random.fill(&mut trace_id);
        let own = match context.span {
            Some(parent) => SpanContext { span_id, ..parent },
            None => SpanContext { trace_id, span_id, sampled: true },
        };
        let clock = self.env.clock.clone();
        Span::begin(own, context.span, name.into(), kind, clock, self.exporter.queue())
    }

    /// Writes a log line that belongs to a request.
    pub(crate) fn log(
        &self,
        severity: Severity,
        context: &Context,
        message: &str,
        fields: &[(&str, Json)],
    ) {
        let line =
            log::line(self.env.clock.now_ns(), severity, self.service, context, message, fields);
        log::write(&line);
    }

    /// A random number from 0 up to 1.
    pub(crate) fn random(&self) -> f64 {
        (self.env.random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Sends what is waiting and returns when it is gone, or after a few seconds.
    pub(crate) async fn flush(&self) {
        self.exporter.flush().await;
    }
}

/// Who speaks, in OpenTelemetry's words.
fn resource(service: &str, env: &Env) -> Json {
    let instance = format!("{service}-{:08x}", env.random.next_u64() as u32);
    trace::attributes(&[
        ("service.name".into(), json!(service)),
        ("service.namespace".into(), json!("shop")),
        ("service.version".into(), json!(VERSION)),
        ("service.instance.id".into(), json!(instance)),
        ("deployment.environment.name".into(), json!("demo")),
        ("process.pid".into(), json!(std::process::id())),
        ("telemetry.sdk.language".into(), json!("rust")),
    ])
}
