//! Numbers for people: functions that templates of rules and of notifications share.

use crate::golang::float;
use crate::golang::time::Time;
use crate::template::Value;

/// A number, or a text or duration that says one; durations count in seconds.
pub(crate) fn to_float(value: &Value) -> Result<f64, String> {
    match value {
        Value::Float(value) => Ok(*value),
        Value::Int(value) | Value::Word(value, _) => Ok(*value as f64),
        Value::Duration(nanos) => Ok(*nanos as f64 / 1e9),
        Value::Text(text) => parse_float(text),
        other => Err(format!("can't convert {} to float", other.type_name())),
    }
}

fn parse_float(text: &str) -> Result<f64, String> {
    let error = || format!("strconv.ParseFloat: parsing {text:?}: invalid syntax");
    let joins_digits = |at: usize| {
        let is_digit = |at: Option<usize>| {
            at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit)
        };
        is_digit(at.checked_sub(1)) && is_digit(at.checked_add(1))
    };
    // Rust reads everything Go does but hexadecimal, which nobody writes here, and underscores.
    let plain = match text.contains('_') {
        true if text.match_indices('_').all(|(at, _)| joins_digits(at)) => text.replace('_', ""),
        true => return Err(error()),
        false => text.to_owned(),
    };
    match plain.to_ascii_lowercase().trim_start_matches(['+', '-']) {
        "infinity" | "inf" | "nan" => plain.parse().map_err(|_| error()),
        digits if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {
            plain.parse().map_err(|_| error())
        }
        _ => Err(error()),
    }
}

/// Go's `%.4g`.
fn four_digits(value: f64) -> String {
    float::format(value, 'g', Some(4))
}

const SMALLER: [&str; 8] = ["m", "u", "n", "p", "f", "a", "z", "y"];

/// Divides or multiplies by `base` until the number is handy, and says how often.
fn scaled(value: f64, base: f64, larger: &[&'static str; 8]) -> (f64, &'static str) {
    let (mut value, mut prefix) = (value, "");
    if value.abs() >= 1.0 {
        for name in larger {
            if value.abs() < base {
                break;
            }
            (value, prefix) = (value / base, *name);
        }
    } else {
        for name in SMALLER {
            if value.abs() >= 1.0 {
                break;
            }
            (value, prefix) = (value * base, name);
        }
    }
    (value, prefix)
}

/// `1.234k`, `5m`: with prefixes of the decimal system.
pub(crate) fn decimal(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return four_digits(value);
    }
    let (value, prefix) = scaled(value, 1000.0, &["k", "M", "G", "T", "P", "E", "Z", "Y"]);
    four_digits(value) + prefix
}

/// `1.5Ki`: with prefixes of the binary system; small numbers stay as they are.
pub(crate) fn binary(value: f64) -> String {
    if value.abs() <= 1.0 || !value.is_finite() {
        return four_digits(value);
    }
    let (value, prefix) = scaled(value, 1024.0, &["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"]);
    four_digits(value) + prefix
}

/// `1d 2h 3m 4s`, or seconds with a prefix.
pub(crate) fn duration(seconds: f64) -> String {
    if !seconds.is_finite() {
        return four_digits(seconds);
    }
    if seconds == 0.0 {
        return four_digits(seconds) + "s";
    }
    let magnitude = seconds.abs();
    if magnitude < 1.0 {
        let (value, prefix) = scaled(seconds, 1000.0, &[""; 8]);
        return format!("{}{prefix}s", four_digits(value));
    }
    let sign = if seconds < 0.0 { "-" } else { "" };
    let whole = magnitude as i64;
    let (days, hours, minutes, rest) =
        (whole / 86_400, whole / 3600 % 24, whole / 60 % 60, whole % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{sign}{}s", four_digits(magnitude)),
        (0, 0, _) => format!("{sign}{minutes}m {rest}s"),
        (0, ..) => format!("{sign}{hours}h {minutes}m {rest}s"),
        _ => format!("{sign}{days}d {hours}h {minutes}m {rest}s"),
    }
}

/// `12.5%`
pub(crate) fn percentage(ratio: f64) -> String {
    four_digits(ratio * 100.0) + "%"
}

/// The instant so many seconds after the epoch; `None` for NaN and the infinities.
pub(crate) fn instant(seconds: f64) -> Result<Option<Time>, String> {
    if !seconds.is_finite() {
        return Ok(None);
    }
    let nanos = seconds * 1e9;
    if nanos.abs() > i64::MAX as f64 {
        let shown = float::format(seconds, 'g', None);
        let text = "cannot be represented as a nanoseconds timestamp since it overflows int64";
        return Err(format!("{shown} {text}"));
    }
    // Upstream's timestamps have milliseconds.
    let millis = (nanos as i64).div_euclid(1_000_000);
    Ok(crate::Timestamp::from_timestamp_millis(millis).map(Time::utc))
}

/// The instant as text.
pub(crate) fn timestamp(seconds: f64) -> Result<String, String> {
    Ok(instant(seconds)?.map_or_else(|| four_digits(seconds), |time| time.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (value, expected) in [
            (0.0, "0"),
            (1.0, "1"),
            (1_234_567.0, "1.235M"),
            (0.12, "120m"),
            (-0.000_005, "-5u"),
            (f64::INFINITY, "+Inf"),
            (1e30, "1e+06Y"),
        ] {
            assert_eq!(decimal(value), expected);
        }
        for (value, expected) in [(1.0, "1"), (1_048_576.0, "1Mi"), (1536.0, "1.5ki"), (0.5, "0.5")]
        {
            assert_eq!(binary(value), expected);
        }
        assert_eq!(percentage(0.123_456), "12.35%");
    }

    #[test]
    fn times() {
        for (seconds, expected) in [
            (0.0, "0s"),
            (1.0, "1s"),
            (60.0, "1m 0s"),
            (3600.5, "1h 0m 0s"),
            (86_400.0 + 3723.0, "1d 1h 2m 3s"),
            (-90.0, "-1m 30s"),
            (899.99, "14m 59s"),
            (0.001_2, "1.2ms"),
            (59.123_456, "59.12s"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(duration(seconds), expected);
        }
        assert_eq!(timestamp(1_435_065_584.128).unwrap(), "2015-06-23 13:19:44.128 +0000 UTC");
        assert_eq!(timestamp(f64::NEG_INFINITY).unwrap(), "-Inf");
        assert!(timestamp(1e300).unwrap_err().contains("overflows int64"));
    }

    #[test]
    fn conversions() {
        assert_eq!(to_float(&Value::text("-1.5e3")), Ok(-1500.0));
        assert_eq!(to_float(&Value::text("1_000")), Ok(1000.0));
        assert_eq!(to_float(&Value::Duration(1_500_000_000)), Ok(1.5));
        assert!(to_float(&Value::text("+Inf")).unwrap().is_infinite());
        for bad in [Value::text("x"), Value::text(""), Value::Bool(true), Value::text("1 ")] {
            assert!(to_float(&bad).is_err(), "{bad:?}");
        }
    }
}
