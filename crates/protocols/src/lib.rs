//! Wire formats in and out: bytes to batches, without I/O.
//!
//! Every protocol is a folder. Its decoder takes bytes that were decompressed by [`content`], the time
//! they were received and [`Limits`], and returns a batch of `model` types with what was [`Rejected`],
//! or a [`DecodeError`]. Its replies are [`Reply`] values. No decoder reads a clock, waits, or
//! allocates what a length on the wire merely announces.

pub mod elasticsearch;
mod error;
pub mod exposition;
pub mod fluent_forward;
pub mod jaeger;
mod limits;
mod list;
pub mod otlp;
mod rejected;
pub mod remote_write;
mod reply;
mod wire;
pub mod zipkin;

pub use error::{DecodeError, Place};
pub use limits::Limits;
pub use list::{PROTOCOLS, Protocol};
pub use rejected::{Decoded, Rejected};
pub use reply::Reply;
pub use wire::content;
