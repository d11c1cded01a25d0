//! Replies in the encoding of the request.

use serde_json::json;

use super::Encoding;
use crate::wire::protobuf::ProtobufWriter;
use crate::{Rejected, Reply};

/// One of the three services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// `TraceService`, `/v1/traces`.
    Traces,
    /// `LogsService`, `/v1/logs`.
    Logs,
    /// `MetricsService`, `/v1/metrics`.
    Metrics,
}

/// An `Export…ServiceResponse`: partial success when something was rejected, which clients do not
/// retry, and otherwise the empty message, as the specification demands.
pub fn accepted(encoding: Encoding, signal: Signal, rejected: &Rejected) -> Reply {
    let body = match encoding {
        Encoding::Protobuf => accepted_protobuf(rejected),
        Encoding::Json if *rejected == Rejected::default() => b"{}".to_vec(),
        Encoding::Json => {
            let count_name = match signal {
                Signal::Traces => "rejectedSpans",
                Signal::Logs => "rejectedLogRecords",
                Signal::Metrics => "rejectedDataPoints",
            };
            // A 64-bit number is a string in protobuf's JSON mapping.
            let partial = json!({
                count_name: rejected.count.to_string(),
                "errorMessage": rejected.reason,
            });
            json!({ "partialSuccess": partial }).to_string().into_bytes()
        }
    };
    Reply { status: 200, content_type: encoding.content_type(), body }
}

fn accepted_protobuf(rejected: &Rejected) -> Vec<u8> {
    let mut writer = ProtobufWriter::default();
    if *rejected != Rejected::default() {
        writer.message(1, |partial| {
            partial.varint(1, rejected.count).bytes(2, &rejected.reason);
        });
    }
    writer.finish()
}

/// A `google.rpc.Status` under an HTTP status. Clients retry 429, 502, 503 and 504, and nothing else.
pub fn failed(encoding: Encoding, http_status: u16, message: &str) -> Reply {
    let code = grpc_code(http_status);
    let body = match encoding {
        Encoding::Protobuf => {
            let mut writer = ProtobufWriter::default();
            writer.varint(1, u64::from(code)).bytes(2, message);
            writer.finish()
        }
        Encoding::Json => json!({ "code": code, "message": message }).to_string().into_bytes(),
    };
    Reply { status: http_status, content_type: encoding.content_type(), body }
}

/// The gRPC status code that says what an HTTP status says.
pub fn grpc_code(http_status: u16) -> u32 {
    match http_status {
        400 | 415 => 3,
        401 => 16,
        403 => 7,
        404 => 5,
        413 | 429 => 8,
        499 => 1,
        501 => 12,
        502..=504 => 14,
        _ => 13,
    }
}
