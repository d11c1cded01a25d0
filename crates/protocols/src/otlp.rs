//! OTLP: traces, logs and metrics of OpenTelemetry, as protobuf and as JSON.
//!
//! The messages are those of opentelemetry-proto 1.x
//! (<https://github.com/open-telemetry/opentelemetry-proto>), the rules of transport and replies those
//! of its `docs/specification.md`. Both encodings are read by the same code, written over
//! [`crate::wire::reader::Reader`].

mod attributes;
mod decode;
mod fuzz;
mod logs;
mod metrics;
mod reply;
mod traces;

pub use decode::{decode_logs, decode_metrics, decode_traces};
pub(crate) use fuzz::{fuzz, seeds};
pub use reply::{Signal, accepted, failed, grpc_code};

/// How a request is encoded, and its reply with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Binary protobuf, which gRPC uses too.
    Protobuf,
    /// Protobuf's JSON mapping, with hexadecimal identifiers.
    Json,
}

impl Encoding {
    /// The encoding of a `Content-Type`; `None` when it is not one of OTLP's.
    pub fn from_content_type(content_type: &str) -> Option<Self> {
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        match media_type.to_ascii_lowercase().as_str() {
            "application/x-protobuf" | "application/protobuf" => Some(Encoding::Protobuf),
            "application/json" => Some(Encoding::Json),
            _ => None,
        }
    }

    /// The `Content-Type` of replies.
    pub fn content_type(self) -> &'static str {
        match self {
            Encoding::Protobuf => "application/x-protobuf",
            Encoding::Json => "application/json",
        }
    }
}

#[cfg(test)]
mod tests;
