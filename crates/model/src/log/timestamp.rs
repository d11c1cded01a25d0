//! Reading the many ways loggers write an instant.

use chrono::{DateTime, NaiveDateTime};

use crate::Value;

/// Nanoseconds since the epoch of a timestamp field; `None` when it is not one.
///
/// Numbers are taken as seconds, milli-, micro- or nanoseconds by their size; texts may be RFC 3339,
/// RFC 2822, or date and time with a space or a `T` between and a point or a comma before the
/// fraction (UTC when no zone is given).
pub(super) fn parse(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => from_integer(*number),
        Value::Float(number) => from_float(*number),
        Value::Str(text) => from_text(text.trim()),
        _ => None,
    }
}

/// The unit follows from the size: 1e11 seconds is the year 5138.
fn from_integer(number: i64) -> Option<i64> {
    let unit_ns = match number.unsigned_abs() {
        0..100_000_000_000 => 1_000_000_000,
        100_000_000_000..100_000_000_000_000 => 1_000_000,
        100_000_000_000_000..100_000_000_000_000_000 => 1_000,
        _ => 1,
    };
    number.checked_mul(unit_ns)
}

/// Whole and fraction are scaled apart: as one number of nanoseconds they would exceed 53 bits.
fn from_float(number: f64) -> Option<i64> {
    let unit_ns: i64 = match number.abs() {
        size if size < 1e11 => 1_000_000_000,
        size if size < 1e14 => 1_000_000,
        size if size < 1e17 => 1_000,
        size if size < 9.2e18 => 1,
        _ => return None,
    };
    let whole = number.trunc();
    let fraction_ns = ((number - whole) * unit_ns as f64).round() as i64;
    (whole as i64).checked_mul(unit_ns)?.checked_add(fraction_ns)
}

fn from_text(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        return from_integer(number);
    }
    if let Ok(number) = text.parse::<f64>() {
        return from_float(number);
    }
    let with_point = text.replacen(',', ".", 1);
    let zoned = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(&with_point, "%Y-%m-%dT%H:%M:%S%.f%#z"))
        .or_else(|_| DateTime::parse_from_str(&with_point, "%Y-%m-%d %H:%M:%S%.f %#z"))
        .or_else(|_| DateTime::parse_from_str(text, "%d/%b/%Y:%H:%M:%S %z"))
        .or_else(|_| DateTime::parse_from_rfc2822(text));
    if let Ok(time) = zoned {
        return time.timestamp_nanos_opt();
    }
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y/%m/%d %H:%M:%S%.f"]
        .into_iter()
        .find_map(|format| NaiveDateTime::parse_from_str(&with_point, format).ok())
        .and_then(|time| time.and_utc().timestamp_nanos_opt())
}
