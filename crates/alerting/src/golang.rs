//! What Go's standard library writes and reads, to the byte.
//!
//! Templates, matchers and payloads are made of it: quoted strings, numbers, durations, time
//! layouts, zones, URLs and JSON. Nothing here knows what alerts are.

pub(crate) mod duration;
pub(crate) mod float;
pub(crate) mod json;
pub(crate) mod layout;
pub(crate) mod quote;
pub(crate) mod time;
pub(crate) mod url;
pub(crate) mod zone;
