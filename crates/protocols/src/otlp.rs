//! OTLP: traces, logs and metrics of OpenTelemetry, as protobuf and as JSON.
//!
//! The messages are those of opentelemetry-proto 1.x
//! (<https://github.com/open-telemetry/opentelemetry-proto>), the rules of transport and replies those
//! of its `docs/specification.md`. Both encodings are read by the same code, written over
//! [`crate::wire::reader::Reader`].

mod common;
mod fuzz;
mod logs;
mod metrics;
mod reply;
mod traces;

use model::{LogBatch, MetricBatch, SpanBatch};

use crate::wire::json::JsonReader;
use crate::wire::protobuf::ProtobufReader;
use crate::{DecodeError, Decoded, Limits};

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

/// Runs generic code over the reader of the encoding, and checks that JSON ends with its message.
macro_rules! decode {
    ($body:expr, $encoding:expr, $limits:expr, $request:expr) => {{
        $limits.check_body($body)?;
        match $encoding {
            Encoding::Protobuf => $request(&mut ProtobufReader::new($body, $limits)),
            Encoding::Json => {
                let mut reader = JsonReader::new($body, $limits);
                let decoded = $request(&mut reader)?;
                reader.finish().map(|()| decoded)
            }
        }
    }};
}

/// Decodes an `ExportTraceServiceRequest`. Spans that cannot be stored, for want of an identifier,
/// are rejected one by one; `received_ns` is the time of those without any.
///
/// # Errors
/// When the body is not of its encoding or exceeds a limit.
pub fn decode_traces(
    body: &[u8],
    encoding: Encoding,
    received_ns: i64,
    limits: &Limits,
) -> Result<Decoded<SpanBatch>, DecodeError> {
    decode!(body, encoding, limits, |reader| traces::request(reader, received_ns))
}

/// Decodes an `ExportLogsServiceRequest`. Attributes of record, scope and resource become fields of
/// the record, and known aliases among them are lifted.
///
/// # Errors
/// As [`decode_traces`].
pub fn decode_logs(
    body: &[u8],
    encoding: Encoding,
    received_ns: i64,
    limits: &Limits,
) -> Result<Decoded<LogBatch>, DecodeError> {
    decode!(body, encoding, limits, |reader| logs::request(reader, received_ns))
}

/// Decodes an `ExportMetricsServiceRequest` into series named as Prometheus names them with
/// `UnderscoreEscapingWithSuffixes`. Points that cannot be stored are rejected one by one.
///
/// # Errors
/// As [`decode_traces`].
pub fn decode_metrics(
    body: &[u8],
    encoding: Encoding,
    received_ns: i64,
    limits: &Limits,
) -> Result<Decoded<MetricBatch>, DecodeError> {
    decode!(body, encoding, limits, |reader| metrics::request(reader, received_ns))
}

#[cfg(test)]
mod tests;
