//! The names under which shippers and loggers send the same thing.
//!
//! Sources: OpenTelemetry's log data model and its page on trace context in other formats, Elastic
//! Common Schema, and what the common loggers of each language write.

use crate::{SpanId, TraceId};

/// What a field means to the product, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// When it happened.
    Timestamp,
    /// What people read.
    Message,
    /// How bad it is.
    Severity,
    /// Who wrote it.
    Service,
    /// The trace it belongs to.
    TraceId,
    /// The span it belongs to.
    SpanId,
    /// The request it belongs to.
    RequestId,
    /// The user it was done for.
    UserId,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 8] = [
        Role::Timestamp,
        Role::Message,
        Role::Severity,
        Role::Service,
        Role::TraceId,
        Role::SpanId,
        Role::RequestId,
        Role::UserId,
    ];

    /// The role of a field of this name.
    pub fn of(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.aliases().contains(&name))
    }

    /// The one name under which queries and pages know it.
    pub fn canonical(self) -> &'static str {
        match self {
            Role::Timestamp => "timestamp",
            Role::Message => "message",
            Role::Severity => "severity",
            Role::Service => "service.name",
            Role::TraceId => "trace_id",
            Role::SpanId => "span_id",
            Role::RequestId => "request_id",
            Role::UserId => "user_id",
        }
    }

    /// The names it arrives under, the most telling first.
    pub fn aliases(self) -> &'static [&'static str] {
        match self {
            Role::Timestamp => &["@timestamp", "timestamp", "time", "ts", "date", "datetime"],
            Role::Message => &["message", "msg", "log", "body", "@message", "event"],
            Role::Severity => &[
                "severity",
                "level",
                "log.level",
                "severity_text",
                "lvl",
                "levelname",
                "loglevel",
                "PRIORITY",
            ],
            Role::Service => &[
                "service.name",
                "service",
                "service_name",
                "app",
                "kubernetes.labels.app",
                "kubernetes.labels.app.kubernetes.io/name",
                "kubernetes.container_name",
            ],
            Role::TraceId => &[
                "trace_id",
                "traceId",
                "traceID",
                "trace.id",
                "TraceId",
                "traceid",
                "otelTraceID",
                "@trace_id",
                "X-B3-TraceId",
                "logging.googleapis.com/trace",
                "dd.trace_id",
            ],
            Role::SpanId => &[
                "span_id",
                "spanId",
                "spanID",
                "span.id",
                "SpanId",
                "spanid",
                "otelSpanID",
                "X-B3-SpanId",
                "logging.googleapis.com/spanId",
                "dd.span_id",
            ],
            Role::RequestId => &[
                "request_id",
                "requestId",
                "requestID",
                "request.id",
                "x-request-id",
                "http.request.id",
                "correlation_id",
                "correlationId",
            ],
            Role::UserId => &["user_id", "userId", "userID", "user.id", "enduser.id", "usr.id"],
        }
    }
}

/// The canonical name a query may mean by `name`, when that is another one.
pub fn canonical(name: &str) -> Option<&'static str> {
    let role = Role::of(name)?;
    (role.canonical() != name).then(|| role.canonical())
}

/// Reads a trace id that came under an alias; Datadog writes it as a decimal number and Google as the end of a path.
pub fn trace_id(alias: &str, text: &str) -> Option<TraceId> {
    match alias {
        "dd.trace_id" => {
            let low: u64 = text.parse().ok()?;
            TraceId::new(u128::from(low).to_be_bytes())
        }
        "logging.googleapis.com/trace" => text.rsplit('/').next()?.parse().ok(),
        _ => text.parse().ok(),
    }
}

/// Reads a span id that came under an alias; Datadog writes it as a decimal number.
pub fn span_id(alias: &str, text: &str) -> Option<SpanId> {
    match alias {
        "dd.span_id" => SpanId::new(text.parse::<u64>().ok()?.to_be_bytes()),
        _ => text.parse().ok(),
    }
}
