//! What one body may cost.

use crate::DecodeError;

/// Bounds on one request, or on one message of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the body after decompression.
    pub body_bytes: usize,
    /// Bytes of memory that what is decoded from it may take. Two bytes on the wire can stand for a
    /// whole empty span, so this bounds the counts of everything.
    pub decoded_bytes: usize,
    /// How deep messages, objects and arrays may nest.
    pub depth: usize,
}

impl Default for Limits {
    /// The body size is what OTLP's specification recommends.
    fn default() -> Self {
        Limits { body_bytes: 64 << 20, decoded_bytes: 256 << 20, depth: 100 }
    }
}

impl Limits {
    /// Checks the size of a body that needed no decompression.
    ///
    /// # Errors
    /// When it is larger than allowed.
    pub fn check_body(&self, body: &[u8]) -> Result<(), DecodeError> {
        if body.len() <= self.body_bytes {
            return Ok(());
        }
        Err(DecodeError::TooLarge { what: "the body in bytes", limit: self.body_bytes })
    }
}

/// The memory a decoder may still use.
#[derive(Debug)]
pub(crate) struct Budget {
    left: usize,
    limit: usize,
}

impl Budget {
    /// All that the limits allow.
    pub(crate) fn new(limits: &Limits) -> Self {
        Budget { left: limits.decoded_bytes, limit: limits.decoded_bytes }
    }

    /// Takes some of it.
    pub(crate) fn charge(&mut self, bytes: usize) -> Result<(), DecodeError> {
        match self.left.checked_sub(bytes) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                let what = "the memory for the decoded body in bytes";
                Err(DecodeError::TooLarge { what, limit: self.limit })
            }
        }
    }
}
