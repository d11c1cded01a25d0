//! The three requests, in either encoding.

use model::{LogBatch, MetricBatch, SpanBatch};

use super::{Encoding, logs, metrics, traces};
use crate::wire::json::JsonReader;
use crate::wire::protobuf::ProtobufReader;
use crate::{DecodeError, Decoded, Limits};

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
