//! Texts in queries. Escapes can make them of any bytes, so they need not be UTF-8.

use std::borrow::Cow;
use std::fmt;

use model::Quoted;

/// A text as bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StringLiteral(Vec<u8>);

impl StringLiteral {
    /// The text of these bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        StringLiteral(bytes.into())
    }

    /// The text, if it is UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The text with replacement characters for what is not UTF-8.
    pub fn to_str_lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// The text as the name of a label: UTF-8 and not empty.
    pub fn as_label_name(&self) -> Option<&str> {
        self.as_str().filter(|name| !name.is_empty())
    }
}

impl fmt::Display for StringLiteral {
    /// In quotes, as a query has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for chunk in self.0.utf8_chunks() {
            let quoted = Quoted(chunk.valid()).to_string();
            f.write_str(&quoted[1..quoted.len() - 1])?;
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        f.write_str("\"")
    }
}
