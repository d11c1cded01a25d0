//! Trace and span identifiers as W3C Trace Context defines them.

use std::fmt;
use std::str::FromStr;

use crate::hex;

/// Why a text is not an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Something else than hexadecimal digits, or too many.
    #[error("expected at most {0} hexadecimal digits")]
    NotHex(usize),
    /// The all-zero identifier, which is invalid by definition.
    #[error("an identifier of only zeros is not valid")]
    Zero,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $bytes:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// The identifier of these bytes; `None` when they are all zero.
            pub fn new(bytes: [u8; $bytes]) -> Option<Self> {
                (bytes != [0; $bytes]).then_some($name(bytes))
            }

            /// The identifier of a byte slice of exactly the right length and not all zero.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                Self::new(bytes.try_into().ok()?)
            }

            /// The bytes, most significant first.
            pub fn as_bytes(&self) -> &[u8; $bytes] {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            /// Reads hexadecimal digits of either case; short texts are padded on the left.
            fn from_str(text: &str) -> Result<Self, IdError> {
                let mut bytes = [0; $bytes];
                hex::decode(text, &mut bytes).ok_or(IdError::NotHex($bytes * 2))?;
                Self::new(bytes).ok_or(IdError::Zero)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

id!(
    /// The identifier of a trace: 16 bytes, not all zero.
    TraceId,
    16
);
id!(
    /// The identifier of a span: 8 bytes, not all zero.
    SpanId,
    8
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_agree() {
        let id: TraceId = "4BF92F3577B34DA6A3CE929D0E0E4736".parse().unwrap();
        assert_eq!(id.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        let short: TraceId = "a3ce929d0e0e4736".parse().unwrap();
        assert_eq!(short.to_string(), "0000000000000000a3ce929d0e0e4736");
        assert_eq!("xyz".parse::<SpanId>(), Err(IdError::NotHex(16)));
        assert_eq!("0000".parse::<SpanId>(), Err(IdError::Zero));
        assert_eq!("".parse::<SpanId>(), Err(IdError::NotHex(16)));
    }
}
