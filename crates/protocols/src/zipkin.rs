//! Zipkin's JSON, version 2: <https://zipkin.io/zipkin-api/#/default/post_spans>.
//!
//! Spans are translated as the OpenTelemetry collector's Zipkin receiver does. Client and server spans
//! that share an identifier stay two spans; the server's has the attribute `zipkin.shared`.

mod decode;
mod fuzz;
mod reply;
mod span;

pub use decode::decode;
pub(crate) use fuzz::{fuzz, seeds};
pub use reply::{accepted, failed, refused};

#[cfg(test)]
mod tests;
