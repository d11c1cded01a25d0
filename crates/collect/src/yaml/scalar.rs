//! What plain scalars mean: YAML 1.1 as Go's yaml.v2 resolves it.

use base64::Engine;

use super::YamlError;
use super::tree::{Scalar, ScalarKind};

impl Scalar {
    pub(super) fn is_null(&self) -> bool {
        self.kind == ScalarKind::Plain
            && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
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
    pub(super) fn as_int(&self) -> Option<i128> {
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

    pub(super) fn as_float(&self) -> Option<f64> {
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
    pub(super) fn bytes(&self) -> Result<Vec<u8>, YamlError> {
        if self.kind != ScalarKind::Binary {
            return Ok(self.text.clone().into_bytes());
        }
        let base64: String = self.text.split_whitespace().collect();
        base64::engine::general_purpose::STANDARD
            .decode(base64)
            .map_err(|_| YamlError::new("!!binary value contains invalid base64 data"))
    }
}
