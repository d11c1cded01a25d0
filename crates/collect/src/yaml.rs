//! YAML read as the Go programs read it whose files we take.
//!
//! A document becomes a tree that knows where each node stands, and the tree is read with serde.
//! Compared with a general YAML deserializer this one
//! - says for every error, those of validation included, at which line and column it is,
//! - takes a null for zero, an empty text or an empty list; Prometheus' own sample configuration has
//!   one (`rule_files:` with nothing but comments below it),
//! - keeps blocks strict that are inlined into others ([`Inline`]): HTTP settings and discovery,
//! - refuses in Go's words, so that people find the message they know.

mod access;
mod error;
mod inline;
mod read;
mod scalar;
mod tree;

use serde::de::DeserializeOwned;

pub use error::{Position, YamlError};
pub(crate) use inline::INLINE;
pub use inline::{Inline, Located};

use tree::Node;

/// The largest file that is read, in bytes.
pub const FILE_BYTES_MAX: u64 = 16 << 20;

/// Reads the first document of a text; an empty text is a null.
///
/// # Errors
/// When the text is not YAML, or not of the form that `T` wants.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    let root = Node::parse(text)?;
    T::deserialize(read::Reader::new(&root)).map_err(|error| error.or_at(root.position))
}

/// Reads the first document of a file's content, which must be UTF-8.
///
/// # Errors
/// As [`from_str`].
pub fn from_slice<T: DeserializeOwned>(content: &[u8]) -> Result<T, YamlError> {
    let text = std::str::from_utf8(content).map_err(|error| {
        YamlError::new(format!("not UTF-8 text after {} bytes", error.valid_up_to()))
    })?;
    from_str(text)
}

#[cfg(test)]
mod tests;
