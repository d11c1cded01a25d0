//! Numbers as Go reads and writes them.

/// Reads a float: decimal, or `Inf`, `Infinity`, `NaN` in any case; `None` when it is not one or
/// does not fit.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    let overflown = number.is_infinite() && text.contains(|c: char| c.is_ascii_digit());
    (!overflown).then_some(number)
}

/// A float as OpenMetrics writes it canonically: `1.0`, `0.005`, `1e+06`, `+Inf`.
pub(super) fn canonical(number: f64) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.into();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if number != 0.0 && !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.unsigned_abs());
    }
    let plain = number.to_string();
    if plain.contains('.') { plain } else { plain + ".0" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_read_as_go_does() {
        for (text, expected) in [
            ("1", Some(1.0)),
            ("+1.", Some(1.0)),
            (".5", Some(0.5)),
            ("-1e3", Some(-1000.0)),
            ("+Inf", Some(f64::INFINITY)),
            ("-infinity", Some(f64::NEG_INFINITY)),
            ("1e400", None),
            ("0x1p-3", None),
            ("1_000", None),
            ("", None),
            ("one", None),
        ] {
            assert_eq!(parse_float(text), expected, "{text}");
        }
        assert!(parse_float("nan").is_some_and(f64::is_nan));
    }

    #[test]
    fn floats_are_written_as_openmetrics_wants() {
        for (number, expected) in [
            (0.0, "0.0"),
            (1.0, "1.0"),
            (-10.0, "-10.0"),
            (0.005, "0.005"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (123_456.0, "123456.0"),
            (1_000_000.0, "1e+06"),
            (1_234_567.0, "1.234567e+06"),
            (1e100, "1e+100"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(canonical(number), expected);
        }
    }
}
