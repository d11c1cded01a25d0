//! Durations and sizes as configuration files write them.

use std::fmt;
use std::time::Duration;

use serde::de::{Deserializer, Error, Visitor};

use super::ConfigError;

/// Reads a duration such as `1m30s`; a null is zero.
pub(crate) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = OptionalText::read(deserializer)?;
    text.map_or(Ok(Duration::ZERO), |text| parse_duration(&text).map_err(D::Error::custom))
}

/// Reads a size such as `10MB`; a null is zero.
pub(crate) fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let text = OptionalText::read(deserializer)?;
    text.map_or(Ok(0), |text| parse_size(&text).map_err(D::Error::custom))
}

/// The duration of a text such as `1m30s`.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, ConfigError> {
    let ms = model::parse_duration_ms(text).map_err(|error| ConfigError(error.to_string()))?;
    Ok(Duration::from_millis(ms.unsigned_abs()))
}

/// The bytes of a size such as `1.5GB` or `1GiB500KiB`: both spellings count in powers of two.
///
/// # Errors
/// When a number or a unit is missing or unknown, in the words of the Go library that reads them.
pub(crate) fn parse_size(text: &str) -> Result<i64, ConfigError> {
    const UNITS: [&str; 7] = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];
    let invalid = || ConfigError(format!("units: invalid {text}"));
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut bytes = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number: f64 = rest[..end].parse().map_err(|_| invalid())?;
        let after = &rest[end..];
        let end = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let unit = after[..end].replace('i', "");
        let power = UNITS.iter().position(|known| *known == unit).ok_or_else(|| {
            ConfigError(format!("units: unknown unit {} in {text}", &after[..end]))
        })?;
        bytes += number * 1024f64.powi(power as i32);
        rest = &after[end..];
    }
    if bytes >= i64::MAX as f64 {
        return Err(invalid());
    }
    Ok(if negative { -(bytes as i64) } else { bytes as i64 })
}

/// A text that may be absent.
struct OptionalText;

impl OptionalText {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
        deserializer.deserialize_option(OptionalText)
    }
}

impl<'de> Visitor<'de> for OptionalText {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        serde::Deserialize::deserialize(deserializer).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, bytes) in [
            ("0", 0),
            ("100B", 100),
            ("15MB", 15 << 20),
            ("1GiB", 1 << 30),
            ("1.5KB", 1536),
            ("1MB1KB", (1 << 20) + 1024),
            ("-1GB", -(1 << 30)),
        ] {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        let error = |text| parse_size(text).unwrap_err().0;
        assert_eq!(error("100"), "units: unknown unit  in 100");
        assert_eq!(error("1XB"), "units: unknown unit XB in 1XB");
        assert_eq!(error("MB"), "units: invalid MB");
        assert_eq!(error(""), "units: invalid ");
        assert_eq!(error("99999999EB"), "units: invalid 99999999EB");
    }
}
