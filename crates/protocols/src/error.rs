//! Why bytes were not understood, by what the caller answers.

use std::borrow::Cow;
use std::fmt;

use crate::content::ContentError;

/// Where in the input something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// An offset from the beginning, counted from 0, after decompression.
    Byte(usize),
    /// A line, counted from 1.
    Line(usize),
    /// The value at a path such as `$[3].annotations[0]`.
    Path(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Byte(offset) => write!(f, "byte {offset}"),
            Place::Line(line) => write!(f, "line {line}"),
            Place::Path(path) => f.write_str(path),
        }
    }
}

/// Why a body or a stream was refused as a whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A limit was met: the same in smaller pieces may pass.
    #[error("{what} exceeds the limit of {limit}")]
    TooLarge {
        /// What is too large, with its unit.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// It is in an encoding, version or mode that is not spoken here.
    #[error("{0}")]
    Unsupported(String),
    /// It is not what its format says: the same bytes will never pass.
    #[error("{place}: {reason}")]
    Malformed {
        /// Where.
        place: Place,
        /// What is wrong there.
        reason: Cow<'static, str>,
    },
}

impl DecodeError {
    /// An error at a byte.
    pub(crate) fn at_byte(offset: usize, reason: impl Into<Cow<'static, str>>) -> Self {
        DecodeError::Malformed { place: Place::Byte(offset), reason: reason.into() }
    }

    /// An error on a line.
    pub(crate) fn at_line(line: usize, reason: impl Into<Cow<'static, str>>) -> Self {
        DecodeError::Malformed { place: Place::Line(line), reason: reason.into() }
    }

    /// The status with which HTTP says it.
    pub fn http_status(&self) -> u16 {
        match self {
            DecodeError::TooLarge { .. } => 413,
            DecodeError::Unsupported(_) => 415,
            DecodeError::Malformed { .. } => 400,
        }
    }

    /// What is wrong without the place, for protocols whose texts name the place in their own way.
    pub fn reason(&self) -> String {
        match self {
            DecodeError::Malformed { reason, .. } => reason.clone().into_owned(),
            other => other.to_string(),
        }
    }
}

impl From<ContentError> for DecodeError {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::TooLarge { limit } => {
                DecodeError::TooLarge { what: "the decompressed size in bytes", limit }
            }
            ContentError::UnknownEncoding(_) => DecodeError::Unsupported(error.to_string()),
            ContentError::Malformed { .. } => DecodeError::at_byte(0, error.to_string()),
        }
    }
}
