//! Number constants, as Go writes them.

use super::ast::OperandKind;
use crate::golang::quote::unquote;

/// Reads a number or a character in single quotes.
///
/// # Errors
/// When it is neither, or does not fit in 64 bits.
pub(super) fn parse(text: &str) -> Result<OperandKind, String> {
    let bad = || format!("bad number syntax: {text:?}");
    if text.starts_with('\'') {
        let unquoted =
            unquote(text).ok_or_else(|| format!("malformed character constant: {text}"))?;
        return Ok(OperandKind::Int(unquoted.chars().map(|c| i64::from(u32::from(c))).sum()));
    }
    if text.ends_with('i') {
        return Err(format!("complex numbers are not supported: {text}"));
    }
    let (negative, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) => (text.starts_with('-'), digits),
        None => (false, text),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, body) = match lower.get(..2) {
        Some("0x") => (16, &lower[2..]),
        Some("0o") => (8, &lower[2..]),
        Some("0b") => (2, &lower[2..]),
        _ if lower.len() > 1 && lower.starts_with('0') && !lower.contains(['.', 'e']) => {
            (8, &lower[1..])
        }
        _ => (10, lower.as_str()),
    };
    let misplaced =
        body.starts_with('_') && radix == 10 || body.ends_with('_') || body.contains("__");
    let body = body.replace('_', "");
    if misplaced || body.is_empty() {
        return Err(bad());
    }
    if radix == 10 && body.contains(['.', 'e']) {
        let value: f64 = body.parse().map_err(|_| bad())?;
        return Ok(OperandKind::Float(if negative { -value } else { value }));
    }
    let signed = if negative { format!("-{body}") } else { body };
    i64::from_str_radix(&signed, radix).map(OperandKind::Int).map_err(|error| match error.kind() {
        std::num::IntErrorKind::PosOverflow | std::num::IntErrorKind::NegOverflow => {
            format!("integer overflow: {text:?}")
        }
        _ => bad(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants() {
        for (text, expected) in [
            ("0", "Int(0)"),
            ("-12", "Int(-12)"),
            ("+1_000", "Int(1000)"),
            ("0x_fF", "Int(255)"),
            ("0b101", "Int(5)"),
            ("017", "Int(15)"),
            ("0o17", "Int(15)"),
            ("1.5", "Float(1.5)"),
            ("-1e3", "Float(-1000.0)"),
            ("1.", "Float(1.0)"),
            ("'a'", "Int(97)"),
            (r"'\n'", "Int(10)"),
            ("-9223372036854775808", "Int(-9223372036854775808)"),
        ] {
            assert_eq!(format!("{:?}", parse(text).unwrap()), expected, "{text}");
        }
        for bad in ["9223372036854775808", "1_", "_1", "1__0", "0x", "1i", "08", "''", "1e", "-"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
