//! Numbers as text, both ways and as Go reads and writes them.

/// The shortest text that reads back the same, without an exponent: Go's format `f` with precision
/// -1, which the API, labels made of values and the printer use.
pub fn format_float(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() }
    } else {
        value.to_string()
    }
}

/// Go's `%f`: so many digits after the point.
pub(crate) fn format_fixed(value: f64, digits: usize) -> String {
    if value.is_finite() { format!("{value:.digits$}") } else { format_float(value) }
}

/// Go's `%g`: the shortest text that reads back the same, with an exponent where that is large or
/// small. Annotations use it.
pub(crate) fn format_general(value: f64) -> String {
    if !value.is_finite() {
        return format_float(value);
    }
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..6).contains(&exponent) {
        return value.to_string();
    }
    with_exponent(digits, exponent)
}

/// A number as Prometheus' API writes it: with an exponent only where it is very large or small.
pub fn format_json(value: f64) -> String {
    let magnitude = value.abs();
    if value.is_finite() && magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        format_general(value)
    } else {
        format_float(value)
    }
}

/// A number as OpenMetrics writes it in labels: whole numbers with a point.
pub(crate) fn format_open_metrics(value: f64) -> String {
    let text = format_general(value);
    if value.is_finite() && !text.contains(['e', '.']) {
        format!("{}.0", format_float(value))
    } else {
        text
    }
}

/// Go's `%.2g` and the like: so many significant digits, without trailing zeros.
pub(crate) fn format_significant(value: f64, precision: usize) -> String {
    if !value.is_finite() {
        return format_float(value);
    }
    let scientific = format!("{value:.*e}", precision.saturating_sub(1));
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let digits = if digits.contains('.') {
        digits.trim_end_matches('0').trim_end_matches('.')
    } else {
        digits
    };
    if exponent < -4 || exponent >= precision as i32 {
        return with_exponent(digits, exponent);
    }
    let after_point = (precision as i32 - 1 - exponent).max(0) as usize;
    let plain = format!("{value:.after_point$}");
    if plain.contains('.') {
        plain.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        plain
    }
}

/// An exponent has a sign and at least two digits.
fn with_exponent(digits: &str, exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
}

/// A number as the query language writes it: `0x1f`, `1_000`, `1e-3`, `Inf`, `nan`, `0b11`, `017`.
///
/// # Errors
/// When it is none, in Go's words.
pub(crate) fn parse_number(text: &str) -> Result<f64, String> {
    if let Some(integer) = parse_integer(text) {
        return Ok(integer as f64);
    }
    let invalid = || {
        let text = model::Quoted(text);
        format!("strconv.ParseFloat: parsing {text}: invalid syntax")
    };
    let unsigned = text.trim_start_matches(['+', '-']);
    let is_word = ["inf", "infinity", "nan"].iter().any(|word| unsigned.eq_ignore_ascii_case(word));
    let is_decimal = |b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-' | b'_');
    let is_separator = |position: usize| {
        let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        position > 0 && digit(position - 1) && digit(position + 1)
    };
    let separators_fit = text.match_indices('_').all(|(position, _)| is_separator(position));
    if !is_word && !unsigned.bytes().all(is_decimal) || !separators_fit {
        return Err(invalid());
    }
    let value: f64 = text.replace('_', "").parse().map_err(|_| invalid())?;
    if value.is_infinite() && !is_word {
        let text = model::Quoted(text);
        return Err(format!("strconv.ParseFloat: parsing {text}: value out of range"));
    }
    Ok(value)
}

/// An integer with Go's prefixes and with underscores between its digits.
fn parse_integer(text: &str) -> Option<i64> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = unsigned.to_ascii_lowercase();
    let (radix, digits) = if let Some(digits) = lower.strip_prefix("0x") {
        (16, digits)
    } else if let Some(digits) = lower.strip_prefix("0b") {
        (2, digits)
    } else if let Some(digits) = lower.strip_prefix("0o") {
        (8, digits)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (8, &lower[1..])
    } else {
        (10, lower.as_str())
    };
    // A single underscore may stand between digits, and after a prefix.
    let has_prefix = digits.len() < lower.len();
    let body = if has_prefix { digits.strip_prefix('_').unwrap_or(digits) } else { digits };
    if body.starts_with(['_', '+', '-']) || body.ends_with('_') || body.contains("__") {
        return None;
    }
    let magnitude = i64::from_str_radix(&body.replace('_', ""), radix).ok()?;
    Some(if negative { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_go_does() {
        for (value, plain, general) in [
            (0.0, "0", "0"),
            (-0.0, "-0", "-0"),
            (0.1, "0.1", "0.1"),
            (1e-5, "0.00001", "1e-05"),
            (123_456_789.0, "123456789", "1.23456789e+08"),
            (1e21, "1000000000000000000000", "1e+21"),
            (f64::NAN, "NaN", "NaN"),
            (f64::INFINITY, "+Inf", "+Inf"),
            (f64::NEG_INFINITY, "-Inf", "-Inf"),
        ] {
            assert_eq!(format_float(value), plain);
            assert_eq!(format_general(value), general);
        }
        for (value, text) in
            [(100.0, "1e+02"), (12.345, "12"), (0.0, "0"), (0.5, "0.5"), (99.9, "1e+02")]
        {
            assert_eq!(format_significant(value, 2), text);
        }
        assert_eq!(format_fixed(1.5, 3), "1.500");
    }

    #[test]
    fn the_api_writes_exponents_at_the_ends_only() {
        for (value, text) in [
            (1e-6, "0.000001"),
            (9e-7, "9e-07"),
            (-1.5e21, "-1.5e+21"),
            (1e20, "100000000000000000000"),
            (0.0, "0"),
            (f64::INFINITY, "+Inf"),
        ] {
            assert_eq!(format_json(value), text);
        }
    }

    #[test]
    fn numbers_are_read_as_go_does() {
        for (text, value) in [
            ("1", 1.0),
            ("017", 15.0),
            ("08", 8.0),
            ("0x1F", 31.0),
            ("0X_1f", 31.0),
            ("0b11", 3.0),
            ("1_000", 1000.0),
            ("1e-3", 0.001),
            (".123_456", 0.123_456),
            ("1_23.50_0e+1_2", 1.235e14),
            (".5", 0.5),
            ("5.", 5.0),
            ("+Inf", f64::INFINITY),
            ("-inf", f64::NEG_INFINITY),
        ] {
            assert_eq!(parse_number(text), Ok(value), "{text}");
        }
        assert!(parse_number("nan").is_ok_and(f64::is_nan));
        for text in ["", "1_", "1__0", "1_.5", "1._5", "0x", "abc", "--1", "1e999"] {
            assert!(parse_number(text).is_err(), "{text}");
        }
    }
}
