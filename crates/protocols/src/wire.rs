//! What several protocols share: encodings below the level of messages.

pub mod content;
pub(crate) mod fields;
pub(crate) mod json;
pub(crate) mod protobuf;
pub(crate) mod reader;
