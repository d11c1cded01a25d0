//! YAML read as the Go programs read it whose files we take.
//!
//! A [`Document`] is a tree that knows where each node stands, and the tree is read with serde.
//! Compared with a general YAML deserializer this one
//! - says for every error, those of validation included, at which line and column it is,
//! - takes a null for zero, an empty text or an empty list; Prometheus' own sample configuration has
//!   one (`rule_files:` with nothing but comments below it),
//! - keeps blocks strict that are inlined into others ([`Inline`]): HTTP settings and discovery,
//! - refuses in Go's words, so that people find the message they know,
//! - can show a file's own text without its secrets ([`Document::masked`]).

mod access;
mod error;
pub mod fuzz;
mod inline;
mod mask;
mod read;
mod scalar;
mod tree;
mod unknown;

use std::sync::Arc;

use serde::de::DeserializeOwned;

pub use error::{Error, FileError, Position};
pub use inline::{INLINE, Inline, Located};

use tree::Node;

/// The largest file that is read, in bytes.
pub const FILE_BYTES_MAX: u64 = 32 << 20;

/// The first document of a text, as Go reads no other one.
#[derive(Debug)]
pub struct Document<'a> {
    text: &'a str,
    root: Arc<Node>,
    rest: Option<Place>,
}

/// A position, and the same as an offset in bytes.
#[derive(Clone, Copy, Debug)]
struct Place {
    position: Position,
    offset: usize,
}

impl<'a> Document<'a> {
    /// Parses a text; one without a document is a null.
    ///
    /// # Errors
    /// When the first document is not YAML, or larger than any file that is meant to be read.
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        if text.len() as u64 > FILE_BYTES_MAX {
            return Err(Error::new(format!("more than {FILE_BYTES_MAX} bytes")));
        }
        let (root, rest) = tree::parse(text)?;
        Ok(Document { text, root, rest })
    }

    /// Reads the document with serde.
    ///
    /// # Errors
    /// When it is not of the form that `T` wants.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        T::deserialize(read::Reader::new(&self.root)).map_err(|e| e.or_at(self.root.position))
    }

    /// Where there is more behind the document that nobody reads.
    pub fn ignored(&self) -> Option<Position> {
        self.rest.map(|place| place.position)
    }
}

/// Reads the first document of a text; an empty text is a null.
///
/// # Errors
/// When the text is not YAML, or not of the form that `T` wants.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    Document::parse(text)?.read()
}

/// The text of a file's content, which must be UTF-8.
///
/// # Errors
/// When it is not.
pub fn utf8(content: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(content)
        .map_err(|error| Error::new(format!("not UTF-8 text after {} bytes", error.valid_up_to())))
}

#[cfg(test)]
mod tests;
