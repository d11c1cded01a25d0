//! The forward protocol of Fluentd and Fluent Bit, version 1.5:
//! <https://github.com/fluent/fluentd/wiki/Forward-Protocol-Specification-v1.5>.
//!
//! A connection is a stream of MessagePack values. [`Decoder`] takes bytes as they come and hands out
//! whole messages; what they ask to be acknowledged is acknowledged with [`ack`] once it is stored.

mod decode;
mod events;
mod fuzz;
mod handshake;
mod msgpack;
mod reply;

pub use decode::{Decoder, Events, Message};
pub(crate) use fuzz::{fuzz, seeds};
pub use handshake::{Handshake, Ping};
pub use reply::{UDP_HEARTBEAT_REPLY, ack};

#[cfg(test)]
mod tests;
