//! Durations as Prometheus writes them: `1h30m`, `15s`, `250ms`.

use crate::Quoted;

/// Why a text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// Nothing was written.
    #[error("empty duration string")]
    Empty,
    /// Not of the form; the text is quoted as it was written.
    #[error("not a valid duration string: {}", Quoted(.0))]
    Invalid(String),
    /// A unit that does not exist.
    #[error("unknown unit {} in duration {}", Quoted(.unit), Quoted(.text))]
    UnknownUnit {
        /// The unit as written.
        unit: String,
        /// The whole text.
        text: String,
    },
    /// More than 64 bits of nanoseconds hold.
    #[error("duration out of range")]
    OutOfRange,
}

/// The units in the only order they may appear in.
const UNITS: [(&str, i64); 7] = [
    ("y", 365 * 24 * 3_600_000),
    ("w", 7 * 24 * 3_600_000),
    ("d", 24 * 3_600_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// Milliseconds of a duration such as `1d12h`; a lone `0` needs no unit.
///
/// # Errors
/// When the text is empty, has units out of order or twice, or does not fit.
pub fn parse_duration_ms(text: &str) -> Result<i64, DurationError> {
    match text {
        "" => return Err(DurationError::Empty),
        "0" => return Ok(0),
        _ => {}
    }
    let invalid = || DurationError::Invalid(text.to_owned());
    let (mut rest, mut total_ms, mut next_unit) = (text, 0i64, 0);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(invalid)?;
        let (number, tail) = rest.split_at(digits);
        let letters = tail.find(|c: char| c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        if number.is_empty() {
            return Err(invalid());
        }
        let unknown = || DurationError::UnknownUnit { unit: unit.into(), text: text.into() };
        let index = UNITS.iter().position(|(name, _)| *name == unit).ok_or_else(unknown)?;
        if index < next_unit {
            return Err(invalid());
        }
        let number: i64 = number.parse().map_err(|_| DurationError::OutOfRange)?;
        total_ms = number
            .checked_mul(UNITS[index].1)
            .and_then(|ms| total_ms.checked_add(ms))
            .filter(|ms| *ms <= i64::MAX / 1_000_000)
            .ok_or(DurationError::OutOfRange)?;
        (rest, next_unit) = (tail, index + 1);
    }
    Ok(total_ms)
}

/// The shortest exact text, as Prometheus prints it: years and weeks only when nothing else is left.
pub fn format_duration_ms(duration_ms: i64) -> String {
    if duration_ms == 0 {
        return "0s".to_owned();
    }
    let mut rest = duration_ms.unsigned_abs();
    let mut text = if duration_ms < 0 { "-".to_owned() } else { String::new() };
    for (name, unit_ms) in UNITS {
        let unit = unit_ms.unsigned_abs();
        let exact_only = matches!(name, "y" | "w");
        if rest >= unit && (!exact_only || rest.is_multiple_of(unit)) {
            text.push_str(&format!("{}{name}", rest / unit));
            rest %= unit;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        for (text, ms) in [
            ("0", 0),
            ("15s", 15_000),
            ("1h30m", 5_400_000),
            ("1d", 86_400_000),
            ("4w", 4 * 7 * 86_400_000),
            ("1y2w3d4h5m6s7ms", 33_019_506_007),
        ] {
            assert_eq!(parse_duration_ms(text), Ok(ms), "{text}");
        }
        assert_eq!(format_duration_ms(5_400_000), "1h30m");
        assert_eq!(format_duration_ms(0), "0s");
        assert_eq!(format_duration_ms(14 * 86_400_000), "2w");
        assert_eq!(format_duration_ms(8 * 86_400_000), "8d");
        assert_eq!(format_duration_ms(-1_500), "-1s500ms");
    }

    #[test]
    fn what_is_refused() {
        for text in ["1", "s", "1m1h", "1h1h", "-1s", "1.5h", "1S", " 1s", "1hour"] {
            assert!(parse_duration_ms(text).is_err(), "{text}");
        }
        assert_eq!(parse_duration_ms("99999999999y"), Err(DurationError::OutOfRange));
        let unknown = parse_duration_ms("5y1hs").unwrap_err().to_string();
        assert_eq!(unknown, r#"unknown unit "hs" in duration "5y1hs""#);
    }
}
