//! What plain scalars mean: YAML 1.1 as Go's yaml.v2 resolves it.

use base64::Engine;

use crate::Error;
use crate::tree::{Scalar, ScalarKind};

/// What a scalar is when nobody says what it should be.
pub(crate) enum Meaning {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text,
}

impl Scalar {
    pub(crate) fn meaning(&self) -> Meaning {
        if self.is_null() {
            return Meaning::Null;
        }
        let number = || self.as_int().map(Meaning::Int).or(self.as_float().map(Meaning::Float));
        self.as_bool().map(Meaning::Bool).or_else(number).unwrap_or(Meaning::Text)
    }

    pub(crate) fn is_null(&self) -> bool {
        self.kind == ScalarKind::Plain
            && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        if self.kind != ScalarKind::Plain {
            return None;
        }
        Some(match self.text.as_str() {
            "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
                true
            }
            "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off"
            | "OFF" => false,
            _ => return None,
        })
    }

    /// A whole number: decimal, hexadecimal, octal or binary, or a fraction without any.
    pub(crate) fn as_int(&self) -> Option<i128> {
        if self.kind != ScalarKind::Plain {
            return None;
        }
        let digits = self.text.replace('_', "");
        let (negative, magnitude) = match digits.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, digits.strip_prefix('+').unwrap_or(&digits)),
        };
        let (radix, magnitude) = match magnitude.as_bytes() {
            [b'0', b'x' | b'X', ..] => (16, &magnitude[2..]),
            [b'0', b'b' | b'B', ..] => (2, &magnitude[2..]),
            [b'0', b'o' | b'O', ..] => (8, &magnitude[2..]),
            [b'0', b'0'..=b'7', ..] => (8, &magnitude[1..]),
            _ => (10, magnitude),
        };
        if magnitude.starts_with(['+', '-']) {
            return None;
        }
        match i128::from_str_radix(magnitude, radix) {
            Ok(value) => Some(if negative { -value } else { value }),
            Err(_) => {
                self.as_float().filter(|f| f.fract() == 0.0 && f.abs() < 1e19).map(|f| f as i128)
            }
        }
    }

    pub(crate) fn as_float(&self) -> Option<f64> {
        if self.kind != ScalarKind::Plain {
            return None;
        }
        match self.text.as_str() {
            ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
            "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
            ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
            // Rust reads names such as `infinity` as numbers, which YAML does not.
            text if text.chars().any(|c| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'E')) => {
                None
            }
            text => text.replace('_', "").parse().ok(),
        }
    }

    /// The bytes of a binary scalar, or those of the text.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Error> {
        if self.kind != ScalarKind::Binary {
            return Ok(self.text.clone().into_bytes());
        }
        let base64: String = self.text.split_whitespace().collect();
        base64::engine::general_purpose::STANDARD
            .decode(base64)
            .map_err(|_| Error::new("!!binary value contains invalid base64 data"))
    }
}
