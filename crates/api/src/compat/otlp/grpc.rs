//! OTLP over gRPC: unary calls whose messages our own decoder reads.

use axum::extract::{Request, State};
use axum::response::Response;
use bytes::{Buf, BufMut, Bytes};
use protocols::otlp::{Encoding, Signal, accepted, grpc_code};
use tonic::codec::{Codec, CompressionEncoding, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::metadata::MetadataValue;
use tonic::{Code, Status};

use super::{Refusal, ingest};
use crate::app::Shared;
use crate::error::{append_status, retry_after};

/// `…Service/Export`
pub(super) async fn export(
    State(app): State<Shared>,
    signal: Signal,
    request: Request,
) -> Response {
    let mut grpc = tonic::server::Grpc::new(Raw)
        .accept_compressed(CompressionEncoding::Gzip)
        .accept_compressed(CompressionEncoding::Zstd)
        .max_decoding_message_size(app.limits.body_bytes);
    let service = tower::service_fn(move |request: tonic::Request<Bytes>| {
        let app = app.clone();
        async move {
            match ingest(&app, signal, Encoding::Protobuf, request.into_inner()).await {
                Ok(rejected) => {
                    let reply = accepted(Encoding::Protobuf, signal, &rejected);
                    Ok(tonic::Response::new(Bytes::from(reply.body)))
                }
                Err(refusal) => Err(status(&refusal)),
            }
        }
    });
    grpc.unary(service, request).await.map(axum::body::Body::new)
}

fn status(refusal: &Refusal) -> Status {
    match refusal {
        Refusal::Decode(error) => Status::new(code(error.http_status()), error.to_string()),
        Refusal::Append(error) => {
            // Clients retry UNAVAILABLE as it is, and RESOURCE_EXHAUSTED only with more than this says.
            let code = match error.retry_after() {
                Some(_) => Code::Unavailable,
                None => code(append_status(error).as_u16()),
            };
            let mut status = Status::new(code, error.to_string());
            if let Some(seconds) = retry_after(error).and_then(|s| MetadataValue::try_from(s).ok())
            {
                status.metadata_mut().insert("retry-after", seconds);
            }
            status
        }
    }
}

fn code(http_status: u16) -> Code {
    Code::from_i32(i32::try_from(grpc_code(http_status)).unwrap_or(2))
}

/// Leaves messages as bytes.
#[derive(Clone, Copy, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Raw;
    type Decoder = Raw;

    fn encoder(&mut self) -> Raw {
        Raw
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.put(message);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, message: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(message.copy_to_bytes(message.remaining())))
    }
}
