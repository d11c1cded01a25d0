//! Jaeger's own format: `Batch` of jaeger.thrift, over HTTP and from agents.
//!
//! Spans are translated as the OpenTelemetry collector's Jaeger receiver does.

mod decode;
mod fuzz;
mod reply;
mod tags;
mod thrift;

pub use decode::{decode_batch, decode_emit_batch};
pub(crate) use fuzz::{fuzz, seeds};
pub use reply::{accepted, failed, refused};
pub use thrift::Encoding;

#[cfg(test)]
mod tests;
