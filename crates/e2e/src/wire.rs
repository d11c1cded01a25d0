//! The formats the writers speak, written down once more: a mistake in the product's own encoders
//! must not be made twice.

pub mod msgpack;
pub mod protobuf;
pub mod snappy;
pub mod thrift;
